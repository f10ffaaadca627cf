import { expect, test } from 'vitest'
import { Deque } from '../../../src/http/limits/deque.js'
import fc from '../../oracle/property.js'

test('a deque gives what an array gives, from both ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('push', 'push', 'push', 'first', 'last'), { maxLength: 300 }),
      (steps) => {
        const deque = new Deque<number>()
        const array: number[] = []
        for (const [index, step] of steps.entries()) {
          if (step === 'push') {
            deque.push(index)
            array.push(index)
          } else if (step === 'first') expect(deque.takeFirst()).toBe(array.shift())
          else expect(deque.takeLast()).toBe(array.pop())
          expect(deque.length).toBe(array.length)
          expect(deque.first).toBe(array[0])
        }
      },
    ),
  )
})
