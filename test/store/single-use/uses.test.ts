import { describe, expect, it, vi } from 'vitest'
import { SingleUses } from '../../../src/store/single-use/uses.js'

describe('single uses that replicas share', () => {
  /** A table whose purges delete so many rows, one after the other; how many there were. */
  const table = (...deleted: readonly (number | Error)[]) => {
    const left = [...deleted]
    let purges = 0
    const query = (text: unknown): Promise<unknown> => {
      if (typeof text !== 'string') return Promise.resolve({ rows: [{}] })
      purges++
      const rowCount = left.shift()
      return rowCount instanceof Error ? Promise.reject(rowCount) : Promise.resolve({ rowCount })
    }
    return { pool: { query }, table: 't', purges: () => purges }
  }

  it.each([
    ['all of them, in portions', [10_000, 10_000, 3], 3],
    ['up to the failure of the database', [10_000, new Error('gone'), 3], 2],
    ['and asks once where there are few', [2, 3], 1],
  ] as const)('are purged when they have expired: %s', async (_, deleted, expected) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const shared = table(...deleted)
      const uses = new SingleUses(1e9, {}, shared)
      expect(await uses.use('k', 'a', 1)).toBe('new')
      expect(shared.purges()).toBe(0)
      vi.advanceTimersByTime(61_000)
      expect(await uses.use('k', 'b', 1)).toBe('new')
      await vi.waitFor(() => {
        expect(shared.purges()).toBe(expected)
      })
      // A minute goes by before the next.
      expect([await uses.use('k', 'c', 1), shared.purges()]).toEqual(['new', expected])
    } finally {
      vi.useRealTimers()
    }
  })
})
