import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AllowedHost } from '../../../src/base/allowed-host.js'
import { AdapterError } from '../../../src/base/errors.js'
import { findings, till } from '../header-contract.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:till"><s:Body>${body}</s:Body></s:Envelope>`

/** A host that answers, and what it was asked. */
async function host(
  answer: (body: string) => string,
): Promise<{ url: string; host: string; seen: string[] }> {
  const seen: string[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    req.on('end', () => {
      seen.push(`${req.url ?? ''} ${body.includes(':Login>') ? 'login' : 'sell'}`)
      res.writeHead(200, { 'content-type': 'text/xml' }).end(envelope(answer(body)))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `http://${name}`, host: name, seen }
}

const session = (hosts: string): string =>
  `session: { operation: Login, request: { Name: a, Password: '\${TILL_PASSWORD}' }, token: $response.body#/result/session, endpoint: $response.body#/result/url${hosts} }`

/** Sells once, after a login that gives this URL. */
async function sell(
  urlOf: (data: string) => string,
  hostsOf: (data: string) => string,
): Promise<{ code: string | undefined; message: string; login: string[]; data: string[] }> {
  const data = await host(() => '<t:SellResponse><t:Receipt>r</t:Receipt></t:SellResponse>')
  const login = await host((body) =>
    body.includes(':Login>')
      ? `<t:LoginResponse><t:Result><t:Session>s</t:Session><t:Url>${urlOf(data.host)}</t:Url></t:Result></t:LoginResponse>`
      : '<t:SellResponse><t:Receipt>wrong host</t:Receipt></t:SellResponse>',
  )
  const backend = `endpoint: '${login.url}/login', ${session(`, hosts: ['${hostsOf(data.host)}']`)}`
  const adapter = till({ backend })
  closing.push(() => adapter.close())
  const made = adapter.operations
    .get('sell')
    ?.invoke({ path: {}, query: {}, headers: {}, body: { item: 'a' } })
  const error = await made?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const { code, message } = error instanceof AdapterError ? error : { code: undefined, message: '' }
  return { code, message, login: login.seen, data: data.seen }
}

describe('a login that says where calls go', () => {
  it('is followed to a host that the contract lists', async () => {
    const { code, login, data } = await sell(
      (name) => `http://${name}/u/1?org=7`,
      (name) => name,
    )
    expect(code).toBeUndefined()
    expect(login).toEqual(['/login login'])
    expect(data).toEqual(['/u/1?org=7 sell'])
  })

  it.each([
    [
      'another port',
      (name: string) => `http://${name.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))}/`,
    ],
    ['another host', () => 'http://evil.example/'],
    ['a host that only begins so', (name: string) => `http://${name}.evil.example/`],
    ['credentials', (name: string) => `http://u:p@${name}/`],
    ['credentials that look like the host', (name: string) => `http://${name}@evil.example/`],
    ['another scheme', (name: string) => `ftp://${name}/`],
    ['a path alone', () => '/u/1'],
    ['nothing', () => ''],
  ])('is refused with %s, and nothing is sent', async (_, urlOf) => {
    const { code, message, data } = await sell(urlOf, (name) => name)
    expect(code).toBe('backend-login')
    expect(message).not.toContain('evil')
    expect(data).toEqual([])
  })

  it.each([
    ['na1.crm.example', 'https://na1.crm.example/x', true],
    ['na1.crm.example', 'https://NA1.crm.example:443/x', true],
    ['na1.crm.example', 'https://na1.crm.example:444/x', false],
    ['na1.crm.example:444', 'https://na1.crm.example:444/x', true],
    ['*.crm.example', 'https://na1.crm.example/', true],
    ['*.crm.example', 'https://a.b.crm.example/', true],
    ['*.crm.example', 'https://crm.example/', false],
    ['*.crm.example', 'https://evilcrm.example/', false],
    ['[::1]:80', 'http://[::1]/', true],
  ])('%s lets %s be: %s', (text, url, expected) => {
    expect(AllowedHost.parse(text)?.allows(new URL(url))).toBe(expected)
  })

  it.each(['*', '*.example', 'a b', 'https://a.example', 'a.example/x', '**.a.example', ''])(
    '%j is no host',
    (text) => {
      expect(AllowedHost.parse(text)).toBeUndefined()
    },
  )
})

describe('is checked at the start', () => {
  it.each([
    ['without hosts', session('')],
    ['with hosts that are none', session(", hosts: ['https://a.example']")],
    [
      'where the response has no such place',
      session(', hosts: [a.example]').replace('result/url', 'result/uri'),
    ],
    [
      'beside endpoints',
      `${session(', hosts: [a.example]')}, endpoints: ['http://a.example/', 'http://b.example/']`,
    ],
    ['beside addressing', `${session(', hosts: [a.example]')}, addressing: true`],
    [
      'hosts without an endpoint',
      session(', hosts: [a.example]').replace('endpoint: $response.body#/result/url, ', ''),
    ],
  ])('%s', (_, backend) => {
    expect(findings({ backend }).join()).toContain('session-endpoint')
  })
})
