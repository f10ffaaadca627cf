import { describe, expect, it } from 'vitest'
import { defaultRetry, type RetryPolicy } from '../../../src/backend/policy.js'
import { type FailedAttempt, Retries, retryAfterMs } from '../../../src/backend/resilience/retries.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'

const error = (code: AdapterErrorCode, outcome?: 'not-sent' | 'unknown') =>
  new AdapterError(code, '', outcome ? { outcome } : {})
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.alloc(0),
})
const unsent = { error: error('backend-unreachable', 'not-sent'), isIdempotent: false }
const sent = { error: error('backend-unreachable', 'unknown') }
const busy = (headers?: Record<string, string>) => ({
  error: error('backend-not-soap'),
  answer: answer(503, headers),
})

function pause(
  attempt: Partial<FailedAttempt>,
  policy: RetryPolicy | undefined = defaultRetry,
  random = 0.5,
): number | undefined {
  return new Retries(policy, () => random).pauseAfter({
    ...{
      error: undefined,
      answer: undefined,
      number: 1,
      isIdempotent: true,
      hasOther: false,
      remainingMs: 10_000,
    },
    ...attempt,
  })
}

describe('a call that failed', () => {
  it.each<[string, Partial<FailedAttempt>, number | undefined]>([
    ['and was not sent: again, after half of the first pause', unsent, 50],
    [
      'by TLS: not again at the same endpoint',
      { ...unsent, error: error('backend-tls', 'not-sent') },
      undefined,
    ],
    ['by a login: not again', { ...unsent, error: error('backend-login', 'not-sent') }, undefined],
    [
      'because too many are in flight: not again',
      { error: error('backend-overloaded', 'not-sent') },
      undefined,
    ],
    ['and may have been carried out, which does no harm: again', sent, 50],
    ['and may have been carried out: not again', { ...sent, isIdempotent: false }, undefined],
    ['with 503 and a page: again', busy(), 50],
    ['with 503 and an undeclared fault: again', { ...busy(), error: error('backend-fault') }, 50],
    ['with 500 and a page: not again', { ...busy(), answer: answer(500) }, undefined],
    ['with a broken response: not again', { ...busy(), error: error('backend-malformed') }, undefined],
    ['by a bug: not again', { error: new TypeError('bug') }, undefined],
    ['twice: again, after half of the second pause', { ...sent, number: 2 }, 100],
    ['three times: not again', { ...sent, number: 3 }, undefined],
    ['and has no time for the pause: not again', { ...sent, remainingMs: 50 }, undefined],
    ['and is to wait for two seconds', busy({ 'retry-after': '2' }), 2000],
    ['and is to wait for less than it would anyway', busy({ 'retry-after': '0' }), 50],
    ['and is to wait past its deadline: not again', busy({ 'retry-after': '10' }), undefined],
    [
      'and is to wait, while there is another endpoint',
      { ...busy({ 'retry-after': '2' }), hasOther: true },
      50,
    ],
    ['unsent, while there is another endpoint: at once', { ...unsent, hasOther: true }, 0],
    [
      'unsent, with another endpoint and too many attempts: at once',
      { ...unsent, hasOther: true, number: 9 },
      0,
    ],
  ])('%s', (_, attempt, expected) => {
    expect(pause(attempt)).toBe(expected)
  })

  it('goes to another endpoint without a policy, and nowhere else', () => {
    expect(new Retries(undefined).attemptMs(1, { isIdempotent: true })).toBeUndefined()
    const retries = new Retries(undefined)
    const base = { answer: undefined, number: 1, isIdempotent: true, remainingMs: 1000 }
    expect(retries.pauseAfter({ ...base, ...unsent, hasOther: true })).toBe(0)
    expect(retries.pauseAfter({ ...base, ...unsent, hasOther: false })).toBeUndefined()
    expect(retries.pauseAfter({ ...base, ...sent, hasOther: true })).toBeUndefined()
  })
})

describe('pauses', () => {
  it.each([
    [1, 0, 0],
    [1, 0.999, 99.9],
    [2, 0.999, 199.8],
    [3, 0.5, 200],
    [6, 0.5, 1000],
    [60, 0.5, 1000],
  ])('before the attempt after number %i, drawn at %d, are %d ms', (number, random, expected) => {
    expect(pause({ ...sent, number }, { ...defaultRetry, attempts: 100 }, random)).toBeCloseTo(expected)
  })
})

describe('the budget', () => {
  const failed = {
    ...sent,
    answer: undefined,
    number: 1,
    isIdempotent: true,
    hasOther: false,
    remainingMs: 10_000,
  }

  it('lets ten retries through without calls that earn them, then a share of the calls', () => {
    const retries = new Retries({ ...defaultRetry, budgetPercent: 20 }, () => 0)
    for (let i = 0; i < 50; i++) retries.pauseAfter(failed)
    expect(retries.count).toBe(10)
    for (let i = 0; i < 1000; i++) {
      retries.earn()
      retries.pauseAfter(failed)
    }
    expect(retries.count).toBeGreaterThanOrEqual(209)
    expect(retries.count).toBeLessThanOrEqual(210)
  })

  it('is not saved up beyond its reserve', () => {
    const retries = new Retries(defaultRetry, () => 0)
    for (let i = 0; i < 10_000; i++) retries.earn()
    for (let i = 0; i < 50; i++) retries.pauseAfter(failed)
    expect(retries.count).toBe(10)
  })

  it('is not touched by other endpoints', () => {
    const retries = new Retries(defaultRetry, () => 0)
    for (let i = 0; i < 50; i++) retries.pauseAfter({ ...failed, ...unsent, hasOther: true })
    for (let i = 0; i < 50; i++) retries.pauseAfter(failed)
    expect(retries.count).toBe(60)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT')
  it.each([
    ['120', 120_000],
    [' 1 ', 1000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['', 0],
  ])('of %j is %i ms', (field, expected) => {
    expect(retryAfterMs(answer(503, { 'retry-after': field }), now)).toBe(expected)
  })

  it('is 0 without the field or the response', () => {
    expect([retryAfterMs(answer(503)), retryAfterMs(undefined)]).toEqual([0, 0])
  })
})
