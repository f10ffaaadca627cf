import type { Cancellation } from '../backend/resilience/cancellation.js'
import type { SoapCall } from '../backend/soap-call.js'
import type { Body } from '../base/bytes/source.js'
import type { TraceContext } from '../base/trace-context.js'
import type { JsonObject, JsonValue } from '../json/value.js'
import type { CachePolicy, IdempotencyPolicy } from '../mapping/operation/guarantees.js'

/**
 * A call of the facade, as the contract sees it: nothing of HTTP but its words.
 *
 * @example
 * ```ts
 * const request: RestRequest = {
 *   path: { accountId: 'AC-00000101' },
 *   query: { limit: '10' },
 *   headers: { 'accept-language': 'en' },
 * }
 * ```
 */
export interface RestRequest {
  /** Percent-decoded, by the names of the contract. */
  readonly path: Readonly<Record<string, string>>
  /** As sent: text, or several texts for a repeated parameter. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: JsonValue
}

/**
 * @example
 * ```ts
 * const { status, headers, body }: RestResponse = await operation.invoke(request)
 * console.log(status, headers['content-type'], String(body))
 * ```
 */
export interface RestResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON text, other text, or bytes; empty where the contract declares no content. */
  readonly body: Body
  /** What follows the body, where the response is given while it arrives. */
  readonly rest?: RestOfBody
  /** The name of the fault that the backend answered with, where the contract knows it. */
  readonly fault?: string
  /** Whether the WSDL declares that fault, or the contract alone maps it. */
  readonly faultKind?: FaultKind
}

/** Who knows a fault: the WSDL, or the contract by what it says. The page of the problem is called so. */
export type FaultKind = 'declared-fault' | 'mapped-fault'

/** The bodies are read to their end, or the rest is cancelled. */
export interface RestOfBody {
  /** Throws an AdapterError where the response breaks off, or turns out not to be what its WSDL says. */
  readonly bodies: AsyncIterable<Body>
  readonly cancel: () => void
}

/**
 * @example
 * ```ts
 * const envelope: SoapRequest = operation.encode(operation.sample({ optionals: 'none' }))
 * console.log(envelope.url, String(envelope.body))
 * ```
 */
export type SoapRequest = SoapCall

/**
 * @example
 * ```ts
 * const response: SoapResponse = operation.sampleResponse({ optionals: 'all' })
 * console.log(operation.decode(response).body)
 * ```
 */
export interface SoapResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/**
 * Who calls, as the front door has found out; never what a client merely says of itself.
 *
 * @example
 * ```ts
 * const identity: Identity = { subject: 'user-17', client: 'mobile-app', claims: { tenant: 'north' } }
 * await operation.invoke(request, { identity })
 * ```
 */
export interface Identity {
  /** The end user: `sub` of an access token. */
  readonly subject?: string
  /** The application: `client_id` of an access token, the name of an API key, the subject of a certificate. */
  readonly client?: string
  /**
   * What names the client: each kind of credential has names of its own, so that an API key called like the `client_id` of a
   * token is of somebody else. Absent where nothing does.
   */
  readonly namedBy?: 'apiKey' | 'accessToken' | 'certificate'
  /** Of an access token. */
  readonly claims: JsonObject
  /** Scopes of an access token and roles of an API key; absent where there are none. */
  readonly scopes?: readonly string[]
}

/** All that tells one caller from others, as one text: for keys under which something is kept or counted. */
export function callerName({ namedBy, client, subject }: Identity): string {
  return JSON.stringify([namedBy ?? null, client ?? null, subject ?? null])
}

/**
 * @example
 * ```ts
 * const options: InvokeOptions = { signal: AbortSignal.timeout(2_000), timeoutMs: 1_500, requestId: 'order-4711' }
 * await operation.invoke(request, options)
 * ```
 */
export interface InvokeOptions {
  /** Aborted when the client goes away. */
  readonly signal?: Cancellation | undefined
  /** How long the client waits, in milliseconds; it may only shorten what the contract gives. */
  readonly timeoutMs?: number | undefined
  readonly identity?: Identity | undefined
  /** A longer answer, in bytes, may be given while it arrives, as `rest`; by default none is. */
  readonly streamFrom?: number | undefined
  /** Names the request in the logs and, as `X-Request-Id`, towards the backend: letters, digits and `._~:+/=-`. */
  readonly requestId?: string | undefined
  /** Goes on to the backend as it is where the process has no OpenTelemetry SDK, which would make its own. */
  readonly traceContext?: TraceContext | undefined
}

/**
 * How much of a sample is filled in.
 *
 * @example
 * ```ts
 * const smallest: SampleOptions = { optionals: 'none' }
 * console.log(operation.sample(smallest))
 * ```
 */
export interface SampleOptions {
  readonly optionals: 'all' | 'none'
}

/**
 * A response of an operation, and what the backend sent where that can be said.
 *
 * @example
 * ```ts
 * const refusals: OperationExample[] = (operation.examples?.() ?? []).filter(({ response }) => response.fault !== undefined)
 * console.log(refusals.map(({ response }) => String(response.body)))
 * ```
 */
export interface OperationExample {
  readonly sent?: SoapResponse
  readonly response: RestResponse
}

/**
 * One operation of the OpenAPI document, compiled.
 *
 * @example
 * ```ts
 * const getAccount: RestOperation | undefined = adapter.operations.get('getAccount')
 * const response = await getAccount?.invoke({ path: { accountId: 'AC-00000101' }, query: {}, headers: {} })
 * ```
 */
export interface RestOperation {
  readonly operationId: string
  /** Lower case, as in the document. */
  readonly method: string
  /** The path template of the document, without the server's base path. */
  readonly path: string
  readonly backend: string
  /** Name of the WSDL operation that serves it; absent where several do. */
  readonly soapOperation?: string
  /** It as each of the WSDL operations serves it, where several do: the query parameters of a request choose one. */
  readonly alternatives?: readonly RestOperation[]
  readonly idempotency?: IdempotencyPolicy | undefined
  readonly cache?: CachePolicy | undefined
  /** Whether the contract says that it may be carried out more than once; absent where its method tells. */
  readonly isIdempotent?: boolean | undefined
  /** Whether the contract lets agents use it; absent where it does not say. */
  readonly mcp?: boolean | undefined
  /** Whether clients may shorten the deadline. */
  readonly takesTimeout?: boolean
  /** Whether the body of a request is bytes as they are: `Binary`. */
  readonly takesBytes?: boolean
  /** A valid request, the same at every call. */
  sample(options: SampleOptions): RestRequest
  /** @throws AdapterError `request-unencodable`; `request-invalid` where the parameters choose none of the alternatives */
  encode(request: RestRequest): SoapRequest
  /**
   * A valid response of the backend, the same at every call.
   *
   * @param request what it is the response to, where several WSDL operations serve the operation; by default to the sample
   */
  sampleResponse(options: SampleOptions, request?: RestRequest): SoapResponse
  /**
   * A declared fault is a response with its status; everything else that is not the declared output throws.
   *
   * @throws AdapterError with a code that begins with `backend-`, or `resource-not-found`
   */
  decode(response: SoapResponse, request?: RestRequest): RestResponse
  /** What its responses look like: a success, and each fault that the contract maps. */
  examples?(): readonly OperationExample[]
  /** @throws AdapterError `backend-overloaded` where a call that came now would be refused, whatever it asked for */
  checkRoom?(): void
  /**
   * Encode, call behind the breaker, decode.
   *
   * @throws AdapterError; `request-invalid` where the parameters choose none of the alternatives
   */
  invoke(request: RestRequest, options?: InvokeOptions): Promise<RestResponse>
}

/**
 * State of one backend for health pages and metrics.
 *
 * @example
 * ```ts
 * const isServing = ({ breaker }: BackendState): boolean => breaker !== 'open'
 * console.log(adapter.backends().every(isServing))
 * ```
 */
export interface BackendState {
  readonly name: string
  readonly breaker: 'closed' | 'open' | 'half-open'
  readonly inFlight: number
  /** Calls that wait for their turn. */
  readonly queued?: number
  /** Calls that it may have at once. */
  readonly limit?: number
  /** Attempts since the start beside the first of each call. */
  readonly retries?: number
  /** How often each kind of leniency was made use of, where the contract has any. */
  readonly lenient?: Readonly<Record<string, number>>
  /** Each by host and port, where the contract names several; `breaker` is then that of the best. */
  readonly endpoints?: readonly { readonly host: string; readonly breaker: BackendState['breaker'] }[]
  /** Whether several contracts that are served beside each other have it. */
  readonly shared?: true | undefined
}

/** A list of revoked certificates that could not be had or taken; the one before it counts on. */
export interface RevocationListFailure {
  readonly backend: string
  /** In `verify.revocation.crl`, from 0. */
  readonly index: number
  /** Without names and addresses. */
  readonly why: string
  readonly cause: Error
}

/** The first time that a kind of leniency was made use of. */
export interface LeniencyUse {
  readonly backend: string
  readonly kind: string
}
