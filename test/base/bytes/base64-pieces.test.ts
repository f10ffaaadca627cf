import { describe, expect, it } from 'vitest'
import { canonicalDigits, decodeInPlace } from '../../../src/base/bytes/base64-pieces.js'
import fc from '../../oracle/property.js'

/** A text in pieces of these lengths, each in memory of its own, and the rest. */
function inPieces(text: string, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (const length of lengths) {
    pieces.push(Buffer.from(text.slice(from, from + length), 'latin1'))
    from += length
  }
  return [...pieces, Buffer.from(text.slice(from), 'latin1')]
}

const isCanonical = (text: string): boolean =>
  text !== '' && Buffer.from(text, 'base64').toString('base64') === text

const cuts = fc.array(fc.nat({ max: 9 }), { maxLength: 8 })
const digit = fc.constantFrom(...Array.from('AQgwBcz09+/='))

describe('base64 in pieces', () => {
  it('is decoded in its own memory, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), cuts, (bytes, lengths) => {
        const pieces = inPieces(Buffer.from(bytes).toString('base64'), lengths)
        const digits = canonicalDigits(pieces)
        const decoded = decodeInPlace(digits ?? [])
        expect(Buffer.concat(decoded).equals(Buffer.from(bytes))).toBe(true)
        decoded.forEach(({ buffer }, index) => {
          expect(buffer).toBe(pieces[index]?.buffer)
        })
      }),
    )
  })

  it('is canonical where its bytes give it back, and only there', () => {
    fc.assert(
      fc.property(fc.array(digit, { maxLength: 12 }), cuts, (digits, lengths) => {
        const text = digits.join('')
        expect(canonicalDigits(inPieces(text, lengths)) !== undefined).toBe(isCanonical(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    ['', 'nothing'],
    ['YWJ', 'a group too short'],
    ['YW=j', 'padding within'],
    ['Y===', 'three of padding'],
    ['====', 'padding alone'],
    ['YWI=YWJj', 'padding in the midst'],
    ['YWK=', 'bits left over'],
    ['YX==', 'more bits left over'],
    ['YWJj\n', 'a line end'],
    ['YW-_', 'the alphabet for URLs'],
    ['YW\u00e4j', 'an octet that is not of ASCII'],
    ['YW\0j', 'a zero'],
  ])('%j is not: %s', (text) => {
    expect(canonicalDigits(inPieces(text, []))).toBeUndefined()
  })

  it('may have each octet as a digit that is one', () => {
    for (let octet = 0; octet < 256; octet++) {
      const text = `${String.fromCharCode(octet)}AAA`
      expect(canonicalDigits([Buffer.from(text, 'latin1')]) !== undefined).toBe(isCanonical(text))
    }
  })
})
