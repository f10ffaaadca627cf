import type { AdapterErrorCode } from '../base/errors.js'

/**
 * One call of a backend that is over, with all attempts at it: numbers and names of the contract.
 *
 * @example
 * ```ts
 * adapter.onCall(({ operationId, backend, seconds, outcome }: ObservedCall) => {
 *   console.log(operationId, backend, seconds, outcome)
 * })
 * ```
 */
export interface ObservedCall {
  readonly operationId: string
  readonly backend: string
  /** From the request for a place to the end of the response, or its first page where it is given while it arrives. */
  readonly seconds: number
  /** How it ended: with the declared output, with a fault of SOAP, or with an error. */
  readonly outcome: 'success' | 'fault' | AdapterErrorCode
  /** To write the envelope. */
  readonly encodeSeconds: number
  /** To read the response; absent where none came, or it was read while it arrived. */
  readonly decodeSeconds?: number | undefined
  readonly requestBytes: number
  /** Without content coding; absent where none came, or it was read while it arrived. */
  readonly responseBytes?: number | undefined
}
