import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import type { RestRequest, RestResponse } from '../../src/adapter/rest.js'
import { AdapterError, ContractError } from '../../src/base/errors.js'
import { startSimulator } from '../../src/tools/simulator/simulator.js'
import { operationOf } from './contract.js'

const wsdl = `<definitions name="Stock" targetNamespace="urn:s" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:s"
  xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types><xs:schema targetNamespace="urn:s" elementFormDefault="qualified">
    <xs:element name="Query"><xs:complexType><xs:sequence><xs:element name="Sku" type="xs:string"/><xs:element name="Count" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Level"><xs:complexType><xs:sequence><xs:element name="Sku" type="xs:string"/><xs:element name="Count" type="xs:long"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Unknown"><xs:complexType><xs:sequence><xs:element name="Sku" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
    <xs:complexType name="ArrayOfString"><xs:sequence><xs:element name="string" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  </xs:schema></types>
  <message name="In"><part name="body" element="t:Query"/></message>
  <message name="Out"><part name="body" element="t:Level"/></message>
  <message name="No"><part name="body" element="t:Unknown"/></message>
  <message name="Values"><part name="sku" type="xs:string"/><part name="count" type="xs:int"/><part name="tags" type="t:ArrayOfString"/></message>
  <message name="Paths"><part name="sku" type="xs:string"/><part name="count" type="xs:int"/></message>
  <portType name="Xml"><operation name="Level"><input message="t:In"/><output message="t:Out"/><fault name="Unknown" message="t:No"/></operation></portType>
  <portType name="Url"><operation name="Level"><input message="t:Values"/><output message="t:Out"/></operation></portType>
  <portType name="Path"><operation name="Level"><input message="t:Paths"/><output message="t:Out"/></operation></portType>
  <binding name="Soap" type="t:Xml"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Level"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
  <binding name="PostXml" type="t:Xml"><http:binding verb="POST"/>
    <operation name="Level"><http:operation location="/level"/><input><mime:mimeXml part="body"/></input><output><mime:mimeXml part="body"/></output></operation></binding>
  <binding name="PostForm" type="t:Url"><http:binding verb="POST"/>
    <operation name="Level"><http:operation location="/level"/><input><mime:content type="application/x-www-form-urlencoded"/></input><output><mime:mimeXml part="body"/></output></operation></binding>
  <binding name="GetQuery" type="t:Url"><http:binding verb="GET"/>
    <operation name="Level"><http:operation location="/level"/><input><http:urlEncoded/></input><output><mime:content type="text/xml"/></output></operation></binding>
  <binding name="GetPath" type="t:Path"><http:binding verb="GET"/>
    <operation name="Level"><http:operation location="/level/(sku)/at(count)"/><input><http:urlReplacement/></input><output><mime:mimeXml part="body"/></output></operation></binding>
  <binding name="PutXml" type="t:Xml"><http:binding verb="PUT"/><operation name="Level"><http:operation location="/x"/><input><mime:mimeXml/></input><output><mime:mimeXml/></output></operation></binding>
  <service name="S">
    <port name="Soap" binding="t:Soap"><soap:address location="http://127.0.0.1:1/soap"/></port>
    <port name="PostXml" binding="t:PostXml"><http:address location="http://127.0.0.1:1/xml"/></port>
    <port name="PostForm" binding="t:PostForm"><http:address location="http://127.0.0.1:1/form"/></port>
    <port name="GetQuery" binding="t:GetQuery"><http:address location="http://127.0.0.1:1/query"/></port>
    <port name="GetPath" binding="t:GetPath"><http:address location="http://127.0.0.1:1/path"/></port>
    <port name="PutXml" binding="t:PutXml"><http:address location="http://127.0.0.1:1/put"/></port>
  </service>
</definitions>`

interface Given {
  /** Further keys of the backend. */
  readonly backend: string
  /** Of the operation. */
  readonly operation?: string
}

const parametersOf = (backend: string): string =>
  backend.includes('GetPath')
    ? ''
    : backend.includes('GetQuery') || backend.includes('PostForm')
      ? '\n        - { name: tags, in: query, required: true, schema: { type: array, items: { type: string } } }'
      : ''

const contractOf = ({ backend, operation = '' }: Given): string => `openapi: 3.1.0
info: { title: Stock, version: '1' }
x-soap-backends: { stock: { wsdl: w.wsdl, ${backend} } }
paths:
  /levels/{sku}:
    get:
      operationId: level
      parameters:
        - { name: sku, in: path, required: true, schema: { type: string } }
        - { name: count, in: query, required: true, schema: { type: integer } }${parametersOf(backend)}
      x-soap: { operation: Level${operation} }
      responses:
        '200': { description: done, content: { application/json: { schema: { type: object, required: [sku, count], properties: { sku: { type: string }, count: { type: integer } } } } } }
        '404': { description: none, content: { application/problem+json: { schema: { type: object } } } }
        '409': { description: busy, content: { application/problem+json: { schema: { type: object } } } }
`

async function inFolder<T>(given: Given, use: (file: string) => T): Promise<Awaited<T>> {
  const directory = mkdtempSync(join(tmpdir(), 'plain-'))
  try {
    writeFileSync(join(directory, 'w.wsdl'), wsdl)
    writeFileSync(join(directory, 'openapi.yaml'), contractOf(given))
    return await use(join(directory, 'openapi.yaml'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

interface Seen {
  readonly method: string
  readonly url: string
  readonly type: string
  readonly body: string
}
let seen: Seen[] = []
let next: { status: number; type?: string; body: string } = { status: 200, body: '' }
let server: Server
let base: string
const adapters: Adapter[] = []

beforeAll(async () => {
  server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    req.on('end', () => {
      seen.push({
        method: req.method ?? '',
        url: req.url ?? '',
        type: req.headers['content-type'] ?? '',
        body,
      })
      res.writeHead(next.status, { 'content-type': next.type ?? 'text/xml' }).end(next.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const adapter of adapters) await adapter.close()
  server.close()
})

async function adapterOf(given: Given): Promise<Adapter> {
  const adapter = await inFolder(given, (file) => compileContract({ contract: file, env: {} }))
  adapters.push(adapter)
  return adapter
}

const level = '<Level xmlns="urn:s"><Sku>a b</Sku><Count>9007199254740993</Count></Level>'
const request: RestRequest = {
  path: { sku: 'a/b ü' },
  query: { count: '3', tags: ['x', 'y&z'] },
  headers: {},
}

async function call(
  adapter: Adapter,
  answer: typeof next,
): Promise<Pick<RestResponse, 'status'> & { readonly body: unknown; readonly code?: string }> {
  seen = []
  next = answer
  try {
    const { status, body } = await operationOf(adapter, 'level').invoke(request)
    return { status, body: JSON.parse(String(body)) as unknown }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return { status: 0, body: error.message, code: error.code }
  }
}

describe('without an envelope', () => {
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>\n<n1:Query xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:n1="urn:s"><n1:Sku>a/b ü</n1:Sku><n1:Count>3</n1:Count></n1:Query>'
  const values = new URLSearchParams([
    ['sku', 'a/b ü'],
    ['count', '3'],
    ['tags', 'x'],
    ['tags', 'y&z'],
  ]).toString()
  it.each([
    ['Soap, envelope: none', '', { method: 'POST', url: '/x', type: 'text/xml; charset=utf-8', body: xml }],
    ['PostXml', '', { method: 'POST', url: '/x/level', type: 'text/xml; charset=utf-8', body: xml }],
    [
      'PostForm',
      '/?key=1',
      {
        method: 'POST',
        url: '/x/level?key=1',
        type: 'application/x-www-form-urlencoded',
        body: values,
      },
    ],
    ['GetQuery', '', { method: 'GET', url: `/x/level?${values}`, type: '', body: '' }],
    ['GetQuery', '?key=1', { method: 'GET', url: `/x/level?${values}&key=1`, type: '', body: '' }],
    ['GetPath', '/', { method: 'GET', url: '/x/level/a%2Fb%20%C3%BC/at3', type: '', body: '' }],
  ])('%s at …%s is called as its binding says', async (port, end, expected) => {
    const adapter = await adapterOf({ backend: `port: ${port}, endpoint: '${base}/x${end}'` })
    const response = await call(adapter, { status: 200, body: `<?xml-stylesheet href="x"?>${level}` })
    expect(seen).toEqual([expected])
    expect(response).toEqual({ status: 200, body: { sku: 'a b', count: Number('9007199254740993') } })
  })

  const faults =
    ', faults: { Unknown: 404, Gone: { when: { code: HTTP.410 }, status: 404 }, Busy: { when: { detail: Busy }, status: 409, values: { until: Busy/@until } } }'
  it.each([
    [
      'a declared element with 404',
      404,
      '<Unknown xmlns="urn:s"><Sku>q</Sku></Unknown>',
      404,
      { code: 'Unknown', fault: { sku: 'q' } },
    ],
    [
      'a declared element with 200',
      200,
      '<Unknown xmlns="urn:s"><Sku>q</Sku></Unknown>',
      404,
      { code: 'Unknown' },
    ],
    ['a mapped status', 410, '<html><br></html>', 404, { code: 'Gone' }],
    ['a mapped status without a body', 410, '', 404, { code: 'Gone' }],
    [
      'a mapped element with 500',
      500,
      '<Busy until="noon"/>',
      409,
      { code: 'Busy', fault: { until: 'noon' } },
    ],
    [
      'a mapped element with 200',
      200,
      '<Busy until="noon"/>',
      409,
      { code: 'Busy', fault: { until: 'noon' } },
    ],
  ])('%s is a fault', async (_, status, body, expected, problem) => {
    const adapter = await adapterOf({ backend: `port: PostXml, endpoint: '${base}'`, operation: faults })
    const response = await call(adapter, { status, body })
    expect(response.status).toBe(expected)
    expect(response.body).toMatchObject(problem)
    expect(adapter.backends()[0]?.breaker).toBe('closed')
  })

  it.each([
    ['a status that nothing is mapped to', 422, level, 'backend-fault'],
    ['a service that is ill', 503, '<html>', 'backend-not-soap'],
    ['one that asks for a login', 401, '', 'backend-login'],
    ['a redirect', 302, '', 'backend-not-soap'],
    ['another element', 200, '<Other/>', 'backend-mismatch'],
    ['a value that is none', 200, level.replace('9007199254740993', 'many'), 'backend-mismatch'],
    ['no XML', 200, 'hello', 'backend-malformed'],
    ['a document type declaration', 200, `<!DOCTYPE a>${level}`, 'backend-malformed'],
    ['nothing', 200, '', 'backend-not-soap'],
    ['two elements', 200, `${level}<a/>`, 'backend-malformed'],
  ])('%s is refused', async (_, status, body, code) => {
    const adapter = await adapterOf({ backend: `port: PostXml, endpoint: '${base}'` })
    const response = await call(adapter, { status, body })
    expect(response.code).toBe(code)
    expect(response.body).not.toContain('hello')
  })

  it('opens the breaker, and is retried, by status', async () => {
    const policy = 'retry: { attempts: 3, baseMs: 1 }, breaker: { minimumCalls: 3, failurePercent: 50 }'
    const adapter = await adapterOf({ backend: `port: GetQuery, endpoint: '${base}', ${policy}` })
    expect((await call(adapter, { status: 503, body: '' })).code).toBe('backend-not-soap')
    expect(seen).toHaveLength(3)
    expect((await call(adapter, { status: 200, body: level })).code).toBe('backend-unavailable')
  })

  it('has samples, and faults among its examples', async () => {
    const adapter = await adapterOf({ backend: 'port: PostXml', operation: ', faults: { Unknown: 404 }' })
    const operation = operationOf(adapter, 'level')
    expect(operation.examples?.().map(({ response }) => response.status)).toEqual([200, 404])
    expect(String(operation.sampleResponse({ optionals: 'all' }).body)).toMatch(/^<\?xml .*\n<n1:Level /)
  })

  it.each(['Soap, envelope: none', 'PostXml', 'PostForm', 'GetQuery', 'GetPath'])('%s is simulated', (port) =>
    inFolder({ backend: `port: ${port}, endpoint: '\${URL}'` }, async (file) => {
      const env = { URL: 'http://127.0.0.1:1' }
      const simulator = await startSimulator({
        wsdls: [file.replace('openapi.yaml', 'w.wsdl')],
        contract: file,
      })
      const name = port.split(',')[0]
      const { url = '' } = simulator.endpoints.find((endpoint) => endpoint.port === name) ?? {}
      const adapter = compileContract({ contract: file, env: { URL: url } })
      expect(env.URL).not.toBe(url)
      const response = await operationOf(adapter, 'level').invoke(request)
      expect(JSON.parse(String(response.body))).toEqual({ sku: 'text', count: 1 })
      const wrong = await fetch(
        `${url}/level?count=many`,
        name?.startsWith('Get') ? {} : { method: 'POST', body: 'x' },
      )
      expect([400, 404]).toContain(wrong.status)
      await wrong.text()
      await adapter.close()
      await simulator.close()
    }),
  )
})

describe('what needs an envelope is refused at the start', () => {
  it.each([
    ['security', 'port: PostXml, security: { timestamp: {} }', ''],
    ['addressing', 'envelope: none, port: Soap, addressing: true', ''],
    ['attachments', 'port: PostXml, attachments: mtom', ''],
    ['leniency', 'port: PostXml, lenient: true', ''],
  ])('%s', async (_, backend, operation) => {
    const error = await adapterOf({ backend, operation }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(ContractError)
    expect((error as ContractError).diagnostics.map(({ code }) => code)).toContain('envelope-none')
  })

  it('an operation of a verb that is none is left out', async () => {
    await expect(adapterOf({ backend: 'port: PutXml' })).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'operation-unknown' }),
      ]) as unknown,
    })
  })
})
