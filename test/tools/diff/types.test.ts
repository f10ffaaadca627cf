import { describe, expect, it } from 'vitest'
import { diffOf, linesOf, type Version } from './wsdl-pair.js'

const sequence = (content: string): string => `<xs:sequence>${content}</xs:sequence>`
const element = (attributes: string, content = ''): string =>
  content === '' ? `<xs:element ${attributes}/>` : `<xs:element ${attributes}>${content}</xs:element>`
const A = element('name="A" type="xs:string"')
const B = element('name="B" type="xs:string"')
const C = element('name="C" type="xs:string"')
const optional = (name: string): string => element(`name="${name}" type="xs:string" minOccurs="0"`)
const restricted = (base: string, facets: string): string =>
  sequence(element('name="A"', `<xs:simpleType><xs:restriction base="xs:${base}">${facets}</xs:restriction></xs:simpleType>`)) // prettier-ignore
const facet = (name: string, value: string): string => `<xs:${name} value="${value}"/>`
const attribute = (rest: string): string => `<xs:attribute name="x" type="xs:string" ${rest}/>`

const breaking = 'breaking'
const compatible = 'compatible'
const both = [breaking, breaking] as const
const neither = [compatible, compatible] as const
/** Fewer messages are allowed: a request that was valid may not be, a response is. */
const narrowed = [breaking, compatible] as const
/** More messages are allowed. */
const widened = [compatible, breaking] as const

type Row = readonly [
  name: string,
  old: string,
  next: string,
  verdicts: readonly [request: string, response: string],
  path: string,
  what: string,
]

const rows: readonly Row[] = [
  ['a new optional element', sequence(A), sequence(A + optional('B')), neither, '/B', 'it is new and optional'],
  ['a new required element', sequence(A), sequence(A + B), narrowed, '/B', 'it is new and required'],
  ['a removed element', sequence(A + optional('B')), sequence(A), both, '/B', 'it is removed'],
  ['a renamed element', sequence(A + B), sequence(A + C), both, '/B', 'it is removed; perhaps it is C now'],
  ['optional becomes required', sequence(A + optional('B')), sequence(A + B), narrowed, '/B', 'it is required, it was optional'],
  ['required becomes optional', sequence(A + B), sequence(A + optional('B')), widened, '/B', 'it is optional, it was required'],
  ['once becomes many', sequence(A), sequence(element('name="A" type="xs:string" maxOccurs="unbounded"')), widened, '/A', 'it may occur any number of times, it was once'],
  ['many becomes few', sequence(element('name="A" type="xs:string" maxOccurs="9"')), sequence(element('name="A" type="xs:string" maxOccurs="2"')), narrowed, '/A', 'it may occur 2 times, it was 9 times'],
  ['more at least', sequence(element('name="A" type="xs:string" maxOccurs="9"')), sequence(element('name="A" type="xs:string" minOccurs="3" maxOccurs="9"')), narrowed, '/A', 'it must occur 3 times at least, it was 1'],
  ['order', sequence(A + B), sequence(B + A), both, '', 'the order of its elements changed: it was (A, B), it is (B, A)'],
  ['a sequence becomes all', sequence(A + B), `<xs:all>${A + B}</xs:all>`, widened, '', 'the order of its elements changed: it was (A, B), it is (A & B)'],
  ['all becomes a sequence', `<xs:all>${A + B}</xs:all>`, sequence(A + B), narrowed, '', 'the order of its elements changed: it was (A & B), it is (A, B)'],
  ['nillable on', sequence(A), sequence(element('name="A" type="xs:string" nillable="true"')), widened, '/A', 'it may be nil, it was not'],
  ['nillable off', sequence(element('name="A" type="xs:string" nillable="true"')), sequence(A), narrowed, '/A', 'it may not be nil, it was'],
  ['a fixed value', sequence(A), sequence(element('name="A" type="xs:string" fixed="1"')), narrowed, '/A', 'the fixed value (none) became "1"'],
  ['another fixed value', sequence(element('name="A" type="xs:string" fixed="1"')), sequence(element('name="A" type="xs:string" fixed="2"')), both, '/A', 'the fixed value "1" became "2"'],
  ['another default', sequence(element('name="A" type="xs:string" default="1"')), sequence(element('name="A" type="xs:string" default="2"')), neither, '/A', 'the default "1" became "2"'],

  ['a choice has another branch', `<xs:choice>${A + B}</xs:choice>`, `<xs:choice>${A + B + C}</xs:choice>`, widened, '/C', 'it is a new alternative'],
  ['a choice loses a branch', `<xs:choice>${A + B + C}</xs:choice>`, `<xs:choice>${A + B}</xs:choice>`, both, '/C', 'it is removed'],
  ['a new choice of which one is required', sequence(A), sequence(`${A}<xs:choice>${B + C}</xs:choice>`), narrowed, '', 'one of B, C is required, none was known'],
  ['a new choice that is optional', sequence(A), sequence(`${A}<xs:choice minOccurs="0">${B}</xs:choice>`), neither, '/B', 'it is new and optional'],
  ['a choice becomes required', sequence(`${A}<xs:choice minOccurs="0">${B + C}</xs:choice>`), sequence(`${A}<xs:choice>${B + C}</xs:choice>`), narrowed, '', 'the choice of B, C occurs 1, it was 0 to 1'],
  ['a sequence that was optional as a whole', sequence(`${A}<xs:sequence minOccurs="0">${B + C}</xs:sequence>`), sequence(A + optional('B') + optional('C')), both, '', 'its elements stand together otherwise: it was (A, (B, C)?), it is (A, B?, C?)'],
  ['a sequence becomes a choice', sequence(optional('A') + optional('B')), `<xs:choice>${optional('A') + optional('B')}</xs:choice>`, both, '', 'its elements stand together otherwise: it was (A?, B?), it is (A? | B?)'],
  ['any elements besides', sequence(A), sequence(`${A}<xs:any namespace="##other" processContents="lax" minOccurs="0"/>`), neither, '/xs:any', 'it is new and optional'],
  ['a wildcard of fewer namespaces', sequence('<xs:any namespace="##any"/>'), sequence('<xs:any namespace="urn:x"/>'), narrowed, '/xs:any', 'it allows the namespaces urn:x, it was any namespace'],
  ['a wildcard that is checked less', sequence('<xs:any/>'), sequence('<xs:any processContents="lax"/>'), widened, '/xs:any', 'processContents strict became lax'],

  ['another type', sequence(A), sequence(element('name="A" type="xs:date"')), both, '/A', 'the type xs:string became xs:date'],
  ['a narrower integer', sequence(element('name="A" type="xs:long"')), sequence(element('name="A" type="xs:int"')), narrowed, '/A', 'the type xs:long became xs:int'],
  ['a wider integer', sequence(element('name="A" type="xs:int"')), sequence(element('name="A" type="xs:long"')), widened, '/A', 'the type xs:int became xs:long'],
  ['a shorter text', restricted('string', facet('maxLength', '20')), restricted('string', facet('maxLength', '12')), narrowed, '/A', 'maxLength 20 became 12'],
  ['a longer text', restricted('string', facet('maxLength', '12')), restricted('string', facet('maxLength', '20')), widened, '/A', 'maxLength 12 became 20'],
  ['a text of any length', restricted('string', facet('maxLength', '12')), restricted('string', ''), widened, '/A', 'maxLength was 12, none is set'],
  ['another length', restricted('string', facet('length', '2')), restricted('string', facet('length', '3')), both, '/A', 'length 2 became 3'],
  ['not empty', restricted('string', ''), restricted('string', facet('minLength', '1')), narrowed, '/A', 'minLength 0 became 1'],
  ['a lower bound', restricted('decimal', facet('maxInclusive', '10.0')), restricted('decimal', facet('maxInclusive', '9')), narrowed, '/A', 'maxInclusive 10.0 became maxInclusive 9'],
  ['an exclusive bound', restricted('decimal', facet('minInclusive', '0')), restricted('decimal', facet('minExclusive', '0')), narrowed, '/A', 'minInclusive 0 became minExclusive 0'],
  ['a later day', restricted('date', facet('minInclusive', '2020-01-01')), restricted('date', facet('minInclusive', '1990-01-01')), widened, '/A', 'minInclusive 2020-01-01 became minInclusive 1990-01-01'],
  ['more digits', restricted('decimal', facet('fractionDigits', '2')), restricted('decimal', facet('fractionDigits', '4')), widened, '/A', 'fractionDigits 2 became 4'],
  ['a pattern', restricted('string', ''), restricted('string', facet('pattern', '[A-Z]+')), narrowed, '/A', 'it has the pattern [A-Z]+'],
  ['another pattern', restricted('string', facet('pattern', '[A-Z]+')), restricted('string', facet('pattern', '[a-z]+')), both, '/A', 'the pattern [A-Z]+ became [a-z]+'],
  ['a value less', restricted('string', facet('enumeration', 'a') + facet('enumeration', 'b')), restricted('string', facet('enumeration', 'a')), narrowed, '/A', 'the enumeration lost b'],
  ['a value more', restricted('string', facet('enumeration', 'a')), restricted('string', facet('enumeration', 'a') + facet('enumeration', 'b')), widened, '/A', 'the enumeration has b besides'],
  ['no enumeration any more', restricted('string', facet('enumeration', 'a')), restricted('string', ''), widened, '/A', 'any value is allowed, an enumeration was'],
  ['items of a list', sequence(element('name="A"', '<xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType>')), sequence(element('name="A"', '<xs:simpleType><xs:list itemType="xs:short"/></xs:simpleType>')), narrowed, '/A', 'items: the type xs:int became xs:short'],
  ['members of a union', sequence(element('name="A"', '<xs:simpleType><xs:union memberTypes="xs:int"/></xs:simpleType>')), sequence(element('name="A"', '<xs:simpleType><xs:union memberTypes="xs:date xs:int"/></xs:simpleType>')), widened, '/A', 'the union has xs:date besides'],
  ['a list of what was one', sequence(element('name="A" type="xs:int"')), sequence(element('name="A"', '<xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType>')), both, '/A', 'the type xs:int became a list of xs:int'],

  ['a new optional attribute', sequence(A), sequence(A) + attribute(''), neither, '/@x', 'it is new and optional'],
  ['a new required attribute', sequence(A), sequence(A) + attribute('use="required"'), narrowed, '/@x', 'it is new and required'],
  ['a removed attribute', sequence(A) + attribute(''), sequence(A), both, '/@x', 'it is removed'],
  ['an attribute becomes required', attribute(''), attribute('use="required"'), narrowed, '/@x', 'it is required, it was optional'],
  ['an attribute becomes optional', attribute('use="required"'), attribute(''), widened, '/@x', 'it is optional, it was required'],
  ['a qualified attribute', attribute(''), attribute('form="qualified"'), both, '/@x', 'it is in urn:t, it was in none'],
  ['any attribute', sequence(A), `${sequence(A)}<xs:anyAttribute/>`, neither, '/xs:anyAttribute', 'it is new'],
  ['elements become a text', sequence(element('name="A"', `<xs:complexType>${sequence(B)}</xs:complexType>`)), sequence(A), both, '/A', 'it holds a text, it was elements'],
] // prettier-ignore

describe.each(rows)('%s', (_name, old, next, [request, response], path, what) => {
  const lines = linesOf(diffOf({ content: old }, { content: next }))
  it(`is ${request} in a request`, () => {
    expect(lines).toContain(`request Get${path}: ${request}: ${what}`)
  })
  it(`is ${response} in a response`, () => {
    expect(lines).toContain(`response GetResponse${path}: ${response}: ${what}`)
  })
  it('is all that is said, but for what is new', () => {
    const others = lines.filter((line) => !line.endsWith(what) && !line.endsWith('it is new and required'))
    expect(others).toEqual([])
  })
})

describe('what is the same', () => {
  const named =
    '<xs:complexType name="N"><xs:sequence><xs:element name="B" type="xs:string"/></xs:sequence></xs:complexType>'
  it.each<[string, Version, Version]>([
    ['an anonymous type that gets a name', { content: sequence(element('name="A"', `<xs:complexType>${sequence(B)}</xs:complexType>`)) }, { content: sequence(element('name="A" type="t:N"')), types: named }],
    ['groups that change nothing', { content: sequence(A + B) }, { content: sequence(`<xs:sequence>${A}</xs:sequence><xs:choice>${B}</xs:choice>`) }],
    ['the order of a choice', { content: `<xs:choice>${A + B}</xs:choice>` }, { content: `<xs:choice>${B + A}</xs:choice>` }],
    ['a bound that is written otherwise', { content: restricted('decimal', facet('maxInclusive', '10.0')) }, { content: restricted('decimal', facet('maxInclusive', '10')) }],
    ['a derivation that adds nothing', { content: sequence(element('name="A" type="t:N"')), types: named }, { content: sequence(element('name="A" type="t:M"')), types: named.replace('"N"', '"M"') }],
  ])('%s', (_name, old, next) => {
    expect(linesOf(diffOf(old, next))).toEqual([])
  }) // prettier-ignore
})

describe('types that hold themselves', () => {
  const tree = (value: string): Version => ({
    content: sequence(element('name="Root" type="t:Node"')),
    types: `<xs:complexType name="Node">${sequence(element(`name="Value" type="xs:${value}"`) + element('name="Child" type="t:Node" minOccurs="0" maxOccurs="unbounded"'))}</xs:complexType>`,
  })
  it('are compared once', () => {
    expect(linesOf(diffOf(tree('int'), tree('int')))).toEqual([])
    expect(linesOf(diffOf(tree('long'), tree('int')))).toEqual([
      'request Get/Root/Value: breaking: the type xs:long became xs:int',
      'response GetResponse/Root/Value: compatible: the type xs:long became xs:int',
    ])
  })
  it('may be nested deeply', () => {
    const depth = 5_000
    const chain = (last: string): Version => ({
      content: sequence(element('name="E" type="t:T0"')),
      types: Array.from({ length: depth }, (_, i) => `<xs:complexType name="T${i}">${sequence(i === depth - 1 ? element(`name="E" type="xs:${last}"`) : element(`name="E" type="t:T${i + 1}"`))}</xs:complexType>`).join(''),
    }) // prettier-ignore
    expect(diffOf(chain('int'), chain('date')).changes).toHaveLength(2)
  })
})

describe('one of several', () => {
  const shapes = (more: string): Version => ({
    content: sequence(element('name="S" type="t:Shape"')),
    types: `<xs:complexType name="Shape"/><xs:complexType name="Circle"><xs:complexContent><xs:extension base="t:Shape">${sequence(element('name="R" type="xs:int"'))}</xs:extension></xs:complexContent></xs:complexType>${more}`,
  })
  const square =
    '<xs:complexType name="Square"><xs:complexContent><xs:extension base="t:Shape"/></xs:complexContent></xs:complexType>'
  it('a derived type more is a response that was not known', () => {
    expect(linesOf(diffOf(shapes(''), shapes(square)))).toEqual([
      'response GetResponse/S(Square): breaking: this type may stand here, told by xsi:type',
      'request Get/S(Square): compatible: this type may stand here, told by xsi:type',
    ])
    expect(linesOf(diffOf(shapes(square), shapes('')))).toEqual([
      'request Get/S(Square): breaking: this type may not stand here any more',
      'response GetResponse/S(Square): compatible: this type may not stand here any more',
    ])
  })
  it('a derived type is compared like any other', () => {
    const wide = { ...shapes(''), types: (shapes('').types ?? '').replace('xs:int', 'xs:long') }
    expect(linesOf(diffOf(wide, shapes('')))).toContain(
      'request Get/S(Circle)/R: breaking: the type xs:long became xs:int',
    )
  })
  it('a member of a substitution group more is an alternative', () => {
    const pay = (more: string): Version => ({
      content: sequence(element('ref="t:pay"')),
      types: `<xs:element name="pay" type="xs:string" abstract="true"/><xs:element name="cash" type="xs:string" substitutionGroup="t:pay"/><xs:element name="card" type="xs:string" substitutionGroup="t:pay"/>${more}`,
    })
    const coin = '<xs:element name="coin" type="xs:string" substitutionGroup="t:pay"/>'
    expect(linesOf(diffOf(pay(''), pay(coin)))).toEqual([
      'response GetResponse/coin: breaking: it is a new alternative',
      'request Get/coin: compatible: it is a new alternative',
    ])
  })
})

it('a namespace that changes is said once', () => {
  const content = sequence(A + B)
  const lines = linesOf(diffOf({ content }, { content, namespace: 'urn:t2' }))
  expect(lines).toEqual([
    'request Get: breaking: its elements are in the namespace urn:t2, they were in the namespace urn:t',
    'request Get: breaking: the element of the body {urn:t}Get became {urn:t2}Get',
    'response GetResponse: breaking: its elements are in the namespace urn:t2, they were in the namespace urn:t',
    'response GetResponse: breaking: the element of the body {urn:t}GetResponse became {urn:t2}GetResponse',
  ])
})

it('a type used at many places is one change, with its places and both lines', () => {
  const version = (length: number): Version => ({
    content: sequence(element('name="A" type="t:Code"') + element('name="B" type="t:Code"')),
    types: `<xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:maxLength value="${length}"/></xs:restriction></xs:simpleType>`,
  })
  const [first, ...others] = diffOf(version(8), version(4)).changes
  expect(others.map(({ direction }) => direction)).toEqual(['response'])
  expect(first?.places.map(({ path }) => path)).toEqual(['Get/A', 'Get/B'])
  expect(first?.old?.line).toBe(8)
  expect(first?.new?.file).toMatch(/new\.wsdl$/)
})
