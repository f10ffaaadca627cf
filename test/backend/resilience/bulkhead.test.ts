import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Bulkhead } from '../../../src/backend/resilience/bulkhead.js'
import { AdapterError } from '../../../src/base/errors.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function refusal(enter: () => unknown): unknown[] {
  try {
    enter()
  } catch (error) {
    if (error instanceof AdapterError) return [error.code, error.retryAfter, error.outcome]
  }
  throw new Error('expected a refusal')
}

/** What has become of a turn so far. */
function watch(turn: Promise<void> | undefined): { readonly state: string } {
  const watched = { state: turn ? 'waits' : 'in' }
  turn?.then(
    () => (watched.state = 'in'),
    (error: unknown) =>
      (watched.state = error instanceof AdapterError ? `${error.code} ${error.outcome}` : 'broken'),
  )
  return watched
}

const flush = () => vi.advanceTimersByTimeAsync(0)

describe('a bulkhead', () => {
  it('lets so many in, so many wait, and refuses the others', () => {
    const bulkhead = new Bulkhead(2, 1)
    const states = [1, 2, 3].map(() => watch(bulkhead.enter(1000, undefined)).state)
    expect(states).toEqual(['in', 'in', 'waits'])
    expect(refusal(() => bulkhead.enter(1000, undefined))).toEqual(['backend-overloaded', 1, 'not-sent'])
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([2, 1])
  })

  it('tells beforehand who would be refused', () => {
    const bulkhead = new Bulkhead(1, 1)
    expect(bulkhead.check(1000)).toBe(0)
    void bulkhead.enter(1000, undefined)
    expect(bulkhead.check(1000)).toBe(0)
    void bulkhead.enter(1000, undefined)
    expect(refusal(() => bulkhead.check(1000))).toEqual(['backend-overloaded', 1, 'not-sent'])
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([1, 1])
    bulkhead.leave(400)
    expect(refusal(() => bulkhead.check(10))).toEqual(['backend-overloaded', 1, 'not-sent'])
    expect(bulkhead.check(1000)).toBe(40)
  })

  it('lets those who wait in one after the other', async () => {
    const bulkhead = new Bulkhead(1, 2)
    void bulkhead.enter(1000, undefined)
    const waiting = [watch(bulkhead.enter(1000, undefined)), watch(bulkhead.enter(1000, undefined))]
    bulkhead.leave()
    await flush()
    expect(waiting.map(({ state }) => state)).toEqual(['in', 'waits'])
    bulkhead.leave()
    await flush()
    expect(waiting.map(({ state }) => state)).toEqual(['in', 'in'])
    bulkhead.leave()
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([0, 0])
  })

  it('ends the wait at the deadline, and nothing was sent', async () => {
    const bulkhead = new Bulkhead(1, 2)
    void bulkhead.enter(1000, undefined)
    const [early, late] = [watch(bulkhead.enter(50, undefined)), watch(bulkhead.enter(60, undefined))]
    await vi.advanceTimersByTimeAsync(50)
    expect([early.state, late.state]).toEqual(['backend-overloaded not-sent', 'waits'])
    bulkhead.leave()
    await flush()
    expect([late.state, bulkhead.inFlight]).toEqual(['in', 1])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends the wait of a client that goes away', async () => {
    const bulkhead = new Bulkhead(1, 1)
    void bulkhead.enter(1000, undefined)
    const client = new AbortController()
    const waiting = watch(bulkhead.enter(1000, client.signal))
    client.abort()
    await flush()
    expect([waiting.state, bulkhead.queued]).toEqual(['client-closed not-sent', 0])
    bulkhead.leave()
    expect(bulkhead.inFlight).toBe(0)
  })

  it('refuses at once who could not have a turn in time, and says when to come back', () => {
    const bulkhead = new Bulkhead(1, 10)
    for (let i = 0; i < 100; i++) {
      void bulkhead.enter(1000, undefined)
      bulkhead.leave(4000)
    }
    void bulkhead.enter(1000, undefined)
    expect(refusal(() => bulkhead.enter(3900, undefined))).toEqual(['backend-overloaded', 4, 'not-sent'])
    expect(watch(bulkhead.enter(4100, undefined)).state).toBe('waits')
    expect(refusal(() => bulkhead.enter(7900, undefined))).toEqual(['backend-overloaded', 8, 'not-sent'])
  })
})
