import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AdapterError, type AdapterErrorCode } from '../../src/base/errors.js'
import { Breaker, type BreakerState, failingCodes } from '../../src/backend/breaker.js'
import { type BreakerPolicy } from '../../src/backend/policy.js'

const policy: BreakerPolicy = { failurePercent: 50, minimumCalls: 4, windowMs: 10_000, openMs: 2500 }
const down = new AdapterError('backend-unreachable', 'down')

let breaker: Breaker
let changes: [BreakerState, BreakerState][]

function breakerWith(differences: Partial<BreakerPolicy> = {}): void {
  breaker = new Breaker({ ...policy, ...differences }, (state, previous) => changes.push([previous, state]))
}

async function report(...errors: (AdapterError | undefined)[]): Promise<void> {
  for (const error of errors) await breaker.admit().settle(error)
}

function refusal(): [AdapterErrorCode, number | undefined] {
  try {
    breaker.admit()
  } catch (error) {
    if (error instanceof AdapterError) return [error.code, error.retryAfter]
  }
  throw new Error('expected a refusal')
}

beforeEach(() => {
  vi.useFakeTimers()
  changes = []
  breakerWith()
})

afterEach(() => {
  breaker.shutdown()
  vi.useRealTimers()
})

describe('a closed breaker', () => {
  it('opens at the failure rate, and not before the minimum of calls', async () => {
    await report(down, down, down)
    expect(breaker.state).toBe('closed')
    await report(down)
    expect(breaker.state).toBe('open')
    expect(changes).toEqual([['closed', 'open']])
  })

  it.each<[number, number, number, BreakerState]>([
    [50, 5, 5, 'open'],
    [50, 6, 4, 'closed'],
    [100, 0, 10, 'open'],
    [100, 1, 9, 'closed'],
    [1, 98, 1, 'open'],
  ])(
    'of %i %% is, after %i answers and %i failures, %4$s',
    async (failurePercent, answers, failures, state) => {
      breakerWith({ failurePercent, minimumCalls: 10 })
      await report(...Array<undefined>(answers).fill(undefined), ...Array<AdapterError>(failures).fill(down))
      expect(breaker.state).toBe(state)
    },
  )

  it.each([...failingCodes])('opens for %s', async (code) => {
    await report(...Array<AdapterError>(4).fill(new AdapterError(code, '')))
    expect(breaker.state).toBe('open')
  })

  it.each<AdapterErrorCode>([
    'backend-fault',
    'backend-mismatch',
    'resource-not-found',
    'client-closed',
    'internal',
  ])('does not open for %s', async (code) => {
    await report(...Array<AdapterError>(100).fill(new AdapterError(code, '')))
    expect(breaker.state).toBe('closed')
  })

  it('does not let calls that ended without a verdict, or have not ended, dilute the rate', async () => {
    for (let i = 0; i < 50; i++) breaker.admit()
    await report(...Array<AdapterError>(50).fill(new AdapterError('client-closed', '')))
    await report(down, down, down, down)
    expect(breaker.state).toBe('open')
  })

  it('counts a call when it ends, however long it took', async () => {
    const permits = [breaker.admit(), breaker.admit(), breaker.admit(), breaker.admit()]
    await vi.advanceTimersByTimeAsync(30_000)
    for (const permit of permits) await permit.settle(down)
    expect(breaker.state).toBe('open')
  })

  it('forgets what is older than the window', async () => {
    await report(down, down, down)
    await vi.advanceTimersByTimeAsync(policy.windowMs)
    await report(down, down, down)
    expect(breaker.state).toBe('closed')
  })
})

describe('an open breaker', () => {
  beforeEach(() => report(down, down, down, down))

  it('refuses calls and says how many seconds are left, rounded up', async () => {
    expect(refusal()).toEqual(['backend-unavailable', 3])
    await vi.advanceTimersByTimeAsync(500)
    expect(refusal()).toEqual(['backend-unavailable', 2])
    await vi.advanceTimersByTimeAsync(1999)
    expect(refusal()).toEqual(['backend-unavailable', 1])
  })

  it('becomes half-open after its time', async () => {
    await vi.advanceTimersByTimeAsync(policy.openMs - 1)
    expect(breaker.state).toBe('open')
    await vi.advanceTimersByTimeAsync(1)
    expect(breaker.state).toBe('half-open')
    expect(changes).toEqual([
      ['closed', 'open'],
      ['open', 'half-open'],
    ])
  })
})

describe('a half-open breaker', () => {
  let straggler: ReturnType<Breaker['admit']>
  beforeEach(async () => {
    straggler = breaker.admit()
    await report(down, down, down, down)
    await vi.advanceTimersByTimeAsync(policy.openMs)
  })

  it('lets one probe through at a time', () => {
    expect(breaker.admit().isProbe).toBe(true)
    expect(refusal()).toEqual(['backend-unavailable', 1])
  })

  it.each<[string, AdapterError | undefined]>([
    ['an answer', undefined],
    ['a business error', new AdapterError('backend-fault', '')],
  ])('closes with %s, and its books are clean', async (_, outcome) => {
    await report(outcome)
    expect(breaker.state).toBe('closed')
    await report(down, down, down)
    expect(breaker.state).toBe('closed')
    await report(down)
    expect(breaker.state).toBe('open')
  })

  it('opens again with a failure, for its whole time', async () => {
    await report(down)
    expect(refusal()).toEqual(['backend-unavailable', 3])
    await vi.advanceTimersByTimeAsync(policy.openMs)
    expect(breaker.admit().isProbe).toBe(true)
  })

  it('is neither closed nor wedged by a probe without a verdict', async () => {
    await report(new AdapterError('client-closed', ''))
    expect(breaker.state).toBe('half-open')
    expect(breaker.admit().isProbe).toBe(true)
  })

  it.each([
    ['answer', undefined],
    ['failure', down],
  ] as const)('does not listen to the %s of a call from before it opened', async (_, outcome) => {
    await straggler.settle(outcome)
    expect(breaker.state).toBe('half-open')
    const probe = breaker.admit()
    await straggler.settle(outcome)
    expect(refusal()).toEqual(['backend-unavailable', 1])
    await probe.settle()
    expect(breaker.state).toBe('closed')
  })
})
