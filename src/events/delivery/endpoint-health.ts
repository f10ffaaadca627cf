/** Attempts in a row that failed, after which an endpoint is left alone. One that fails half of the time goes on being tried. */
const FAILURES = 20
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 300_000

/** A circuit breaker for one endpoint: what waits for one that is down is not tried one by one. */
export class EndpointHealth {
  #failures = 0
  #pauseMs = 0
  #closedUntil = 0

  /** How many may be sent at once now: all, none, or one to try. @param now of performance.now() */
  places(most: number, now: number): number {
    if (!this.isOpen) return most
    return now >= this.#closedUntil ? 1 : 0
  }

  /** Milliseconds until one may be tried; 0 where it may be. */
  waitMs(now: number): number {
    return this.isOpen ? Math.max(0, this.#closedUntil - now) : 0
  }

  get isOpen(): boolean {
    return this.#failures >= FAILURES
  }

  taken(): void {
    this.#failures = 0
    this.#pauseMs = 0
  }

  failed(now: number): void {
    // Those that were on their way when it opened say nothing new: one outage makes one pause.
    if (this.waitMs(now) > 0) return
    this.#failures++
    if (!this.isOpen) return
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2)
    this.#closedUntil = now + this.#pauseMs
  }
}
