import { describe, expect, test } from 'vitest'
import { PacedRefusals } from '../../../src/http/limits/paced-refusals.js'

/** Time that passes by what is done alone. */
class HandClock {
  ms = 0
  readonly #timers: { readonly at: number; readonly run: () => void }[] = []

  /** What is not taken by other processes. */
  share = 1

  now = (): number => this.ms

  had = (): number => this.ms * this.share

  after = (ms: number, run: () => void): void => {
    this.#timers.push({ at: this.ms + ms, run })
  }

  /** Lets timers go off until there are none, or until then. */
  runUntil(ms: number): void {
    for (;;) {
      const next = this.#timers.sort((a, b) => a.at - b.at)[0]
      if (!next || next.at > ms) break
      this.#timers.shift()
      this.ms = Math.max(this.ms, next.at)
      next.run()
    }
    this.ms = Math.max(this.ms, ms)
  }
}

/** What a refusal takes here. */
const COST_MS = 0.02

function paced(): {
  clock: HandClock
  refusals: PacedRefusals
  given: { at: number; which: number }[]
  offer: (which: number) => void
} {
  const clock = new HandClock()
  const refusals = new PacedRefusals(clock)
  const given: { at: number; which: number }[] = []
  const offer = (which: number): void => {
    refusals.offer(() => {
      clock.ms += COST_MS
      given.push({ at: clock.ms, which })
    })
  }
  return { clock, refusals, given, offer }
}

describe('refusals', () => {
  test('are given at once while they are few', () => {
    const { given, offer } = paced()
    for (let which = 0; which < 100; which++) {
      offer(which)
      expect(given).toHaveLength(which + 1)
    }
  })

  test.each([1, 0.5])('take no more than a share of the time that is ours, %f, the first first', (share) => {
    const { clock, refusals, given, offer } = paced()
    clock.share = share
    for (let which = 0; which < 3_000; which++) offer(which)
    expect(refusals.waiting).toBeGreaterThan(2_000)
    const before = given.length
    const from = clock.ms
    clock.runUntil(from + 1_000)
    const spent = (given.length - before) * COST_MS
    // Receiving them takes as much again: 4 % together.
    expect(spent).toBeGreaterThan(17 * share)
    expect(spent).toBeLessThan(23 * share)
    expect(given.map(({ which }) => which)).toEqual(given.map((_each, index) => index))
  })

  test('wait for two seconds at most, whatever they take', () => {
    const { clock, refusals, given, offer } = paced()
    for (let which = 0; which < 20_000; which++) offer(which)
    clock.runUntil(5_000)
    expect(given).toHaveLength(20_000)
    expect(refusals.waiting).toBe(0)
    const lastMs = given.at(-1)?.at ?? Infinity
    // Those that were due were given one after the other.
    expect(lastMs).toBeLessThan(2_000 + 5 + 20_000 * COST_MS)
  })

  test('are given at once again after a while without any', () => {
    const { clock, refusals, given, offer } = paced()
    for (let which = 0; which < 3_000; which++) offer(which)
    clock.runUntil(60_000)
    expect(refusals.waiting).toBe(0)
    const before = given.length
    offer(3_000)
    expect(given).toHaveLength(before + 1)
  })

  test('cost nothing where the client has gone', () => {
    const clock = new HandClock()
    const refusals = new PacedRefusals(clock)
    let count = 0
    const gone = (): void => {
      count++
    }
    for (let each = 0; each < 10_000; each++) refusals.offer(gone)
    clock.runUntil(10)
    expect(count).toBe(10_000)
  })
})
