import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { ExactNumber, type JsonValue } from '../../../src/json/value.js'
import { fromJsonNumber } from '../../../src/mapping/canonical/json-number.js'
import { jsonOf } from '../../../src/mapping/canonical/json-value.js'
import { scalar } from '../../../src/mapping/canonical/scalar.js'
import type { ScalarMapping } from '../../../src/mapping/canonical/value-mapping.js'
import { sampleScalar } from '../../../src/mapping/sample/scalar.js'
import { schema, simpleTypeNamed, soundSchema } from '../../xsd/load-schemas.js'

const restriction = (base: string, facets = ''): string =>
  `<xs:simpleType name="T"><xs:restriction base="xs:${base}">${facets}</xs:restriction></xs:simpleType>`
const facet = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `<xs:${name} value="${value}"/>`)
    .join('')

function mappingOf(type: string): ScalarMapping {
  return scalar(simpleTypeNamed(soundSchema(type), 'T'))
}

function lexical(value: JsonValue): string {
  if (Array.isArray(value)) return (value as JsonValue[]).map(lexical).join(' ')
  return typeof value === 'string' || typeof value === 'boolean'
    ? String(value)
    : (fromJsonNumber(value, { exponentAllowed: true }) ?? '?')
}

function judge(type: string, text: string): string[] {
  using schemaDocument = XmlDocument.fromString(schema(`${type}<xs:element name="e" type="t:T"/>`))
  using validator = XsdValidator.fromDoc(schemaDocument)
  using document = XmlDocument.fromString(
    `<e xmlns="urn:t">${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</e>`,
  )
  try {
    validator.validate(document)
    return []
  } catch (error) {
    return [String(error)]
  }
}

const builtIns =
  'string boolean decimal float double duration dateTime time date gYearMonth gYear gMonthDay gDay gMonth hexBinary base64Binary anyURI normalizedString token language NMTOKEN NMTOKENS Name NCName ID integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong unsignedInt unsignedShort unsignedByte positiveInteger'

describe('a sample is valid, as libxml2 sees it', () => {
  test.each([
    ...builtIns.split(' ').map((name) => [name, restriction(name)]),
    ['length', restriction('string', facet({ length: 7 }))],
    ['minLength', restriction('string', facet({ minLength: 30 }))],
    ['maxLength', restriction('token', facet({ minLength: 1, maxLength: 2 }))],
    ['maxLength 0', restriction('string', facet({ maxLength: 0 }))],
    ['length of a Name', restriction('NCName', facet({ length: 9 }))],
    ['length of hexBinary', restriction('hexBinary', facet({ length: 16 }))],
    ['length of base64Binary', restriction('base64Binary', facet({ length: 5 }))],
    ['enumeration', restriction('string', facet({ enumeration: 'a b' }))],
    ['enumeration of numbers', restriction('int', facet({ enumeration: '42' }))],
    ['a pattern and a length', restriction('string', facet({ pattern: '[A-Z]+', length: 12 }))],
    ['a pattern of digits', restriction('string', facet({ pattern: '[0-9]{10}' }))],
    ['a pattern of a number', restriction('integer', facet({ pattern: '[1-9][0-9]{5}' }))],
    [
      'two patterns',
      '<xs:simpleType name="B"><xs:restriction base="xs:string"><xs:pattern value="[A-Z].*"/></xs:restriction></xs:simpleType><xs:simpleType name="T"><xs:restriction base="t:B"><xs:pattern value=".{3}"/></xs:restriction></xs:simpleType>',
    ],
    [
      'alternatives of a pattern',
      restriction('string', facet({ pattern: 'X{4}|Y' }) + facet({ minLength: 4 })),
    ],
    ['minInclusive', restriction('int', facet({ minInclusive: 1000000 }))],
    ['maxInclusive', restriction('int', facet({ maxInclusive: -17 }))],
    ['minExclusive', restriction('decimal', facet({ minExclusive: 99 }))],
    ['maxExclusive', restriction('decimal', facet({ maxExclusive: -99 }))],
    ['a narrow range', restriction('decimal', facet({ minExclusive: 3, maxExclusive: 4 }))],
    [
      'a range beyond doubles',
      restriction('long', facet({ minInclusive: '9007199254740993', maxInclusive: '9007199254740993' })),
    ],
    [
      'an open range beyond doubles',
      restriction('long', facet({ minExclusive: '9007199254740992', maxExclusive: '9007199254740994' })),
    ],
    [
      'a range between small numbers',
      restriction('decimal', facet({ minInclusive: '0.001', maxInclusive: '0.002' })),
    ],
    ['totalDigits and fractionDigits', restriction('decimal', facet({ totalDigits: 3, fractionDigits: 1 }))],
    ['fractionDigits 0', restriction('decimal', facet({ fractionDigits: 0 }))],
    ['a double between', restriction('double', facet({ minInclusive: 100, maxInclusive: 200 }))],
    ['dates from', restriction('date', facet({ minInclusive: '2030-01-01' }))],
    ['dates until', restriction('date', facet({ maxExclusive: '2000-01-01' }))],
    ['date-times after', restriction('dateTime', facet({ minExclusive: '2030-01-01T00:00:00Z' }))],
    ['years', restriction('gYear', facet({ minInclusive: '2030' }))],
    ['dateTime with a pattern', restriction('dateTime', facet({ pattern: '.*Z' }))],
    ['date without a zone', restriction('date', facet({ pattern: '[^:Z]*' }))],
    ['durations', restriction('duration', facet({ minInclusive: 'P1Y' }))],
    ['a list', '<xs:simpleType name="T"><xs:list itemType="xs:date"/></xs:simpleType>'],
    [
      'a list of three',
      '<xs:simpleType name="T"><xs:restriction><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType><xs:length value="3"/></xs:restriction></xs:simpleType>',
    ],
    [
      'a list of enumerated lists',
      '<xs:simpleType name="T"><xs:restriction><xs:simpleType><xs:list itemType="xs:token"/></xs:simpleType><xs:enumeration value="a b c"/></xs:restriction></xs:simpleType>',
    ],
    ['a union', '<xs:simpleType name="T"><xs:union memberTypes="xs:date xs:int"/></xs:simpleType>'],
    [
      'a union of enumerations',
      '<xs:simpleType name="T"><xs:union><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="unknown"/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>',
    ],
  ])('%s', (_, type) => {
    const value = sampleScalar(mappingOf(type))
    expect(judge(type, lexical(value))).toEqual([])
  })
})

describe('the contract', () => {
  const token = mappingOf(restriction('token'))
  const int = mappingOf(restriction('int'))
  const number: ScalarMapping = { ...mappingOf(restriction('decimal')), form: 'number' }

  test.each<[string, ScalarMapping, JsonValue | undefined, JsonValue]>([
    ['its example', token, 'abc', 'abc'],
    ['its example of a number', int, 7, 7],
    ['its enum', { ...token, narrowing: { enum: ['x', 'y'] } }, undefined, 'x'],
    ['an example that is in its enum', { ...token, narrowing: { enum: ['x', 'y'] } }, 'y', 'y'],
    ['its enum where the example is not in it', { ...token, narrowing: { enum: ['x'] } }, 'y', 'x'],
    ['its pattern', { ...token, narrowing: { pattern: '^Q{3}$' } }, undefined, 'QQQ'],
    ['its values', { ...token, values: new Map([['active', 'A']]) }, undefined, 'active'],
    [
      'an example of its values',
      {
        ...token,
        values: new Map([
          ['active', 'A'],
          ['gone', 'G'],
        ]),
      },
      'gone',
      'gone',
    ],
    ['an example with digits', number, '1.10', new ExactNumber('1.10')],
    ['no example that the XSD refuses', int, 'x', 1],
    ['no example that is out of range', int, 2 ** 40, 1],
  ])('gives %s', (_, mapping, example, value) => {
    expect(sampleScalar(mapping, example)).toEqual(value)
  })

  test.each([
    ['minLength', { minLength: 50 }, (text: string) => text.length >= 50],
    ['maxLength', { maxLength: 2 }, (text: string) => text.length <= 2],
  ])('has its %s', (_, narrowing, holds) => {
    const value = sampleScalar({ ...token, narrowing })
    expect(typeof value === 'string' && holds(value)).toBe(true)
  })

  test.each([
    ['minimum', { minimum: 12345 }, (n: number) => n >= 12345],
    ['maximum', { maximum: -12345 }, (n: number) => n <= -12345],
    ['exclusiveMinimum', { exclusiveMinimum: 1000 }, (n: number) => n > 1000],
    ['exclusiveMaximum', { exclusiveMaximum: -1000 }, (n: number) => n < -1000],
    ['both bounds', { minimum: 33, maximum: 34 }, (n: number) => n >= 33 && n <= 34],
  ])('has its %s', (_, narrowing, holds) => {
    const value = sampleScalar({ ...int, narrowing })
    expect(holds(Number(value))).toBe(true)
  })
})

test.each([
  ['number', '7', 7],
  ['number', '1.10', new ExactNumber('1.10')],
  ['number', '9007199254740993', new ExactNumber('9007199254740993')],
  ['boolean', '1', true],
  ['boolean', 'false', false],
  ['string', '7', '7'],
  ['day', '2024-02-29', '2024-02-29'],
] as const)('%s %s', (form, text, value) => {
  expect(jsonOf({ ...mappingOf(restriction('string')), form }, text)).toEqual(value)
})
