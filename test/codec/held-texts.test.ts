import { describe, expect, it } from 'vitest'
import { EncodeError } from '../../src/codec/codec.js'
import { Base64Text, Binary, type JsonValue } from '../../src/json/value.js'
import { construct } from './construct.js'

/** The text as the reader of a body holds it, where it is long. */
const held = (text: string): JsonValue => new Base64Text(new Binary(Buffer.from(text, 'base64')))

function outcome(encode: () => string): string {
  try {
    return encode()
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    return error.all.map(({ pointer, message }) => `${pointer} ${message}`).join()
  }
}

const element = (content: string): string =>
  `<xs:element name="m"><xs:complexType>${content}</xs:complexType></xs:element>`
const of = (type: string, more = ''): string =>
  element(`<xs:sequence><xs:element name="A" type="xs:${type}"${more}/></xs:sequence>`)
const restricted = (base: string, facets: string): string =>
  element(
    `<xs:sequence><xs:element name="A"><xs:simpleType><xs:restriction base="xs:${base}">${facets}</xs:restriction></xs:simpleType></xs:element></xs:sequence>`,
  )

describe('a text that is held as bytes is written as the text is', () => {
  it.each([
    ['bytes', of('base64Binary'), '{"a":"YWJj"}'],
    ['several', of('base64Binary', ' maxOccurs="9"'), '{"a":["YWJj","YWI="]}'],
    ['a length that it has', restricted('base64Binary', '<xs:length value="3"/>'), '{"a":"YWJj"}'],
    ['a length that it has not', restricted('base64Binary', '<xs:length value="2"/>'), '{"a":"YWJj"}'],
    ['a pattern', restricted('base64Binary', '<xs:pattern value="YW.*"/>'), '{"a":"YWJj"}'],
    ['another pattern', restricted('base64Binary', '<xs:pattern value="YQ.*"/>'), '{"a":"YWJj"}'],
    ['an enumeration', restricted('base64Binary', '<xs:enumeration value="YWI="/>'), '{"a":"YWJj"}'],
    ['a fixed value', of('base64Binary', ' fixed="YWJj"'), '{"a":"YWJj"}'],
    ['another fixed value', of('base64Binary', ' fixed="YWI="'), '{"a":"YWJj"}'],
    ['an attribute', element('<xs:attribute name="a" type="xs:base64Binary"/>'), '{"a":"YWJj"}'],
    ['hexadecimal digits', of('hexBinary'), '{"a":"ABCD"}'],
    ['none of them', of('hexBinary'), '{"a":"YWJj"}'],
    ['a text', of('string'), '{"a":"YWJj"}'],
    ['a short text', restricted('string', '<xs:maxLength value="3"/>'), '{"a":"YWJj"}'],
    ['a number', of('int'), '{"a":"1234"}'],
    ['a list', of('NMTOKENS'), '{"a":["YWJj"]}'],
    ['any element', element('<xs:sequence><xs:any processContents="skip"/></xs:sequence>'), '{"any":"YWJj"}'],
  ])('%s', (_, schema, json) => {
    const codec = construct(schema)
    expect(outcome(() => codec.encode(json, held))).toBe(outcome(() => codec.encode(json)))
  })
})
