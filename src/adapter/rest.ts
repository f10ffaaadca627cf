import { type Cancellation } from '../backend/cancellation.js'
import { type SoapCall } from '../backend/soap-call.js'
import { type Body } from '../base/byte-source.js'
import { type JsonObject, type JsonValue } from '../json/value.js'
import { type CachePolicy } from '../mapping/cache-policy.js'
import { type IdempotencyPolicy } from '../mapping/idempotency-policy.js'

/** A call of the facade, as the contract sees it: nothing of HTTP but its words. */
export interface RestRequest {
  /** Percent-decoded, by the names of the contract. */
  readonly path: Readonly<Record<string, string>>
  /** As sent: text, or several texts for a repeated parameter. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: JsonValue
}

export interface RestResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON text, other text, or octets; empty where the contract declares no content. */
  readonly body: Body
  /** What follows the body, where the answer is given while it arrives. */
  readonly rest?: RestOfBody
  /** The name of the wsdl:fault that the backend answered with, where it is a declared one. */
  readonly fault?: string
}

/** The bodies are read to their end, or the rest is cancelled. */
export interface RestOfBody {
  /** Throws an AdapterError where the answer breaks off, or turns out not to be what its WSDL says. */
  readonly bodies: AsyncIterable<Body>
  readonly cancel: () => void
}

export type SoapRequest = SoapCall

export interface SoapResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Who calls, as the front door has found out; never what a client merely says of itself. */
export interface Identity {
  /** The end user: `sub` of an access token. */
  readonly subject?: string
  /** The application: `client_id` of an access token, the name of an API key, the subject of a certificate. */
  readonly client?: string
  /** Of an access token. */
  readonly claims: JsonObject
}

export interface InvokeOptions {
  /** Aborted when the client goes away. */
  readonly signal?: Cancellation
  /** How long the client waits, in milliseconds; it may only shorten what the contract gives. */
  readonly timeoutMs?: number
  readonly identity?: Identity
  /** A longer answer, in octets, may be given while it arrives, as `rest`; by default none is. */
  readonly streamFrom?: number | undefined
  /** Names the request in the logs and towards the backend. */
  readonly requestId?: string
}

/** How much of a sample is filled in. */
export interface SampleOptions {
  readonly optionals: 'all' | 'none'
}

/** One operation of the OpenAPI document, compiled. */
export interface RestOperation {
  readonly operationId: string
  /** Lower case, as in the document. */
  readonly method: string
  /** The path template of the document, without the server's base path. */
  readonly path: string
  readonly backend: string
  readonly idempotency?: IdempotencyPolicy | undefined
  readonly cache?: CachePolicy | undefined
  /** Whether clients may shorten the deadline. */
  readonly takesTimeout?: boolean
  /** Whether the body of a request is octets as they are: `Binary`. */
  readonly takesOctets?: boolean
  /** A valid request, the same at every call. */
  sample(options: SampleOptions): RestRequest
  /** @throws AdapterError `request-unencodable` */
  encode(request: RestRequest): SoapRequest
  /** A valid answer of the backend, the same at every call. */
  sampleResponse(options: SampleOptions): SoapResponse
  /**
   * A declared fault is a response with its status; everything else that is not the declared output throws.
   *
   * @throws AdapterError with a code that begins with `backend-`, or `resource-not-found`
   */
  decode(response: SoapResponse, request?: RestRequest): RestResponse
  /** Encode, call behind the breaker, decode. @throws AdapterError */
  invoke(request: RestRequest, options?: InvokeOptions): Promise<RestResponse>
}

/** State of one backend for health pages and metrics. */
export interface BackendState {
  readonly name: string
  readonly breaker: 'closed' | 'open' | 'half-open'
  readonly inFlight: number
  /** Calls that wait for their turn. */
  readonly queued?: number
  /** Attempts since the start beside the first of each call. */
  readonly retries?: number
  /** Each by host and port, where the contract names several; `breaker` is then that of the best. */
  readonly endpoints?: readonly { readonly host: string; readonly breaker: BackendState['breaker'] }[]
}
