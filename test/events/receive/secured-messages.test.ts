import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasOpenssl, KeyFolder } from '../../ws-security/keys.js'
import { type AnswerOptions, signedAnswer } from '../../ws-security/signed-answer.js'
import { contractFolder, contractText, environment } from '../contract.js'
import { notificationId, outboundMessage } from '../served.js'
import { dataOf, type PortServer, startPorts } from './port-server.js'

if (!hasOpenssl) console.warn('skipped: messages cannot be signed without the openssl command')

const message = outboundMessage([notificationId(1)])
const body = /<s:Body>(.*)<\/s:Body>/s.exec(message)?.[1] ?? ''
const MINUTE = 60_000

describe.skipIf(!hasOpenssl)('a port whose messages must be signed', () => {
  const folder = new KeyFolder()
  let directory: string
  let server: PortServer
  const root = hasOpenssl ? folder.make('/O=Acme/CN=Root', { ca: true, days: 3_650 }) : undefined
  const crm = hasOpenssl
    ? folder.make('/O=Acme/CN=crm', { ...(root && { issuer: root }), days: 3_650 })
    : undefined
  const stranger = hasOpenssl ? folder.make('/O=Acme/CN=stranger', { days: 3_650 }) : undefined
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'soapstone-secured-'))
    const contract = join(directory, 'openapi.yaml')
    const secured = contractText
      .replace(
        'wsdl: outbound-messages.wsdl',
        `wsdl: ${contractFolder}outbound-messages.wsdl\n    security: { verify: { trust: '\${CRM_CA}' } }`,
      )
      .replace('wsdl: notify.wsdl', `wsdl: ${contractFolder}notify.wsdl`)
      .replace('      pathSecret: ${CRM_PATH_SECRET}\n', '')
    writeFileSync(contract, secured)
    server = await startPorts(contract, { ...environment, CRM_CA: root?.certificatePem })
  })
  afterEach(() => {
    server.events.length = 0
  })
  afterAll(async () => {
    await server.close()
    folder.remove()
    rmSync(directory, { recursive: true, force: true })
  })

  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const signed = (more: Partial<AnswerOptions> = {}) => {
    if (!crm) throw new Error('there are no keys')
    return signedAnswer({ by: crm, body, created: at(-1_000), expires: at(5 * MINUTE), ...more })
  }
  const send = (text: string) =>
    fetch(`${server.url}/soap/crm`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: text,
    })

  it('takes those of the sender that is trusted', async () => {
    const response = await send(signed())
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('true') as string])
    expect(server.events.map(dataOf)).toEqual(['{"opportunity":{"id":"006000000000000AAA","name":"canary"}}'])
  })

  it.each<[string, () => string]>([
    ['no signature', () => message],
    ['a signature of a stranger', () => (stranger ? signed({ by: stranger }) : '')],
    ['another body than was signed', () => signed().replace('>canary<', '>kanary<')],
    ['a message of yesterday', () => signed({ created: at(-1_440 * MINUTE), expires: at(-1_430 * MINUTE) })],
  ])('refuses %s, and does not say why', async (_, text) => {
    const response = await send(text())
    expect(response.status).toBe(500)
    const fault = await response.text()
    expect(fault).toMatch(/soap:Client\.FailedAuthentication<.*not known here/)
    expect(fault).not.toContain('canary')
    expect(server.events).toEqual([])
  })
})

describe('a message in MTOM', () => {
  let server: PortServer
  beforeAll(async () => {
    server = await startPorts()
  })
  afterAll(() => server.close())

  it('is read as any other', async () => {
    const part = `--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="text/xml"\r\nContent-ID: <root>\r\n\r\n${message}\r\n--b--\r\n`
    const response = await fetch(`${server.url}/soap/crm/${environment.CRM_PATH_SECRET}`, {
      method: 'POST',
      headers: {
        'content-type':
          'multipart/related; type="application/xop+xml"; start="<root>"; start-info="text/xml"; boundary=b',
        soapaction: '""',
      },
      body: part,
    })
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('true') as string])
    expect(server.events).toHaveLength(1)
  })
})
