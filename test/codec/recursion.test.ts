import { describe, expect, test } from 'vitest'
import { EncodeError } from '../../src/codec/codec.js'
import { JsonError } from '../../src/json/parse.js'
import { XmlError } from '../../src/xml/reader.js'
import { construct } from './construct.js'

const codec = construct(`
  <xs:complexType name="Node"><xs:sequence>
    <xs:element name="N" type="t:Node" minOccurs="0"/>
    <xs:element name="A" type="t:List" minOccurs="0"/>
    <xs:any namespace="##other" processContents="skip" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="List"><xs:sequence><xs:element name="I" type="t:Node" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:element name="m" type="t:Node"/>`)

const json = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}{}${close.repeat(depth)}`
const xml = (open: string, close: string, depth: number): string =>
  `<m xmlns="urn:t">${open.repeat(depth)}${close.repeat(depth)}</m>`

describe('a type that contains itself', () => {
  test.each([1, 10, 60])('%i deep goes there and back', (depth) => {
    const written = codec.encode(json('{"n":', '}', depth))
    expect(codec.judge(written)).toEqual([])
    expect(codec.decode(written)).toBe(json('{"n":', '}', depth))
  })

  test('by way of a list of itself', () => {
    const text = '{"a":[{"a":[{},{"n":{}}]},{}]}'
    expect(codec.decode(codec.encode(text))).toBe(text)
  })

  test.each([500, 50_000, 1_000_000])(
    '%i deep in a request is refused by the limit, not by the stack',
    (depth) => {
      expect(() => codec.encode(json('{"n":', '}', depth))).toThrow(JsonError)
      expect(() => codec.encode(json('{"a":[', ']}', depth))).toThrow(JsonError)
    },
  )

  test.each([500, 50_000])('%i deep in a response is refused by the limit, not by the stack', (depth) => {
    const refuse = (): string => codec.decode(xml('<N>', '</N>', depth))
    expect(refuse).toThrow(XmlError)
    expect(refuse).toThrow(expect.objectContaining({ code: 'limit' }) as Error)
  })

  test.each([500, 50_000])('%i deep inside XML text is refused at its member', (depth) => {
    const deep = `${'<o xmlns=\\"urn:o\\">'.repeat(depth)}${'</o>'.repeat(depth)}`
    const refuse = (): string => codec.encode(`{"any":"${deep}"}`)
    expect(refuse).toThrow(EncodeError)
    expect(refuse).toThrow(expect.objectContaining({ pointer: '/any' }) as Error)
  })
})
