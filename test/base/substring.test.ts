import { expect, test } from 'vitest'
import { trimmedOf, upTo, withoutTrailing } from '../../src/base/substring.js'
import fc from '../oracle/property.js'

const texts = fc.string({ unit: fc.constantFrom('0', '1', '-', '.', '?', '#', '\n', 'é') })

test('withoutTrailing takes away what the pattern would', () => {
  fc.assert(fc.property(texts, (text) => withoutTrailing(text, '0.') === text.replace(/(?<![0.])[0.]+$/, '')))
})

test('trimmedOf takes it away at both ends', () => {
  fc.assert(
    fc.property(
      texts,
      (text) => trimmedOf(text, '-.') === text.replace(/^[-.]+/, '').replace(/(?<![-.])[-.]+$/, ''),
    ),
  )
})

test('upTo ends at the first of the delimiters', () => {
  fc.assert(fc.property(texts, (text) => upTo(text, '?', '#') === (/^[^?#]*/.exec(text)?.[0] ?? '')))
  expect(upTo('a#b?c', '?', '#')).toBe('a')
  expect(upTo('abc', '?')).toBe('abc')
})
