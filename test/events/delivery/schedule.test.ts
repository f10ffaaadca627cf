import { describe, expect, it } from 'vitest'
import { nextDelay, retryAfterMs } from '../../../src/events/delivery/schedule.js'

const schedule = { delaysMs: [5_000, 300_000], random: () => 0 }

describe('when an event is sent again', () => {
  it.each([
    [1, 0, 0, 5_000],
    [2, 0, 0, 300_000],
    [3, 0, 0, undefined],
    [1, 60_000, 0, 60_000],
    [1, 1_000, 0, 5_000],
    [1, 999_999_999, 0, 86_400_000],
    [1, 0, 1, 6_000],
    [1, 60_000, 0.5, 66_000],
  ])('after %i attempts, asked to wait %i ms', (attempts, asked, random, delay) => {
    expect(nextDelay({ ...schedule, random: () => random }, attempts, asked)).toBe(delay)
  })

  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', 0],
    ['-1', 0],
    [undefined, 0],
    [['7', '8'], 7_000],
  ])('Retry-After: %s', (value, expected) => {
    expect(retryAfterMs(value, 10_000)).toBe(expected)
  })
})
