import { describe, expect, it, vi } from 'vitest'
import { UseMemory } from '../../../src/store/single-use/memory.js'

describe('the memory of single uses', () => {
  it('forgets nothing early, and says when it is full', () => {
    const memory = new UseMemory(1e9, { most: 2 })
    expect(['a', 'b', 'a', 'c', 'b'].map((name) => memory.use('key', name, 1))).toEqual([
      ...['new', 'new', 'used', 'full', 'used'],
    ])
  })

  it('tells uses of one key from those of another', () => {
    const memory = new UseMemory(1e9)
    expect([memory.use('a', 'b c', 1), memory.use('a b', 'c', 1), memory.use('a', 'c', 1)]).toEqual([
      ...['new', 'new', 'new'],
    ])
  })

  it('has room for others when one key has had its share', () => {
    const memory = new UseMemory(1e9, { most: 4, mostOfKey: 2 })
    expect(['a', 'b', 'c', 'b'].map((name) => memory.use('greedy', name, 1))).toEqual([
      ...['new', 'new', 'share used up', 'used'],
    ])
    expect(['a', 'b'].map((name) => memory.use('other', name, 1))).toEqual(['new', 'new'])
    expect(memory.use('third', 'a', 1)).toBe('full')
    expect(memory.secondsToRoom).toBeGreaterThan(900_000)
  })

  it('has room again when uses are too old', () => {
    const memory = new UseMemory(0, { most: 1, mostOfKey: 1 })
    expect(['a', 'b', 'c'].map((name, at) => memory.use('key', name, at))).toEqual(['new', 'new', 'new'])
    expect(memory.secondsToRoom).toBe(1)
  })

  it('takes none again that it has forgotten, wherever the wall clock is set to', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const memory = new UseMemory(1_000)
      expect([memory.use('k', 'a', 100), memory.use('k', 'b', 102)]).toEqual(['new', 'new'])
      vi.advanceTimersByTime(1_500)
      expect([memory.use('k', 'a', 100), memory.use('k', 'c', 101)]).toEqual(['used', 'new'])
      vi.advanceTimersByTime(1_500)
      // Of the first half nothing is known any more but when its last one was made.
      expect([memory.use('k', 'a', 100), memory.use('k', 'b', 102), memory.use('k', 'd', 103)]).toEqual([
        ...['used', 'used', 'new'],
      ])
    } finally {
      vi.useRealTimers()
    }
  })

  it('takes back what is released', () => {
    const memory = new UseMemory(1e9)
    expect([memory.use('k', 'a', 1), memory.use('k', 'a', 1)]).toEqual(['new', 'used'])
    memory.release('k', 'a')
    memory.release('k', 'never used')
    expect(memory.use('k', 'a', 1)).toBe('new')
  })

  it('gives the share of a key back with what is released', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const memory = new UseMemory(1_000, { mostOfKey: 2 })
      const use = (name: string) => memory.use('k', name, Number(name))
      expect([use('1'), use('2'), use('3')]).toEqual(['new', 'new', 'share used up'])
      memory.release('k', '1')
      memory.release('k', '1')
      memory.release('k', 'never used')
      expect([use('3'), use('4')]).toEqual(['new', 'share used up'])
      vi.advanceTimersByTime(1_500)
      expect(use('5')).toBe('new')
      // It counted in the half before, of which the share is over.
      memory.release('k', '3')
      expect([use('6'), use('7')]).toEqual(['new', 'share used up'])
    } finally {
      vi.useRealTimers()
    }
  })
})
