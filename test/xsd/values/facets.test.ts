import { describe, expect, it } from 'vitest'
import { builtInType } from '../../../src/xsd/model/built-in-types.js'
import type { SimpleType } from '../../../src/xsd/model/model.js'
import { compileFacets } from '../../../src/xsd/values/facets.js'
import fc from '../../oracle/property.js'
import { simpleTypeNamed, soundSchema } from '../load-schemas.js'
import { libxml2Judge } from '../oracle.js'

function simpleType(content: string, others = ''): SimpleType {
  return simpleTypeNamed(soundSchema(`<xs:simpleType name="T">${content}</xs:simpleType>${others}`), 'T')
}

const restrict = (base: string, ...facets: readonly string[]): string =>
  `<xs:restriction base="${base}">${facets.map((f) => `<xs:${f.replace('=', ' value="')}"/>`).join('')}</xs:restriction>`

const short = `<xs:simpleType name="Short">${restrict('xs:token', 'maxLength=2')}</xs:simpleType>`
const list = (item: string): string => `<xs:simpleType name="L"><xs:list itemType="${item}"/></xs:simpleType>`

describe('a simple type', () => {
  it.each<[string, string, string[], [string, string][], string?]>([
    [
      'length in characters',
      restrict('xs:string', 'length=2'),
      ['ab', '😀ä'],
      [
        ['a', 'must have exactly 2 characters'],
        ['abc', 'must have exactly 2 characters'],
      ],
    ],
    [
      'both lengths',
      restrict('xs:string', 'minLength=1', 'maxLength=2'),
      ['a', '😀😀'],
      [['', 'must have 1 to 2 characters']],
    ],
    [
      'length in bytes of hex',
      restrict('xs:hexBinary', 'length=2'),
      ['0aFF'],
      [
        ['0a', 'must have exactly 2 bytes'],
        ['0', 'must be a valid xs:hexBinary'],
      ],
    ],
    [
      'length in bytes of base64',
      restrict('xs:base64Binary', 'maxLength=2'),
      ['', 'QQ==', 'Q Q = =', 'QUI='],
      [['QUJD', 'must have at most 2 bytes']],
    ],
    [
      'length in items',
      restrict('t:L', 'minLength=2'),
      ['1 2', '1 2 3'],
      [
        ['1', 'must have at least 2 items'],
        ['', 'must have at least 2 items'],
      ],
      list('xs:int'),
    ],
    [
      'no length of names',
      restrict('xs:QName', 'length=1', 'pattern=a'),
      ['{urn:p}abc', 'abc', '{}a'],
      [
        ['1', 'must be a name in Clark notation: {namespace}name'],
        ['p:abc', 'must be a name in Clark notation: {namespace}name'],
      ],
    ],
    [
      'an enumeration of names, of any prefix',
      restrict('xs:QName', 'enumeration=t:a'),
      ['{urn:t}a'],
      [
        ['{urn:u}a', 'must be one of the enumerated values'],
        ['a', 'must be one of the enumerated values'],
      ],
    ],
    [
      'patterns of every step',
      restrict('t:P', 'pattern=.b', 'pattern=.c'),
      ['ab', 'ac'],
      [
        ['bb', 'must match the pattern a.*'],
        ['ad', 'must match the pattern .b|.c'],
      ],
      `<xs:simpleType name="P">${restrict('xs:string', 'pattern=a.*')}</xs:simpleType>`,
    ],
    [
      'an enumeration of texts',
      restrict('xs:string', 'enumeration=a', 'enumeration= b'),
      ['a', ' b'],
      [['b', 'must be one of the enumerated values']],
    ],
    [
      'an enumeration of numbers by value',
      restrict('xs:decimal', 'enumeration=1.0', 'enumeration=-0'),
      ['1', '+01.00', '0'],
      [['1.01', 'must be one of the enumerated values']],
    ],
    [
      'an enumeration of moments by value',
      restrict('xs:dateTime', 'enumeration=2024-01-01T12:00:00Z'),
      ['2024-01-01T13:00:00.0+01:00'],
      [['2024-01-01T12:00:00', 'must be one of the enumerated values']],
    ],
    [
      'an enumeration of booleans',
      restrict('xs:boolean', 'pattern=true|1'),
      ['true', '1'],
      [['false', 'must match the pattern true|1']],
    ],
    [
      'an enumeration of lists',
      restrict('t:L', 'enumeration=1 2'),
      ['01 2.0'],
      [['2 1', 'must be one of the enumerated values']],
      list('xs:decimal'),
    ],
    [
      'inclusive bounds',
      restrict('xs:decimal', 'minInclusive=-1.5', 'maxInclusive=10'),
      ['-1.50', '10.000', '9.99999999999999999999'],
      [
        ['-1.50000000000000000001', 'must be at least -1.5'],
        ['10.00000000000000000001', 'must be at most 10'],
      ],
    ],
    [
      'exclusive bounds',
      restrict('xs:long', 'minExclusive=9007199254740992', 'maxExclusive=9007199254740995'),
      ['9007199254740993', '9007199254740994'],
      [
        ['9007199254740992', 'must be greater than 9007199254740992'],
        ['9007199254740995', 'must be less than 9007199254740995'],
      ],
    ],
    [
      // libxml2 holds times with offsets for later than those in UTC: findings/libxml2-times-with-offsets.sh
      'bounds of times in any zone',
      restrict('xs:time', 'minInclusive=08:00:00+01:00', 'maxInclusive=18:00:00Z'),
      ['07:00:00Z', '12:00:00Z', '08:30:00+01:00', '15:00:00-02:00'],
      [
        ['07:30:00+01:00', 'must be at least 08:00:00+01:00'],
        ['18:00:00-01:00', 'must be at most 18:00:00Z'],
      ],
    ],
    [
      'the range of its built-in type',
      restrict('xs:byte', 'minInclusive=0'),
      ['127'],
      [
        ['128', 'must be a valid xs:byte'],
        ['-1', 'must be at least 0'],
      ],
    ],
    [
      'bounds of doubles',
      restrict('xs:double', 'minInclusive=0', 'maxExclusive=INF'),
      ['0', '1e308'],
      [
        ['INF', 'must be less than INF'],
        ['NaN', 'must be at least 0'],
        ['-1e-9', 'must be at least 0'],
      ],
    ],
    [
      'bounds of dates',
      restrict('xs:date', 'minInclusive=2024-01-01', 'maxExclusive=2025-01-01'),
      ['2024-01-01', '2024-12-31', '2024-06-01Z'],
      [
        ['2023-12-31', 'must be at least 2024-01-01'],
        ['2025-01-01', 'must be less than 2025-01-01'],
        ['2024-01-01Z', 'must be at least 2024-01-01'],
      ],
    ],
    [
      'bounds of moments with zones',
      restrict('xs:dateTime', 'maxInclusive=2024-01-01T00:00:00Z'),
      ['2024-01-01T01:00:00+01:00', '2023-12-31T23:59:59.999Z'],
      [['2024-01-01T00:00:00.001Z', 'must be at most 2024-01-01T00:00:00Z']],
    ],
    [
      'bounds of durations',
      restrict('xs:duration', 'maxInclusive=P1M'),
      ['P27D', 'P1M', 'PT0S'],
      [
        ['P30D', 'must be at most P1M'],
        ['P32D', 'must be at most P1M'],
      ],
    ],
    [
      'digits',
      restrict('xs:decimal', 'totalDigits=4', 'fractionDigits=2'),
      ['0012.3400', '-99.99', '0.01'],
      [
        ['123.45', 'must have at most 4 digits'],
        ['1.234', 'must have at most 2 fraction digits'],
      ],
    ],
    [
      'the items of a list',
      '<xs:list itemType="t:Short"/>',
      ['', 'a bb'],
      [['a bbb', 'each item must have at most 2 characters']],
      short,
    ],
    [
      'the members of a union',
      '<xs:union memberTypes="xs:int t:Short"/>',
      ['12345', 'ab', ' 7 '],
      [['abc', 'must be valid for a member of the union']],
      short,
    ],
    [
      'an enumeration of a union',
      restrict('t:U', 'enumeration=1', 'enumeration=a'),
      ['01', 'a'],
      [['2', 'must be one of the enumerated values']],
      `<xs:simpleType name="U"><xs:union memberTypes="xs:int xs:token"/></xs:simpleType>`,
    ],
  ])('checks %s', (_, content, valid, invalid, others) => {
    const check = compileFacets(simpleType(content, others))
    for (const text of valid) expect([text, check(text)]).toEqual([text, undefined])
    for (const [text, rule] of invalid) expect([text, check(text)]).toEqual([text, rule])
  })

  it('that is built in checks its lexical form', () => {
    expect(compileFacets(builtInType('int'))('1')).toBeUndefined()
    expect(compileFacets(builtInType('int'))('1.0')).toBe('must be a valid xs:int')
    expect(compileFacets(builtInType('NMTOKENS'))('')).toBe('must have at least 1 items')
  })

  it('is compiled once', () => {
    const type = builtInType('date')
    expect(compileFacets(type)).toBe(compileFacets(type))
  })
})

const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^[0-9]{1,25}$/),
    fc.stringMatching(/^[0-9]{0,25}$/),
  )
  .map(([sign, whole, part]) => `${sign}${whole}${part === '' ? '' : `.${part}`}`)

/** Scaled to an integer, which BigInt compares exactly. */
function scaled(text: string): bigint {
  const [whole = '', part = ''] = text.replace(/^[+-]/, '').split('.')
  const size = BigInt(whole + part.padEnd(30, '0'))
  return text.startsWith('-') ? -size : size
}

describe('bounds of decimals', () => {
  it('are compared exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (bound, value) => {
        const type = {
          ...builtInType('decimal'),
          facets: { ...builtInType('decimal').facets, maxInclusive: bound },
        }
        expect(compileFacets(type)(value) === undefined).toBe(scaled(value) <= scaled(bound))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('libxml2 agrees', () => {
  const dates = fc
    .tuple(
      fc.constantFrom('2023', '2024'),
      fc.constantFrom('01', '12'),
      fc.constantFrom('01', '02', '30', '31'),
      fc.constantFrom('Z', '+14:00', '-14:00', '+01:00'),
    )
    .map(([y, m, d, z]) => `${y}-${m}-${d}T12:00:00${z}`)
  it.each<[string, fc.Arbitrary<string>]>([
    [restrict('xs:decimal', 'minExclusive=-10.5', 'maxInclusive=99.99', 'fractionDigits=3'), decimal],
    [restrict('xs:decimal', 'totalDigits=5'), fc.stringMatching(/^-?[0-9]{1,6}(\.[0-9]{1,3})?$/)],
    [
      restrict('xs:dateTime', 'minInclusive=2023-12-31T12:00:00Z', 'maxExclusive=2024-12-31T00:00:00+02:00'),
      dates,
    ],
    [restrict('xs:string', 'minLength=2', 'maxLength=3'), fc.stringMatching(/^[a😀]{0,5}$/u)],
    [restrict('xs:hexBinary', 'maxLength=2'), fc.stringMatching(/^[0-9a-f]{0,6}$/)],
    [
      restrict('xs:double', 'minInclusive=-1e3', 'maxExclusive=2.5E0'),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    ],
  ])('on %s', (content, texts) => {
    const judge = libxml2Judge(content)
    const check = compileFacets(simpleType(content))
    fc.assert(
      fc.property(texts, (text) => {
        expect([text, check(text) === undefined]).toEqual([text, judge(text)])
      }),
      { numRuns: 300 },
    )
  })
})
