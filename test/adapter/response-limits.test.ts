import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { bytesOf } from '../../src/base/bytes/source.js'
import { AdapterError } from '../../src/base/errors.js'
import { openapi, operationOf, wsdl } from './contract.js'

const soap12 = 'http://www.w3.org/2003/05/soap-envelope'
const item = (name: string, more = ''): string => `<Result><Item><name>${name}</name></Item></Result>${more}`

function adapterWith(more: string): Adapter {
  const directory = mkdtempSync(join(tmpdir(), 'limits-'))
  try {
    writeFileSync(join(directory, 'w.wsdl'), wsdl)
    writeFileSync(join(directory, 'openapi.yaml'), openapi.replace('wsdl: w.wsdl', `wsdl: w.wsdl${more}`))
    return compileContract({ contract: join(directory, 'openapi.yaml'), env: {} })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The body, or code and message of the error. */
function decode(adapter: Adapter, body: string, header = '', contentType = 'application/soap+xml'): string {
  const xml = `<s:Envelope xmlns:s="${soap12}">${header && `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`
  try {
    const response = operationOf(adapter, 'store').decode({
      status: 200,
      headers: { 'content-type': contentType },
      body: xml,
    })
    return bytesOf(response.body).toString('utf8')
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return `${error.code}: ${error.message}`
  }
}

const good = `<StoreResponse xmlns="urn:warehouse">${item('n')}</StoreResponse>`

describe('limits of a backend', () => {
  const prefixes = (count: number): string =>
    Array.from({ length: count }, (_, i) => `<q${i}:b xmlns:q${i}="urn:q"/>`).join('')
  const block = (content: string): string => `<b:Block xmlns:b="urn:b">${content}</b:Block>`

  test('hold for each response alone, and are told as limits', () => {
    const usual = adapterWith('')
    expect(decode(usual, '<wrong/>', block(prefixes(20_000)))).toMatch(/^backend-mismatch/)
    const small = adapterWith(', limits: { prefixes: 10, depth: 5, attributes: 3, nameLength: 50 }')
    expect(decode(small, '<wrong/>', block(prefixes(11)))).toMatch(
      /^backend-too-large: The response exceeds a limit of its XML: More than 10 namespace prefixes, at /,
    )
    expect(decode(small, '<wrong/>', block(prefixes(5)))).toMatch(/^backend-mismatch/)
    expect(decode(small, '<wrong/>', block('<a><a><a/></a></a>'))).toMatch(/nested deeper than 5/)
    expect(decode(small, '<wrong/>', block('<a a="" b="" c="" d=""/>'))).toMatch(/More than 3 attributes/)
    expect(decode(small, '<wrong/>', block(`<${'a'.repeat(51)}/>`))).toMatch(/longer than 50 characters/)
  })

  test('that do not exist are refused', () => {
    expect(() => adapterWith(', limits: { width: 5 }')).toThrow(/There is no width/)
    expect(() => adapterWith(', limits: { depth: 0 }')).toThrow(/depth must be a whole number above 0/)
  })
})

describe('header blocks that must be understood', () => {
  const trace = `<t:Trace xmlns:t="urn:trace" s:mustUnderstand="true">1</t:Trace>`

  test('pass where the contract names them, and them alone', () => {
    expect(decode(adapterWith(''), good, trace)).toMatch(/^backend-mismatch: .* must be understood/)
    const adapter = adapterWith(`, understood: ['{urn:trace}Trace']`)
    expect(decode(adapter, good, trace)).not.toMatch(/understood/)
    expect(decode(adapter, good, trace.replaceAll('urn:trace', 'urn:other'))).toMatch(/must be understood/)
    expect(decode(adapter, good, trace.replaceAll('Trace', 'Other'))).toMatch(/must be understood/)
  })

  test('are named in full', () => {
    expect(() => adapterWith(', understood: [Trace]')).toThrow(
      /understood lists header blocks as {namespace}Name/,
    )
  })
})

describe('encrypted responses are called encrypted', () => {
  const data =
    '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"><x:CipherData/></x:EncryptedData>'
  const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
  const key = '<x:EncryptedKey xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>'
  const security = `<w:Security xmlns:w="${wsse}" s:mustUnderstand="1">${key}</w:Security>`

  test.each([
    ['by the body', data, ''],
    ['by the header', data, security],
  ])('%s', (_, body, header) => {
    expect(decode(adapterWith(''), body, header)).toMatch(/^backend-untrusted: The response is encrypted/)
  })
})

describe('a fault that refuses a login', () => {
  const fault = (subcode: string): string =>
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">no</s:Text></s:Reason></s:Fault>`

  test.each([
    ['wsse:FailedAuthentication', 'backend-login'],
    ['FailedAuthentication', 'backend-login'],
    ['w:FailedCheck', 'backend-fault'],
    ['w:NotFailedAuthentication', 'backend-fault'],
  ])('%s: %s', (subcode, code) => {
    expect(decode(adapterWith(''), fault(subcode))).toMatch(new RegExp(`^${code}: `))
  })

  test.each([
    ['$request.header.X-Assertion', /^backend-fault: .* the SAML assertion of the request/],
    ['$identity.claims#/saml', /^backend-fault: .* the SAML assertion of the request/],
    ["'<Assertion/>'", /^backend-login: .* the credentials of this service/],
  ])('of a SAML assertion from %s', (assertion, message) => {
    const adapter = adapterWith(`, security: { saml: { assertion: ${assertion} } }`)
    expect(decode(adapter, fault('wsse:FailedAuthentication'))).toMatch(message)
  })
})

test('one hundred attachments are no more than the limit, beside the envelope', () => {
  const adapter = adapterWith('')
  const related = (attachments: number): string => {
    const part = (id: string, type: string, content: string): string =>
      `--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\n\r\n${content}\r\n`
    const xml = `<s:Envelope xmlns:s="${soap12}"><s:Body><wrong/></s:Body></s:Envelope>`
    const parts = Array.from({ length: attachments }, (_, i) => part(`p${i}@x`, 'text/plain', 'x'))
    const body = `${part('root@x', 'application/soap+xml', xml)}${parts.join('')}--b--\r\n`
    try {
      operationOf(adapter, 'store').decode({
        status: 200,
        headers: { 'content-type': 'multipart/related; boundary=b' },
        body,
      })
      return 'read'
    } catch (error) {
      return error instanceof AdapterError ? error.code : 'other'
    }
  }
  expect([related(100), related(101)]).toEqual(['backend-mismatch', 'backend-malformed'])
})
