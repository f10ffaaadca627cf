import { expect, test } from 'vitest'
import { type Child, ContentMatcher } from '../../../src/xsd/content/matcher.js'

test('takes no memory for choices that a child does not meet', () => {
  const count = 9000
  const names = ['{urn:t}a']
  const matcher = ContentMatcher.of<string>({
    kind: 'sequence',
    minOccurs: 1,
    maxOccurs: 1,
    source: 'all',
    parts: [
      { kind: 'leaf', minOccurs: 0, maxOccurs: count, source: 'counted', names },
      { kind: 'leaf', minOccurs: 0, maxOccurs: Infinity, source: 'others', names },
    ],
  })
  let most = 0
  const child: Child = {
    namespace: 'urn:t',
    get name() {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
      return '{urn:t}a'
    },
  }
  const before = process.memoryUsage().arrayBuffers
  const taken = matcher?.match(Array.from({ length: count + 1 }, () => child))
  expect(taken?.slice(-2)).toEqual(['counted', 'others'])
  expect(most - before).toBeLessThan(10_000_000)
})

test.each([
  [9_999, true],
  [99_999, false],
])('counts to %i beside a wildcard: %s', (maxOccurs, isMatched) => {
  const matcher = ContentMatcher.of<string>({
    kind: 'sequence',
    minOccurs: 1,
    maxOccurs: 1,
    source: 'all',
    parts: [
      { kind: 'leaf', minOccurs: 0, maxOccurs, source: 'item', names: ['{urn:t}item'] },
      { kind: 'leaf', minOccurs: 0, maxOccurs: Infinity, source: 'any', names: { kind: 'any' } },
    ],
  })
  expect(matcher !== undefined).toBe(isMatched)
  const items = Array.from({ length: 10_001 }, () => ({ namespace: 'urn:t', name: '{urn:t}item' }))
  const taken = matcher?.match([...items, { namespace: 'urn:o', name: '{urn:o}other' }])
  expect(taken?.filter((source) => source === 'item').length).toBe(isMatched ? 9_999 : undefined)
  expect(taken?.filter((source) => source === 'any').length).toBe(isMatched ? 3 : undefined)
})
