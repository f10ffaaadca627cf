import { createHash } from 'node:crypto'
import type { Tool as ToolDefinition } from '@modelcontextprotocol/server'
import type { RestOperation } from '../adapter/rest.js'
import { ParameterTexts } from '../http/request/parameter-text.js'
import type { RequestValues } from '../http/request/reader.js'
import { jsonLine } from '../json/text.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isObject, type Located, type OpenApiDocument } from '../openapi/document.js'
import { contentKind } from '../openapi/media-type.js'
import { isNamed, type OpenApiOperation, type OpenApiParameter } from '../openapi/operations.js'
import { viewSchema } from '../openapi/schema-view.js'
import { exactArguments } from './exact-arguments.js'
import type { ToolSchemas } from './tool-schema.js'

/** The member that the body of a request is. */
const BODY = 'body'
/** The member that goes on with a long answer. */
export const CURSOR = 'resultCursor'
/** The member that an answer is which is no object. */
const RESULT = 'result'

interface Argument {
  readonly name: string
  readonly parameter: OpenApiParameter
}

/** An operation as a tool. */
export class Tool {
  readonly definition: ToolDefinition
  readonly operation: RestOperation
  readonly #document: OpenApiDocument
  readonly #parameters: readonly Argument[]
  readonly #body: Located | undefined
  /** Whether the answer is wrapped, since it is no object. */
  readonly #isWrapped: boolean
  readonly #idempotencyKey: string | undefined

  constructor(
    document: OpenApiDocument,
    { operation, contract }: { readonly operation: RestOperation; readonly contract: OpenApiOperation },
    schemas: ToolSchemas,
  ) {
    this.operation = operation
    this.#document = document
    this.#parameters = named(contract.parameters)
    this.#body = contract.requestBody?.content.find(
      ({ mediaType }) => contentKind(mediaType) === 'json',
    )?.schema
    const key = this.#parameters.find(
      ({ parameter }) => parameter.in === 'header' && isNamed(parameter, 'idempotency-key'),
    )
    this.#idempotencyKey = operation.idempotency ? key?.name : undefined
    const answer = answerOf(contract)
    this.#isWrapped = answer !== undefined && !isObjectSchema(document, answer)
    this.definition = this.#define(contract, answer, schemas)
  }

  /** Arguments as the request that REST would make of them. Unknown ones are told by the schema, not here. */
  values(given: JsonObject): RequestValues {
    const texts = new ParameterTexts()
    for (const { name, parameter } of this.#parameters) {
      const value = given[name]
      if (value !== undefined) texts.add(parameter, exactArguments(this.#document, parameter.schema, value))
    }
    const body = given[BODY]
    const exact =
      this.#body && body !== undefined ? exactArguments(this.#document, this.#body, body) : undefined
    const key = this.#parameters.find(({ name }) => name === this.#idempotencyKey)
    // Who repeats a call, as models do when they are unsure, must not pay twice.
    if (key && given[key.name] === undefined) texts.add(key.parameter, keyOf(given))
    return texts.values(exact === undefined ? undefined : jsonLine(exact))
  }

  /** Names that the tool does not have. */
  unknown(given: JsonObject): readonly string[] {
    const { properties } = this.definition.inputSchema
    const known = new Set(isObject(properties) ? Object.keys(properties) : [])
    return Object.keys(given).filter((name) => !known.has(name))
  }

  /** An answer as an object, as `outputSchema` has it. */
  structured(content: JsonValue): JsonObject {
    return isJsonObject(content) && !this.#isWrapped ? content : { [RESULT]: content }
  }

  /** Whether an answer that is cut can be gone on with: the call is made again for that. */
  get hasCursor(): boolean {
    return onlyReads(this.operation)
  }

  #isIdempotent(): boolean {
    const { method, isIdempotent = ['get', 'put', 'delete'].includes(method) } = this.operation
    return isIdempotent || this.#idempotencyKey !== undefined
  }

  #define(contract: OpenApiOperation, answer: Located | undefined, schemas: ToolSchemas): ToolDefinition {
    const { operationId, method, pointer, requestBody } = contract
    const located = this.#document.at(pointer)?.value
    const { summary, description } = isObject(located) ? located : {}
    const texts = [summary, description].filter((text) => typeof text === 'string')
    const parts = this.#parameters.map(({ name, parameter }) => {
      const own = this.#document.at(parameter.pointer)?.value
      const says = isObject(own) && typeof own.description === 'string' ? own.description : undefined
      const { schema, required } = parameter
      return { name, schema, required, ...(says !== undefined && { description: says }) }
    })
    const body = this.#body && { name: BODY, schema: this.#body, required: requestBody?.required === true }
    const isRead = onlyReads(this.operation)
    const cursor = { name: CURSOR, schema: CURSOR_SCHEMA, required: false }
    const result = answer && (this.#isWrapped ? { name: RESULT, schema: answer, required: true } : undefined)
    return {
      name: toolName(operationId),
      ...(typeof summary === 'string' && { title: summary }),
      description: texts.length > 0 ? texts.join('\n\n') : `${method.toUpperCase()} ${contract.path}`,
      inputSchema: schemas.objectOf([...parts, ...(body ? [body] : []), ...(this.hasCursor ? [cursor] : [])]),
      ...(answer && { outputSchema: result ? schemas.objectOf([result]) : schemas.rootOf(answer) }),
      annotations: {
        readOnlyHint: isRead,
        // A POST adds something; of the others, and of a GET that changes something, nobody knows.
        destructiveHint: !isRead && method !== 'post',
        idempotentHint: this.#isIdempotent(),
        openWorldHint: true,
      },
    }
  }
}

/** Whether a call changes nothing. What a GET does is told by `retry` of the contract where SOAP's operation is no read. */
export function onlyReads({ method, isIdempotent }: RestOperation): boolean {
  return method === 'get' && isIdempotent !== false
}

const CURSOR_SCHEMA: Located = {
  value: {
    type: 'string',
    pattern: '^[0-9]{1,9}$',
    description:
      'Where to go on with a long answer, as the answer before said; with the same other arguments.',
  },
  pointer: '',
}

/** What names of tools may have (MCP 2025-11-25, "Tool Names"). */
function toolName(operationId: string): string {
  return operationId.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 128)
}

/** Parameters by names of which each is there once: where two places have the same, the later tells its place. */
function named(parameters: readonly OpenApiParameter[]): readonly Argument[] {
  const taken = new Set<string>([BODY, CURSOR])
  return parameters.map((parameter) => {
    const wanted = parameter.name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    const name = taken.has(wanted) ? `${wanted}-${parameter.in}` : wanted
    taken.add(name)
    return { name, parameter }
  })
}

function answerOf({ responses }: OpenApiOperation): Located | undefined {
  const content = responses
    .filter(({ status }) => status.startsWith('2'))
    .flatMap((response) => response.content)
  return content.find(({ mediaType }) => contentKind(mediaType) === 'json')?.schema
}

function isObjectSchema(document: OpenApiDocument, schema: Located): boolean {
  const { types, nullable, alternatives } = viewSchema(document, schema)
  if (nullable) return false
  if (types.size === 1) return types.has('object')
  return alternatives.length > 0 && alternatives.every((each) => isObjectSchema(document, each))
}

/** The same for the same arguments, whatever their order. */
function keyOf(given: JsonObject): string {
  const sorted = Object.fromEntries(Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1)))
  return `mcp-${createHash('sha256').update(jsonLine(sorted)).digest('base64url')}`
}
