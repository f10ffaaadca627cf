import type { SoapAnswer, SoapCall } from '../soap-call.js'

/** What one call is authorized with. */
export interface Grant {
  /** The field `Authorization`; undefined where it is not known yet how the backend wants to be asked. */
  readonly field?: string
}

/** Credentials that change from call to call, or that the backend has a say in. */
export interface Authorizer {
  /** For the next request of a call; a promise where it must be had from somewhere first. */
  authorize(call: SoapCall): Grant | Promise<Grant>
  /** Takes note of an answer. @returns whether it refuses what another grant may be taken for */
  isWorthAnother(used: Grant, answer: SoapAnswer): boolean
  close(): Promise<void>
}
