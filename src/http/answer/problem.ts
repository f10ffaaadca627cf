import { type ServerResponse, STATUS_CODES } from 'node:http'
import { AdapterError, type AdapterErrorCode, type Violation } from '../../base/errors.js'
import { instanceOf } from '../../base/instance.js'
import { type TraceContext, traceIdOf } from '../../base/trace-context.js'
import type { Exchange } from '../exchange.js'

export interface ProblemType {
  readonly status: number
  readonly title: string
  /** For the page of the problem: what it means. */
  readonly meaning: string
  /** What a client should do. */
  readonly advice: string
}

/** Every problem that a client can get, and the only place that gives one a status. */
export const PROBLEM_TYPES: Readonly<Record<AdapterErrorCode, ProblemType>> = {
  'request-invalid': {
    status: 400,
    title: 'The request does not match the contract',
    meaning: 'Parameters or body do not satisfy their schemas. Each entry of errors names one place.',
    advice: 'Correct every place that errors names. The same request will fail again.',
  },
  'request-malformed': {
    status: 400,
    title: 'The request cannot be read',
    meaning: 'The URL, the encoding or the JSON text is broken at the position that detail gives.',
    advice: 'Send well-formed percent-encoding, UTF-8 and JSON (RFC 8259) with unique member names.',
  },
  'request-too-large': {
    status: 413,
    title: 'The request is too large',
    meaning: 'The body exceeds the limit that detail gives.',
    advice: 'Send less in one request.',
  },
  'header-too-large': {
    status: 431,
    title: 'The header fields are too large',
    meaning: 'The request line and the header fields together exceed the limit of this service.',
    advice: 'Send fewer or shorter header fields, cookies above all, and a shorter URL.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    meaning: 'The request was not complete within the time that this service waits.',
    advice: 'Send the whole request at once, on a new connection.',
  },
  'media-type-unsupported': {
    status: 415,
    title: 'The media type is not supported',
    meaning: 'Content-Type or Content-Encoding is not one that the operation takes.',
    advice:
      'Send one of the media types that the Accept header of the response lists, in UTF-8, uncompressed.',
  },
  'request-unencodable': {
    status: 422,
    title: 'The request cannot be sent to the backend',
    meaning: 'The request satisfies the contract, but the backend has no way to receive one of its values.',
    advice: 'Change the value at the place that detail or errors names.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication is required',
    meaning: 'The operation requires credentials, and the request carries none that are valid.',
    advice: 'Send credentials as the WWW-Authenticate header of the response and the OpenAPI document say.',
  },
  forbidden: {
    status: 403,
    title: 'The caller is not allowed to do this',
    meaning: 'The credentials are valid, but not for this operation.',
    advice:
      'Ask the operator of this service, or get a token with the scopes that the OpenAPI document names.',
  },
  'authentication-unavailable': {
    status: 503,
    title: 'Credentials cannot be checked',
    meaning: 'The authorization server that validates tokens cannot be reached.',
    advice: 'Try again after the seconds that Retry-After gives.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    meaning: 'The client has sent more requests than it may.',
    advice: 'Try again after the seconds that Retry-After gives; the RateLimit header tells what is left.',
  },
  overloaded: {
    status: 503,
    title: 'The service is busy',
    meaning:
      'This process is serving as many requests as it can serve well. Nothing of the request was carried out.',
    advice: 'Try again after the seconds that Retry-After gives.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing at this path',
    meaning: 'No path of the contract matches.',
    advice: 'Compare the path with the OpenAPI document, upper and lower case and trailing slashes included.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    meaning: 'The path exists, but not with this method.',
    advice: 'Use one of the methods that the Allow header lists.',
  },
  'resource-not-found': {
    status: 404,
    title: 'The resource does not exist',
    meaning: 'The backend knows nothing under the identifiers of the request.',
    advice: 'Check the identifiers.',
  },
  'backend-overloaded': {
    status: 503,
    title: 'Too many requests are in flight',
    meaning: 'The limit of concurrent calls to the backend is reached.',
    advice:
      'Try again after the seconds that Retry-After gives. Without it an earlier attempt may have been carried out. Read before you repeat a request that changes something.',
  },
  'backend-unavailable': {
    status: 503,
    title: 'The backend is not available',
    meaning: 'The backend has failed repeatedly and is not called for a while.',
    advice:
      'Try again after the seconds that Retry-After gives. Without it an earlier attempt may have been carried out. Read before you repeat a request that changes something.',
  },
  'backend-timeout': {
    status: 504,
    title: 'The backend did not answer in time',
    meaning: 'The service gave up on the call. It is not known whether the backend carried it out.',
    advice: 'Read before you repeat a request that changes something.',
  },
  'backend-unreachable': {
    status: 502,
    title: 'The backend cannot be reached',
    meaning: 'The connection to the backend was refused or broken.',
    advice:
      'Repeat a request that only reads a little later. Read before you repeat a request that changes something.',
  },
  'backend-tls': {
    status: 502,
    title: 'The backend cannot be trusted',
    meaning: 'No secure connection to the backend could be made.',
    advice:
      'Tell the operator of this service. Trying again will not help. Read before you repeat a request that changes something.',
  },
  'backend-login': {
    status: 502,
    title: 'The backend rejected the credentials of this service',
    meaning:
      'The backend refused the credentials of this service, or this service could not obtain a token or session.',
    advice:
      'Tell the operator of this service. Your own credentials are not the reason. Read before you repeat a request that changes something.',
  },
  'backend-untrusted': {
    status: 502,
    title: 'The response of the backend cannot be trusted',
    meaning: 'The response is not signed as agreed, is encrypted or too old, or belongs to another request.',
    advice: 'Tell the operator of this service. Read before you repeat a request that changes something.',
  },
  'backend-not-soap': {
    status: 502,
    title: 'The backend did not respond with SOAP',
    meaning: 'The response is not a SOAP envelope; often it is the page of a proxy.',
    advice:
      'Tell the operator of this service if it goes on. Read before you repeat a request that changes something.',
  },
  'backend-malformed': {
    status: 502,
    title: 'The response of the backend is malformed',
    meaning: 'The response is not well-formed XML, is cut short, or uses what SOAP forbids.',
    advice:
      'Tell the operator of this service if it goes on. Read before you repeat a request that changes something.',
  },
  'backend-mismatch': {
    status: 502,
    title: 'The response of the backend does not match its WSDL',
    meaning: 'The response is SOAP, but not what the WSDL of the backend promises.',
    advice:
      'Tell the operator of this service. Trying again will not help. Read before you repeat a request that changes something.',
  },
  'backend-too-large': {
    status: 502,
    title: 'The response of the backend is too large',
    meaning: 'The response exceeds what this service is set to read.',
    advice:
      'Ask for less, with the paging parameters of the operation if it has any. Read before you repeat a request that changes something.',
  },
  'backend-fault': {
    status: 502,
    title: 'The backend reported a fault',
    meaning: 'The backend refused or failed with a fault that the contract does not declare.',
    advice:
      'Tell the operator of this service, with the instance or X-Request-Id of the response. Read before you repeat a request that changes something.',
  },
  'idempotency-in-flight': {
    status: 409,
    title: 'A request with this key is in progress',
    meaning: 'An earlier request with the same Idempotency-Key is not answered yet.',
    advice: 'Send the same request with the same key again after the seconds that Retry-After gives.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key belongs to another request',
    meaning: 'The Idempotency-Key was used before, with other parameters or another body.',
    advice: 'Use a new key for each new request, and repeat a request exactly as it was.',
  },
  'idempotency-outcome-unknown': {
    status: 409,
    title: 'It is not known whether the request was carried out',
    meaning:
      'An earlier request with this Idempotency-Key was sent to the backend, and its response is not known.',
    advice: 'Find out with a read whether it took effect. Only if it did not, send it again with a new key.',
  },
  'store-unavailable': {
    status: 503,
    title: 'Idempotency cannot be ensured',
    meaning: 'The store of idempotency keys does not answer. Nothing was sent to the backend.',
    advice: 'Send the same request with the same key again after the seconds that Retry-After gives.',
  },
  'shutting-down': {
    status: 503,
    title: 'The service is shutting down',
    meaning: 'This process accepts no new requests.',
    advice: 'Try again after the seconds that Retry-After gives; another process will answer.',
  },
  'client-closed': {
    status: 499,
    title: 'The client went away',
    meaning: 'The connection was closed before the response was ready. Nobody receives this problem.',
    advice: 'Wait longer for the response. Read before you repeat a request that changes something.',
  },
  internal: {
    status: 500,
    title: 'The service failed',
    meaning: 'An unexpected error occurred in this service.',
    advice:
      'Tell the operator of this service, with the instance or X-Request-Id of the response. Read before you repeat a request that changes something.',
  },
}

/** A problem document (RFC 9457). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance?: string
  readonly traceId?: string
  readonly code: AdapterErrorCode
  readonly errors?: readonly Violation[]
}

/** Seconds; for 503 where whoever threw gave none (RFC 9110, section 10.2.3). */
const RETRY_AFTER = 1

export function toProblem(error: AdapterError, requestId: string, trace?: TraceContext): Problem {
  const { status, title } = PROBLEM_TYPES[error.code]
  const instance = instanceOf(requestId)
  const errors =
    error.violations.length > 0
      ? error.violations
      : error.path === undefined
        ? undefined
        : [{ pointer: error.path, detail: error.message }]
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    detail: error.message,
    ...(instance !== undefined && { instance }),
    ...(trace && { traceId: traceIdOf(trace) }),
    code: error.code,
    ...(errors && { errors }),
  }
}

/** Our own errors as they are; everything else becomes one that says nothing and carries its cause. */
export function asAdapterError(error: unknown): AdapterError {
  if (error instanceof AdapterError) return error
  if (error instanceof URIError) {
    return new AdapterError('request-malformed', 'The path has a broken percent-encoding.')
  }
  if (isClientError(error))
    return new AdapterError('request-malformed', 'The request cannot be served as sent.')
  return new AdapterError('internal', 'The service failed. The request was not answered.', { cause: error })
}

/** What Express throws for broken conditions and ranges. */
function isClientError(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error)) return false
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500
}

/** Answers with a problem document; where the response has begun already, cuts the connection instead. */
export function sendProblem(res: ServerResponse, thrown: unknown, exchange: Exchange): void {
  const error = asAdapterError(thrown)
  exchange.problem = error
  if (res.headersSent || res.destroyed) {
    if (res.destroyed) exchange.onLateEnd?.()
    res.destroy()
    return
  }
  exchange.head?.release()
  const problem = toProblem(error, exchange.requestId, exchange.trace)
  const body = JSON.stringify(problem)
  // What may have been carried out is not to be tried again.
  const isUnsent = problem.status === 503 && error.outcome !== 'unknown'
  const retryAfter = error.retryAfter ?? (isUnsent ? RETRY_AFTER : undefined)
  if (retryAfter !== undefined) res.setHeader('retry-after', String(Math.max(1, Math.ceil(retryAfter))))
  res.writeHead(problem.status, STATUS_CODES[problem.status] ?? problem.title, {
    'x-request-id': exchange.requestId,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  res.end(res.req.method === 'HEAD' ? undefined : body)
}
