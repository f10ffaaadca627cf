/**
 * Tells that nobody waits any longer. An AbortSignal is one; so is any smaller thing that knows when a client leaves.
 */
export interface Cancellation {
  readonly aborted: boolean
  /** For the log. */
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
