import { describe, expect, it } from 'vitest'
import { EndpointHealth } from '../../../src/events/delivery/endpoint-health.js'

const MOST = 10

function failing(times: number, now = 0, health = new EndpointHealth()): EndpointHealth {
  for (let time = 0; time < times; time++) health.failed(now)
  return health
}

describe('an endpoint', () => {
  it('is left alone after 20 failures in a row, and tried with one event after two seconds', () => {
    expect(failing(19).places(MOST, 0)).toBe(MOST)
    const health = failing(20)
    expect([health.isOpen, health.places(MOST, 0), health.waitMs(500)]).toEqual([true, 0, 1_500])
    expect(health.places(MOST, 2_000)).toBe(1)
    health.taken()
    expect([health.isOpen, health.places(MOST, 2_000)]).toEqual([false, MOST])
  })

  it('that fails most of the time, and not always, goes on being called', () => {
    const health = new EndpointHealth()
    for (let time = 0; time < 1_000; time++) {
      if (time % 10 === 0) health.taken()
      else health.failed(time)
      expect(health.places(MOST, time)).toBe(MOST)
    }
  })

  it('is left alone twice as long each time it fails when it is tried, five minutes at most', () => {
    const health = failing(20)
    const pauses: number[] = []
    for (let now = 0; pauses.length < 9;) {
      pauses.push(health.waitMs(now))
      now += health.waitMs(now)
      health.failed(now)
    }
    expect(pauses.map((ms) => ms / 1_000)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300])
  })

  it('is not left alone longer for what was on its way when it went down', () => {
    const health = failing(40)
    expect(health.waitMs(0)).toBe(2_000)
    failing(10, 1_999, health)
    expect(health.places(MOST, 2_000)).toBe(1)
  })
})
