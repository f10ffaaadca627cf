import type { RequestValues } from '../http/request/reader.js'
import { isJsonObject, type JsonValue } from '../json/value.js'
import { isObject, type Located, type OpenApiDocument } from '../openapi/document.js'
import { BODY_EXPRESSION, jsonSchemaOf, memberOf, REQUEST_EXPRESSION } from '../openapi/links.js'
import type { OpenApiOperation } from '../openapi/operations.js'
import { steps } from '../openapi/pointer.js'
import { viewSchema } from '../openapi/schema-view.js'
import type { Result } from './result.js'

/** Where a link takes a parameter from: the object that it stands at, what was asked, or a constant. */
type LinkSource =
  | { readonly from: 'object'; readonly steps: readonly string[] }
  | { readonly from: 'request'; readonly place: 'path' | 'query' | 'header'; readonly name: string }
  | { readonly from: 'constant'; readonly value: JsonValue }

/** A Link Object (OpenAPI 3.1, section 4.8.20) as a field of the objects that it starts from. */
export interface Link {
  readonly name: string
  /** Where the schemas of those objects are written: several where it is one of several kinds. */
  readonly at: readonly string[]
  readonly operationId: string
  /** By the names of the parameters of the target. */
  readonly parameters: ReadonlyMap<string, LinkSource>
  readonly description: string | undefined
}

/**
 * The links of an operation's responses. A link belongs to the object that its parameters are taken from: that of the body, or, where
 * the pointers lead into a list (`$response.body#/items/0/accountId`), each object of the list.
 */
export function linksOf(document: OpenApiDocument, { responses }: OpenApiOperation): readonly Link[] {
  return responses.flatMap((response) => {
    const body = jsonSchemaOf(response)
    const links = document.at(`${response.pointer}/links`)
    if (!body || !links || !isObject(links.value)) return []
    return Object.keys(links.value).flatMap((name) => {
      const link = document.member(links, name)
      return link && isObject(link.value) ? (readLink(document, name, link.value, body) ?? []) : []
    })
  })
}

function readLink(
  document: OpenApiDocument,
  name: string,
  { operationId, parameters, description }: Readonly<Record<string, unknown>>,
  body: Located,
): Link | undefined {
  if (typeof operationId !== 'string') return undefined
  const expressions = Object.entries(isObject(parameters) ? parameters : {})
  const pointers = expressions.flatMap(([, value]) =>
    typeof value === 'string' && value.startsWith(BODY_EXPRESSION)
      ? [steps(value.slice(BODY_EXPRESSION.length))]
      : [],
  )
  const start = startOf(document, body, pointers)
  if (!start) return undefined
  const sources = new Map<string, LinkSource>()
  for (const [parameter, value] of expressions) {
    const source = sourceOf(value, start.depth)
    if (!source) return undefined
    sources.set(parameter, source)
  }
  const view = viewSchema(document, start.schema)
  const kinds = view.alternatives.map((schema) => viewSchema(document, schema).pointer)
  const at = [view.pointer, ...kinds]
  return {
    name,
    at,
    operationId,
    parameters: sources,
    description: typeof description === 'string' ? description : undefined,
  }
}

/** The innermost object of a list that all pointers lead through; the body where there is none. */
function startOf(
  document: OpenApiDocument,
  body: Located,
  pointers: readonly (readonly string[])[],
): { readonly schema: Located; readonly depth: number } | undefined {
  const [first = [], ...others] = pointers
  let schema = body
  let start = { schema, depth: 0 }
  for (const [index, step] of first.entries()) {
    const view = viewSchema(document, schema)
    if (view.items && /^\d+$/.test(step)) {
      if (
        !others.every((steps) => steps.slice(0, index + 1).join('/') === first.slice(0, index + 1).join('/'))
      )
        return start
      schema = view.items
      start = { schema, depth: index + 1 }
    } else {
      const member = memberOf(document, view, step)
      if (!member) return undefined
      schema = member
    }
  }
  return start
}

function sourceOf(value: unknown, depth: number): LinkSource | undefined {
  if (typeof value !== 'string' || !value.startsWith('$'))
    return { from: 'constant', value: value as JsonValue }
  if (value.startsWith(BODY_EXPRESSION))
    return { from: 'object', steps: steps(value.slice(BODY_EXPRESSION.length)).slice(depth) }
  const [, place, name = ''] = REQUEST_EXPRESSION.exec(value) ?? []
  if (place !== 'path' && place !== 'query' && place !== 'header') return undefined
  return { from: 'request', place, name }
}

/** What the parameters of a link are for one object; undefined where it lacks one of them: the link leads nowhere. */
export function followLink(
  { parameters }: Link,
  object: JsonValue,
  asked: RequestValues | undefined,
): ReadonlyMap<string, JsonValue> | undefined {
  const found = new Map<string, JsonValue>()
  for (const [name, source] of parameters) {
    const value = valueOf(source, object, asked)
    if (value === undefined || value === null) return undefined
    found.set(name, value)
  }
  return found
}

function valueOf(
  source: LinkSource,
  object: JsonValue,
  asked: RequestValues | undefined,
): JsonValue | undefined {
  switch (source.from) {
    case 'constant':
      return source.value
    case 'object':
      return source.steps.reduce<JsonValue | undefined>(memberAt, object)
    case 'request': {
      const { place, name } = source
      const values = place === 'header' ? asked?.headers : asked?.[place]
      const value = values?.[place === 'header' ? name.toLowerCase() : name]
      return typeof value === 'string' ? value : value === undefined ? undefined : [...value]
    }
  }
}

function memberAt(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (isJsonObject(value)) return value[step]
  const items: readonly JsonValue[] = Array.isArray(value) ? value : []
  return items[Number(step)]
}

/** Results by the objects that they hold, for links that need what was asked. */
export class Asked {
  readonly #values = new WeakMap<object, RequestValues>()

  note({ content, values }: Result): void {
    if (typeof content === 'object' && content !== null) this.#noteAll(content, values)
  }

  of(object: JsonValue): RequestValues | undefined {
    return typeof object === 'object' && object !== null ? this.#values.get(object) : undefined
  }

  #noteAll(content: object, values: RequestValues): void {
    this.#values.set(content, values)
    const items: readonly unknown[] = Array.isArray(content)
      ? content
      : Object.values(content).flatMap(listOf)
    for (const item of items) if (typeof item === 'object' && item !== null) this.#values.set(item, values)
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
