import { afterEach, expect, it, vi } from 'vitest'
import { defaultPolicy, defaultRetry } from '../../../src/backend/policy.js'
import { Attempts } from '../../../src/backend/resilience/attempts.js'
import { Bulkhead } from '../../../src/backend/resilience/bulkhead.js'
import { Endpoints } from '../../../src/backend/resilience/endpoints.js'
import { Retries } from '../../../src/backend/resilience/retries.js'
import { Running } from '../../../src/backend/resilience/running.js'
import { AdapterError } from '../../../src/base/errors.js'

const TIMEOUT_MS = 400

afterEach(() => vi.restoreAllMocks())

/** @returns how often a read is sent whose first attempt takes so long, in milliseconds, and then is given up */
async function attemptsOf(tookMs: number): Promise<number> {
  let nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  let started = 0
  const carrier = {
    start: () => {
      started++
      nowMs += tookMs
      const answer = Promise.reject(new AdapterError('backend-timeout', 'No answer in time.'))
      return { answer, isSent: true, abort: () => undefined }
    },
    close: () => Promise.resolve(),
  }
  const policy = { ...defaultPolicy, timeoutMs: TIMEOUT_MS, retry: { ...defaultRetry, attempts: 2 } }
  const shared = {
    policy,
    carrier,
    bulkhead: new Bulkhead(1, 0),
    endpoints: new Endpoints(policy, () => undefined),
    retries: new Retries(policy.retry, () => 0),
    running: new Running(),
  }
  const call = { url: 'http://127.0.0.1/', headers: {}, body: '' }
  const attempts = new Attempts(shared, call, () => undefined, { effect: 'read' })
  await expect(attempts.run()).rejects.toMatchObject({ code: 'backend-timeout' })
  return started
}

it.each([
  ['is tried again while there is time', TIMEOUT_MS / 2, 2],
  ['ends at its deadline', TIMEOUT_MS, 1],
  ['ends where the timer of the deadline went off a moment early', TIMEOUT_MS - 0.7, 1],
])('a call %s', async (_, tookMs, expected) => {
  expect(await attemptsOf(tookMs)).toBe(expected)
})
