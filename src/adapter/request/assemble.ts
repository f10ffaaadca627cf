import { AdapterError, type Violation } from '../../base/errors.js'
import type { EncodeError } from '../../codec/codec.js'
import {
  ExactNumber,
  isJsonObject,
  isJsonScalar,
  type JsonObject,
  type JsonValue,
  scalarText,
  setMember,
} from '../../json/value.js'
import { toJsonNumber } from '../../mapping/canonical/json-number.js'
import type { ScalarMapping, ValueMapping } from '../../mapping/canonical/value-mapping.js'
import type { RequestMember } from '../../mapping/operation/mapping.js'
import type { CallContext } from '../call-context.js'
import type { RestRequest } from '../rest.js'
import { sourceText, sourceValue } from '../source-value.js'

/**
 * Puts the parts of a request into the one object that the request codec encodes. Only what the contract
 * declares is taken; a parameter's key cannot be forged by a member of the body.
 */
export function assemble(
  members: readonly RequestMember[],
  request: RestRequest,
  context: CallContext = {},
): JsonObject {
  const object: Record<string, JsonValue> = {}
  for (const member of members) {
    const value = valueOf(member, request, context)
    if (value !== undefined) object[member.key] = value
  }
  return object
}

function valueOf(member: RequestMember, request: RestRequest, context: CallContext): JsonValue | undefined {
  const { source } = member
  switch (source.kind) {
    case 'body':
      return sourceValue(source, { request })
    case 'constant':
    case 'identity':
    case 'claim':
    case 'session':
    case 'request-id': {
      const text = sourceText(source, { request, context })
      return text === undefined ? undefined : constant(member, text)
    }
    case 'parameter': {
      const sent = sourceValue(source, { request })
      if (sent !== undefined) return fromTexts(member, sent as string | readonly string[])
      const fallback = member.default as JsonValue | undefined
      if (fallback === undefined || typeof fallback === 'object') return fallback
      return fromText(member, String(fallback))
    }
  }
}

function fromTexts(member: RequestMember, sent: string | readonly string[]): JsonValue {
  const item = itemOf(member)
  if (!item) return fromText(member, typeof sent === 'string' ? sent : (sent[0] ?? ''))
  const texts = typeof sent !== 'string' ? sent : member.explode ? [sent] : sent.split(',')
  return texts.map((text) => read(item, text))
}

/** The items of a member that takes an array. */
function itemOf({ value, repeated }: RequestMember): ValueMapping | undefined {
  if (repeated) return value
  if (value.kind === 'array') return value.item.value
  return value.kind === 'scalar' && value.form === 'list' ? value.item : undefined
}

function fromText(member: RequestMember, text: string): JsonValue {
  return read(member.value, text)
}

const numeric = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A text that stands for a JSON value: what it cannot be stays text, which the codec refuses with the reason. */
function read(value: ValueMapping, text: string): JsonValue {
  const form = formOf(value)
  if (form === 'number' && numeric.test(text)) return new ExactNumber(text)
  if (form === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** A constant is written as XSD writes values: `007` and `1` are what they are there. */
function constant(member: RequestMember, text: string): JsonValue {
  const item = itemOf(member)
  const form = formOf(item ?? member.value)
  const digits = form === 'number' ? toJsonNumber(text) : undefined
  const isTrue = text === 'true' || text === '1'
  const value = digits !== undefined ? new ExactNumber(digits) : form === 'boolean' ? isTrue : text
  return item ? [value] : value
}

function formOf(value: ValueMapping): ScalarMapping['form'] | undefined {
  return value.kind === 'scalar' ? value.form : undefined
}

/** What is wrong with a request that an encoder refused. */
export function unencodable(error: EncodeError): AdapterError {
  return new AdapterError('request-unencodable', 'The backend has no way to receive this request.', {
    violations: error.all.map(violationOf),
  })
}

/** Says in the words of the request where an encoder found fault. */
export function violationOf(error: EncodeError): Violation {
  const [, key = '', ...rest] = error.pointer.split('/')
  const decoded = key.replaceAll('~1', '/').replaceAll('~0', '~')
  const below = rest.map((step) => `/${step}`).join('')
  const parameter = /^(path|query|header)\.(.*)$/.exec(decoded)
  if (parameter)
    return { pointer: `${parameter[1] ?? ''}/${parameter[2] ?? ''}${below}`, detail: error.message }
  if (decoded.startsWith('body#')) {
    const pointer = decoded.slice('body#'.length)
    return { pointer: `${pointer === '/' ? '' : pointer}${below}`, detail: error.message }
  }
  return { pointer: error.pointer, detail: error.message }
}

/**
 * The reverse of `assemble`, for samples.
 *
 * @param hasBody whether the operation takes a body
 */
export function disassemble(
  members: readonly RequestMember[],
  object: JsonObject,
  { hasBody }: { readonly hasBody: boolean },
): RestRequest {
  const path: Record<string, string> = {}
  const query: Record<string, string | readonly string[]> = {}
  const headers: Record<string, string | readonly string[]> = {}
  let body: JsonValue | undefined = hasBody ? {} : undefined
  for (const member of members) {
    const value = object[member.key]
    const { source } = member
    if (value === undefined) continue
    if (source.kind === 'body') body = place(body, source.steps, value)
    if (source.kind !== 'parameter') continue
    const text = toText(member, value)
    if (source.in === 'path') setMember(path, source.name, typeof text === 'string' ? text : text.join(','))
    else setMember(source.in === 'query' ? query : headers, source.name, text)
  }
  return { path, query, headers, ...(body !== undefined && { body }) }
}

function toText(member: RequestMember, value: JsonValue): string | readonly string[] {
  if (isJsonScalar(value)) return scalarText(value)
  if (!Array.isArray(value)) return ''
  const texts = (value as JsonValue[]).filter(isJsonScalar).map(scalarText)
  return member.explode ? texts : texts.join(',')
}

function place(into: JsonValue | undefined, steps: readonly string[], value: JsonValue): JsonValue {
  const [step, ...rest] = steps
  if (step === undefined) return value
  const object = isJsonObject(into) ? into : {}
  return { ...object, [step]: place(object[step], rest, value) }
}
