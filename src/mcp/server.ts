import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type CallToolRequest,
  classifyInboundRequest,
  createMcpHandler,
  type Implementation,
  type McpHttpHandler,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { AdapterError } from '../base/errors.js'
import type { Exchange } from '../http/exchange.js'
import type { FaceServer, OpenFace } from '../http/face-server.js'
import type { OperationCalls, Origin } from '../http/operations/calls.js'
import { decodeBody, readBody } from '../http/request/body.js'
import type { RequestLimits } from '../http/request/reader.js'
import { restoreExactNumbers } from '../json/parse.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.js'
import { callTool } from './call.js'
import { CancellableHead } from './cancellable-head.js'
import { fetchRequest, headerOf, writeFetched } from './fetch-response.js'
import { isSameSite, protectedResource, type Resource, withMetadata } from './resource.js'
import { StatelessServing } from './stateless.js'
import { type LeftOut, type Tool, toolsOf } from './tools.js'

export interface McpOptions extends Resource {
  readonly limits: RequestLimits
  /** Operations beside those that are GET; `*` for all. */
  readonly operations: readonly string[]
  /** Longer answers are cut, and say how to go on. */
  readonly maxResultBytes: number
  /** Origins of pages that may call. */
  readonly origins: readonly string[]
  readonly version: string
  /** Told of each operation that cannot be a tool. */
  readonly onLeftOut?: (leftOut: LeftOut) => void
}

const PATH = '/mcp'
const METADATA = '/.well-known/oauth-protected-resource'

/** Opens the Model Context Protocol at `/mcp` (Streamable HTTP), for the operations that agents may use. */
export function openMcp(options: McpOptions): OpenFace {
  return (calls) => new McpFace(calls, options)
}

/** What one HTTP request brought, by which its tools are called. */
interface Received {
  readonly origin: Origin
  /** Arguments with every digit, by the ids of the messages. */
  readonly given: ReadonlyMap<string | number, JsonObject>
}

class McpFace implements FaceServer {
  readonly paths = [PATH, METADATA, `${METADATA}${PATH}`]
  readonly headerFields = {
    request: ['Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version', 'Mcp-Session-Id'],
    response: ['Mcp-Session-Id'],
  }
  readonly #calls: OperationCalls
  readonly #options: McpOptions
  readonly #tools: ReadonlyMap<string, Tool>
  readonly #offer: Offer
  /** Of clients of the revision 2026-07-28 and later, whose requests stand by themselves. */
  readonly #handler: McpHttpHandler
  readonly #stateless = new StatelessServing()
  /** What those requests brought; the SDK hands on the request itself. */
  readonly #received = new WeakMap<Request, Received>()

  constructor(calls: OperationCalls, options: McpOptions) {
    this.#calls = calls
    this.#options = options
    const { tools, leftOut } = toolsOf(calls, options.operations)
    this.#tools = tools
    this.#offer = offerOf(tools, { document: calls.document, version: options.version })
    for (const each of leftOut) options.onLeftOut?.(each)
    this.#handler = createMcpHandler(
      ({ requestInfo }) => {
        const received = requestInfo && this.#received.get(requestInfo)
        if (!received) throw new Error('a message without its request')
        return this.#serverFor(received)
      },
      { legacy: 'reject' },
    )
  }

  async serve(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const { method = '', url = '' } = req
    if (!url.startsWith(PATH)) {
      const metadata = protectedResource(this.#options, req, { path: PATH, scopes: this.#scopes() })
      if (!metadata) throw new AdapterError('not-found', 'No authorization server is configured.')
      res.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(metadata)
      return
    }
    if (!isSameSite(req, this.#options.origins)) {
      throw new AdapterError('forbidden', 'Pages of this origin may not call: CORS_ORIGINS does not name it.')
    }
    if (method !== 'POST') {
      // There is nothing to listen to, and no session to end.
      res.setHeader('allow', 'POST')
      throw new AdapterError('method-not-allowed', 'Only POST is allowed here.')
    }
    const { value, exact } = await this.#body(req)
    const origin = { face: 'mcp', req, head: res, exchange } as const
    await this.#admit(messagesOf(value), origin, res)
    await writeFetched(res, await this.#answer(value, res, { origin, given: argumentsOf(exact) }))
  }

  /** @returns undefined where nobody waits for a response any more */
  async #answer(body: JsonValue, res: ServerResponse, received: Received): Promise<Response | undefined> {
    const { req } = received.origin
    const revision = headerOf(req, 'mcp-protocol-version')
    const { kind } = classifyInboundRequest({
      ...{ httpMethod: 'POST', body },
      ...(revision !== undefined && { protocolVersionHeader: revision }),
    })
    if (kind === 'legacy') {
      const open = (): McpServer => this.#serverFor(received)
      return this.#stateless.answer(fetchRequest(req), body, { head: res, open })
    }
    const leave = new AbortController()
    res.once('close', () => {
      // One that was answered has nothing to be ended.
      if (!res.writableFinished) leave.abort()
    })
    const request = fetchRequest(req, leave.signal)
    this.#received.set(request, received)
    return this.#handler.fetch(request, { parsedBody: body })
  }

  #serverFor({ origin, given }: Received): McpServer {
    return mcpServer(this.#offer, (tool, id, args, signal) =>
      callTool(this.#calls, tool, {
        given: given.get(id) ?? args,
        origin: { ...origin, head: new CancellableHead(signal, origin.head) },
        maxBytes: this.#options.maxResultBytes,
      }),
    )
  }

  /** What tokens may have to be good for. */
  #scopes(): readonly string[] {
    const required = this.#calls.contracts.flatMap(({ security = [] }) => security.flat())
    return [
      ...new Set(required.flatMap(({ scheme, scopes }) => (scheme.kind === 'accessToken' ? scopes : []))),
    ]
  }

  /**
   * @returns the body as the SDK takes it, with numbers as doubles, and with every digit
   * @throws AdapterError `request-too-large`, `request-malformed`
   */
  async #body(req: IncomingMessage): Promise<{ readonly value: JsonValue; readonly exact: JsonValue }> {
    const { maxBodyBytes, maxJsonDepth: maxDepth, maxJsonValues: maxValues } = this.#options.limits
    const body = decodeBody(await readBody(req, maxBodyBytes), 'json', { maxDepth, maxValues })
    const value = (body.exact.length > 0 ? structuredClone(body.value) : body.value) as JsonValue
    restoreExactNumbers(body.exact)
    return { value, exact: body.value as JsonValue }
  }

  /** A client that has to show who it is learns that from HTTP, before anything is answered (MCP, "Authorization"). */
  async #admit(messages: readonly JsonObject[], origin: Origin, res: ServerResponse): Promise<void> {
    for (const { method, params } of messages) {
      const name = method === 'tools/call' && isJsonObject(params) ? params.name : undefined
      const tool = typeof name === 'string' ? this.#tools.get(name) : undefined
      if (!tool) continue
      try {
        await this.#calls.authenticate(tool.operation, origin)
      } catch (error) {
        withMetadata(res, this.#options, origin.req, `${METADATA}${PATH}`)
        throw error
      }
    }
  }
}

function messagesOf(body: JsonValue): readonly JsonObject[] {
  const messages: readonly JsonValue[] = Array.isArray(body) ? body : [body]
  return messages.filter(isJsonObject)
}

function argumentsOf(body: JsonValue): ReadonlyMap<string | number, JsonObject> {
  const given = new Map<string | number, JsonObject>()
  for (const { id, params } of messagesOf(body)) {
    const own = isJsonObject(params) ? params.arguments : undefined
    if ((typeof id === 'string' || typeof id === 'number') && isJsonObject(own)) given.set(id, own)
  }
  return given
}

/** What a server of the protocol says of itself and of its tools. */
export interface Offer {
  readonly tools: ReadonlyMap<string, Tool>
  readonly definitions: readonly Tool['definition'][]
  readonly implementation: Implementation
  readonly instructions: string
}

export function offerOf(
  tools: ReadonlyMap<string, Tool>,
  { document, version }: { readonly document: OperationCalls['document']; readonly version: string },
): Offer {
  const { info } = document.root
  const title =
    typeof info === 'object' && info !== null && 'title' in info ? String(info.title) : 'soapstone'
  return {
    tools,
    definitions: [...tools.values()].map(({ definition }) => definition),
    implementation: { name: 'soapstone', title, version },
    instructions: `Tools of ${title}. Numbers may be strings of their digits; a problem says what to change.`,
  }
}

/** @param signal aborted when the client cancels the call, or goes away */
export type Call = (
  tool: Tool,
  id: string | number,
  given: JsonObject,
  signal: AbortSignal,
) => ReturnType<typeof callTool>

const TOOLS_PER_PAGE = 100

/** A server of the protocol that knows tools and nothing else: over HTTP one for each request, over stdio one for the process. */
export function mcpServer(
  { tools, definitions, implementation, instructions }: Offer,
  call: Call,
): McpServer {
  const mcp = new McpServer(implementation, { capabilities: { tools: {} }, instructions })
  // Its own registry takes no JSON Schema as it is, and would validate what the pipeline validates.
  const { server } = mcp
  server.setRequestHandler('tools/list', ({ params }) => {
    const from = Number(params?.cursor ?? 0)
    if (!Number.isInteger(from) || from < 0 || (from > 0 && from >= definitions.length))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one of this list.')
    const to = from + TOOLS_PER_PAGE
    return {
      tools: definitions.slice(from, to),
      ...(to < definitions.length && { nextCursor: String(to) }),
    }
  })
  server.setRequestHandler('tools/call', ({ params }: CallToolRequest, { mcpReq: { id, signal } }) => {
    const tool = tools.get(params.name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no tool of this name.')
    return call(tool, id, (params.arguments ?? {}) as JsonObject, signal)
  })
  return mcp
}
