import type { ResponseHead } from '../http/answer/head.js'

/** The head of the response to one message: it is over when the client cancels the call, or goes away. */
export class CancellableHead implements ResponseHead {
  readonly #signal: AbortSignal
  readonly #outer: Pick<ResponseHead, 'setHeader'> | undefined

  /**
   * @param signal aborted when the call is over for its client
   * @param outer gets the header fields; absent where there are none
   */
  constructor(signal: AbortSignal, outer?: Pick<ResponseHead, 'setHeader'>) {
    this.#signal = signal
    this.#outer = outer
  }

  get destroyed(): boolean {
    return this.#signal.aborted
  }

  setHeader(name: string, value: string | readonly string[]): void {
    this.#outer?.setHeader(name, value)
  }

  once(_: 'close', listener: () => void): void {
    this.#signal.addEventListener('abort', listener, { once: true })
  }

  off(_: 'close', listener: () => void): void {
    this.#signal.removeEventListener('abort', listener)
  }
}
