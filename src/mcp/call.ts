import type { CallToolResult } from '@modelcontextprotocol/server'
import type { RestResponse } from '../adapter/rest.js'
import { bytesOf } from '../base/bytes/source.js'
import { asAdapterError, toProblem } from '../http/answer/problem.js'
import { contentOf } from '../http/content.js'
import type { OperationCalls, Origin } from '../http/operations/calls.js'
import { plain } from '../json/plain.js'
import { jsonLine } from '../json/text.js'
import type { JsonObject, JsonValue } from '../json/value.js'
import { contentKind } from '../openapi/media-type.js'
import { type Part, partOf } from './shorten.js'
import { CURSOR, type Tool } from './tool.js'

/** Calls the operation of a tool. A problem is a result that tells a model what to change; nothing is thrown. */
export async function callTool(
  calls: OperationCalls,
  tool: Tool,
  {
    given,
    origin,
    maxBytes,
  }: { readonly given: JsonObject; readonly origin: Origin; readonly maxBytes: number },
): Promise<CallToolResult> {
  const unknown = tool.unknown(given)
  if (unknown.length > 0)
    return failure(
      `There are no arguments ${unknown.map((name) => `"${shown(name)}"`).join(', ')}; see inputSchema.`,
    )
  const { [CURSOR]: cursor, ...others } = given
  const from = cursor === undefined ? 0 : positionOf(cursor)
  if (from === undefined) return failure(`"${CURSOR}" must be the number that the answer before gave.`)
  try {
    const response = await calls.call(tool.operation, tool.values(others), origin)
    return resultOf(tool, response, { from, maxBytes })
  } catch (thrown) {
    const error = asAdapterError(thrown)
    const { retryAfter, outcome } = error
    const problem = {
      ...toProblem(error, origin.exchange.requestId),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(outcome !== undefined && { outcome }),
    }
    return failure(JSON.stringify(problem))
  }
}

function resultOf(
  tool: Tool,
  response: RestResponse,
  { from, maxBytes }: { readonly from: number; readonly maxBytes: number },
): CallToolResult {
  const content = contentOf(response)
  if (response.status >= 400) return failure(jsonLine(content ?? { status: response.status }))
  if (content === undefined) return { content: [text('Done.')] }
  const part = partOf(content, from, maxBytes, jsonOf(response))
  if (!part) {
    return failure(
      `The answer is longer than ${maxBytes} bytes and cannot be cut; ask for less, by a smaller limit or a narrower filter.`,
    )
  }
  const notes = part.to < part.total || part.from > 0 ? [text(noteOf(part, tool.hasCursor))] : []
  return {
    content: [text(part.text), ...notes],
    ...(tool.definition.outputSchema && { structuredContent: structuredOf(tool, part.value) }),
  }
}

/** A body that is JSON need not be written again. */
function jsonOf({ headers, body }: RestResponse): string | undefined {
  const isJson = contentKind(headers['content-type'] ?? 'application/json') === 'json'
  return isJson ? bytesOf(body).toString('utf8') : undefined
}

/** Numbers that readers of JSON would round are texts of their digits. */
function structuredOf(tool: Tool, value: JsonValue): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tool.structured(value)).map(([name, member]) => [name, plain(member)]),
  )
}

/** @param hasCursor what changes something is not called again for the rest */
function noteOf({ from, to, total }: Pick<Part, 'from' | 'to' | 'total'>, hasCursor: boolean): string {
  const says = `These are items ${from + 1} to ${to} of ${total} of the longest list.`
  if (to === total) return says
  return hasCursor
    ? `${says} Call again with the same arguments and "${CURSOR}": "${to}" for those that follow.`
    : `${says} The others are too long to be given; the call was carried out: do not repeat it for them.`
}

function positionOf(cursor: JsonValue): number | undefined {
  return typeof cursor === 'string' && /^[0-9]{1,9}$/.test(cursor) ? Number(cursor) : undefined
}

function failure(message: string): CallToolResult {
  return { content: [text(message)], isError: true }
}

function text(value: string) {
  return { type: 'text', text: value } as const
}

/** A name that a client has made up, as far as it is one. */
function shown(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '?').slice(0, 64)
}
