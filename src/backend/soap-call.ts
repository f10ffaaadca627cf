import { type AdapterError } from '../base/errors.js'

/** One HTTP POST of an envelope (SOAP 1.2 part 2, section 7; SOAP 1.1, section 6). */
export interface SoapCall {
  /** Absolute `http:` or `https:` URL; URLs come from contracts, so there are few. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface SoapAnswer {
  readonly status: number
  /** Names in lower case; several fields of one name are joined with a comma (RFC 9110, section 5.3). */
  readonly headers: Readonly<Record<string, string>>
  /** Without its content coding. */
  readonly body: Uint8Array
}

/** A call on its way. */
export interface CallInFlight {
  /** Settles once: by the answer, a failure, the deadline or an abort. */
  readonly answer: Promise<SoapAnswer>
  /** Gives the call up; without effect once it has settled. */
  abort(error: AdapterError): void
}

/** Whatever carries calls to a backend. */
export interface Carrier {
  /** @param timeoutMs from now to the end of the answer */
  start(call: SoapCall, timeoutMs: number): CallInFlight
  /** Closes every connection; the caller has seen to it that none is in use. */
  close(): Promise<void>
}
