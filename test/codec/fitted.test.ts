import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import type { RestOperation } from '../../src/adapter/rest.js'
import { parseJson, restoreExactNumbers } from '../../src/json/parse.js'
import type { JsonValue } from '../../src/json/value.js'

/** An operation whose input and output are the same content, described by the same JSON Schema. */
function fitted(content: string, schema: object, before = ''): RestOperation {
  const directory = mkdtempSync(join(tmpdir(), 'fitted-'))
  const element = (name: string): string =>
    `<xs:element name="${name}"><xs:complexType>${content}</xs:complexType></xs:element>`
  try {
    writeFileSync(
      join(directory, 'm.wsdl'),
      `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">${before}${element('m')}${element('r')}</xs:schema></types>
<message name="In"><part name="p" element="t:m"/></message><message name="Out"><part name="p" element="t:r"/></message>
<portType name="P"><operation name="op"><input message="t:In"/><output message="t:Out"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="op"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost/"/></port></service>
</definitions>`,
    )
    const media = { 'application/json': { schema } }
    const contract = {
      openapi: '3.1.0',
      info: { title: 'm', version: '1' },
      'x-soap-backends': { b: { wsdl: 'm.wsdl' } },
      paths: {
        '/m': {
          post: {
            operationId: 'm',
            'x-soap': { operation: 'op' },
            requestBody: { required: true, content: media },
            responses: { '200': { description: 'ok', content: media } },
          },
        },
      },
    }
    const operation = compileContract({ contract, baseDir: directory, env: {} }).operations.get('m')
    if (!operation) throw new Error('no operation')
    return operation
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function encode(operation: RestOperation, json: string): string {
  const parsed = parseJson(json)
  restoreExactNumbers(parsed.exact)
  const sent = operation.encode({ path: {}, query: {}, headers: {}, body: parsed.value as JsonValue })
  const [, body = ''] = /<soap:Body>(.*)<\/soap:Body>/s.exec(String(sent.body)) ?? []
  return body.replace(/(<\/?)n\d+:/g, '$1').replace(/^<m>(.*)<\/m>$/s, '$1')
}

function decode(operation: RestOperation, content: string): string {
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Body><r xmlns="urn:t" xmlns:t="urn:t">${content}</r></s:Body></s:Envelope>`
  return String(operation.decode({ status: 200, headers: { 'content-type': 'text/xml' }, body }).body)
}

const sequence = (content: string): string => `<xs:sequence>${content}</xs:sequence>`
const named = (name: string, content: string, occurs = ''): string =>
  `<xs:element name="${name}" ${occurs}><xs:complexType>${content}</xs:complexType></xs:element>`
const text = { type: 'string' }

describe('members that the contract leaves out', () => {
  const operation = fitted(
    sequence(
      '<xs:element name="A" type="xs:string"/><xs:element name="B" type="xs:int" minOccurs="0"/>' +
        '<xs:element name="C" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>' +
        '<xs:element name="F" type="xs:string" fixed="x"/>' +
        '<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="D" type="xs:string"/><xs:element name="E" type="xs:string"/></xs:choice>',
    ) + '<xs:attribute name="k" type="xs:int"/>',
    { type: 'object', required: ['a'], properties: { a: text } },
  )

  test('are not sent, but for what the XSD fixes', () => {
    expect(encode(operation, '{"a":"1"}')).toBe('<A>1</A><F>x</F>')
    expect(encode(operation, '{"a":"1","b":2,"c":["3"],"k":4,"#b":5,"items":[{"d":"6"}]}')).toBe(
      '<A>1</A><F>x</F>',
    )
  })

  test('are ignored in responses, whatever they hold', () => {
    expect(
      decode(operation, '<A>1</A><B>no number</B><C>2</C><C><x/></C><F>x</F><D>3</D><E>4</E><D>5</D>'),
    ).toBe('{"a":"1"}')
    expect(decode(operation, '<A>1</A><F>x</F>')).toBe('{"a":"1"}')
  })

  test('must stand where the WSDL has them all the same', () => {
    expect(() => decode(operation, '<B>1</B><A>1</A><F>x</F>')).toThrow(/B stands where the WSDL requires A/)
    expect(() => decode(operation, '<A>1</A>')).toThrow(/F is missing/)
    expect(() => decode(operation, '<A>1</A><B>1</B><B>2</B><F>x</F>')).toThrow(
      /B stands where the WSDL requires F/,
    )
    expect(() => decode(operation, '<A>1</A><F>x</F><Unheard/>')).toThrow(
      /of another name \(length 7\) is not expected/,
    )
  })
})

describe('flattened members', () => {
  const operation = fitted(
    sequence(
      '<xs:element name="Id" type="xs:int"/>' +
        named(
          'Name',
          sequence(
            '<xs:element name="Given" type="xs:string" minOccurs="0"/><xs:element name="Family" type="xs:string"/>',
          ) + '<xs:attribute name="use" type="xs:string"/>',
          'minOccurs="0"',
        ) +
        named(
          'Home',
          sequence(
            named(
              'Address',
              sequence(
                '<xs:element name="Town" type="xs:string" minOccurs="0"/><xs:element name="Line" type="xs:string" minOccurs="0" maxOccurs="2"/>',
              ),
            ),
          ),
          'minOccurs="0"',
        ),
    ),
    {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer' },
        given: { type: 'string', 'x-soap': { path: 'Name/Given' } },
        surname: { type: 'string', 'x-soap': { path: 'Name/Family' } },
        use: { type: 'string', 'x-soap': { path: 'Name/@use' } },
        town: { type: 'string', 'x-soap': { path: 'Home/Address/Town' } },
        lines: { type: 'array', items: text, 'x-soap': { path: 'Home/Address/Line' } },
      },
    },
  )

  test.each([
    [
      '{"id":1,"use":"u","given":"g","surname":"f","town":"t","lines":["a","b"]}',
      '<Id>1</Id><Name use="u"><Given>g</Given><Family>f</Family></Name><Home><Address><Town>t</Town><Line>a</Line><Line>b</Line></Address></Home>',
    ],
    ['{"id":1,"surname":"f","lines":[]}', '<Id>1</Id><Name><Family>f</Family></Name>'],
    ['{"id":1,"town":"","lines":[]}', '<Id>1</Id><Home><Address><Town></Town></Address></Home>'],
    ['{"id":1,"lines":["a"]}', '<Id>1</Id><Home><Address><Line>a</Line></Address></Home>'],
    ['{"id":1,"lines":[]}', '<Id>1</Id>'],
  ])('%s ↔ %s', (json, xml) => {
    expect(encode(operation, json)).toBe(xml)
    expect(decode(operation, xml)).toBe(json)
  })

  test('are refused in the words of the client', () => {
    expect(() => encode(operation, '{"id":1,"given":"g"}')).toThrow(
      expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/surname' })] }) as Error,
    )
    expect(() => encode(operation, '{"id":1,"lines":["a",2]}')).toThrow(
      expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/lines/1' })] }) as Error,
    )
  })

  test('of a group that is there and empty', () => {
    expect(decode(operation, '<Id>1</Id><Home><Address/></Home>')).toBe('{"id":1,"lines":[]}')
    expect(() => decode(operation, '<Id>1</Id><Home/>')).toThrow(/Address is missing/)
    expect(() => decode(operation, '<Id>1</Id><Name/>')).toThrow(/Family is missing/)
  })
})

describe('x-soap: { values }', () => {
  const operation = fitted(
    sequence(
      '<xs:element name="S"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="A"/><xs:enumeration value="I"/><xs:enumeration value="X Y"/></xs:restriction></xs:simpleType></xs:element><xs:element name="N" type="xs:int" minOccurs="0"/><xs:element name="L" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>',
    ),
    {
      type: 'object',
      required: ['s'],
      properties: {
        s: {
          type: 'string',
          enum: ['active', 'inactive', 'other'],
          'x-soap': { values: { active: 'A', inactive: 'I', other: 'X Y' } },
        },
        n: { type: 'string', enum: ['low', 'high'], 'x-soap': { values: { low: 1, high: 2 } } },
        l: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['a', 'constructor'],
            'x-soap': { values: { a: 'A', constructor: 'C' } },
          },
        },
      },
    },
  )

  test.each([
    ['{"s":"active","l":[]}', '<S>A</S>'],
    ['{"s":"other","n":"high","l":["a","constructor"]}', '<S>X Y</S><N>2</N><L>A</L><L>C</L>'],
  ])('%s ↔ %s', (json, xml) => {
    expect(encode(operation, json)).toBe(xml)
    expect(decode(operation, xml)).toBe(json)
  })

  test('reads another spelling of the same value', () => {
    expect(decode(operation, '<S>A</S><N> +01 </N>')).toBe('{"s":"active","n":"low","l":[]}')
  })

  test.each([
    '{"s":"A"}',
    '{"s":"toString"}',
    '{"s":"active","n":"1"}',
    '{"s":"active","n":1}',
    '{"s":"active","l":["toString"]}',
  ])('%s is refused', (json) => {
    expect(() => encode(operation, json)).toThrow(
      expect.objectContaining({ code: 'request-unencodable' }) as Error,
    )
  })

  test('a response that the contract has no value for is refused, and not shown', () => {
    const refuse = (): string => decode(operation, '<S>A</S><N>77</N>')
    expect(refuse).toThrow(expect.objectContaining({ code: 'backend-mismatch' }) as Error)
    expect(refuse).not.toThrow(/77/)
  })
})

describe('forms that a contract may choose', () => {
  const operation = fitted(
    sequence(
      ['decimal', 'long', 'double', 'date', 'dateTime']
        .map((type) => `<xs:element name="${type}" type="xs:${type}" minOccurs="0"/>`)
        .join(''),
    ),
    {
      type: 'object',
      properties: { decimal: { type: 'number' }, long: text, double: text, date: text, dateTime: text },
    },
  )

  test.each([
    ['{"decimal":1.10}', '<decimal>1.10</decimal>'],
    ['{"decimal":123456789012345678901234567890.5}', '<decimal>123456789012345678901234567890.5</decimal>'],
    ['{"long":"9007199254740993"}', '<long>9007199254740993</long>'],
    ['{"double":"INF"}', '<double>INF</double>'],
    ['{"double":"NaN"}', '<double>NaN</double>'],
    ['{"date":"2024-02-29+14:00"}', '<date>2024-02-29+14:00</date>'],
    ['{"dateTime":"2024-02-29T24:00:00"}', '<dateTime>2024-02-29T24:00:00</dateTime>'],
  ])('%s ↔ %s', (json, xml) => {
    expect(encode(operation, json)).toBe(xml)
    expect(decode(operation, xml)).toBe(json)
  })

  test('+ and zeros before a number are gone in a JSON number, and stay in a text', () => {
    expect(decode(operation, '<decimal>+01.10</decimal><long>+007</long>')).toBe(
      '{"decimal":1.10,"long":"+007"}',
    )
  })

  test('a number is not text and a text no number', () => {
    expect(() => encode(operation, '{"long":5}')).toThrow()
    expect(() => encode(operation, '{"decimal":"5"}')).toThrow()
    expect(() => encode(operation, '{"long":"5.5"}')).toThrow()
  })
})

describe('a choice of elements that hold nothing', () => {
  const boolean = { type: 'boolean' }
  const branch = (name: string): string => named(name, '')
  const choice = sequence(
    `<xs:element name="N" type="xs:int"/><xs:choice>${branch('A')}${branch('B')}</xs:choice>`,
  )
  const object = (properties: object, required: string[] = []): object => ({
    type: 'object',
    required: ['n', ...required],
    properties: { n: { type: 'integer' }, ...properties },
  })

  test.each([
    [
      'flags',
      { a: boolean, b: boolean },
      '{"n":1,"b":true}',
      ['{"n":1,"choice":"B"}', '{"n":1,"a":true,"b":true}'],
    ],
    ['objects', { a: { type: 'object' }, b: { type: 'object' } }, '{"n":1,"b":{}}', ['{"n":1}']],
    [
      'flags of other names',
      { x: { ...boolean, xml: { name: 'A' } }, y: { ...boolean, xml: { name: 'B' } } },
      '{"n":1,"y":true}',
      ['{"n":1,"b":true}'],
    ],
  ])('is %s where the contract has them', (_, properties, json, refused) => {
    const operation = fitted(choice, object(properties))
    expect(encode(operation, json)).toBe('<N>1</N><B></B>')
    expect(decode(operation, '<N>1</N><B/>')).toBe(json)
    for (const each of refused) expect(() => encode(operation, each)).toThrow()
  })

  test.each([
    ['its own', 'choice', { type: 'string', enum: ['A', 'B'] }, 'B'],
    ['another', 'kind', { type: 'string', enum: ['A', 'B'], xml: { name: 'choice' } }, 'B'],
    ['a path', 'kind', { type: 'string', enum: ['A', 'B'], 'x-soap': { path: 'choice' } }, 'B'],
    [
      'other values',
      'choice',
      { type: 'string', 'x-soap': { values: { first: 'A', second: 'B' } } },
      'second',
    ],
  ])('is one of their names, under %s name', (_, name, schema, value) => {
    const operation = fitted(choice, object({ [name]: schema }, [name]))
    const json = JSON.stringify({ n: 1, [name]: value })
    expect(encode(operation, json)).toBe('<N>1</N><B></B>')
    expect(decode(operation, '<N>1</N><B/>')).toBe(json)
    expect(() => encode(operation, '{"n":1}')).toThrow()
    expect(() => decode(operation, '<N>1</N>')).toThrow(/One of A, B is missing/)
  })

  test('must be in requests', () => {
    expect(() => fitted(choice, object({}))).toThrow(/one of the choice A, B/)
    const { type, enum: values } = { type: 'string', enum: ['A', 'B'] }
    expect(() => fitted(choice, object({ choice: { type, enum: values } }))).toThrow(/must be required/)
    expect(() => fitted(choice, object({ choice: { type, enum: ['A', 'C'] } }, ['choice']))).toThrow(
      /has no C/,
    )
  })
})

describe('inheritance under a discriminator of the contract', () => {
  const operation = fitted(
    sequence('<xs:element name="P" type="t:Pet" maxOccurs="unbounded"/>'),
    {
      type: 'object',
      required: ['p'],
      properties: {
        p: {
          type: 'array',
          items: {
            oneOf: [
              {
                type: 'object',
                required: ['kind', 'name', 'lives'],
                properties: { kind: { const: 'feline' }, name: text, lives: { type: 'integer' } },
                'x-soap': { type: 'Cat' },
              },
              {
                type: 'object',
                required: ['kind', 'name'],
                properties: { kind: { const: 'Dog' }, name: text },
                'x-soap': { type: 'Dog' },
              },
            ],
            discriminator: { propertyName: 'kind', mapping: {} },
          },
        },
      },
    },
    `<xs:complexType name="Pet" abstract="true"><xs:sequence><xs:element name="Name" type="xs:string"/></xs:sequence></xs:complexType>
     <xs:complexType name="Cat"><xs:complexContent><xs:extension base="t:Pet"><xs:sequence><xs:element name="Lives" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
     <xs:complexType name="Dog"><xs:complexContent><xs:extension base="t:Pet"/></xs:complexContent></xs:complexType>`,
  )

  test('each alternative has its value', () => {
    expect(decode(operation, '<P xsi:type="t:Dog"><Name>d</Name></P>')).toBe(
      '{"p":[{"kind":"Dog","name":"d"}]}',
    )
    expect(encode(operation, '{"p":[{"kind":"Dog","name":"d"}]}')).toMatch(
      /^<P xsi:type="n\d+:Dog"><Name>d<\/Name><\/P>$/,
    )
  })

  test('whose value an inline alternative says with const', () => {
    expect(decode(operation, '<P xsi:type="t:Cat"><Name>c</Name><Lives>9</Lives></P>')).toBe(
      '{"p":[{"kind":"feline","name":"c","lives":9}]}',
    )
    expect(encode(operation, '{"p":[{"kind":"feline","name":"c","lives":9}]}')).toContain(':Cat"')
  })
})
