import { describe, expect, it } from 'vitest'
import { pairLines } from '../../../../src/tools/import/merge/line-diff.js'
import { patched } from '../../../../src/tools/import/merge/patch.js'
import fc from '../../../oracle/property.js'

/** The length of a longest common subsequence, by the textbook. */
function longest(a: readonly string[], b: readonly string[]): number {
  const row = b.map(() => 0)
  for (const x of a) {
    let diagonal = 0
    for (const [j, y] of b.entries()) {
      const above = row[j] ?? 0
      row[j] = x === y ? diagonal + 1 : Math.max(above, row[j - 1] ?? 0)
      diagonal = above
    }
  }
  return row.at(-1) ?? 0
}

describe('pairLines', () => {
  it('pairs equal lines in order, and as many as the textbook', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const pairs = [...(pairLines(a, b) ?? [])]
        const paired = pairs.flatMap((place, index) => (place < 0 ? [] : [[a[index], b[place]]]))
        for (const [x, y] of paired) expect(x).toBe(y)
        const places = pairs.filter((place) => place >= 0)
        expect(places).toEqual([...places].sort((x, y) => x - y))
        expect(new Set(places).size).toBe(places.length)
        expect(paired.length).toBe(longest(a, b))
      }),
      { numRuns: 2000 },
    )
  })
})

it.each<[string, string, string, string]>([
  ['a\nb\nc', 'a\nx\nc', ' a\nb\n  c', ' a\nx\n  c'],
  ['a\nb\nc', 'a\nb\nn\nc', '"a"\nb \nc', '"a"\nb \nn\nc'],
  ['a\nb\nc', 'a\nc', 'a \nb\nc ', 'a \nc '],
  ['a\nb1\nb2\nc', 'a\nb1\nb2\nc\nd', 'a\nb1 b2\nc', 'a\nb1 b2\nc\nd'],
])('of %j and %j, %j becomes %j', (before, after, written, expected) => {
  expect(patched(before, after, written)).toBe(expected)
  expect(patched(before, before, written)).toBe(written)
})
