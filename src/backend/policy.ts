/** How far one backend is trusted and how hard it may be used; the keys are those of `x-soap-backends`. */
export interface BackendPolicy {
  /** From the start of a call to the last byte of its answer. */
  readonly timeoutMs: number
  /** Of the answer's body, before and after its content coding is undone. */
  readonly maxResponseBytes: number
  /** Calls in flight at once, and so connections. */
  readonly maxConcurrent: number
  readonly breaker: BreakerPolicy
}

export interface BreakerPolicy {
  /** Share of failed calls in the window, 0–100, that opens the breaker. */
  readonly failurePercent: number
  /** Calls that the window must hold before the breaker may open. */
  readonly minimumCalls: number
  readonly windowMs: number
  /** Time in the open state before a probe is let through. */
  readonly openMs: number
}

export const defaultPolicy: BackendPolicy = {
  timeoutMs: 10_000,
  maxResponseBytes: 10 * 1024 * 1024,
  maxConcurrent: 100,
  breaker: { failurePercent: 50, minimumCalls: 10, windowMs: 10_000, openMs: 10_000 },
}
