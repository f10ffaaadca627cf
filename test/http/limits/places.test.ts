import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Places } from '../../../src/http/limits/places.js'

function from(address: string): Socket {
  return Object.defineProperty(new Socket(), 'remoteAddress', { value: address })
}

/** How many places a connection gets, one after the other. */
function takenBy(places: Places, socket: Socket): number {
  let count = 0
  while (count < 10_000 && typeof places.take(socket) === 'function') count++
  return count
}

describe('places', () => {
  test.each([
    [1_000, 50, 500],
    [1_000, 100, 1_000],
    [10, 10, 4],
    [3, 50, 3],
    [0, 50, 10_000],
  ])('of %i with a share of %i %%: %i for one connection', (maxInFlight, inFlightShare, expected) => {
    expect(takenBy(new Places({ maxInFlight, inFlightShare }), from('192.0.2.1'))).toBe(expected)
  })

  test('one address cannot take those of others, however many its connections', () => {
    const places = new Places({ maxInFlight: 100, inFlightShare: 50 })
    const crowd = Array.from({ length: 1_000 }, () => places.take(from('192.0.2.1')))
    expect(crowd.filter((place) => typeof place === 'function')).toHaveLength(50)
    expect(crowd.at(-1)).toBe('share')
    expect(takenBy(places, from('192.0.2.2'))).toBe(50)
    expect(places.take(from('192.0.2.3'))).toBe('in flight')
  })

  test('are given back once', () => {
    const places = new Places({ maxInFlight: 4, inFlightShare: 100 })
    const socket = from('2001:db8::1')
    const [first] = Array.from({ length: 4 }, () => places.take(socket))
    if (typeof first === 'function') {
      first()
      first()
    }
    expect(takenBy(places, from('2001:db8::2'))).toBe(1)
  })
})
