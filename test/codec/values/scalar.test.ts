import { describe, expect, test } from 'vitest'
import { EncodeError } from '../../../src/codec/codec.js'
import { construct } from '../construct.js'

const of = (simpleType: string): ReturnType<typeof construct> =>
  construct(
    `<xs:element name="m"><xs:complexType><xs:sequence><xs:element name="A"><xs:simpleType>${simpleType}</xs:simpleType></xs:element></xs:sequence><xs:attribute name="b" type="xs:string"/></xs:complexType></xs:element>`,
  )
const restricted = (base: string, facets: string): ReturnType<typeof construct> =>
  of(`<xs:restriction base="xs:${base}">${facets}</xs:restriction>`)

describe('a boolean whose pattern allows digits alone', () => {
  const codec = restricted('boolean', '<xs:pattern value="0|1"/>')

  test('is written in digits', () => {
    const written = codec.encode('{"a":true}')
    expect(codec.judge(written)).toEqual([])
    expect(codec.decode(written)).toBe('{"a":true}')
  })
})

describe('a number whose facets ask for a form', () => {
  test('fractionDigits count digits, not zeros at the end', () => {
    const codec = restricted('decimal', '<xs:fractionDigits value="2"/>')
    expect(codec.judge(codec.encode('{"a":"1.250"}'))).toEqual([])
    expect(() => codec.encode('{"a":"1.255"}')).toThrow(EncodeError)
  })

  test('bounds are compared to the last digit', () => {
    const codec = restricted('decimal', '<xs:maxExclusive value="1"/>')
    expect(codec.judge(codec.encode('{"a":"0.99999999999999999999999"}'))).toEqual([])
    expect(() => codec.encode('{"a":"1.00000"}')).toThrow(EncodeError)
  })

  test('an enumeration of numbers is of values, not of texts', () => {
    const codec = restricted('int', '<xs:enumeration value="1"/><xs:enumeration value="20"/>')
    expect(codec.decode('<m xmlns="urn:t"><A>+01</A></m>')).toBe('{"a":1}')
    expect(codec.decode('<m xmlns="urn:t"><A>020</A></m>')).toBe('{"a":20}')
    expect(() => codec.decode('<m xmlns="urn:t"><A>2</A></m>')).toThrow(/A /)
  })
})

describe('white space', () => {
  test.each([
    ['string', ' a\tb\n', '" a\\tb\\n"', ''],
    ['string', ' a\tb\n', '" a b "', '<xs:whiteSpace value="replace"/>'],
    ['string', ' a\t  b\n', '"a b"', '<xs:whiteSpace value="collapse"/>'],
    ['string', ' a ', '"a"', '<xs:whiteSpace value="collapse"/><xs:enumeration value="a"/>'],
    ['normalizedString', ' a\tb\n', '" a b "', ''],
    ['normalizedString', ' a  b ', '"a b"', '<xs:whiteSpace value="collapse"/>'],
    ['token', ' a\tb\n', '"a b"', ''],
    ['token', ' a\tb\n', '"a b"', '<xs:pattern value="a b"/>'],
    ['NCName', '\na ', '"a"', ''],
    ['anyURI', ' urn:a ', '"urn:a"', ''],
    ['int', ' \t5\n', '5', ''],
    ['int', ' 05 ', '5', '<xs:enumeration value="5"/>'],
    ['decimal', '\n1.50 ', '"1.50"', '<xs:fractionDigits value="2"/>'],
    ['double', ' 1e5 ', '1e5', ''],
    ['boolean', ' true\n', 'true', ''],
    ['date', '\t2024-03-01 ', '"2024-03-01"', ''],
    ['dateTime', ' 2024-03-01T00:00:00Z\n', '"2024-03-01T00:00:00Z"', ''],
  ])('of xs:%s, %j, is read by its facet', (base, text, json, facets) => {
    expect(restricted(base, facets).decode(`<m xmlns="urn:t"><A>${text}</A></m>`)).toBe(`{"a":${json}}`)
  })

  test.each([
    ['string', ' a', '<xs:enumeration value="a"/>'],
    ['int', '1 2', ''],
    ['date', '2024-03- 01', ''],
  ])('of xs:%s, %j, makes it invalid', (base, text, facets) => {
    expect(() => restricted(base, facets).decode(`<m xmlns="urn:t"><A>${text}</A></m>`)).toThrow(/A /)
  })

  test('of an attribute is normalised as XML 1.0 says, and kept where it is written out', () => {
    const codec = restricted('string', '')
    expect(codec.decode('<m xmlns="urn:t" b="a\tb&#9;c"><A/></m>')).toBe('{"b":"a b\\tc","a":""}')
    expect(codec.decode(codec.encode('{"b":"a\\tb\\nc\\rd","a":""}'))).toBe('{"b":"a\\tb\\nc\\rd","a":""}')
  })
})

describe('binary', () => {
  test.each([
    ['base64Binary', ' YW\nJj ', '"YWJj"'],
    ['hexBinary', '0aFF', '"0aFF"'],
  ])('xs:%s', (base, text, json) => {
    expect(restricted(base, '').decode(`<m xmlns="urn:t"><A>${text}</A></m>`).replace(/\s/g, '')).toBe(
      `{"a":${json}}`,
    )
  })

  test.each([
    ['base64Binary', 'YWJ'],
    ['base64Binary', 'a*b='],
    ['hexBinary', 'abc'],
    ['hexBinary', 'xy'],
  ])('xs:%s is not %j', (base, text) => {
    expect(() => restricted(base, '').encode(`{"a":"${text}"}`)).toThrow(EncodeError)
  })

  test('length is of bytes', () => {
    const codec = restricted('base64Binary', '<xs:length value="3"/>')
    expect(codec.judge(codec.encode('{"a":"YWJj"}'))).toEqual([])
    expect(() => codec.encode('{"a":"YWI="}')).toThrow(EncodeError)
  })
})

describe('lists', () => {
  test('of texts: an item with white space, or none, cannot be one', () => {
    const codec = of('<xs:list itemType="xs:string"/>')
    expect(codec.decode(codec.encode('{"a":["x","y"]}'))).toBe('{"a":["x","y"]}')
    for (const json of ['{"a":["x y"]}', '{"a":[""]}', '{"a":["a\\tb"]}']) {
      expect(() => codec.encode(json)).toThrow(EncodeError)
    }
  })

  test('of booleans and dates keep the form of their items', () => {
    const booleans = of('<xs:list itemType="xs:boolean"/>')
    expect(booleans.decode('<m xmlns="urn:t"><A>1 false</A></m>')).toBe('{"a":[true,false]}')
    const dates = of('<xs:list itemType="xs:date"/>')
    expect(dates.decode('<m xmlns="urn:t"><A>2024-02-29+14:00 2024-03-01</A></m>')).toBe(
      '{"a":["2024-02-29+14:00","2024-03-01"]}',
    )
  })
})
