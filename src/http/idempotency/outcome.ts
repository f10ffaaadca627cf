import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'

/**
 * What an error says of the call that it ended.
 *
 * `not-sent`: the backend has not carried it out and will not. `answered`: the backend has answered, and a repetition
 * would get the same. `unknown`: it may have been carried out, or still be.
 */
export type Outcome = 'not-sent' | 'answered' | 'unknown'

/**
 * Of each code, unless the error itself says more (`AdapterError.outcome`). `unknown` is whatever is not certain:
 * a server that refuses may have acted before, a gateway may answer in its place.
 */
export const OUTCOMES: Readonly<Record<AdapterErrorCode, Outcome>> = {
  'request-invalid': 'not-sent',
  'request-malformed': 'not-sent',
  'request-too-large': 'not-sent',
  'header-too-large': 'not-sent',
  'request-timeout': 'not-sent',
  'media-type-unsupported': 'not-sent',
  'request-unencodable': 'not-sent',
  unauthenticated: 'not-sent',
  forbidden: 'not-sent',
  'authentication-unavailable': 'not-sent',
  'rate-limited': 'not-sent',
  overloaded: 'not-sent',
  'not-found': 'not-sent',
  'method-not-allowed': 'not-sent',
  'resource-not-found': 'answered',
  'backend-overloaded': 'not-sent',
  'backend-unavailable': 'not-sent',
  'backend-timeout': 'unknown',
  'backend-unreachable': 'unknown',
  'backend-tls': 'unknown',
  'backend-login': 'unknown',
  'backend-untrusted': 'unknown',
  'backend-not-soap': 'unknown',
  'backend-malformed': 'unknown',
  'backend-mismatch': 'unknown',
  'backend-too-large': 'unknown',
  'backend-fault': 'unknown',
  'idempotency-in-flight': 'not-sent',
  'idempotency-key-reused': 'not-sent',
  'idempotency-outcome-unknown': 'unknown',
  'store-unavailable': 'not-sent',
  'shutting-down': 'not-sent',
  'client-closed': 'unknown',
  internal: 'unknown',
}

/** @param error what a call threw */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof AdapterError)) return 'unknown'
  return error.outcome ?? OUTCOMES[error.code]
}
