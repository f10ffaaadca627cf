/** What one turn of the event loop was like. */
export interface Turn {
  /** Of performance.now(). */
  readonly now: number
  readonly tookMs: number
  /** Requests refused in it. */
  readonly refused: number
  /** Requests that are being served. */
  readonly begun: number
}

const INITIAL = 128
const LEAST = 16
const WINDOW_MS = 50
/** A turn that takes longer has more to do than it should. */
const LONG_MS = 8
/** What it takes to receive a request that is refused; the refusal is written when it can be afforded. */
const REFUSAL_MS = 0.015
const DECREASE = 0.8
const INCREASE = 1.25

/**
 * How many requests may be served at once, by the latency that this process itself adds: each part of a request waits for
 * the turn of the event loop before it. Where even the shortest turn of 50 ms was long, there are too many (CoDel looks at
 * the minimum, too: RFC 8289, section 3.2; what other processes take from this one makes some turns long, not all); else
 * there may be more, as soon as there are as many as may be. How long backends take does not matter: a slow one
 * costs this process nothing, and has a limit of its own.
 */
export class ConcurrencyLimit {
  #value = INITIAL
  #windowEnds = 0
  #shortestMs = Infinity
  #wasReached = false

  get value(): number {
    return this.#value
  }

  observe({ now, tookMs, refused, begun }: Turn): void {
    this.#shortestMs = Math.min(this.#shortestMs, tookMs - refused * REFUSAL_MS)
    this.#wasReached ||= begun >= this.#value
    if (now < this.#windowEnds) return
    if (this.#shortestMs > LONG_MS) this.#value = Math.max(LEAST, Math.floor(this.#value * DECREASE))
    else if (this.#wasReached) this.#value = Math.ceil(this.#value * INCREASE)
    this.#windowEnds = now + WINDOW_MS
    this.#shortestMs = Infinity
    this.#wasReached = false
  }
}
