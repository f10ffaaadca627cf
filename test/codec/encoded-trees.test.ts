import { afterEach, describe, expect, test, vi } from 'vitest'
import { AdapterError } from '../../src/base/errors.js'
import type { EncodingOptions } from '../../src/soap/encoding/message.js'
import { Resolver } from '../../src/soap/encoding/resolver.js'
import { TreeReader, unresolved } from '../../src/soap/encoding/tree-reader.js'
import fc from '../oracle/property.js'
import { RandomContract } from './encoded-generator.js'
import { encodedMessage } from './encoded-message.js'

afterEach(() => {
  vi.restoreAllMocks()
})

type Decoder = (body: string) => string

/** JSON, or all that is said of what is wrong. */
function outcome(decode: Decoder, body: string): unknown {
  try {
    return decode(body)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { code, path } = error instanceof AdapterError ? error : { code: undefined, path: undefined }
    return { name: error.name, message: error.message, code, path }
  }
}

/** The same with every message resolved first. */
function resolvedOutcome(decode: Decoder, body: string): unknown {
  const given = vi.spyOn(TreeReader.prototype, 'nextElement').mockImplementation(() => {
    throw unresolved
  })
  try {
    return outcome(decode, body)
  } finally {
    given.mockRestore()
  }
}

const struct = (name: string, members: string): string =>
  `<xs:complexType name="${name}"><xs:sequence>${members}</xs:sequence></xs:complexType>`
const array = (name: string, type: string): string =>
  `<xs:complexType name="${name}"><xs:complexContent><xs:restriction base="soapenc:Array"><xs:attribute ref="soapenc:arrayType" wsdl:arrayType="${type}"/></xs:restriction></xs:complexContent></xs:complexType>`

const person = struct(
  'Person',
  '<xs:element name="Name" type="xs:string"/><xs:element name="Age" type="xs:int" minOccurs="0"/>',
)
const people = encodedMessage({
  schema:
    person +
    `<xs:complexType name="Worker"><xs:complexContent><xs:extension base="t:Person"><xs:sequence><xs:element name="Job" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>` +
    array('People', 't:Person[]'),
  parts: { list: 't:People', note: 'xsd:string' },
  nullable: ['list', 'note'],
})
const op = (list: string, note = '<note>n</note>', more = ''): string =>
  `<r:opResponse xmlns:r="urn:rpc"${more}>${list}${note}</r:opResponse>`
const names = (...members: string[]): string =>
  `<list xsi:type="soapenc:Array" soapenc:arrayType="t:Person[${members.length}]">${members.join('')}</list>`
const typed = '<i xsi:type="t:Person"><Name xsi:type="xsd:string">a</Name><Age xsi:type="xsd:int">1</Age></i>'

const trees: Readonly<Record<string, string>> = {
  'types on everything': op(names(typed, typed)),
  'types on nothing': op('<list><i><Name>a</Name></i></list>'),
  'types of no consequence': op(names('<i><Name xsi:type="soapenc:string">a</Name></i>')),
  'members with a namespace': op(names('<t:i><t:Name>a</t:Name></t:i>')),
  'members in another order': op(names('<i><Age>1</Age><Name>a</Name></i>')),
  'a type that the array implies': op(
    '<list soapenc:arrayType="t:Worker[1]"><i><Name>a</Name><Job>b</Job></i></list>',
  ),
  'a derived type': op(names(typed, '<i xsi:type="t:Worker"><Name>a</Name><Job>b</Job></i>')),
  'an array of an unsaid size': op('<list soapenc:arrayType="t:Person[]"><i><Name>a</Name></i></list>'),
  'an empty array': op(names()),
  'the attributes of SOAP 1.2': op(
    '<list enc:itemType="t:Person" enc:arraySize="1"><i><Name>a</Name></i></list>',
  ),
  'values that are nil': op('<list xsi:type="soapenc:Array" xsi:nil="1"/>', '<note xsi:nil="true"/>'),
  'a return value of another name': op('<opReturn><i><Name>a</Name></i></opReturn>'),
  'the name of the return value before it': op(
    `<rpc:result xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">list</rpc:result>${names(typed)}`,
  ),
  'attributes that mean nothing here': op(
    names('<i t:a="1"><Name xml:lang="de">a</Name></i>'),
    undefined,
    ' a="b"',
  ),
  'white space and comments': op(` <list>\n <i><Name>a</Name> <!-- c --></i></list> `),
}

const others: Readonly<Record<string, string>> = {
  references: op('<list><i href="#1"/></list>') + '<m id="1"><Name>a</Name></m>',
  'what could be referred to': op('<list><i id="1"><Name>a</Name></i></list>'),
  'an element behind the wrapper': `${op(names(typed))}<m soapenc:root="0"/>`,
  positions: op('<list soapenc:arrayType="t:Person[1]"><i soapenc:position="[0]"><Name>a</Name></i></list>'),
  'an offset': op('<list soapenc:arrayType="t:Person[1]" soapenc:offset="[0]"><i><Name>a</Name></i></list>'),
  'a text that is a name by its type': op(names(typed), '<note xsi:type="xsd:QName">t:x</note>'),
}

describe('a message that is read as it stands', () => {
  const resolutions = (body: string): number => {
    const spy = vi.spyOn(Resolver.prototype, 'declarations')
    people.decode(body)
    return spy.mock.calls.length
  }

  test.each(Object.entries(trees))('may have %s', (_what, body) => {
    expect(resolutions(body)).toBe(0)
  })

  test.each(Object.entries(others))('does not have %s', (_what, body) => {
    expect(resolutions(body)).toBe(1)
  })

  test('is no longer than a message may be that has been resolved', () => {
    const body = `<!--${'c'.repeat(1000)}-->${op(names(typed))}`
    const spy = vi.spyOn(Resolver.prototype, 'declarations')
    expect(people.decode(body, { maxLength: 1000 })).toBe(people.decode(body))
    expect(spy).toHaveBeenCalledTimes(1)
  })

  test('means what its prefixes mean, whatever they meant in the message before', () => {
    const decode = people.decoder()
    const withPrefix = (uri: string): string =>
      op('<list/>', '<note xsi:type="x:base64Binary">w6Q=</note>', ` xmlns:x="${uri}"`)
    const xsd = 'http://www.w3.org/2001/XMLSchema'
    const text = '{"list":[],"note":"w6Q="}'
    const refusal: unknown = expect.objectContaining({
      message: 'note is base64 by its xsi:type, but not by the WSDL.',
    })
    for (const expected of [text, refusal, text, refusal]) {
      // A tag is remembered once it has come twice.
      for (let times = 0; times < 3; times++) {
        expect(outcome(decode, withPrefix(expected === text ? 'urn:t' : xsd))).toEqual(expected)
      }
    }
  })

  test.each(['', '<m soapenc:root="0"/>'])(
    'has types by what a prefix means where it stands (%s)',
    (behind) => {
      const message = encodedMessage({
        schema: struct('int', '<xs:element name="v" type="xs:string"/>'),
        parts: { a: 'xsd:anyType', b: 'xsd:anyType', c: 'xsd:anyType' },
      })
      const ofXsd = 'xsi:type="x:int">1'
      const body =
        `<r:op xmlns:x="http://www.w3.org/2001/XMLSchema"><a ${ofXsd}</a>` +
        `<b xmlns:x="urn:t" xsi:type="x:int"><v>2</v></b><c ${ofXsd}</c></r:op>${behind}`
      const int = '{"type":"int","value":1}'
      expect(message.decode(body)).toBe(`{"a":${int},"b":{"type":"Int","v":"2"},"c":${int}}`)
    },
  )

  test('has a return value of another name in its first place alone, wherever it stood before', () => {
    const decode = encodedMessage({ parts: { result: 'xsd:string', extra: 'xsd:string' } }).decoder()
    const result = '<opReturn xsi:type="xsd:string">x</opReturn>'
    const extra = '<extra xsi:type="xsd:string">y</extra>'
    for (let times = 0; times < 3; times++)
      expect(decode(`<r:op>${result}${extra}</r:op>`)).toBe('{"result":"x","extra":"y"}')
    expect(outcome(decode, `<r:op>${extra}${result}</r:op>`)).toMatchObject({ name: 'AdapterError' })
  })

  test('has each accessor once, where the struct is open to any element, too', () => {
    const members = '<xs:element name="B" type="xs:string"/>'
    const open = '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>'
    const decode = encodedMessage({ schema: struct('S', members + open), parts: { s: 't:S' } }).decoder()
    expect(decode('<r:op><s><B>1</B></s></r:op>')).toBe('{"s":{"b":"1","any":[]}}')
    expect(outcome(decode, '<r:op><s><B>1</B><B>2</B></s></r:op>')).toMatchObject({
      message: 'B occurs twice.',
    })
  })

  test.each<Partial<EncodingOptions>>([{}, { lenient: true }])(
    'is what it is when it is resolved first (%o)',
    (options) => {
      const resolutions = vi.spyOn(Resolver.prototype, 'declarations')
      let asTheyStand = 0
      fc.assert(
        fc.property(fc.gen(), (choose) => {
          const contract = new RandomContract(choose)
          const decode = encodedMessage(contract.source).decoder(options)
          for (let count = 0; count < 12; count++) {
            const body = contract.message()
            resolutions.mockClear()
            const read = outcome(decode, body)
            if (typeof read === 'string' && resolutions.mock.calls.length === 0) asTheyStand++
            expect({ body, outcome: read }).toEqual({ body, outcome: resolvedOutcome(decode, body) })
          }
        }),
        // A smaller contract would say no more than the message that is shown, and takes long to find.
        { endOnFailure: true },
      )
      // Else it would prove nothing.
      expect(asTheyStand).toBeGreaterThan(100)
    },
  )
})
