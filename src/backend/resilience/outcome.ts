import { AdapterError, type CallOutcome } from '../../base/errors.js'

/** What becomes known of an error after it was thrown. */
export interface Outcome {
  readonly outcome?: CallOutcome
  readonly backendStatus?: number
  /** Seconds; undefined takes away what the error says. */
  readonly retryAfter?: number | undefined
}

/**
 * Says of an error what has become of the call that it ended.
 *
 * @returns the same error where it says so already, else one like it; what is not an AdapterError, or of a class of its
 *   own, stays as it is
 */
export function withOutcome(error: unknown, known: Outcome): unknown {
  if (!(error instanceof AdapterError) || error.constructor !== AdapterError) return error
  const { code, message, path, violations, cause } = error
  const outcome = known.outcome ?? error.outcome
  const backendStatus = known.backendStatus ?? error.backendStatus
  const retryAfter = 'retryAfter' in known ? known.retryAfter : error.retryAfter
  const isSame =
    outcome === error.outcome && backendStatus === error.backendStatus && retryAfter === error.retryAfter
  if (isSame) return error
  return new AdapterError(code, message, {
    ...(path !== undefined && { path }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(cause !== undefined && { cause }),
    ...(outcome !== undefined && { outcome }),
    ...(backendStatus !== undefined && { backendStatus }),
    violations,
  })
}
