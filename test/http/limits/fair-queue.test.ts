import { describe, expect, test } from 'vitest'
import { FairQueue } from '../../../src/http/limits/fair-queue.js'
import fc from '../../oracle/property.js'

function queueOf(items: readonly (readonly [network: string, item: number])[]): FairQueue<number> {
  const queue = new FairQueue<number>()
  for (const [network, item] of items) queue.push(network, item)
  return queue
}

function takeAll(queue: FairQueue<number>, which: 'oldest' | 'newest'): number[] {
  return Array.from({ length: queue.length }, () => queue.take(which) ?? NaN)
}

const items = [
  ['a', 1],
  ['a', 2],
  ['a', 3],
  ['b', 4],
  ['c', 5],
  ['c', 6],
] as const

describe('a fair queue', () => {
  test.each([
    ['oldest', [1, 4, 5, 2, 6, 3]],
    ['newest', [3, 4, 6, 2, 5, 1]],
  ] as const)('gives the %s of each network in turn', (which, expected) => {
    const queue = queueOf(items)
    expect(takeAll(queue, which)).toEqual(expected)
    expect(queue.take(which)).toBeUndefined()
    expect(queue).toMatchObject({ length: 0, networks: 0 })
  })

  test('gives up the oldest that are due, and what is behind one that is not stays', () => {
    const queue = queueOf(items)
    const due = [...queue.takeDue((item, inNetwork) => item !== 2 && inNetwork > 1)]
    expect(due).toEqual([1, 5])
    expect(queue).toMatchObject({ length: 4, networks: 3 })
    expect(queue.lengthOf('a')).toBe(2)
    expect([...queue.takeDue(() => true)]).toEqual([2, 3, 4, 6])
    expect(queue).toMatchObject({ length: 0, networks: 0 })
  })

  test('loses nothing and gives nothing twice', () => {
    const step = fc.oneof(
      fc.record({ push: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ take: fc.constantFrom('oldest' as const, 'newest' as const) }),
      fc.record({ due: fc.nat(5) }),
    )
    const steps = fc.array(step, { maxLength: 60 })
    fc.assert(
      fc.property(steps, (taken) => {
        inTurn(taken)
      }),
    )
  })
})

type Step = { push: string } | { take: 'oldest' | 'newest' } | { due: number }

function inTurn(steps: readonly Step[]): void {
  const queue = new FairQueue<number>()
  const inside = new Set<number>()
  for (const [index, each] of steps.entries()) {
    if ('push' in each) {
      queue.push(each.push, index)
      inside.add(index)
    } else if ('take' in each) {
      const taken = queue.take(each.take)
      expect(taken !== undefined).toBe(inside.size > 0)
      if (taken !== undefined) expect(inside.delete(taken)).toBe(true)
    } else {
      for (const taken of queue.takeDue((item) => item % 6 <= each.due))
        expect(inside.delete(taken)).toBe(true)
    }
    expect(queue.length).toBe(inside.size)
  }
}
