import { describe, expect, it } from 'vitest'
import { plainDecimal, toJsonNumber } from '../../../src/mapping/canonical/json-number.js'
import { builtInType } from '../../../src/xsd/model/built-in-types.js'
import type { BuiltInName, Facets, SimpleType } from '../../../src/xsd/model/model.js'
import { compileFacets } from '../../../src/xsd/values/facets.js'
import { usualEnd, usualFormOf } from '../../../src/xsd/values/usual-form.js'
import fc from '../../oracle/property.js'

function typeOf(builtIn: BuiltInName, facets: Partial<Facets> = {}): SimpleType {
  const type = builtInType(builtIn)
  return { ...type, facets: { ...type.facets, ...facets } }
}

const amount = typeOf('decimal', { totalDigits: 5, fractionDigits: 2 })

const types: readonly (readonly [string, SimpleType])[] = [
  ['an amount', amount],
  ...(
    [
      ...([
        'decimal',
        'integer',
        'long',
        'int',
        'short',
        'byte',
        'nonNegativeInteger',
        'unsignedLong',
      ] as const),
      ...(['unsignedInt', 'unsignedShort', 'unsignedByte', 'boolean', 'date', 'dateTime'] as const),
    ] as const
  ).map((name) => [name, typeOf(name)] as const),
]

function isUsual(type: SimpleType, text: string): boolean | undefined {
  const octets = Buffer.from(`<${text}<`)
  const form = usualFormOf(type)
  return form && usualEnd(form, octets, 1) === octets.length - 1
}

const numbers = fc.tuple(
  fc.constantFrom('', '-', '+'),
  fc.stringMatching(/^[0-9]{0,20}$/),
  fc.constantFrom('', '.', '.5', '.50', '.0', '.123', '.1x', 'e3'),
)
const dates = fc.tuple(
  fc.constantFrom('2024', '0000', '0999', '1000', '-2024', '12024', '９999'),
  fc.constantFrom('-', '/'),
  fc.constantFrom('00', '01', '02', '12', '13'),
  fc.constantFrom('-00', '-01', '-28', '-29', '-31', '-32', '-1'),
  fc.constantFrom(
    '',
    'Z',
    'T00:00:00',
    'T23:59:59Z',
    'T24:00:00Z',
    'T23:60:00',
    'T23:59:59+01:00',
    'T23:59:59.5Z',
  ),
)
const texts = fc.oneof(
  numbers.map((parts) => parts.join('')),
  dates.map((parts) => parts.join('')),
  fc.constantFrom('true', 'false', 'TRUE', '1', '0', '', 'falsey', 'tru', ' 1', '1 '),
)

describe('the usual form of values, as octets', () => {
  it.each(types)('is valid for %s, and what JSON has', (_, type) => {
    const broken = compileFacets(type)
    fc.assert(
      fc.property(texts, (text) => {
        if (isUsual(type, text) !== true) return
        expect([text, broken(text)]).toEqual([text, undefined])
        if (/^-?[0-9.]+$/.test(text)) expect([toJsonNumber(text), plainDecimal(text)]).toEqual([text, text])
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[SimpleType, string]>([
    [amount, '-123.45'],
    [amount, '0.5'],
    [typeOf('long'), '-900719925474099300'],
    [typeOf('integer'), '0'],
    [typeOf('boolean'), 'false'],
    [typeOf('date'), '2024-02-28'],
    [typeOf('dateTime'), '2024-02-28T23:59:59Z'],
  ])('of %j is %s', (type, text) => {
    expect(isUsual(type, text)).toBe(true)
  })

  it('is none where a type asks for more than digits', () => {
    const bounded = typeOf('int', { maxInclusive: '5' })
    expect([bounded, typeOf('string'), typeOf('double')].map((type) => usualFormOf(type))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
