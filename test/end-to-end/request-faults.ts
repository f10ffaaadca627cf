import type { RestOperation } from '../../src/adapter/rest.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import type { Parameter } from '../oracle/contracts.js'
import type { JudgedRequest } from '../oracle/prism-judge.js'
import { SingleFaults } from '../oracle/single-faults.js'
import { declaredOf } from './declared.js'
import { type RestCall, sampleCall, targetOf } from './rest-call.js'

/** A request with one thing wrong with it. */
export interface RequestFault {
  /** The keyword that is broken, or what of HTTP. */
  readonly kind: string
  readonly request: JudgedRequest
  readonly status: number
  /** Where the response has to point to; undefined where it is about the request as a whole. */
  readonly pointer?: string
}

/** The HTTP request of a call, with JSON for its body. */
export function writeRequest(operation: RestOperation, call: RestCall): JudgedRequest {
  const { headers, body } = call
  return {
    method: operation.method.toUpperCase(),
    target: targetOf(operation, call),
    headers: {
      'x-api-key': 'any',
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

/** Every single fault that the sample of an operation can have: by its schemas, and by what they leave to HTTP. */
export function* requestFaults(operation: RestOperation, document: OpenApiObject): Generator<RequestFault> {
  const sample = sampleCall(operation)
  const { parameters, body, bodyRequired } = declaredOf(document, operation)
  const faults = new SingleFaults(document)
  const write = (call: RestCall) => writeRequest(operation, call)
  for (const parameter of parameters) {
    for (const { kind, text, pointer } of parameterFaults(parameter, faults, sample)) {
      yield { kind, request: write(withText(sample, parameter, text)), status: 400, pointer }
    }
  }
  yield {
    kind: 'unknown parameter',
    request: write({ ...sample, query: { ...sample.query, surplus: '1' } }),
    status: 400,
    pointer: 'query/surplus',
  }
  const good = write(sample)
  if (body === undefined) {
    const request = { ...good, headers: { ...good.headers, 'content-type': 'application/json' }, body: '{}' }
    if (operation.method !== 'get') yield { kind: 'surplus body', request, status: 400, pointer: '' }
    return
  }
  for (const { kind, value, pointer } of faults.of(body, sample.body)) {
    yield { kind, request: write({ ...sample, body: value }), status: 400, pointer }
  }
  if (bodyRequired) {
    const { path, query, headers } = sample
    yield { kind: 'missing body', request: write({ path, query, headers }), status: 400, pointer: '' }
  }
  const json = String(good.body)
  for (const [kind, headers] of MEDIA_TYPE_FAULTS) {
    yield { kind, request: { ...good, headers: { ...good.headers, ...headers } }, status: 415 }
  }
  yield { kind: 'JSON', request: { ...good, body: json.slice(0, -1) }, status: 400 }
}

const MEDIA_TYPE_FAULTS: readonly (readonly [kind: string, headers: Readonly<Record<string, string>>])[] = [
  ['media type', { 'content-type': 'text/plain' }],
  ['media type', { 'content-type': 'application/xml' }],
  ['charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
  ['content coding', { 'content-encoding': 'gzip' }],
]

interface ParameterFault {
  readonly kind: string
  /** As it is sent; undefined: not at all. */
  readonly text: string | readonly string[] | undefined
  readonly pointer: string
}

/** Whatever is sent in a URL or a header is text. */
function* parameterFaults(
  parameter: Parameter,
  faults: SingleFaults,
  sample: RestCall,
): Generator<ParameterFault> {
  const { name: written, in: place, required, schema } = parameter
  const name = place === 'header' ? written.toLowerCase() : written
  const pointer = `${place}/${name}`
  const { type } = faults.resolve(schema)
  const given = place === 'path' ? sample.path[name] : textOf(sample, place, name)
  const isInteger = type === 'integer'
  for (const { kind, value, pointer: inner } of faults.of(schema, isInteger ? Number(given) : given)) {
    if (kind === 'null' || (kind === 'type' && value !== 0.5)) continue
    const text = Array.isArray(value) ? value.map(String) : String(value)
    // No path has an empty segment, and HTTP no header that is not Latin-1.
    if (text.length === 0 && place !== 'query') continue
    yield { kind, text, pointer: `${pointer}${inner}` }
  }
  if (isInteger) {
    for (const text of ['text', '0x10', '1e2', ' 1', '1.0', '+1']) {
      yield { kind: text === 'text' ? 'type' : 'number as JavaScript reads it', text, pointer }
    }
  }
  if (place === 'query' && type !== 'array' && typeof given === 'string') {
    yield { kind: 'repeated parameter', text: [given, given], pointer }
  }
  if (required === true && place !== 'path') yield { kind: 'required', text: undefined, pointer }
}

function textOf(sample: RestCall, place: 'query' | 'header', name: string) {
  return place === 'header' ? sample.headers[name] : sample.query[name]
}

function withText(sample: RestCall, { name, in: place }: Parameter, text: ParameterFault['text']): RestCall {
  if (place === 'path') return { ...sample, path: { ...sample.path, [name]: String(text) } }
  if (place === 'query') return { ...sample, query: replaced(sample.query, name, text) }
  const one = text === undefined ? undefined : String(text)
  return { ...sample, headers: replaced(sample.headers, name.toLowerCase(), one) }
}

function replaced<T>(
  all: Readonly<Record<string, T>>,
  name: string,
  value: T | undefined,
): Record<string, T> {
  const others = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name))
  return value === undefined ? others : { ...others, [name]: value }
}
