import { AdapterError } from '../../base/errors.js'
import type { Cancellation } from './cancellation.js'
import { clientClosed } from './client-closed.js'

/** How much the latest call counts in the mean time that calls take. */
const LATEST_SHARE = 0.1

interface Waiter {
  admit(): void
}

/**
 * So many calls at once and no more; a bounded number of others wait for their turn, the first first.
 *
 * A call that could not have its turn before its deadline is refused at once, as far as the time that calls take
 * tells: it would wait in vain and take the place of another.
 */
export class Bulkhead {
  readonly #queue = new Set<Waiter>()
  #inFlight = 0
  /** Of the calls that ended of late, in milliseconds. */
  #meanMs = 0

  /**
   * @param limit calls in flight at once
   * @param maxQueue calls that wait
   */
  constructor(
    readonly limit: number,
    readonly maxQueue: number,
  ) {}

  get inFlight(): number {
    return this.#inFlight
  }

  get queued(): number {
    return this.#queue.size
  }

  /**
   * Takes a place, or waits for one; whoever has it gives it back with {@link leave}.
   *
   * @param remainingMs until the deadline
   * @returns undefined where the place was free; the promise rejects with `backend-overloaded` at the deadline and with
   *   `client-closed`
   * @throws AdapterError `backend-overloaded` where as many wait as may, or the wait would be too long
   */
  enter(remainingMs: number, signal: Cancellation | undefined): Promise<void> | undefined {
    if (this.#inFlight < this.limit) {
      this.#inFlight++
      return undefined
    }
    return this.#wait(remainingMs, this.check(remainingMs), signal)
  }

  /**
   * Tells, before anything is prepared for a call, whether it could have its turn.
   *
   * @returns how long it is likely to wait, in milliseconds
   * @throws AdapterError as {@link enter} would at once
   */
  check(remainingMs: number): number {
    if (this.#inFlight < this.limit) return 0
    const expectedMs = ((this.#queue.size + 1) * this.#meanMs) / this.limit
    if (this.#queue.size >= this.maxQueue || expectedMs >= remainingMs) {
      throw overloaded('Too many calls to the backend are in flight; try again.', expectedMs)
    }
    return expectedMs
  }

  /** @param tookMs how long the call took; undefined where none was made */
  leave(tookMs?: number): void {
    if (tookMs !== undefined) this.#meanMs += (tookMs - this.#meanMs) * LATEST_SHARE
    const [next] = this.#queue
    if (next) next.admit()
    else this.#inFlight--
  }

  #wait(remainingMs: number, expectedMs: number, signal: Cancellation | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#queue.delete(waiter)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const waiter = {
        admit: () => {
          settle()
          resolve()
        },
      }
      const onAbort = () => {
        settle()
        if (signal) reject(clientClosed(signal))
      }
      const timer = setTimeout(() => {
        settle()
        reject(overloaded('No call to the backend ended in time for this one.', expectedMs))
      }, remainingMs)
      signal?.addEventListener('abort', onAbort)
      this.#queue.add(waiter)
    })
  }
}

function overloaded(message: string, expectedMs: number): AdapterError {
  return new AdapterError('backend-overloaded', message, {
    retryAfter: Math.max(1, Math.ceil(expectedMs / 1000)),
    outcome: 'not-sent',
  })
}
