import { describe, expect, test } from 'vitest'
import { EncodeError } from '../../src/codec/codec.js'
import fc from '../oracle/property.js'
import { construct } from './construct.js'

/** Most of what a schema can have, so that properties hold for all of it together. */
const codec = construct(`
  <xs:simpleType name="Colour"><xs:restriction base="xs:token"><xs:enumeration value="red"/><xs:enumeration value="dark blue"/></xs:restriction></xs:simpleType>
  <xs:complexType name="Money"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="Ccy" type="xs:string" use="required"/><xs:attribute name="Rate" type="xs:double"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Node"><xs:sequence><xs:element name="Label" type="xs:string"/><xs:element name="Child" type="t:Node" minOccurs="0" maxOccurs="2"/></xs:sequence></xs:complexType>
  <xs:complexType name="Shape"><xs:sequence><xs:element name="Name" type="xs:string"/></xs:sequence></xs:complexType>
  <xs:complexType name="Circle"><xs:complexContent><xs:extension base="t:Shape"><xs:sequence><xs:element name="Radius" type="xs:unsignedByte"/></xs:sequence><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Strings"><xs:sequence><xs:element name="String" type="xs:string" nillable="true" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:element name="m"><xs:complexType>
    <xs:sequence>
      <xs:element name="Text" type="xs:string"/>
      <xs:element name="Maybe" type="xs:string" nillable="true" minOccurs="0"/>
      <xs:element name="Whole" type="xs:integer"/>
      <xs:element name="Long" type="xs:long" minOccurs="0"/>
      <xs:element name="Exact" type="xs:decimal" minOccurs="0"/>
      <xs:element name="Real" type="xs:double" minOccurs="0"/>
      <xs:element name="Flag" type="xs:boolean" minOccurs="0"/>
      <xs:element name="Colour" type="t:Colour" minOccurs="0" maxOccurs="3"/>
      <xs:element name="Numbers" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
      <xs:element name="Bytes" type="xs:base64Binary" minOccurs="0"/>
      <xs:element name="Price" type="t:Money" minOccurs="0"/>
      <xs:element name="Strings" type="t:Strings" minOccurs="0"/>
      <xs:choice minOccurs="0"><xs:element name="Left" type="xs:int"/><xs:sequence><xs:element name="Right" type="xs:int"/><xs:element name="Far" type="xs:boolean" minOccurs="0"/></xs:sequence></xs:choice>
      <xs:element name="Shape" type="t:Shape" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="Tree" type="t:Node" minOccurs="0"/>
      <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="Plus" type="xs:int"/><xs:element name="Minus" type="xs:string"/></xs:choice>
    </xs:sequence>
    <xs:attribute name="id" type="xs:string" use="required"/>
    <xs:attribute name="n" type="xs:unsignedLong"/>
  </xs:complexType></xs:element>`)

/** JSON text, so that no number goes through a double. */
type Json = fc.Arbitrary<string>

const character = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ' ',
      '\t',
      '\n',
      '\r',
      ']]>',
      '\\',
      '\u2028',
      '{',
      '\u0085',
    ),
  },
)
// XML 1.0, production 2.
const isXml = (text: string): boolean => /^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text)
const text: Json = fc
  .array(character, { maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter(isXml)
  .map((value) => JSON.stringify(value))
const big = (min: bigint, max: bigint): Json => fc.bigInt({ min, max }).map(String)
const int = big(-(2n ** 31n), 2n ** 31n - 1n)
const decimal: Json = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.option(fc.stringMatching(/^[0-9]{1,20}$/), { nil: undefined }),
  )
  .map(([whole, fraction]) => JSON.stringify(fraction === undefined ? String(whole) : `${whole}.${fraction}`))
const double: Json = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
const flag: Json = fc.boolean().map(String)
const array = (item: Json, maxLength = 4, minLength = 0): Json =>
  fc.array(item, { maxLength, minLength }).map((items) => `[${items.join(',')}]`)

/** Members in the order in which they are decoded; a member of undefined is left out. */
function object(members: Record<string, fc.Arbitrary<string | undefined>>): Json {
  return fc
    .tuple(
      ...Object.entries(members).map(([name, value]) =>
        value.map((json) => (json === undefined ? [] : [`"${name}":${json}`])),
      ),
    )
    .map((all) => `{${all.flat().join(',')}}`)
}
const optional = (json: Json): fc.Arbitrary<string | undefined> => fc.option(json, { nil: undefined })

const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    object({ label: text, child: fc.constant('[]') }),
    object({ label: text, child: array(tie('tree'), 2) }),
  ),
}))
const shape = fc.oneof(
  object({ type: fc.constant('"Shape"'), name: text }),
  object({ type: fc.constant('"Circle"'), unit: optional(text), name: text, radius: big(0n, 255n) }),
)
const either = fc.oneof(
  fc.constant(''),
  int.map((n) => `"left":${n},`),
  int.map((n) => `"right":${n},`),
  fc.tuple(int, flag).map(([n, far]) => `"right":${n},"far":${far},`),
)
const before = object({
  id: text,
  n: optional(big(0n, 2n ** 64n - 1n)),
  text,
  maybe: optional(fc.oneof(text, fc.constant('null'))),
  whole: big(-(10n ** 40n), 10n ** 40n),
  long: optional(big(-(2n ** 63n), 2n ** 63n - 1n)),
  exact: optional(decimal),
  real: optional(double),
  flag: optional(flag),
  colour: array(fc.constantFrom('"red"', '"dark blue"'), 3),
  numbers: optional(array(int)),
  bytes: optional(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => JSON.stringify(Buffer.from(bytes).toString('base64'))),
  ),
  price: optional(
    object({
      ccy: text,
      rate: optional(double),
      value: decimal,
    }),
  ),
  strings: optional(array(fc.oneof(text, fc.constant('null')))),
})
const after = object({
  shape: array(shape),
  tree: optional(tree),
  items: array(fc.oneof(object({ plus: int }), object({ minus: text }))),
})
const message = fc
  .tuple(before, either, after)
  .map(([first, choice, last]) => `${first.slice(0, -1)},${choice}${last.slice(1)}`)

describe('any message', () => {
  test('comes back as it went, to the last character', () => {
    fc.assert(
      fc.property(message, (json) => {
        expect(tokens(codec.decode(codec.encode(json)))).toEqual(tokens(json))
      }),
      { numRuns: 400 },
    )
  })

  test('is valid by the schema, as libxml2 sees it', () => {
    fc.assert(
      fc.property(message, (json) => {
        expect(codec.judge(codec.encode(json))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test('is the same XML in whatever order its members stand', () => {
    fc.assert(
      fc.property(message, (json) => {
        expect(codec.encode(reversed(json))).toBe(codec.encode(json))
      }),
      { numRuns: 100 },
    )
  })

  test('with a character that XML cannot carry is refused, never mended', () => {
    const bad = fc.constantFrom('\\u0000', '\\u0001', '\\u001f', '\\u000b', '\\ufffe', '\\uffff')
    fc.assert(
      fc.property(bad, fc.constantFrom('id', 'text'), (escape, member) => {
        const members = { id: '"a"', text: '"b"', [member]: `"x${escape}"` }
        expect(() => codec.encode(`{"id":${members.id},"text":${members.text},"whole":1}`)).toThrow(
          EncodeError,
        )
      }),
    )
  })
})

/** Strings by their value, however they are escaped; numbers by their digits. */
function tokens(json: string): string[] {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:]+/g)].map(([token]) =>
    token.startsWith('"') ? `=${JSON.parse(token) as string}` : token,
  )
}

/** The members of the outermost object, the last one first. */
function reversed(json: string): string {
  const members: string[] = []
  let depth = 0
  let start = 1
  for (const token of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const [mark] = token
    if (mark === '{' || mark === '[') depth++
    if (mark === '}' || mark === ']') depth--
    if ((mark === ',' && depth === 1) || depth === 0) {
      members.push(json.slice(start, token.index))
      start = token.index + 1
    }
  }
  return `{${members.reverse().join(',')}}`
}
