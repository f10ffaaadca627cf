import type { Cancellation } from '../../backend/resilience/cancellation.js'
import type { ResponseHead } from './head.js'

/** Tells when a client has gone away before its response was written. An AbortController would cost more than a route. */
export class ClientDisconnect implements Cancellation {
  readonly #listeners = new Set<() => void>()
  #aborted: boolean

  /** @param head of the response to the client; whoever makes this sees to it that `leave` is called when the connection closes */
  constructor({ destroyed }: Pick<ResponseHead, 'destroyed'>) {
    this.#aborted = destroyed
  }

  get aborted(): boolean {
    return this.#aborted
  }

  leave(): void {
    if (this.#aborted) return
    this.#aborted = true
    for (const listener of this.#listeners) listener()
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
}
