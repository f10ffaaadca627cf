import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { AdapterError, ContractError } from '../../src/base/errors.js'
import { contractFiles } from '../../src/cli/contract/files.js'
import { startSimulator } from '../../src/tools/simulator/simulator.js'
import { operationOf } from './contract.js'
import { wsdlText } from './wsdl-text.js'

const hub = `<xs:schema targetNamespace="urn:hub" elementFormDefault="qualified" xmlns:t="urn:hub" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Order"><xs:complexType><xs:sequence>
    <xs:element name="Number" type="xs:unsignedLong"/>
    <xs:element name="Amount" type="xs:decimal"/>
    <xs:element name="Line" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="Sku" type="t:Sku"/>
    </xs:sequence><xs:attribute name="kind" type="xs:QName"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="Count" type="xs:int"/>
  <xs:element name="ErrorReport"><xs:complexType><xs:sequence><xs:element name="Code" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="Again"><xs:complexType><xs:sequence><xs:element name="Inner" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
  <xs:simpleType name="Sku"><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType>
</xs:schema>`

interface Case {
  readonly content: string
  readonly type?: string
  readonly schema?: string
  readonly payload?: string
}

/** An operation that takes a payload and gives one back. */
function contractOf({ content, type = 'xs:string', schema, payload }: Case): { files: [string, string][] } {
  const wsdl = wsdlText(
    `<xs:element name="Send"><xs:complexType><xs:sequence><xs:element name="Payload" type="${type}"/></xs:sequence></xs:complexType></xs:element>
     <xs:element name="SendResponse"><xs:complexType><xs:sequence><xs:element name="Payload" type="${type}"/></xs:sequence></xs:complexType></xs:element>`,
    'Send',
  )
  const openapi = `openapi: 3.1.0
info: { title: Hub, version: '1' }
x-soap-backends: { hub: { wsdl: w.wsdl } }
paths:
  /messages:
    post:
      operationId: send
      x-soap: { operation: Send }
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Message' } } }
      responses:
        '200': { description: done, content: { application/json: { schema: { $ref: '#/components/schemas/Message' } } } }
        '422':
          description: refused
          content: { application/problem+json: { schema: { type: object, properties: { fault: { type: object, required: [code], properties: { code: { type: string } } } } } } }
components:
  schemas:
    Message:
      type: object
      required: [payload]
      properties:
        payload: ${payload ?? `{ $ref: '#/components/schemas/Order', x-soap: { content: ${content} } }`}
    Order: ${
      schema ??
      `
      type: object
      required: [number, amount, lines]
      properties:
        number: { type: integer }
        amount: { type: number }
        lines: { type: array, xml: { name: Line }, items: { type: object, required: [sku], properties: { sku: { type: string }, kind: { type: string } } } }`
    }
`
  return {
    files: [
      ['w.wsdl', wsdl],
      ['hub.xsd', hub],
      [
        'broken.xsd',
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="A" type="B"/></xs:schema>',
      ],
      ['openapi.yaml', openapi],
    ],
  }
}

async function inFolder<T>(contract: Case, use: (file: string) => T): Promise<Awaited<T>> {
  const directory = mkdtempSync(join(tmpdir(), 'inner-'))
  try {
    for (const [name, text] of contractOf(contract).files) writeFileSync(join(directory, name), text)
    return await use(join(directory, 'openapi.yaml'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const compile = (contract: Case): Promise<Adapter> =>
  inFolder(contract, (file) => compileContract({ contract: file, env: {} }))

const basic = '{ schema: hub.xsd, element: Order }'
const order = { number: 7, amount: 1.5, lines: [{ sku: 'A<&1' }, { sku: 'B' }] }
const orderXml =
  '<n1:Order xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:n1="urn:hub"><n1:Number>7</n1:Number><n1:Amount>1.5</n1:Amount><n1:Line><n1:Sku>A&lt;&amp;1</n1:Sku></n1:Line><n1:Line><n1:Sku>B</n1:Sku></n1:Line></n1:Order>'

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function payloadOf(envelope: string): string {
  return /<(?:\w+:)?Payload[^>]*>([^<]*)</.exec(envelope)?.[1] ?? ''
}

function answer(payload: string): { status: number; headers: Record<string, string>; body: string } {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><SendResponse xmlns="urn:t"><Payload>${payload}</Payload></SendResponse></e:Body></e:Envelope>`,
  }
}

const encode = (adapter: Adapter, payload: unknown): string =>
  String(
    operationOf(adapter, 'send').encode({
      path: {},
      query: {},
      headers: {},
      body: { payload: payload as never },
    }).body,
  )

const decode = (adapter: Adapter, payload: string): unknown =>
  JSON.parse(String(operationOf(adapter, 'send').decode(answer(payload)).body))

function refused(run: () => unknown): Pick<AdapterError, 'code' | 'message' | 'path' | 'violations'> {
  try {
    run()
  } catch (error) {
    if (error instanceof AdapterError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a document in a text', () => {
  it.each([
    ['text', 'xs:string', (text: string) => unescape(text)],
    ['base64', 'xs:string', (text: string) => Buffer.from(text, 'base64').toString()],
    ['base64', 'xs:base64Binary', (text: string) => Buffer.from(text, 'base64').toString()],
    ['gzip+base64', 'xs:string', (text: string) => gunzipSync(Buffer.from(text, 'base64')).toString()],
    ['gzip+base64', 'xs:base64Binary', (text: string) => gunzipSync(Buffer.from(text, 'base64')).toString()],
  ])('is written and read as %s in %s', async (encoding, type, plain) => {
    const adapter = await compile({
      content: `{ schema: hub.xsd, element: Order, encoding: ${encoding} }`,
      type,
    })
    const sent = payloadOf(encode(adapter, order))
    expect(plain(sent)).toBe(orderXml)
    expect(decode(adapter, sent)).toEqual({ payload: order })
    await adapter.close()
  })

  it('may be CDATA, with a declaration, after blanks, with prefixes of its own', async () => {
    const adapter = await compile({ content: basic })
    const xml =
      '\n  <?xml version="1.0" encoding="UTF-16"?><o:Order xmlns:o="urn:hub" xmlns:k="urn:kinds"><o:Number>18446744073709551615</o:Number><o:Amount>0.10</o:Amount><o:Line kind="k:big"><o:Sku>x</o:Sku></o:Line></o:Order>\n'
    const { body } = operationOf(adapter, 'send').decode(answer(`<![CDATA[${xml}]]>`))
    expect(String(body)).toBe(
      '{"payload":{"number":18446744073709551615,"amount":0.10,"lines":[{"kind":"{urn:kinds}big","sku":"x"}]}}',
    )
    await adapter.close()
  })

  it('in base64 says its encoding itself', async () => {
    const adapter = await compile({
      content: '{ schema: hub.xsd, element: Order, encoding: base64 }',
      type: 'xs:base64Binary',
    })
    const latin = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><Order xmlns="urn:hub"><Number>1</Number><Amount>1</Amount><Line><Sku>\xe9</Sku></Line></Order>',
      'latin1',
    )
    expect(decode(adapter, latin.toString('base64'))).toEqual({
      payload: { number: 1, amount: 1, lines: [{ sku: 'é' }] },
    })
    await adapter.close()
  })

  it('may be of a simple type; an empty text is none', async () => {
    const adapter = await compile({
      content: '',
      payload: "{ type: integer, x-soap: { content: { schema: hub.xsd, element: '{urn:hub}Count' } } }",
    })
    expect(unescape(payloadOf(encode(adapter, 3)))).toContain('>3</n1:Count>')
    expect(decode(adapter, escape('<Count xmlns="urn:hub">4</Count>'))).toEqual({ payload: 4 })
    expect(refused(() => decode(adapter, '')).code).toBe('backend-malformed')
    await adapter.close()
  })

  it('may be none in a response, where the contract allows null', async () => {
    const nullable = `{ anyOf: [{ $ref: '#/components/schemas/Order' }, { type: 'null' }], x-soap: { content: ${basic} } }`
    await inFolder({ content: '', payload: nullable }, (file) => {
      const text = readFileSync(file, 'utf8')
      const only = text
        .replace(
          "requestBody:\n        required: true\n        content: { application/json: { schema: { $ref: '#/components/schemas/Message' } } }",
          'parameters: [{ name: p, in: query, required: true, schema: { type: string } }]',
        )
        .replace('{ operation: Send }', '{ operation: Send, request: { Payload: $request.query.p } }')
      writeFileSync(file, only)
      const adapter = compileContract({ contract: file, env: {} })
      expect(decode(adapter, '')).toEqual({ payload: null })
      expect(decode(adapter, escape(orderXml))).toEqual({ payload: order })
    })
  })

  it('has samples, which are read', async () => {
    const adapter = await compile({ content: '{ schema: hub.xsd, element: Order, encoding: gzip+base64 }' })
    const send = operationOf(adapter, 'send')
    const request = send.sample({ optionals: 'all' })
    expect(request.body).toMatchObject({ payload: { number: 1, lines: [{}, {}] } })
    send.encode(request)
    expect(JSON.parse(String(send.decode(send.sampleResponse({ optionals: 'all' })).body))).toMatchObject({
      payload: { number: 1 },
    })
    await adapter.close()
  })

  it('tells where in a request it cannot be written', async () => {
    const adapter = await compile({ content: '{ schema: hub.xsd, element: Order, maxBytes: 1000 }' })
    const long = refused(() => encode(adapter, { ...order, lines: [{ sku: 'a' }, { sku: 'toolong' }] }))
    expect(long.code).toBe('request-unencodable')
    expect(long.violations.map(({ pointer }) => pointer)).toEqual(['/payload/lines/1/sku'])
    const large = refused(() => encode(adapter, { ...order, lines: Array(50).fill({ sku: 'abc' }) }))
    expect(large.violations).toEqual([
      { pointer: '/payload', detail: expect.stringContaining('more than 1000 bytes') as string },
    ])
    await adapter.close()
  })

  const inOrder = '/Envelope/Body/SendResponse/Payload/#document/Order'
  it.each([
    ['text that is no XML', 'hello', 'backend-malformed', '/Envelope/Body/SendResponse/Payload/#document'],
    [
      'a document type declaration',
      escape('<!DOCTYPE Order [<!ENTITY a "b">]><Order xmlns="urn:hub"/>'),
      'backend-malformed',
      undefined,
    ],
    [
      'another element',
      escape('<Count xmlns="urn:hub">1</Count>'),
      'backend-mismatch',
      '/Envelope/Body/SendResponse/Payload/#document/Count',
    ],
    [
      'a value that is none',
      escape('<Order xmlns="urn:hub">\n  <Number>x</Number></Order>'),
      'backend-mismatch',
      `${inOrder}/Number`,
    ],
    [
      'two documents',
      escape('<Order xmlns="urn:hub"><Number>1</Number><Amount>1</Amount></Order><a/>'),
      'backend-malformed',
      undefined,
    ],
    [
      'elements within elements',
      escape(`<Order xmlns="urn:hub">${'<a>'.repeat(9)}${'</a>'.repeat(9)}</Order>`),
      'backend-mismatch',
      undefined,
    ],
  ])('refuses a response with %s, and says where in it', async (_, payload, code, path) => {
    const adapter = await compile({ content: '{ schema: hub.xsd, element: Order, maxDepth: 5 }' })
    const error = refused(() => decode(adapter, payload))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/The document in Payload.*\d+:\d+/s)
    expect(error.message).not.toContain('hello')
    if (path !== undefined) expect(error.path).toBe(path)
    await adapter.close()
  })

  it('bounds what is unpacked: of one document, and of all in a message', async () => {
    const adapter = await compile({
      content: '{ schema: hub.xsd, element: Order, encoding: gzip+base64, maxBytes: 10000 }',
    })
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' ')).toString('base64')
    expect(refused(() => decode(adapter, bomb))).toMatchObject({
      code: 'backend-too-large',
      path: '/Envelope/Body/SendResponse/Payload',
    })
    expect(refused(() => decode(adapter, 'AAAA'))).toMatchObject({ code: 'backend-mismatch' })
    expect(refused(() => decode(adapter, '*'))).toMatchObject({ code: 'backend-mismatch' })
    await adapter.close()
  })

  it('may tell an error instead, which is a fault', async () => {
    const adapter = await compile({
      content: '{ schema: hub.xsd, element: Order, faults: { ErrorReport: 422 } }',
    })
    const response = operationOf(adapter, 'send').decode(
      answer(escape('<ErrorReport xmlns="urn:hub"><Code>E7</Code></ErrorReport>')),
    )
    expect(response.status).toBe(422)
    expect(JSON.parse(String(response.body))).toMatchObject({
      code: 'ErrorReport',
      title: 'Error report',
      fault: { code: 'E7' },
    })
    await adapter.close()
  })

  it('is simulated: the request is read, the response has a document', () =>
    inFolder({ content: '{ schema: hub.xsd, element: Order, encoding: base64 }' }, async (file) => {
      const simulator = await startSimulator({
        wsdls: [file.replace('openapi.yaml', 'w.wsdl')],
        contract: file,
      })
      const adapter = compileContract({ contract: file, env: {} })
      const call = async (envelope: string): Promise<string> => {
        const response = await fetch(simulator.endpoints[0]?.url ?? '', {
          method: 'POST',
          headers: { 'content-type': 'text/xml', soapaction: '""' },
          body: envelope,
        })
        return response.text()
      }
      const sent = encode(adapter, order)
      const plain = Buffer.from(payloadOf(await call(sent)), 'base64').toString()
      expect(plain).toMatch(/^<n1:Order .*<n1:Number>1<\/n1:Number>/)
      const wrong = Buffer.from(orderXml.replace('>7<', '>seven<')).toString('base64')
      expect(await call(sent.replace(payloadOf(sent), wrong))).toMatch(
        /faultstring.*#document\/Order\/Number/,
      )
      await adapter.close()
      await simulator.close()
    }))
})

it('has a schema whose changes are watched', () =>
  inFolder({ content: basic }, (file) => {
    expect([...(contractFiles(file, {}) ?? [])].map((path) => path.split('/').at(-1))).toEqual([
      'openapi.yaml',
      'w.wsdl',
      'hub.xsd',
    ])
  }))

it('has a schema that is read at the start, where the contract was judged before, too', () =>
  inFolder({ content: basic }, (file) => {
    const load = (isJudged: boolean) => compileContract({ contract: file, env: {}, isJudged })
    const adapters = [load(false), load(true)]
    rmSync(file.replace('openapi.yaml', 'hub.xsd'))
    const [expected, sent] = adapters.map((adapter) => payloadOf(encode(adapter, order)))
    expect(sent).toBe(expected)
    expect(sent).toContain('Order')
  }))

describe('content is checked at the start', () => {
  it.each([
    ['another key', '{ schema: hub.xsd, element: Order, encodings: text }', 'annotation-invalid'],
    ['no element', '{ schema: hub.xsd }', 'annotation-invalid'],
    ['an unknown encoding', '{ schema: hub.xsd, element: Order, encoding: zip }', 'annotation-invalid'],
    ['a limit that is none', '{ schema: hub.xsd, element: Order, maxBytes: 0 }', 'annotation-invalid'],
    [
      'a fault that is no error',
      '{ schema: hub.xsd, element: Order, faults: { ErrorReport: 200 } }',
      'annotation-invalid',
    ],
    ['a file that is not there', '{ schema: none.xsd, element: Order }', 'document-invalid'],
    ['a schema that is wrong', '{ schema: broken.xsd, element: A }', 'xsd-unresolved'],
    ['an element that is not there', '{ schema: hub.xsd, element: Ordr }', 'document-invalid'],
    [
      'a fault that is not there',
      '{ schema: hub.xsd, element: Order, faults: { Eror: 422 } }',
      'document-invalid',
    ],
    [
      'a fault without a response',
      '{ schema: hub.xsd, element: Order, faults: { ErrorReport: 409 } }',
      'fault-undeclared',
    ],
    ['members that the schema has not', '{ schema: hub.xsd, element: ErrorReport }', 'member-unknown'],
  ])('%s', async (_, content, code) => {
    const error = await compile({ content }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(ContractError)
    const { diagnostics } = error as ContractError
    expect(diagnostics.map((one) => one.code)).toContain(code)
  })

  it.each([
    ['a number', 'xs:int', basic],
    ['bytes as text', 'xs:base64Binary', basic],
  ])('where the WSDL has %s', async (_, type, content) => {
    await expect(compile({ type, content })).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'document-invalid' })]) as unknown,
    })
  })

  it('a document that holds itself', async () => {
    const again = '{ schema: hub.xsd, element: Again }'
    const payload = `{ $ref: '#/components/schemas/Order', x-soap: { content: ${again} } }`
    const schema = `{ type: object, required: [inner], properties: { inner: ${payload} } }`
    await expect(compile({ content: '', payload, schema })).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          code: 'document-invalid',
          message: expect.stringContaining('without end') as string,
        }),
      ]) as unknown,
    })
  })
})
