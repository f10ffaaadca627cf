import { isJsonObject, isJsonScalar, type JsonObject, type JsonValue, scalarText } from '../json/value.js'
import type { ResponseSource, Source } from '../mapping/operation/source.js'
import type { CallContext } from './call-context.js'
import type { RestRequest } from './rest.js'

/** What the values of sources are taken from; without a part of it, the sources that name that part have none. */
export interface SourceValues {
  readonly request?: RestRequest | undefined
  readonly context?: CallContext
  /** The response of the backend under JSON names. */
  readonly response?: {
    readonly body: JsonValue | undefined
    readonly soapHeader: JsonObject | undefined
  }
}

/** The value of a source, or undefined; that of a parameter is what the client sent, one text or several. */
export function sourceValue(source: Source | ResponseSource, values: SourceValues): JsonValue | undefined {
  const { request, context, response } = values
  switch (source.kind) {
    case 'constant':
      return source.value
    case 'parameter':
      return request && parameterTexts(request, source)
    case 'body':
      return pick(request?.body, source.steps)
    case 'response':
      return pick(response?.[source.part], source.steps)
    case 'identity':
      return context?.identity?.[source.part]
    case 'claim':
      return pick(context?.identity?.claims, source.steps)
    case 'session':
      return context?.sessionToken
    case 'request-id':
      return context?.requestId
  }
}

/** The value of a source as one text; undefined where there is none, or several, or none that is a scalar. */
export function sourceText(source: Source | ResponseSource, values: SourceValues): string | undefined {
  const value = sourceValue(source, values)
  return isJsonScalar(value) && value !== null ? scalarText(value) : undefined
}

/** The value at the steps of a source, or undefined. */
export function pick(body: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  let value = body
  for (const step of steps) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

/** What the client sent for a parameter. */
function parameterTexts(
  request: RestRequest,
  { in: place, name }: Extract<Source, { readonly kind: 'parameter' }>,
): string | readonly string[] | undefined {
  const texts = { path: request.path, query: request.query, header: request.headers }[place]
  return Object.hasOwn(texts, name) ? texts[name] : undefined
}
