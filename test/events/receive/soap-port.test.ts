import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { environment } from '../contract.js'
import { dataOf, type PortServer, startPorts } from './port-server.js'

const { CRM_ORGANIZATION: organization, CRM_PATH_SECRET: secret, SENSORS_PASSWORD: password } = environment
const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope'

let server: PortServer
beforeAll(async () => {
  server = await startPorts()
})
afterAll(() => server.close())
beforeEach(() => {
  server.events.length = 0
  server.failing = undefined
})

const notification = (id: string, amount = '<Amount>1234567890123456789.10</Amount>') =>
  `<Notification><Id>${id}</Id><sObject><Id>0060000000000${id.slice(-5)}</Id><Name>canary &amp; "quote" [,]</Name>${amount}</sObject></Notification>`

const outbound = (notifications: string, { org = organization, header = '' } = {}) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="${SOAP_11}">${header}<s:Body><notifications xmlns="urn:crm:outbound"><OrganizationId>${org}</OrganizationId>` +
  `<ActionId>04k000000000001AAA</ActionId><SessionId xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>${notifications}</notifications></s:Body></s:Envelope>`

const ids = ['04l00000000000AAA1', '04l00000000000AAA2'] as const
const valid = outbound(ids.map((id) => notification(id)).join(''))

const notify = (sequence: string, header = '') =>
  `<s:Envelope xmlns:s="${SOAP_12}">${header}<s:Body><Notify xmlns="urn:test:b-2"><NotificationMessage><Topic Dialect="urn:d">t/1</Topic>` +
  `<Message><Sequence>${sequence}</Sequence><Reading>20.50</Reading><extra xmlns="urn:other"/></Message></NotificationMessage></Notify></s:Body></s:Envelope>`

const send = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', ...headers },
    body: typeof body === 'string' ? body : Buffer.from(body),
  })
const toCrm = (body: string | Uint8Array, headers?: Record<string, string>) =>
  send(`/soap/crm/${secret}`, body, headers)
const basic = `Basic ${Buffer.from(`sensors:${password}`).toString('base64')}`
const toSensors = (body: string, headers: Record<string, string> = { authorization: basic }) =>
  send('/soap/sensors', body, { 'content-type': 'application/soap+xml', ...headers })

describe('a message of several notifications', () => {
  it('becomes an event of each, and is acknowledged', async () => {
    const response = await toCrm(valid)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(await response.text()).toMatch(
      /<soap:Body><(n\d+:)?notificationsResponse[^>]*><(n\d+:)?Ack>true<\/(n\d+:)?Ack>/,
    )
    expect(server.events.map(({ type }) => type)).toEqual(['opportunity.changed', 'opportunity.changed'])
    expect(server.events.map(dataOf)).toEqual(
      ['AAA1', 'AAA2'].map(
        (end) =>
          `{"opportunity":{"id":"00600000000000${end}","name":"canary & \\"quote\\" [,]","amount":"1234567890123456789.10"}}`,
      ),
    )
    expect(new Set(server.events.map(({ id }) => id)).size).toBe(2)
    expect(server.events.every(({ order }) => order)).toBe(true)
    expect(server.log()).not.toContain('canary')
  })

  it('makes the same events when it is repeated, whatever else has changed in it', async () => {
    await toCrm(valid)
    await toCrm(outbound(notification(ids[1], '<Amount>2</Amount>') + notification(ids[0])))
    const [first, second, again, other] = server.events
    expect([again?.id, other?.id]).toEqual([second?.id, first?.id])
    expect(first?.id).toMatch(/^msg_[\w-]{32}$/)
  })

  it('is read in its encoding', async () => {
    const bytes = Buffer.from(`\ufeff${valid.replace('canary', 'Zoë')}`, 'utf16le')
    expect((await toCrm(bytes, { 'content-type': 'text/xml; charset=utf-16' })).status).toBe(200)
    expect(dataOf(server.events[0] ?? { id: '', type: '', order: '', body: Buffer.of() })).toContain('Zoë')
  })

  it('is not acknowledged where its events cannot be kept', async () => {
    server.failing = new Error('the disk is full')
    const response = await toCrm(valid)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).toContain('<faultcode>soap:Server</faultcode>')
    expect(text).not.toContain('disk')
    expect(server.log()).toContain('message not kept')
  })
})

describe('a one-way message', () => {
  it('is answered with 202 and nothing', async () => {
    const response = await toSensors(notify('9007199254740993'))
    expect([response.status, await response.text()]).toEqual([202, ''])
    expect(server.events.map(dataOf)).toEqual([
      '{"topic":{"value":"t/1"},"message":{"sequence":9007199254740993,"reading":20.50}}',
    ])
  })
})

const deep = `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`

const refused: readonly {
  readonly name: string
  readonly body: string | Uint8Array
  readonly headers?: Record<string, string>
  readonly status: number
  readonly fault: RegExp
}[] = [
  { name: 'no XML', body: 'hello', status: 500, fault: /soap:Client</ },
  { name: 'broken XML', body: valid.slice(0, -9), status: 500, fault: /soap:Client<.*not well-formed/ },
  {
    name: 'a document type',
    body: valid.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>'),
    status: 500,
    fault: /soap:Client</,
  },
  { name: 'no envelope', body: '<hello/>', status: 500, fault: /soap:Client<.*not a SOAP envelope/ },
  {
    name: 'another version',
    body: valid.replace(SOAP_11, SOAP_12),
    status: 500,
    fault: /soap:VersionMismatch<.*SOAP 1\.1/,
  },
  {
    name: 'no body',
    body: `<s:Envelope xmlns:s="${SOAP_11}"/>`,
    status: 500,
    fault: /soap:Client<.*no soap:Body/,
  },
  {
    name: 'an operation that is not served',
    body: valid.replaceAll('notifications', 'other'),
    status: 500,
    fault: /soap:Client<.*No operation/,
  },
  {
    name: 'a value that its type does not allow',
    body: outbound(notification(ids[0], '<Amount>many</Amount>')),
    status: 500,
    fault:
      /soap:Client<.*not what the WSDL says \(at \/Envelope\/Body\/notifications\/Notification\/sObject\/Amount/,
  },
  {
    name: 'an element too many',
    body: outbound(notification(ids[0]).replace('</sObject>', '</sObject><more/>')),
    status: 500,
    fault: /soap:Client<.*not what the WSDL says/,
  },
  { name: 'no notification', body: outbound(''), status: 500, fault: /soap:Client<.*not what the WSDL says/ },
  {
    name: 'more notifications than the WSDL allows',
    body: outbound(notification(ids[0]).repeat(101)),
    status: 500,
    fault: /soap:Client<.*not what the WSDL says/,
  },
  { name: 'elements too deep', body: outbound(deep), status: 500, fault: /soap:Client</ },
  {
    name: 'a second body',
    body: valid.replace('</s:Envelope>', '<s:Body/></s:Envelope>'),
    status: 500,
    fault: /soap:Client</,
  },
  {
    name: 'a fault',
    body: `<s:Envelope xmlns:s="${SOAP_11}"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>canary</faultstring></s:Fault></s:Body></s:Envelope>`,
    status: 500,
    fault: /soap:Client</,
  },
  {
    name: 'another organization',
    body: outbound(notification(ids[0]), { org: '00D000000000002AAA' }),
    status: 500,
    fault: /soap:Client\.FailedAuthentication<.*not known here/,
  },
  {
    name: 'a block that must be understood',
    body: outbound(notification(ids[0]), {
      header: '<s:Header><t:Pay xmlns:t="urn:t" s:mustUnderstand="1"/></s:Header>',
    }),
    status: 500,
    fault: /soap:MustUnderstand</,
  },
  {
    name: 'an answer elsewhere',
    body: outbound(notification(ids[0]), {
      header:
        '<s:Header xmlns:a="http://www.w3.org/2005/08/addressing"><a:MessageID>urn:1</a:MessageID><a:ReplyTo><a:Address>http://elsewhere.example/</a:Address></a:ReplyTo></s:Header>',
    }),
    status: 500,
    fault: /RelatesTo[^>]*>urn:1<.*soap:Client\.OnlyAnonymousAddressSupported</,
  },
  {
    name: 'too much',
    body: outbound(`<!--${'x'.repeat(1_100_000)}-->`),
    status: 413,
    fault: /1048576 bytes/,
  },
  {
    name: 'a compressed message',
    body: gzipSync(valid),
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    fault: /not be compressed/,
  },
  {
    name: 'JSON',
    body: '{}',
    headers: { 'content-type': 'application/json' },
    status: 415,
    fault: /text\/xml/,
  },
]

describe('a message that is refused', () => {
  it.each(refused)('$name', async ({ body, headers, status, fault }) => {
    const response = await toCrm(body, headers)
    const text = await response.text()
    expect(text).toMatch(fault)
    expect(response.status).toBe(status)
    expect(text).not.toContain('canary')
    expect(server.events).toEqual([])
    expect(server.log()).not.toContain('canary')
  })

  it('says so in SOAP 1.2 as SOAP 1.2 has it', async () => {
    const wrong = await toSensors(notify('x'))
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toMatch(/<soap:Value>soap:Sender<.*\/Sequence/)
    const old = await toSensors(notify('1').replace(SOAP_12, SOAP_11))
    expect(old.status).toBe(500)
    expect(await old.text()).toMatch(/<soap:Upgrade>.*soap:VersionMismatch/)
    const header = '<s:Header><t:Pay xmlns:t="urn:t" s:mustUnderstand="true"/></s:Header>'
    expect(await (await toSensors(notify('1', header))).text()).toMatch(
      /<soap:NotUnderstood xmlns:b="urn:t" qname="b:Pay"\/>.*soap:MustUnderstand/,
    )
  })
})

describe('who may call', () => {
  it.each([
    ['/soap/crm', 404],
    [`/soap/crm/${secret.slice(1)}`, 404],
    [`/soap/crm/${secret}/`, 404],
    ['/soap/none', 404],
  ])('nobody at %s', async (path, status) => {
    expect((await send(path, valid)).status).toBe(status)
    expect((await fetch(`${server.url}${path}?wsdl`)).status).toBe(status)
    expect(server.events).toEqual([])
  })

  it('those with the password, and others only so often', async () => {
    const wrong = `Basic ${Buffer.from('sensors:wrong').toString('base64')}`
    const missing = await toSensors(notify('1'), {})
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="soapstone", charset="UTF-8"',
    ])
    const statuses: number[] = []
    for (let time = 0; time < 5; time++)
      statuses.push((await toSensors(notify('1'), { authorization: wrong })).status)
    expect(statuses.at(-1)).toBe(403)
    expect(statuses).toContain(401)
    expect((await toSensors(notify('1'))).status).toBe(202)
    expect(server.events).toHaveLength(1)
  })

  it('is told of those who are turned away, with their address and what they asked', async () => {
    server.audited.length = 0
    await toSensors(notify('1'), {})
    await fetch(`${server.url}/soap/sensors?wsdl`)
    expect(server.audited).toMatchObject([
      { method: 'POST', status: 401, problem: 'unauthenticated', address: '127.0.0.1' },
      { method: 'GET', status: 401, problem: 'unauthenticated', address: '127.0.0.1' },
    ])
  })
})

describe('the WSDL', () => {
  it('has the address that it was asked for at', async () => {
    const response = await fetch(`${server.url}/soap/crm/${secret}?wsdl`)
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(await response.text()).toContain(`<soap:address location="${server.url}/soap/crm/${secret}"/>`)
  })

  it('is for those who may call', async () => {
    expect((await fetch(`${server.url}/soap/sensors?wsdl`)).status).toBe(401)
    const headers = { authorization: basic }
    expect((await fetch(`${server.url}/soap/sensors?wsdl`, { headers })).status).toBe(200)
    expect((await fetch(`${server.url}/soap/sensors?xsd=9`, { headers })).status).toBe(404)
    expect((await fetch(`${server.url}/soap/sensors`, { method: 'PUT', headers })).status).toBe(405)
  })
})
