import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { XmlDocument } from 'libxml2-wasm'
import { afterEach, describe, expect, test } from 'vitest'
import { actionOf } from '../../src/wsdl/addressing.js'
import type { XmlElement } from '../../src/xml/tree.js'
import { findings, till, type TillContract } from './header-contract.js'

const WSA = 'http://www.w3.org/2005/08/addressing'
const names = { s: 'http://schemas.xmlsoap.org/soap/envelope/', a: WSA }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Calls `sell` on a backend whose answer has this header. */
async function call(
  contract: TillContract,
  header: (messageId: string) => string,
): Promise<{ sent: string; answer: Promise<unknown> }> {
  let sent = ''
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      sent = body
      const messageId = /<wsa:MessageID>([^<]*)</.exec(body)?.[1] ?? ''
      const receipt = '<t:SellResponse xmlns:t="urn:till"><t:Receipt>r</t:Receipt></t:SellResponse>'
      const blocks = header(messageId)
      const isFault = blocks.includes('FAULT')
      const content = isFault ? '<s:Fault><faultcode>s:Server</faultcode><faultstring/></s:Fault>' : receipt
      res.writeHead(isFault ? 500 : 200, { 'content-type': 'text/xml' })
      res.end(
        `<s:Envelope xmlns:s="${names.s}" xmlns:a="${WSA}"><s:Header>${blocks.replace('FAULT', '')}</s:Header><s:Body>${content}</s:Body></s:Envelope>`,
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b&c`
  const adapter = till({ ...contract, backend: `endpoint: '${endpoint}', ${contract.backend ?? ''}` })
  closing.push(
    () => adapter.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  const answer = adapter.operations
    .get('sell')
    ?.invoke({ path: {}, query: {}, headers: {}, body: { item: 'x' } })
  await answer?.catch(() => undefined)
  return { sent, answer: Promise.resolve(answer) }
}

const relates = (id: string): string => `<a:RelatesTo>${id}</a:RelatesTo>`

describe('WS-Addressing', () => {
  test('says action, message, reply and endpoint, each to be understood', async () => {
    const { sent, answer } = await call({ backend: 'addressing: true' }, relates)
    await expect(answer).resolves.toMatchObject({ status: 200 })
    using document = XmlDocument.fromString(sent)
    const block = (path: string) => document.get(`/s:Envelope/s:Header/${path}`, names)?.content
    expect(block('a:Action[@s:mustUnderstand="1"]')).toBe('urn:till/Sell')
    expect(block('a:MessageID')).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    expect(block('a:ReplyTo[@s:mustUnderstand="1"]/a:Address')).toBe(`${WSA}/anonymous`)
    expect(block('a:To[@s:mustUnderstand="1"]')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a\?b&c$/)
  })

  test('says what the contract says instead', async () => {
    const backend = "addressing: { to: 'urn:them', replyTo: 'urn:us', mustUnderstand: false }"
    const { sent } = await call({ backend }, relates)
    expect(sent).toContain('<wsa:To>urn:them</wsa:To>')
    expect(sent).toContain('<wsa:ReplyTo><wsa:Address>urn:us</wsa:Address></wsa:ReplyTo>')
  })

  test('gives each message an identifier of its own', async () => {
    const first = await call({ backend: 'addressing: true' }, relates)
    const second = await call({ backend: 'addressing: true' }, relates)
    const id = (sent: string) => /MessageID>([^<]*)</.exec(sent)?.[1]
    expect(id(first.sent)).not.toBe(id(second.sent))
  })

  test.each<[string, string, (id: string) => string, string | undefined]>([
    ['to this message', 'true', (id) => relates(` ${id} `), undefined],
    ['to another', 'true', () => relates('urn:uuid:0'), 'relates to another message'],
    ['to none', 'true', () => '', 'has no wsa:RelatesTo'],
    ['to none, which may be', '{ relatesTo: optional }', () => '', undefined],
    [
      'to another, where none would do',
      '{ relatesTo: optional }',
      () => relates('x'),
      'relates to another message',
    ],
    ['to another, as a fault', 'true', () => `${relates('x')}FAULT`, 'relates to another message'],
  ])('takes a response that relates %s', async (_, addressing, header, refused) => {
    const { answer } = await call({ backend: `addressing: ${addressing}` }, header)
    if (refused === undefined) await expect(answer).resolves.toMatchObject({ status: 200 })
    else {
      await expect(answer).rejects.toMatchObject({
        code: 'backend-untrusted',
        message: expect.stringContaining(refused) as string,
      })
    }
  })

  test('lets a fault relate to nothing: what it answers may not have been readable', async () => {
    const { answer } = await call({ backend: 'addressing: true' }, () => 'FAULT')
    await expect(answer).rejects.toMatchObject({ code: 'backend-fault' })
  })

  test.each([
    ['addressing: yes please', /^annotation-invalid: addressing must be a map/],
    ['addressing: { replyTO: x }', /^annotation-unknown: There is no replyTO/],
    ['addressing: { relatesTo: never }', /^annotation-invalid: relatesTo must be required or optional/],
  ])('is configured right or not at all: %s', (backend, message) => {
    expect(findings({ backend })).toContainEqual(expect.stringMatching(message))
  })
})

describe('the action of an operation (WS-Addressing Metadata, 4.4)', () => {
  const input = (attributes: [string, string][] = []): XmlElement => ({
    name: { namespace: '', localName: 'input' },
    attributes: new Map(attributes),
    children: [],
    content: [],
    namespaces: { parent: undefined, declared: new Map() },
    at: { file: 'a.wsdl', line: 1, column: 1 },
  })
  const portType = (namespace: string) => ({ namespace, localName: 'Stock' })

  test.each<[string, XmlElement, string, string, string]>([
    [
      'wsam:Action',
      input([['{http://www.w3.org/2007/05/addressing/metadata}Action', 'urn:own']]),
      'urn:soap',
      'http://a/b',
      'urn:own',
    ],
    [
      'wsaw:Action',
      input([['{http://www.w3.org/2006/05/addressing/wsdl}Action', 'urn:own']]),
      '',
      'http://a/b',
      'urn:own',
    ],
    ['soapAction', input(), 'urn:soap', 'http://a/b', 'urn:soap'],
    ['the default pattern', input(), '', 'http://a/b', 'http://a/b/Stock/GetRequest'],
    ['the default pattern, after a slash', input(), '', 'http://a/b/', 'http://a/b/Stock/GetRequest'],
    ['the default pattern for URNs', input(), '', 'urn:a:b', 'urn:a:b:Stock:GetRequest'],
  ])('is that of %s', (_, node, soapAction, namespace, expected) => {
    expect(actionOf(node, soapAction, portType(namespace), 'GetRequest')).toBe(expected)
  })
})
