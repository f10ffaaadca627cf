import { Deque } from './deque.js'

/** What of its time a process spends on refusals; the rest is for calls. What other processes take is not its time. */
const SHARE = 0.04
/** So much of it may be saved for a burst, in milliseconds. */
const MOST_SAVED_MS = 20
/** What a refusal takes beside its response, as a multiple of that: its request was received and parsed. */
const RECEIVED_TOO = 2
/** What is taken for the time of one at most, in milliseconds: other processes may have had the CPU. */
const DEAREST_MS = 0.1
const EVERY_MS = 5
/** For which a refusal waits at most, in milliseconds. */
const LONGEST_MS = 2_000

/** Of which time is measured, and waited for. */
export interface Clock {
  /** In milliseconds, never backwards. */
  now(): number
  /** What the process had of that: the CPU, or nothing to do. */
  had(): number
  after(ms: number, run: () => void): void
}

const REAL: Clock = {
  now: () => performance.now(),
  had: () => {
    const { user, system } = process.cpuUsage()
    return performance.eventLoopUtilization().idle + (user + system) / 1_000
  },
  after: (ms, run) => {
    setTimeout(run, ms)
  },
}

/**
 * Gives refusals no faster than a process can afford. A client that is refused at once asks again at once: with thousands
 * of those it would do nothing but refuse. While its refusal waits a connection asks for nothing more, so that their
 * number bounds what arrives. Few refusals are given as they come.
 */
export class PacedRefusals {
  readonly #clock: Clock
  readonly #waiting = new Deque<{ readonly refuse: () => void; readonly since: number }>()
  #savedMs = MOST_SAVED_MS
  #had: number
  #isAwaited = false

  constructor(clock = REAL) {
    this.#clock = clock
    this.#had = clock.had()
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** @param refuse writes the response; called now or in two seconds at the latest */
  offer(refuse: () => void): void {
    if (this.#waiting.length === 0) this.#earn()
    const now = this.#clock.now()
    if (this.#waiting.length === 0 && this.#savedMs > 0) {
      this.#give(refuse, now)
      return
    }
    this.#waiting.push({ refuse, since: now })
    this.#wait()
  }

  #earn(): void {
    const had = this.#clock.had()
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + SHARE * (had - this.#had))
    this.#had = had
  }

  /** @returns when that is done */
  #give(refuse: () => void, now: number): number {
    refuse()
    const done = this.#clock.now()
    this.#savedMs -= RECEIVED_TOO * Math.min(DEAREST_MS, done - now)
    return done
  }

  #wait(): void {
    if (this.#isAwaited) return
    this.#isAwaited = true
    this.#clock.after(EVERY_MS, () => {
      this.#isAwaited = false
      this.#giveDue()
    })
  }

  #giveDue(): void {
    this.#earn()
    let now = this.#clock.now()
    for (;;) {
      const { first } = this.#waiting
      if (!first) return
      if (this.#savedMs <= 0 && now - first.since < LONGEST_MS) break
      this.#waiting.takeFirst()
      now = this.#give(first.refuse, now)
    }
    this.#wait()
  }
}
