import type { SoapAnswer } from '../backend/soap-call.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import type { InvokeOptions, RestRequest, RestResponse, SoapRequest } from './rest.js'

/** Is told what becomes of one call, in this order; what it does must not throw. */
export interface CallTap {
  /** The envelope is written. Again, where a session had ended. */
  sent(call: SoapRequest): void
  /** A response has arrived; the first page of one that is given while it arrives. */
  received(answer: SoapAnswer): void
  /** It has been read. */
  decoded(): void
  answered(response: RestResponse): void
  failed(error: unknown): void
}

/** Makes the tap of a call when it begins. */
export type OpenTap = (
  mapping: OperationMapping,
  request: RestRequest,
  options: Pick<InvokeOptions, 'requestId'>,
) => CallTap
