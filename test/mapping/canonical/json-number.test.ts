import { describe, expect, test } from 'vitest'
import { ExactNumber } from '../../../src/json/value.js'
import { fromJsonNumber, toJsonNumber } from '../../../src/mapping/canonical/json-number.js'
import { normalizeWhiteSpace } from '../../../src/xsd/values/white-space.js'
import fc from '../../oracle/property.js'

/** A number as `digits × 10^exponent` without zeros at its end: equal numbers are equal pairs. */
function exactly(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match) throw new Error(`no number: ${text}`)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  let digits = BigInt(`${whole}${fraction}` || '0')
  let power = BigInt(exponent) - BigInt(fraction.length)
  while (digits !== 0n && digits % 10n === 0n) {
    digits /= 10n
    power++
  }
  return digits === 0n ? '0' : `${sign === '-' ? '-' : ''}${digits}e${power}`
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.nat({ max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''))
const exponent = fc.option(
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 99 }))
    .map((p) => p.join('')),
  { nil: '' },
)
/** The lexical forms of xs:decimal (XML Schema Part 2, 3.2.3.1). */
const decimal = fc
  .tuple(fc.constantFrom('', '+', '-'), digits(0, 40), fc.option(digits(0, 40), { nil: undefined }))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`)
  .filter((text) => /\d/.test(text))
const double = fc.tuple(decimal, exponent).map((parts) => parts.join(''))
/** The numbers of RFC 8259, section 6. */
const jsonNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(1, 40).map((text) => text.replace(/^0+(?=\d)/, '')),
    fc.option(
      digits(1, 40).map((text) => `.${text}`),
      { nil: '' },
    ),
    exponent,
  )
  .map((parts) => parts.join(''))
const isJson = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)

describe('a number of XML in JSON', () => {
  test('is a JSON number with the same value, to the last digit', () => {
    fc.assert(
      fc.property(double, (lexical) => {
        const json = toJsonNumber(lexical) ?? ''
        expect(isJson(json)).toBe(true)
        expect(exactly(json)).toBe(exactly(lexical))
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps its digits as they are where JSON allows it', () => {
    fc.assert(
      fc.property(jsonNumber, (lexical) => {
        expect(toJsonNumber(lexical)).toBe(lexical)
      }),
    )
  })

  test.each([
    ['+007', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-.50', '-0.50'],
    ['-0', '-0'],
    ['00', '0'],
    ['1E+05', '1E+05'],
    ['5.E2', '5E2'],
  ])('%s is %s', (lexical, json) => {
    expect(toJsonNumber(lexical)).toBe(json)
  })

  test.each(['INF', '-INF', '+INF', 'NaN', 'x', '1,5', '0x1', '1 '])('%j is none', (lexical) => {
    expect(toJsonNumber(lexical)).toBeUndefined()
  })
})

describe('a number of JSON in XML', () => {
  test('has the same value without an exponent, to the last digit', () => {
    fc.assert(
      fc.property(jsonNumber, (json) => {
        const lexical = fromJsonNumber(new ExactNumber(json), { exponentAllowed: false }) ?? ''
        expect(lexical).toMatch(/^-?\d+(?:\.\d+)?$/)
        expect(exactly(lexical)).toBe(exactly(json))
      }),
      { numRuns: 2000 },
    )
  })

  test('is as it was written where XML allows it', () => {
    fc.assert(
      fc.property(jsonNumber, (json) => {
        expect(fromJsonNumber(new ExactNumber(json), { exponentAllowed: true })).toBe(json)
        if (!/e/i.test(json))
          expect(fromJsonNumber(new ExactNumber(json), { exponentAllowed: false })).toBe(json)
      }),
    )
  })

  test('of a double is the double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
        const lexical = fromJsonNumber(value, { exponentAllowed: false }) ?? ''
        expect(Number(lexical)).toBe(Object.is(value, -0) ? 0 : value)
        expect(lexical).toMatch(/^-?\d+(?:\.\d+)?$/)
      }),
    )
  })

  test.each<[number | bigint | ExactNumber, string]>([
    [new ExactNumber('1e400'), `1${'0'.repeat(400)}`],
    [new ExactNumber('1.50e1'), '15'],
    [new ExactNumber('15e-1'), '1.5'],
    [new ExactNumber('-5e-3'), '-0.005'],
    [new ExactNumber('0e5'), '0'],
    [2n ** 200n, String(2n ** 200n)],
    [1e21, '1000000000000000000000'],
    [5e-7, '0.0000005'],
    [0, '0'],
  ])('%s is %s', (value, lexical) => {
    expect(fromJsonNumber(value, { exponentAllowed: false })).toBe(lexical)
  })

  test.each([Number.NaN, Infinity, -Infinity, '1', null, true, [], {}])('%j is none', (value) => {
    expect(fromJsonNumber(value, { exponentAllowed: false })).toBeUndefined()
  })

  test.each(['1e401', '1e-401', '1e999999999', '1e-999999999999999999999'])(
    '%s would be too long to write out, and is none',
    (json) => {
      expect(fromJsonNumber(new ExactNumber(json), { exponentAllowed: false })).toBeUndefined()
    },
  )
})

describe('white space', () => {
  test.each([
    ['preserve', ' \ta\n b\r', ' \ta\n b\r'],
    ['replace', ' \ta\n b\r', '  a  b '],
    ['collapse', ' \ta\n b\r', 'a b'],
    ['collapse', 'a', 'a'],
    ['collapse', ' ', ''],
    ['collapse', '', ''],
    ['collapse', 'a b', 'a b'],
    ['collapse', 'a\tb', 'a b'],
    ['collapse', '\u00A0a\u2003', '\u00A0a\u2003'],
  ] as const)('%s: %j is %j', (facet, text, expected) => {
    expect(normalizeWhiteSpace(facet, text)).toBe(expected)
  })

  test('is collapsed as XML Schema says it, for any text', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', 'a', 'b') })
    fc.assert(
      fc.property(text, (written) => {
        const words = written.split(/[ \t\r\n]/).filter((word) => word !== '')
        expect(normalizeWhiteSpace('collapse', written)).toBe(words.join(' '))
      }),
    )
  })
})

test('a number of very many digits is read once', () => {
  const zeros = '0'.repeat(500_000)
  expect(toJsonNumber(`${zeros}x`)).toBeUndefined()
  expect(toJsonNumber(`+${zeros}70`)).toBe('70')
})
