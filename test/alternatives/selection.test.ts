import { expect, test } from 'vitest'
import {
  combinations,
  isSelected,
  mayBothFit,
  type Selection,
} from '../../src/mapping/operation/selection.js'
import fc from '../oracle/property.js'

const NAMES = ['a', 'b', 'c', 'd']

/** What each of the parameters is to an alternative. */
const roles = fc.array(fc.constantFrom('when', 'optional', 'other'), {
  minLength: NAMES.length,
  maxLength: NAMES.length,
})
const selection = roles.map((own): Selection => {
  const having = (role: string): string[] => NAMES.filter((_, index) => own[index] === role)
  return { when: having('when'), optional: having('optional'), others: having('other') }
})
const sets = Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
  NAMES.filter((_name, index) => (bits & (2 ** index)) !== 0),
)

test('two alternatives may both fit just where some set of parameters chooses both', () => {
  fc.assert(
    fc.property(selection, selection, (a, b) => {
      const chosen = sets.some((given) => {
        const isGiven = (name: string): boolean => given.includes(name)
        return isSelected(a, isGiven) && isSelected(b, isGiven)
      })
      expect(mayBothFit(a, b)).toBe(chosen)
    }),
  )
})

test.each<[string, readonly Omit<Selection, 'others'>[]]>([
  [
    'give a; or b',
    [
      { when: ['a'], optional: [] },
      { when: ['b'], optional: [] },
    ],
  ],
  [
    'give a, b and c; or none of them',
    [
      { when: [], optional: [] },
      { when: ['a', 'b', 'c'], optional: [] },
    ],
  ],
  [
    'give a, perhaps with c and d; or none of them but perhaps b',
    [
      { when: [], optional: ['b'] },
      { when: ['a'], optional: ['c', 'd'] },
    ],
  ],
])('%s', (text, all) => {
  expect(combinations(all.map((each) => ({ selection: { ...each, others: [] } })))).toBe(text)
})
