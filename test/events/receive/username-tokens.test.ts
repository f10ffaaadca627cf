import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WSSecurity } from 'soap'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BASE64, PASSWORD_DIGEST, PASSWORD_TEXT, WSSE, WSU } from '../../../src/ws-security/names.js'
import { passwordDigest, usernameToken } from '../../../src/ws-security/tokens/username-token.js'
import { contractFolder, contractText, environment } from '../contract.js'
import { notificationId, outboundMessage } from '../served.js'
import { type PortServer, startPorts } from './port-server.js'

const NAME = 'crm'
const PASSWORD = 'Pässwörd €'
const message = outboundMessage([notificationId(1)])

const directory = mkdtempSync(join(tmpdir(), 'soapstone-username-'))
const servers: PortServer[] = []
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()))
  rmSync(directory, { recursive: true, force: true })
})

/** A server whose port asks for a UsernameToken and nothing else. */
async function serving(more = ''): Promise<PortServer> {
  const contract = join(directory, `openapi-${servers.length}.yaml`)
  const receive = `receive: { usernameToken: { name: ${NAME}, password: '\${CRM_PASSWORD}'${more} } }`
  writeFileSync(
    contract,
    contractText
      .replace('wsdl: outbound-messages.wsdl', `wsdl: ${contractFolder}outbound-messages.wsdl`)
      .replace('wsdl: notify.wsdl', `wsdl: ${contractFolder}notify.wsdl`)
      .replace(/ {4}receive:\n {6}message:.*\n {6}pathSecret:.*\n/, `    ${receive}\n`),
  )
  const server = await startPorts(contract, { ...environment, CRM_PASSWORD: PASSWORD })
  servers.push(server)
  return server
}

const withHeader = (content: string, attributes = ' s:mustUnderstand="1"'): string =>
  message.replace(
    '<s:Body>',
    () =>
      `<s:Header><wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}"${attributes}>${content}</wsse:Security></s:Header><s:Body>`,
  )

async function post({ url }: PortServer, body: string): Promise<string> {
  const headers = { 'content-type': 'text/xml', soapaction: '""' }
  const response = await fetch(`${url}/soap/crm`, { method: 'POST', headers, body })
  const text = await response.text()
  expect(text).not.toContain(PASSWORD)
  return /<faultcode>(?:soap:)?([^<]*)/.exec(text)?.[1] ?? String(response.status)
}

const UNKNOWN = 'Client.FailedAuthentication'
const username = (type: 'digest' | 'text', password = PASSWORD): string =>
  usernameToken({ name: NAME, password, type, nonce: false }, { now: new Date(), tokenId: 'x' })

interface Parts {
  readonly name?: string
  readonly nonce?: Buffer
  readonly created?: string
  readonly more?: string
  readonly digest?: string
}
const digested = (parts: Parts = {}): string => {
  const { name = NAME, nonce = randomBytes(16), more = '' } = parts
  const { created = new Date().toISOString() } = parts
  const digest = parts.digest ?? passwordDigest(nonce, created, PASSWORD)
  return `<wsse:UsernameToken><wsse:Username>${name}</wsse:Username><wsse:Password Type="${PASSWORD_DIGEST}">${digest}</wsse:Password><wsse:Nonce EncodingType="${BASE64}">${nonce.toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created>${more}</wsse:UsernameToken>`
}

describe('a port that asks for a digest', () => {
  let server: PortServer
  beforeAll(async () => {
    server = await serving()
  })
  beforeEach(() => {
    server.events.length = 0
    server.failing = undefined
  })

  it('takes those of others: node-soap', async () => {
    const security = new WSSecurity(NAME, PASSWORD, {
      passwordType: 'PasswordDigest',
      hasNonce: true,
      hasTimeStamp: true,
      mustUnderstand: true,
    })
    const header = security.toXML().replaceAll('soap:mustUnderstand', 's:mustUnderstand')
    expect(await post(server, message.replace('<s:Body>', `<s:Header>${header}</s:Header><s:Body>`))).toBe(
      '200',
    )
    expect(server.events).toHaveLength(1)
  })

  it('takes each nonce once, unless the message could not be kept', async () => {
    const first = withHeader(digested())
    const other = withHeader(/<wsse:UsernameToken.*UsernameToken>/.exec(first)?.[0] ?? '', '')
    const answers = await Promise.all([first, first, other].map((text) => post(server, text)))
    expect(answers.sort()).toEqual(['200', UNKNOWN, UNKNOWN])
    expect(server.events).toHaveLength(1)
    expect(server.log()).toContain('The Nonce of the UsernameToken has been used')
    const unlucky = withHeader(digested())
    server.failing = new Error('the disk is full')
    expect(await post(server, unlucky)).toBe('Server')
    server.failing = undefined
    expect([await post(server, unlucky), await post(server, unlucky)]).toEqual(['200', UNKNOWN])
  })

  it('asks replicas for each nonce that is new, once', async () => {
    const shared = await serving()
    const queries: string[] = []
    const rows = [[{}], []]
    shared.adapter.shareUses({
      table: 't',
      pool: {
        query: (query) => {
          queries.push(typeof query === 'string' ? query : query.name)
          return Promise.resolve({ rows: rows.shift() })
        },
      },
    })
    const text = withHeader(digested())
    expect([await post(shared, text), await post(shared, text)]).toEqual(['200', UNKNOWN])
    expect(await post(shared, withHeader(digested()))).toBe(UNKNOWN)
    expect(queries).toEqual(['t-use', 't-use'])
  })

  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()
  it.each<[string, () => string, string, string?]>([
    ['our own', () => withHeader(username('digest')), '200'],
    ['a Timestamp beside it', () => withHeader(`<wsu:Timestamp/>${digested()}`), '200'],
    ['of five minutes ago', () => withHeader(digested({ created: at(-300) })), '200'],
    ['another password', () => withHeader(username('digest', 'other')), UNKNOWN, 'another name or password'],
    ['another name', () => withHeader(digested({ name: 'erp' })), UNKNOWN, 'another name or password'],
    ['an empty digest', () => withHeader(digested({ digest: '' })), UNKNOWN, 'another name or password'],
    ['a text', () => withHeader(username('text')), UNKNOWN, 'not of the type digest'],
    ['an hour ago', () => withHeader(digested({ created: at(-3600) })), UNKNOWN, 'older than'],
    ['an hour ahead', () => withHeader(digested({ created: at(3600) })), UNKNOWN, 'of the future'],
    ['no time', () => withHeader(digested({ created: '' })), UNKNOWN, 'not an xs:dateTime'],
    [
      'a short nonce',
      () => withHeader(digested({ nonce: Buffer.from('1234567') })),
      UNKNOWN,
      'Nonce of the UsernameToken is missing',
    ],
    [
      'two passwords',
      () => withHeader(digested({ more: '<wsse:Password>x</wsse:Password>' })),
      UNKNOWN,
      'or one twice',
    ],
    ['a part that nobody knows', () => withHeader(digested({ more: '<x/>' })), UNKNOWN, 'not known'],
    ['elements in a name', () => withHeader(digested({ name: '<a/>' })), 'Client'],
    ['two tokens', () => withHeader(digested() + digested()), UNKNOWN, 'more than one UsernameToken'],
    [
      'two headers',
      () => withHeader(digested()).replace(/(<wsse:Security.*<\/wsse:Security>)/, '$1$1'),
      UNKNOWN,
      'more than one wsse:Security',
    ],
    [
      'a signature that nobody looks at',
      () => withHeader(`${digested()}<ds:Signature xmlns:ds="urn:d"/>`),
      UNKNOWN,
      'security.verify would deal with',
    ],
    [
      'a header for others',
      () => withHeader(digested(), ' s:actor="urn:others"'),
      UNKNOWN,
      'has no UsernameToken',
    ],
    ['no token', () => withHeader(''), UNKNOWN, 'has no UsernameToken'],
    ['no header', () => message, UNKNOWN, 'has no UsernameToken'],
    [
      'a token in the body',
      () => message.replace('<s:Body>', `<s:Body>${digested()}`),
      UNKNOWN,
      'has no UsernameToken',
    ],
  ])('is sent %s', async (_, text, expected, cause) => {
    expect(await post(server, text())).toBe(expected)
    expect(server.events).toHaveLength(expected === '200' ? 1 : 0)
    if (cause !== undefined) expect(server.log().split('\n').slice(-2).join('')).toContain(cause)
  })
})

describe('a port that asks for a text', () => {
  it('takes it as often as it comes, with or without its type', async () => {
    const server = await serving(', type: text')
    const text = withHeader(username('text'))
    const bare = text.replace(` Type="${PASSWORD_TEXT}"`, '')
    expect([await post(server, text), await post(server, text), await post(server, bare)]).toEqual([
      ...['200', '200', '200'],
    ])
    expect(await post(server, withHeader(username('text', `${PASSWORD} `)))).toBe(UNKNOWN)
    expect(await post(server, withHeader(digested()))).toBe(UNKNOWN)
  })
})
