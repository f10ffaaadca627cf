import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../../src/adapter/adapter.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError } from '../../../src/base/errors.js'
import { openapi, operationOf, request, wsdl } from '../contract.js'

/** What the backend answers next. */
let next: { status: number; body: string } = { status: 500, body: '' }
let server: Server
const adapters: Adapter[] = []

beforeAll(async () => {
  server = createServer((req, res) => {
    req.resume().on('end', () => {
      res.writeHead(next.status, { 'content-type': 'text/xml; charset=utf-8' }).end(next.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(async () => {
  for (const adapter of adapters) await adapter.close()
  server.close()
})

interface Contract {
  /** In `x-soap.faults`, beside FullFault. */
  readonly faults?: string
  readonly backend?: string
  /** Of `fault` in the problem of 404. */
  readonly schema?: string
  readonly definitions?: string
  /** What is declared of each operation besides. */
  readonly others?: string
}

function adapterOf({
  faults = '',
  backend = '',
  schema,
  definitions = wsdl,
  others = '        default: { description: other }\n',
}: Contract): Adapter {
  const { port } = server.address() as AddressInfo
  const problem = `{ type: object, properties: { fault: ${schema ?? '{}'} } }`
  const document = openapi
    .replace(
      'wsdl: w.wsdl',
      `wsdl: w.wsdl, endpoint: 'http://127.0.0.1:${port}/', breaker: { minimumCalls: 2, failurePercent: 1 }${backend}`,
    )
    .replace('{ FullFault: 409 }', () => `{ FullFault: 409${faults} }`)
    .replace(
      "'404': { description: none }",
      `'404': { description: none, content: { application/problem+json: { schema: ${problem} } } }`,
    )
    .replaceAll('      responses:\n', `      responses:\n${others}`)
    .replace("responses: { '202'", "responses: { default: { description: other }, '202'")
  const directory = mkdtempSync(join(tmpdir(), 'mapped-'))
  try {
    writeFileSync(join(directory, 'w.wsdl'), definitions)
    writeFileSync(join(directory, 'openapi.yaml'), document)
    const adapter = compileContract({ contract: join(directory, 'openapi.yaml'), env: {} })
    adapters.push(adapter)
    return adapter
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Status and body of the problem, or the code of the error. */
async function problemOf(adapter: Adapter, body: string, status = 500): Promise<unknown> {
  next = { status, body }
  try {
    const response = await operationOf(adapter, 'store').invoke(
      request({ path: { id: '1' }, body: { where: { aisle: 'A' } } }),
    )
    return JSON.parse(bytesOf(response.body).toString('utf8')) as unknown
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    expect(`${error.message} ${String(error.cause)}`).not.toMatch(/secret/i)
    return error.code
  }
}

const soap11 = (content: string, detail = ''): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><e:Body><e:Fault>${content}${detail}</e:Fault></e:Body></e:Envelope>`
const soap12 = (code: string, text: string, detail = ''): string =>
  `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code>${code}</e:Code><e:Reason><e:Text xml:lang="de">nichts</e:Text><e:Text xml:lang="en">${text}</e:Text></e:Reason>${detail}</e:Fault></e:Body></e:Envelope>`

const php = soap11('<faultcode>e:NOT_FOUND</faultcode><faultstring>secret order 7 not found</faultstring>')
const spyne = soap11(
  "<faultcode>s:Client.ResourceNotFound</faultcode><faultstring>Requested resource 'x' not found</faultstring><faultactor/>",
)
const axis = soap11(
  '<faultcode xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">s:Server.userException</faultcode><faultstring>shop.NotFoundException: secret</faultstring>',
  '<detail><ns1:exceptionName xmlns:ns1="http://xml.apache.org/axis/">shop.NotFoundException</ns1:exceptionName><ns2:hostname xmlns:ns2="http://xml.apache.org/axis/">secret-host</ns2:hostname></detail>',
)
const asmx = soap11(
  '<faultcode>e:Server</faultcode><faultstring>System.Web.Services.Protocols.SoapException: Server was unable to process request. ---&gt; Shop.NotFoundException: secret\n   at Shop.Get()</faultstring>',
  '<detail />',
)
const wcf = soap11(
  '<faultcode xmlns:a="http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher">a:InternalServiceFault</faultcode><faultstring xml:lang="en-US">No such order</faultstring>',
  '<detail><ExceptionDetail xmlns="http://schemas.datacontract.org/2004/07/System.ServiceModel" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><HelpLink i:nil="true"/><Type>Shop.NotFoundException</Type></ExceptionDetail></detail>',
)
const jaxWs = soap11(
  '<faultcode>e:Server</faultcode><faultstring>no order 7</faultstring>',
  '<detail><ns2:exception xmlns:ns2="http://jax-ws.dev.java.net/" class="shop.NotFound" note="secret"><message>x</message></ns2:exception></detail>',
)
const gsoap = soap12(
  '<e:Value>e:Sender</e:Value><e:Subcode><e:Value xmlns:w="urn:w">w:NotFound</e:Value></e:Subcode>',
  'secret',
  '<e:Detail>order 7</e:Detail>',
)
const soapLite = soap11(
  '<faultcode>e:Client</faultcode><faultstring>Application error</faultstring>',
  '<detail><NotFound i:type="t:notFound" xmlns:t="urn:t"><number> 0042 </number><amount>12345678901234567890.10</amount><open>1</open></NotFound></detail>',
)

const rows: readonly (readonly [stack: string, when: string, fault: string, values: string, json: object])[] =
  [
    ['PHP', '{ code: NOT_FOUND }', php, '{}', {}],
    ['PHP', "{ text: 'not f[o]und$', code: NOT_FOUND }", php, '{ why: code }', { why: 'NOT_FOUND' }],
    ['Spyne', '{ code: Client.ResourceNotFound }', spyne, '{}', {}],
    [
      'Spyne',
      '{ code: ResourceNotFound }',
      spyne,
      '{ why: text }',
      { why: "Requested resource 'x' not found" },
    ],
    [
      'Axis',
      "{ code: '{http://schemas.xmlsoap.org/soap/envelope/}Server.userException', detail: '{http://xml.apache.org/axis/}hostname' }",
      axis,
      '{ of: exceptionName }',
      { of: 'shop.NotFoundException' },
    ],
    [
      'Axis',
      '{ code: userException }',
      axis,
      "{ of: '/{http://xml.apache.org/axis/}exceptionName/text()' }",
      { of: 'shop.NotFoundException' },
    ],
    [
      'ASMX',
      "{ code: Server, text: 'SoapException: .*---> Shop\\.NotFoundException' }",
      asmx,
      '{ at: hostname }',
      {},
    ],
    [
      'WCF',
      '{ code: InternalServiceFault, detail: ExceptionDetail }',
      wcf,
      '{ of: ExceptionDetail/Type, help: ExceptionDetail/HelpLink }',
      { of: 'Shop.NotFoundException' },
    ],
    [
      'JAX-WS',
      "{ detail: '{http://jax-ws.dev.java.net/}exception' }",
      jaxWs,
      '{ of: exception/@class }',
      { of: 'shop.NotFound' },
    ],
    [
      'gSOAP',
      "{ code: '{urn:w}NotFound' }",
      gsoap,
      '{ say: text(), code: code }',
      { say: 'order 7', code: 'NotFound' },
    ],
    ['gSOAP', '{ code: Sender.NotFound, text: secret }', gsoap, '{}', {}],
    ['SOAP::Lite', "{ type: '{urn:t}notFound' }", soapLite, '{ n: NotFound/number }', { n: '0042' }],
    [
      'SOAP::Lite',
      '{ detail: NotFound }',
      soapLite,
      "{ n: '*/number', any: '*/*/text()' }",
      { n: '0042', any: '0042' },
    ],
  ]

describe('an undeclared fault that the contract maps', () => {
  test.each(rows)('%s: %s', async (_, when, fault, values, json) => {
    const adapter = adapterOf({ faults: `, NotFound: { when: ${when}, status: 404, values: ${values} }` })
    for (const status of [500, 200, 500]) {
      expect(await problemOf(adapter, fault, status)).toEqual({
        type: '/problems/mapped-fault#NotFound',
        title: 'Not found',
        status: 404,
        code: 'NotFound',
        ...(values !== '{}' && { fault: json }),
      })
    }
    expect(adapter.backends()[0]?.breaker).toBe('closed')
    expect(await problemOf(adapterOf({}), fault)).toBe('backend-fault')
  })

  test.each([
    ['{ code: Client.NotFound }', php],
    ['{ code: NOT }', php],
    ["{ code: '{urn:other}NOT_FOUND' }", php],
    ['{ code: NOT_FOUND, text: gone }', php],
    ["{ code: '{urn:x}ResourceNotFound' }", spyne],
    ['{ code: Server, detail: hostname }', php],
    ["{ detail: '{urn:x}hostname' }", axis],
    ['{ detail: exceptionName, type: notFound }', axis],
    ['{ type: NotFound }', soapLite],
    ['{ code: NotFound.Sender }', gsoap],
  ])('is none where one condition does not hold: %s', async (when, fault) => {
    expect(await problemOf(adapterOf({ faults: `, NotFound: { when: ${when}, status: 404 }` }), fault)).toBe(
      'backend-fault',
    )
  })

  test('is the first that fits, those of the operation before those of the backend', async () => {
    const adapter = adapterOf({
      faults:
        ', A: { when: { code: Client.X }, status: 404 }, B: { when: { code: Client }, status: 410, title: Bad }',
      backend:
        ', faults: { C: { when: { code: Client }, status: 404 }, B: { when: { code: Server }, status: 404 }, D: { when: { text: . }, status: 503 } }',
    })
    const of = (code: string) => soap11(`<faultcode>e:${code}</faultcode><faultstring>x</faultstring>`)
    expect(await problemOf(adapter, of('Client.X.Y'))).toMatchObject({ code: 'A', title: 'A', status: 404 })
    expect(await problemOf(adapter, of('Client'))).toMatchObject({ code: 'B', title: 'Bad', status: 410 })
    expect(await problemOf(adapter, of('Server'))).toMatchObject({ code: 'D', status: 503 })
  })

  test('may be one that else were a refused login', async () => {
    const refused = soap11('<faultcode>e:Client.Authentication</faultcode><faultstring>no</faultstring>')
    expect(await problemOf(adapterOf({}), refused)).toBe('backend-login')
    const adapter = adapterOf({ faults: ', Denied: { when: { code: Authentication }, status: 403 }' })
    expect(await problemOf(adapter, refused)).toMatchObject({ code: 'Denied', status: 403 })
  })

  test('is not one that the WSDL declares, unless its detail is not as declared', async () => {
    const adapter = adapterOf({ faults: ', Any: { when: { code: Server }, status: 404 }' })
    const full = (detail: string) =>
      soap11(
        '<faultcode>e:Server</faultcode>',
        `<detail><FullFault xmlns="urn:w">${detail}</FullFault></detail>`,
      )
    expect(await problemOf(adapter, full('<Free>3</Free>'))).toMatchObject({
      code: 'FullFault',
      fault: { free: 3 },
    })
    expect(await problemOf(adapter, full(''))).toMatchObject({ code: 'Any', status: 404 })
  })

  test('looks through 4,096 characters of a text, in linear time', async () => {
    const adapter = adapterOf({ faults: ", F: { when: { text: '(a|a)*x' }, status: 404 }" })
    const of = (text: string) => soap11(`<faultcode>e:Server</faultcode><faultstring>${text}</faultstring>`)
    expect(await problemOf(adapter, of(`${'a'.repeat(4_095)}x`))).toMatchObject({ code: 'F' })
    expect(await problemOf(adapter, of(`${'a'.repeat(4_096)}x`))).toBe('backend-fault')
    expect(await problemOf(adapter, of('a'.repeat(1_000_000)))).toBe('backend-fault')
  })
})

describe('values', () => {
  const values = '{ number: NotFound/number, amount: NotFound/amount, open: NotFound/open }'
  const faults = `, NotFound: { when: { code: Client }, status: 404, values: ${values} }`
  const given = async (schema: string, fault = soapLite): Promise<unknown> => {
    const problem = await problemOf(adapterOf({ faults, schema: `{ type: object, ${schema} }` }), fault)
    return typeof problem === 'object' && problem && 'fault' in problem
      ? JSON.stringify(problem.fault)
      : problem
  }

  test.each([
    [
      'properties: { number: { type: integer }, amount: { type: number }, open: { type: boolean } }',
      '{"number":42,"amount":12345678901234567000,"open":true}',
    ],
    [
      'properties: { number: { type: string }, amount: { type: string }, open: { type: integer } }',
      '{"number":"0042","amount":"12345678901234567890.10","open":1}',
    ],
    [
      'properties: { number: { type: boolean }, amount: { type: integer }, open: { type: string, enum: [no] } }',
      '{}',
    ],
    [
      'properties: { number: { type: string, maxLength: 3 }, amount: {}, open: { type: string, pattern: ^1$ } }',
      '{"amount":"12345678901234567890.10","open":"1"}',
    ],
    [
      'required: [number], properties: { number: { type: boolean }, amount: {}, open: {} }',
      'backend-mismatch',
    ],
  ])('are typed by the schema: %s', async (schema, json) => {
    expect(await given(schema)).toBe(json)
  })

  test('keep their digits', () => {
    const adapter = adapterOf({
      faults,
      schema:
        '{ type: object, properties: { number: { type: integer }, amount: { type: number }, open: {} } }',
    })
    const operation = operationOf(adapter, 'store')
    const { body } = operation.decode({ status: 500, headers: {}, body: soapLite })
    expect(body).toContain('"fault":{"number":42,"amount":12345678901234567890.10,"open":"1"}')
  })

  test('longer than 4,096 characters, nil, with elements or absent are left out', async () => {
    const schema = 'properties: { number: {}, amount: {}, open: {} }'
    const of = (content: string) => soap11('<faultcode>e:Client</faultcode>', `<detail>${content}</detail>`)
    const number = (text: string) => of(`<NotFound><number>${text}</number></NotFound>`)
    expect(await given(schema, number('x'.repeat(4_096)))).toBe(`{"number":"${'x'.repeat(4_096)}"}`)
    expect(await given(schema, number('x'.repeat(4_097)))).toBe('{}')
    expect(await given(schema, number('a<b/>'))).toBe('{}')
    expect(await given(schema, number(' &lt;&quot;\u0085 '))).toBe(JSON.stringify({ number: '<"\u0085' }))
    expect(await given(schema, of('<NotFound/><NotFound><open>1</open></NotFound>'))).toBe('{"open":"1"}')
    expect(await given(schema, of('<NotFound><open i:nil="true"/></NotFound>'))).toBe('{}')
    expect(await given(schema, of('text <NotFound><open>1</open></NotFound>'))).toBe('{}')
  })
})

describe('what is refused', () => {
  const detail = 'detail: { type: object, required: [a], properties: { a: {} } }'
  test.each([
    ['{ status: 404 }', /annotation-invalid.*needs when/],
    ['{ when: {}, status: 404 }', /annotation-invalid.*at least one of/],
    ['{ when: { code: A } }', /annotation-invalid.*from 400 to 599/],
    ['{ when: { code: A }, status: 200 }', /annotation-invalid.*from 400 to 599/],
    ['{ when: { code: A, txt: B }, status: 404 }', /annotation-unknown.*Did you mean text/],
    ['{ when: { code: A }, statuz: 404, status: 404 }', /annotation-unknown.*statuz/],
    ["{ when: { code: 'a:B' }, status: 404 }", /annotation-invalid.*a prefix says nothing/],
    ["{ when: { code: '*' }, status: 404 }", /annotation-invalid.*a prefix says nothing/],
    ["{ when: { text: '(' }, status: 404 }", /pattern-invalid/],
    ["{ when: { text: '(a)\\1' }, status: 404 }", /pattern-backtracks/],
    ['{ when: { code: A }, status: 404, values: { a: a//b } }', /annotation-invalid.*needs a path/],
    ['{ when: { code: A }, status: 404, values: { a: a:b } }', /annotation-invalid.*needs a path/],
    ['{ when: { code: A }, status: 404, values: { a: 5 } }', /annotation-invalid.*needs a path/],
    ['{ when: { code: A }, status: 404, values: { b: x } }', /fault-schema.*just what F gives: b/],
  ])('%s', (entry, expected) => {
    const schema = detail.slice(detail.indexOf('{'))
    expect(() => adapterOf({ faults: `, F: ${entry}`, schema })).toThrow(expected)
  })

  test('a status that the operation does not declare, the name of a declared fault, a status of all operations', () => {
    expect(() => adapterOf({ faults: ', F: { when: { code: A }, status: 418 }', others: '' })).toThrow(
      /fault-undeclared.*becomes 418/,
    )
    expect(() =>
      adapterOf({ backend: ', faults: { FullFault: { when: { code: A }, status: 404 } }' }),
    ).toThrow(/annotation-invalid.*declares a fault FullFault/)
    expect(() => adapterOf({ backend: ', faults: { F: 404 }' })).toThrow(/of all operations needs/)
    expect(() => adapterOf({ faults: ", 'a b': { when: { code: A }, status: 404 }" })).toThrow(
      /needs a name of/,
    )
  })
})
