import { describe, expect, test } from 'vitest'
import type { Narrowing, ScalarForm } from '../../../src/mapping/canonical/value-mapping.js'
import { compileNarrowing } from '../../../src/mapping/fit/narrowing.js'

const cases: [string, Narrowing, ScalarForm, string[], string[]][] = [
  ['enum of texts', { enum: ['a', 'b'] }, 'string', ['a', 'b'], ['c', '', 'A']],
  ['enum of numbers', { enum: [1, 2] }, 'number', ['1', '2'], ['3']],
  ['enum of numbers, written otherwise', { enum: [1, 2.5] }, 'number', ['1.0', '2.50', '1e0'], ['1.01']],
  ['enum of booleans', { enum: [true] }, 'boolean', ['true'], ['false']],
  ['pattern, not anchored', { pattern: 'b' }, 'string', ['abc', 'b'], ['ac']],
  ['pattern with the u flag', { pattern: '^\\p{Lu}.$' }, 'string', ['É😀'], ['éa', 'AB😀']],
  ['minLength', { minLength: 2 }, 'string', ['ab', '😀😀'], ['a', '😀', '']],
  ['maxLength', { maxLength: 2 }, 'string', ['', '😀😀', 'ab'], ['abc']],
  ['minimum', { minimum: 5 }, 'number', ['5', '5.0', '1e1'], ['4', '-6', '4.999']],
  ['maximum', { maximum: 5 }, 'number', ['5', '-1e9'], ['6', '5.01']],
  ['exclusiveMinimum', { exclusiveMinimum: 5 }, 'number', ['5.01'], ['5', '5.0']],
  ['exclusiveMaximum', { exclusiveMaximum: 5 }, 'number', ['4'], ['5', '6']],
  [
    'bounds, to the last digit',
    { minimum: 0, exclusiveMaximum: 1 },
    'number',
    ['0', '0.99999999999999999999', '-0'],
    ['-0.00000000000000000000000000001', '1.0'],
  ],
  ['numbers of a text are no matter', { minimum: 5 }, 'string', ['1', 'a'], []],
  ['length of a number is none', { maxLength: 1 }, 'number', ['123'], []],
  ['a day', { enum: ['2024-02-29'], minLength: 10 }, 'day', ['2024-02-29'], ['2024-02-28']],
  ['all of them', { minLength: 2, pattern: '^a', enum: ['ab', 'b'] }, 'string', ['ab'], ['b', 'a']],
]

describe.each(cases)('%s', (_, narrowing, form, kept, refused) => {
  const check = compileNarrowing(narrowing, form)

  test.each(kept)('allows %j', (text) => {
    expect(check?.(text)).toBeUndefined()
  })
  if (refused.length > 0) {
    test.each(refused)('refuses %j without showing it', (text) => {
      const rule = check?.(text)
      expect(rule).toMatch(/contract/)
    })
  }
})

test('nothing asked for is nothing to check', () => {
  expect(compileNarrowing(undefined, 'string')).toBeUndefined()
  expect(compileNarrowing({}, 'number')).toBeUndefined()
})
