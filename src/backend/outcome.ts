import { AdapterError, type CallOutcome } from '../base/errors.js'

/**
 * Says of an error what has become of the call that it ended.
 *
 * @returns the same error where it says so already, else one like it; what is no AdapterError stays as it is
 */
export function withOutcome(error: unknown, outcome: CallOutcome): unknown {
  if (!(error instanceof AdapterError) || error.outcome === outcome) return error
  const { code, message, path, retryAfter, violations, cause } = error
  return new AdapterError(code, message, {
    ...(path !== undefined && { path }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(cause !== undefined && { cause }),
    violations,
    outcome,
  })
}
