import { AdapterError } from '../base/errors.js'

/** Counts the calls in flight and refuses one more than the limit; nothing waits in a queue. */
export class Bulkhead {
  #inFlight = 0
  #drained: (() => void)[] = []

  /** @param limit calls in flight at once */
  constructor(readonly limit: number) {}

  get inFlight(): number {
    return this.#inFlight
  }

  /** @throws AdapterError `backend-overloaded` when the limit is reached */
  enter(): void {
    if (this.#inFlight >= this.limit) {
      throw new AdapterError(
        'backend-overloaded',
        'Too many calls to the backend are in flight; try again.',
        {
          retryAfter: 1,
        },
      )
    }
    this.#inFlight++
  }

  leave(): void {
    this.#inFlight--
    if (this.#inFlight > 0) return
    for (const resolve of this.#drained.splice(0)) resolve()
  }

  /** Resolves when no call is in flight. */
  async drained(): Promise<void> {
    if (this.#inFlight === 0) return
    await new Promise<void>((resolve) => this.#drained.push(resolve))
  }
}
