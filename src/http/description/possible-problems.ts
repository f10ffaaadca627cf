import { AdapterError, type Violation } from '../../base/errors.js'
import { isJsonObject, type JsonValue } from '../../json/value.js'
import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { placeOfKey } from '../../openapi/security.js'
import { PROBLEM_TYPES } from '../answer/problem.js'
import { type DescribedOperation, followed, securitySchemes } from './described-operation.js'
import { faultExample, problemExample, type SampledCode } from './problem-example.js'
import { sampledRequest } from './request-example.js'

/** Named examples of one response. */
export type Examples = Readonly<Record<string, unknown>>

/** A fault of the operation, as the contract maps it: a problem document. */
export type FaultProblem = OpenApiObject & { readonly status: number; readonly code: string }

/**
 * What the service sends for an operation under a key of its responses, by the code of each problem.
 *
 * @param key as OpenAPI has it: `404`, `4XX` or `default`
 * @param declared all keys: `default` is about what no other is about
 */
export function problemsOf(
  described: DescribedOperation,
  key: string,
  { declared, faults }: { readonly declared: readonly string[]; readonly faults: readonly FaultProblem[] },
): Examples {
  const isMeant = (status: number): boolean => keyOf(status, declared) === key
  const ofFaults = faults
    .filter(({ status }) => isMeant(status))
    .map((fault) => [fault.code, faultExample(fault)] as const)
  const isBackendFault = ofFaults.length > 0
  const ours = possibleCodes(described, key, { isBackendFault })
    .filter((code) => isMeant(PROBLEM_TYPES[code].status))
    .flatMap((code) => {
      const example = exampleOf(described, code)
      return example ? [[code, example] as const] : []
    })
  return Object.fromEntries([...ofFaults, ...ours])
}

/** The key under which a document describes a status (OpenAPI 3.1, 4.8.16). */
function keyOf(status: number, declared: readonly string[]): string | undefined {
  const wanted = [String(status), `${String(status).charAt(0)}XX`, 'default']
  return wanted.find((each) => declared.some((one) => one.toUpperCase() === each.toUpperCase()))
}

function possibleCodes(
  described: DescribedOperation,
  key: string,
  { isBackendFault }: { readonly isBackendFault: boolean },
): SampledCode[] {
  const { object, operation } = described
  const isAsked = securitySchemes(described).length > 0
  const codes: SampledCode[] = ['request-invalid']
  if (isAsked) codes.push('unauthenticated', 'forbidden')
  // Of several in a range or in the default one is enough.
  if (key === 'default') return ['internal']
  if (object.requestBody !== undefined) codes.push('request-too-large', 'media-type-unsupported')
  if (!isBackendFault) codes.push('resource-not-found', 'request-unencodable')
  if (operation?.idempotency) {
    codes.push('idempotency-in-flight', 'idempotency-key-reused', 'idempotency-outcome-unknown')
  }
  codes.push('rate-limited', 'backend-unreachable', 'backend-fault', 'backend-not-soap')
  codes.push('backend-unavailable', 'backend-timeout')
  return key.toUpperCase().endsWith('XX') ? codes.filter((code) => RANGE.has(code)) : codes
}

const RANGE: ReadonlySet<SampledCode> = new Set(['request-invalid', 'backend-unreachable'])

function exampleOf(described: DescribedOperation, code: SampledCode): OpenApiObject | undefined {
  const { detail, forbids } = credentialsOf(described)
  if (code === 'unauthenticated') return problemExample(code, { detail })
  if (code === 'forbidden')
    return forbids === undefined ? undefined : problemExample(code, { detail: forbids })
  if (code !== 'request-unencodable') return problemExample(code)
  const errors = unencodable(described)
  return errors && problemExample(code, { errors })
}

/** What those are told who have no credentials, and those whose credentials are not for this operation. */
function credentialsOf(described: DescribedOperation): {
  readonly detail: string
  readonly forbids: string | undefined
} {
  const schemes = securitySchemes(described)
  const [first] = schemes
  const refusing = schemes.find(({ type }) => type !== 'mutualTLS')
  const forbids =
    refusing &&
    (refusing.type === 'apiKey'
      ? 'The API key is not meant for this operation.'
      : 'The access token lacks a scope that the operation needs.')
  return { detail: absenceOf(first), forbids }
}

function absenceOf(scheme: OpenApiObject | undefined): string {
  const { type, in: place, name } = scheme ?? {}
  if (type === 'mutualTLS') return 'The connection has no client certificate.'
  if (type !== 'apiKey') return 'The request has no access token.'
  const at = placeOfKey({
    in: place === 'query' || place === 'cookie' ? place : 'header',
    name: String(name),
  })
  return `The request has no API key: send it in the ${at}.`
}

/** What is said of a text in the request body that holds what JSON has and XML has not: control characters (XML 1.0, 2.2). */
function unencodable(described: DescribedOperation): readonly Violation[] | undefined {
  const { root, object, operation } = described
  const content = followed(root, object.requestBody)?.content
  const media = isObject(content) ? followed(root, content['application/json']) : undefined
  const request = sampledRequest(described)
  const body = request && broken(root, media?.schema, request.body)
  if (!operation || !request || body === undefined) return undefined
  try {
    operation.encode({ ...request, body })
    return undefined
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'request-unencodable') return error.violations
    throw error
  }
}

const BOUNDS = ['pattern', 'enum', 'const', 'format', 'contentEncoding']

/** The value with a control character in the first text that its schema lets hold one. */
function broken(root: OpenApiObject, schema: unknown, value: JsonValue | undefined): JsonValue | undefined {
  const view = followed(root, schema)
  if (typeof value === 'string') {
    return view?.type === 'string' && BOUNDS.every((bound) => view[bound] === undefined)
      ? '\u0001'
      : undefined
  }
  const properties = isObject(view?.properties) ? view.properties : {}
  for (const [name, member] of Object.entries(isJsonObject(value) ? value : {})) {
    const inner = broken(root, Object.hasOwn(properties, name) ? properties[name] : undefined, member)
    if (inner !== undefined) return { ...(isJsonObject(value) && value), [name]: inner }
  }
  return undefined
}
