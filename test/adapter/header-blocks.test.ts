import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import type { CallContext } from '../../src/adapter/call-context.js'
import { CompiledOperation } from '../../src/adapter/operation.js'
import { AdapterError } from '../../src/base/errors.js'
import { findings, till, type TillContract } from './header-contract.js'

const request = { path: {}, query: {}, headers: { 'x-user': 'u<1>' }, body: { item: 'bread' } }

function sell(contract: TillContract): CompiledOperation {
  const operation = till(contract).operations.get('sell')
  if (operation instanceof CompiledOperation) return operation
  throw new Error('there is no sell')
}

/** The children of soap:Header. */
function blocks(contract: TillContract, context: CallContext = {}): string | undefined {
  const { body } = sell(contract).encode(request, context)
  return /<soap:Header>(.*)<\/soap:Header>/s.exec(String(body))?.[1]
}

const user = 'Context/User: $request.header.X-User'

describe('header blocks', () => {
  test.each<[string, string, CallContext, string | undefined]>([
    ['a header of the client', user, {}, '<n1:Context><n1:User>u&lt;1&gt;</n1:User></n1:Context>'],
    [
      'constants, the environment, attributes',
      `Context/User: boss, Context/Channel: web, Context/Branch: '\${BRANCH}', Context/@version: '2'`,
      {},
      '<n1:Context version="2"><n1:User>boss</n1:User><n1:Branch>7</n1:Branch><n1:Channel>web</n1:Channel></n1:Context>',
    ],
    [
      'the identity and its claims',
      'Context/User: $identity.subject, Context/Branch: $identity.claims#/org/branch, Context/Channel: $identity.client',
      { identity: { subject: 'ann', client: 'app', claims: { org: { branch: 12 } } } },
      '<n1:Context><n1:User>ann</n1:User><n1:Branch>12</n1:Branch><n1:Channel>app</n1:Channel></n1:Context>',
    ],
    [
      'a claim that is not there',
      'Context/User: $identity.subject, Context/Branch: $identity.claims#/org/branch',
      { identity: { subject: 'ann', claims: {} } },
      '<n1:Context><n1:User>ann</n1:User></n1:Context>',
    ],
    ['the request id', `Trace: $request.id`, { requestId: 'r-1' }, '<n1:Trace>r-1</n1:Trace>'],
    [
      'a global element that no header declares, by its full name',
      `'{urn:till}Trace': t`,
      {},
      '<n1:Trace>t</n1:Trace>',
    ],
    [
      'marks of the envelope',
      `Trace: t, Trace/@soap:mustUnderstand: true, Trace/@soap:role: 'urn:r'`,
      {},
      '<n1:Trace soap:mustUnderstand="1" soap:actor="urn:r">t</n1:Trace>',
    ],
  ])('come from %s', (_, headers, context, expected) => {
    expect(blocks({ operation: `headers: { ${headers} }` }, context)).toBe(expected)
  })

  test('are left out, header and all, where an optional source has nothing', () => {
    const operation = sell({ operation: `headers: { ${user} }` })
    const { body } = operation.encode({ ...request, headers: {} })
    expect(String(body)).not.toContain('Header')
  })

  test('of the backend go to the operations that declare them; those of the operation win', () => {
    const contract = {
      backend: `headers: { Context/User: shared, Trace: all }`,
      operation: 'headers: { Context/User: own }',
    }
    expect(blocks(contract)).toBe('<n1:Context><n1:User>own</n1:User></n1:Context><n1:Trace>all</n1:Trace>')
  })

  test('are marked as SOAP 1.2 marks them', () => {
    const operation = `headers: { Trace: t, Trace/@soap:mustUnderstand: true, Trace/@soap:role: 'urn:r' }`
    expect(blocks({ operation, soap: '1.2' })).toBe(
      '<n1:Trace soap:mustUnderstand="true" soap:role="urn:r">t</n1:Trace>',
    )
  })

  test('stand before the body in one well-formed envelope', () => {
    const { body } = sell({ operation: `headers: { ${user} }` }).encode(request)
    using document = XmlDocument.fromString(String(body))
    const names = { s: 'http://schemas.xmlsoap.org/soap/envelope/', t: 'urn:till' }
    expect(document.get('/s:Envelope/*[1][self::s:Header]/t:Context/t:User', names)?.content).toBe('u<1>')
    expect(document.get('/s:Envelope/*[2][self::s:Body]/t:Sell/t:Item', names)?.content).toBe('bread')
  })

  test('are never made from a member of the body that looks like one', () => {
    const operation = sell({ operation: `headers: { ${user} }` })
    const forged = {
      ...request,
      headers: {},
      body: { item: 'x', '=Context/User': 'me', 'header.X-User': 'me' },
    }
    expect(String(operation.encode(forged).body)).not.toContain('me<')
  })

  test('that a violation is in are named', () => {
    const operation = sell({ operation: `headers: { ${user}, Context/Branch: $request.header.X-Branch }` })
    expect(() => operation.encode({ ...request, headers: { 'x-user': 'a', 'x-branch': '1.5' } })).toThrow(
      expect.objectContaining({
        code: 'request-unencodable',
        violations: [expect.objectContaining({ pointer: 'header/X-Branch' })],
      }),
    )
  })
})

describe('a contract', () => {
  test.each<[string, TillContract, RegExp]>([
    [
      'leaves out what the WSDL declares',
      {},
      /^header-unsent: Sell declares the SOAP headers Context, SessionHeader, which/,
    ],
    [
      'leaves optional what a certain block requires',
      { operation: `headers: { ${user}, Context/Channel: web }` },
      /^member-optional: The WSDL requires the element User/,
    ],
    [
      'names an unknown block',
      { operation: 'headers: { Contxt/User: a }' },
      /^header-unknown: No header block Contxt/,
    ],
    [
      'names an unknown child',
      { operation: 'headers: { Context/Usr: a }' },
      /^member-unknown: .*Usr.*User, Branch, Channel/,
    ],
    [
      'leaves out a required child',
      { operation: 'headers: { Context/Channel: a }' },
      /^member-missing: .*User/,
    ],
    [
      'has a constant that the type refuses',
      { operation: `headers: { Context/User: a, Context/Branch: b }` },
      /^request-source: The constant for Context\/Branch/,
    ],
    [
      'speaks of a session that the backend has not',
      { operation: 'headers: { SessionHeader/Id: $session.token }' },
      /^session-missing: sell sends/,
    ],
    [
      'marks a block with nonsense',
      { operation: 'headers: { Trace: t, Trace/@soap:relay: true }' },
      /^request-source: Trace\/@soap:relay must be/,
    ],
    [
      'answers with an unknown block',
      { headers: '{ X-Left: { schema: { type: string }, x-soap: "{$response.soapHeader#/gauge/left}" } }' },
      /^header-template: .*no \/gauge; it has meter, sessionHeader/,
    ],
    [
      'answers with a block that is not a scalar',
      { headers: '{ X-Left: { schema: { type: string }, x-soap: "{$response.soapHeader#/meter}" } }' },
      /^header-template: .*not a scalar/,
    ],
  ])('that %s is told so', (_, contract, message) => {
    expect(findings(contract)).toContainEqual(expect.stringMatching(message))
  })
})

describe('the header of a response', () => {
  const left = '{ X-Left: { schema: { type: string }, x-soap: "{$response.soapHeader#/meter/left}" } }'
  const envelope = (header: string): string =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:till" xmlns:a="http://www.w3.org/2005/08/addressing">${header}<s:Body><t:SellResponse><t:Receipt>r</t:Receipt></t:SellResponse></s:Body></s:Envelope>`
  const decode = (header: string, contract: TillContract = { headers: left }) =>
    sell(contract).decode(
      { status: 200, headers: { 'content-type': 'text/xml' }, body: envelope(header) },
      request,
    )

  test.each([
    ['its blocks', '<s:Header><t:Other/><t:Meter><t:Left>3</t:Left></t:Meter></s:Header>', { 'x-left': '3' }],
    [
      'its blocks, every digit',
      '<s:Header><t:Meter><t:Left>9007199254740993</t:Left></t:Meter></s:Header>',
      { 'x-left': '9007199254740993' },
    ],
    ['nothing where the block is absent', '<s:Header/>', {}],
    ['nothing without a header', '', {}],
  ])('gives response headers from %s', (_, header, expected) => {
    expect(decode(header)).toMatchObject({
      status: 200,
      body: '{"receipt":"r"}',
      headers: { 'content-type': 'application/json', ...expected },
    })
  })

  test.each([
    ['not marked', '<t:Other/>', true],
    ['marked 0', '<t:Other s:mustUnderstand="0"/>', true],
    ['marked', '<t:Other s:mustUnderstand="1"/>', false],
    ['marked true', '<t:Other s:mustUnderstand=" true "/>', false],
    ['marked for someone else', '<t:Other s:mustUnderstand="1" s:actor="urn:someone"/>', true],
    [
      'marked for the next',
      '<t:Other s:mustUnderstand="1" s:actor="http://schemas.xmlsoap.org/soap/actor/next"/>',
      false,
    ],
    ['marked and declared', '<t:Meter s:mustUnderstand="1"><t:Left>3</t:Left></t:Meter>', true],
    ['marked, of WS-Addressing, which is not used', '<a:Action s:mustUnderstand="1">x</a:Action>', false],
  ])('with an unknown block that is %s', (_, block, accepted) => {
    const act = () => decode(`<s:Header>${block}</s:Header>`)
    if (accepted) expect(act()).toMatchObject({ status: 200 })
    else
      expect(act).toThrow(
        expect.objectContaining({
          code: 'backend-mismatch',
          message: expect.stringContaining('must be understood') as string,
        }),
      )
  })

  test('may have blocks of WS-Addressing that must be understood, where that is used', () => {
    const header = '<s:Header><a:Action s:mustUnderstand="1">x</a:Action></s:Header>'
    expect(decode(header, { backend: 'addressing: true' })).toMatchObject({ status: 200 })
  })

  test('that is not as the WSDL says is refused', () => {
    const act = () => decode('<s:Header><t:Meter><t:Left>three</t:Left></t:Meter></s:Header>')
    expect(act).toThrow(AdapterError)
    expect(act).toThrow(expect.objectContaining({ code: 'backend-mismatch' }))
  })
})
