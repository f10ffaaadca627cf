import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BreakerPolicy } from '../../../src/backend/policy.js'
import {
  Breaker,
  type BreakerState,
  type Ending,
  failingCodes,
} from '../../../src/backend/resilience/breaker.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'

const policy: BreakerPolicy = {
  failurePercent: 50,
  minimumCalls: 4,
  windowMs: 10_000,
  openMs: 2500,
  probes: 1,
}
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
    ['a response', undefined],
    ['a response that says there is nothing', new AdapterError('resource-not-found', '')],
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

  it.each<[string, AdapterError | undefined, Ending]>([
    ['a probe that its client gave up', new AdapterError('client-closed', ''), undefined],
    ['a probe that had too little time', new AdapterError('backend-timeout', ''), 'hasty'],
    ['a declared fault', undefined, 'fault'],
    ['an undeclared fault', new AdapterError('backend-fault', ''), undefined],
    ['a response that is not what its WSDL says', new AdapterError('backend-mismatch', ''), undefined],
  ])('is neither closed nor opened nor wedged by %s', async (_, error, ending) => {
    for (let i = 0; i < 20; i++) await breaker.admit().settle(error, ending)
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

describe('a half-open breaker with three probes', () => {
  beforeEach(async () => {
    breaker.shutdown()
    breakerWith({ probes: 3 })
    await report(down, down, down, down)
    await vi.advanceTimersByTimeAsync(policy.openMs)
  })

  it('lets three through at a time, and closes when three have succeeded', async () => {
    const probes = [breaker.admit(), breaker.admit(), breaker.admit()]
    expect(refusal()).toEqual(['backend-unavailable', 1])
    for (const probe of probes.slice(0, 2)) await probe.settle()
    expect(breaker.state).toBe('half-open')
    await probes[2]?.settle()
    expect(breaker.state).toBe('closed')
  })

  it('lets the next one through when one has ended, and opens with the first failure', async () => {
    const probes = [breaker.admit(), breaker.admit(), breaker.admit()]
    await probes[0]?.settle()
    expect(breaker.admit().isProbe).toBe(true)
    await probes[1]?.settle(down)
    expect(breaker.state).toBe('open')
    await probes[2]?.settle()
    expect(breaker.state).toBe('open')
  })
})

describe('a breaker that knows what is slow', () => {
  beforeEach(() => {
    breaker.shutdown()
    breakerWith({ slowMs: 1000 })
  })

  it.each<[string, AdapterError | undefined, number, BreakerState]>([
    ['answers in time', undefined, 999, 'closed'],
    ['slow answers', undefined, 1000, 'open'],
    ['slow faults', new AdapterError('backend-fault', ''), 1000, 'open'],
    ['clients that did not wait for it', new AdapterError('client-closed', ''), 1000, 'open'],
    ['clients that were impatient', new AdapterError('client-closed', ''), 999, 'closed'],
    ['slowness of ours', new AdapterError('internal', ''), 1000, 'closed'],
  ])('is, after %s, %4$s', async (_, error, tookMs, state) => {
    const permits = [breaker.admit(), breaker.admit(), breaker.admit(), breaker.admit()]
    await vi.advanceTimersByTimeAsync(tookMs)
    for (const permit of permits) await permit.settle(error)
    expect(breaker.state).toBe(state)
  })

  it('is not closed by a slow probe', async () => {
    await report(down, down, down, down)
    await vi.advanceTimersByTimeAsync(policy.openMs)
    const probe = breaker.admit()
    await vi.advanceTimersByTimeAsync(1000)
    await probe.settle()
    expect(breaker.state).toBe('open')
  })
})
