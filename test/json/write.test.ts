import { expect, it } from 'vitest'
import { quote } from '../../src/json/write.js'
import fc from '../oracle/property.js'

it.each([
  ['', '""'],
  ['plain', '"plain"'],
  ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
  ['\u0000\u001f\n', '"\\u0000\\u001f\\n"'],
  ['é€😀\u2028\u007f', '"é€😀\u2028\u007f"'],
  ['\ud800', '"\\ud800"'],
])('quotes %j', (text, json) => {
  expect(quote(text)).toBe(json)
})

it('is read back by JSON.parse', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme', minLength: 6000, maxLength: 6100 }),
      ),
      (text) => {
        expect(JSON.parse(quote(text))).toBe(text)
      },
    ),
  )
})
