import type { Body, Octets } from '../base/bytes/source.js'
import type { ByteStream } from '../base/bytes/stream.js'
import type { AdapterError } from '../base/errors.js'

/** One HTTP request: a POST of an envelope (SOAP 1.2 part 2, section 7; SOAP 1.1, section 6), or a call that has none. */
export interface SoapCall {
  /** Absolute `http:` or `https:` URL; URLs come from contracts and logins, so there are few. */
  readonly url: string
  /** By default POST. */
  readonly method?: 'GET' | 'POST'
  /** What follows the URL's path, and then its query: what differs from call to call. */
  readonly suffix?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

export interface SoapAnswer {
  readonly status: number
  /** Names in lower case; several fields of one name are joined with a comma (RFC 9110, section 5.3). */
  readonly headers: Readonly<Record<string, string>>
  /** Without its content coding. */
  readonly body: Octets
  /** What follows the body, where the response was long and is given while it arrives; to be read, and closed in the end. */
  readonly rest?: ByteStream
}

/** A call on its way. */
export interface CallInFlight {
  /** Settles once: by the response, a failure, the deadline or an abort. */
  readonly answer: Promise<SoapAnswer>
  /** Whether the backend can have received it: a byte may have left, and none of the responses so far was a refusal. */
  readonly isSent: boolean
  /** Gives the call up, and what is still to come of its response; without effect once all of it has come. */
  abort(error: AdapterError): void
}

/** Whatever carries calls to a backend. */
export interface Carrier {
  /**
   * @param timeoutMs to the end of the response; of one that is given while it arrives, to each of its pieces
   * @param elapsedMs how much of that has gone by before now
   * @param streamFrom a response of more bytes may be given while it arrives
   */
  start(call: SoapCall, timeoutMs: number, elapsedMs?: number, streamFrom?: number): CallInFlight
  /** Closes every connection; the caller has seen to it that none is in use. */
  close(): Promise<void>
}
