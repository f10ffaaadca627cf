import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { MessageGuard } from '../../../src/adapter/trust/message-guard.js'
import { AdapterError } from '../../../src/base/errors.js'
import { makeTables, MESSAGE_TABLE } from '../../../src/http/counters/counter-tables.js'
import { usernameToken } from '../../../src/ws-security/tokens/username-token.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../../store/postgresql.js'
import { hasOpenssl, KeyFolder } from '../../ws-security/keys.js'
import { type AnswerOptions, signedAnswer, token } from '../../ws-security/signed-answer.js'
import { contractFolder, contractText, environment } from '../contract.js'
import { notificationId, outboundMessage, serve } from '../served.js'
import { dataOf, type PortServer, startPorts } from './port-server.js'

if (!hasOpenssl) console.warn('skipped: messages cannot be signed without the openssl command')

const message = outboundMessage([notificationId(1)])
const body = /<s:Body>(.*)<\/s:Body>/s.exec(message)?.[1] ?? ''
const MINUTE = 60_000

const USERNAME_TOKEN = "usernameToken: { name: crm, password: '${CRM_PASSWORD}' }"

/**
 * @param more keys of `verify`, flow style
 * @param receive a key of `receive`
 */
function securedContract(directory: string, more = '', receive = ''): string {
  const contract = join(directory, `openapi${more.length}-${receive.length}.yaml`)
  const security = `security: { verify: { trust: '\${CRM_CA}'${more === '' ? '' : `, ${more}`} } }`
  const secured = contractText
    .replace('wsdl: outbound-messages.wsdl', `wsdl: ${contractFolder}outbound-messages.wsdl\n    ${security}`)
    .replace('wsdl: notify.wsdl', `wsdl: ${contractFolder}notify.wsdl`)
    .replace('      pathSecret: ${CRM_PATH_SECRET}\n', () => (receive === '' ? '' : `      ${receive}\n`))
  writeFileSync(contract, secured)
  return contract
}

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
    server = await startPorts(securedContract(directory), { ...environment, CRM_CA: root?.certificatePem })
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
  const send = (text: string, type = 'text/xml') =>
    fetch(`${server.url}/soap/crm`, {
      method: 'POST',
      headers: { 'content-type': type, soapaction: '""' },
      body: text,
    })

  it('refuses attachments beside what is signed', async () => {
    const type = 'multipart/related; type="text/xml"; boundary=b'
    const related = (parts: string): string =>
      `--b\r\nContent-Type: text/xml\r\n\r\n${signed()}\r\n${parts}--b--\r\n`
    const part = '--b\r\nContent-Type: image/png\r\nContent-ID: <a@x>\r\n\r\ncanary\r\n'
    expect((await send(related(part), type)).status).toBe(500)
    expect(server.events).toEqual([])
    expect(server.log()).toContain('signed ones are not received')
    expect((await send(related(''), type)).status).toBe(200)
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

describe.skipIf(!hasOpenssl)('a signed message that comes again', () => {
  const folder = new KeyFolder()
  let directory: string
  let contract: string
  const crm = hasOpenssl ? folder.make('/O=Acme/CN=crm', { days: 3_650 }) : undefined
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'soapstone-again-'))
    contract = securedContract(directory)
  })
  afterAll(() => {
    folder.remove()
    rmSync(directory, { recursive: true, force: true })
  })

  const signed = (more: Partial<AnswerOptions> = {}) => {
    if (!crm) throw new Error('there are no keys')
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    return signedAnswer({ by: crm, body, created: at(-1_000), expires: at(5 * MINUTE), ...more })
  }
  const post = async (url: string, text: string) => {
    const response = await fetch(`${url}/soap/crm`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: text,
    })
    return /<faultcode>([^<]*)/.exec(await response.text())?.[1] ?? response.status
  }
  const environmentOf = (more = {}) => ({ ...environment, CRM_CA: crm?.certificatePem ?? '', ...more })

  it('is taken once, however it is written, unless it could not be kept', async () => {
    const server = await startPorts(contract, environmentOf())
    const send = (text: string) => post(server.url, text)
    const first = signed()
    const copies = [first, first.replace('</s:Envelope>', '</s:Envelope><!-- again -->'), `${first} `]
    expect((await Promise.all(copies.map(send))).filter((answer) => answer === 200)).toHaveLength(1)
    expect(server.events).toHaveLength(1)
    expect(server.log()).toContain('The message came before')
    const unlucky = signed()
    server.failing = new Error('the disk is full')
    expect(await send(unlucky)).toBe('soap:Server')
    server.failing = undefined
    expect([await send(unlucky), await send(unlucky)]).toEqual([200, 'soap:Client.FailedAuthentication'])
    await server.close()
  })

  it('cannot come in part, its Body beside the Timestamp of another', async () => {
    const server = await startPorts(contract, environmentOf())
    const signatureIn = (text: string): string => /<ds:Signature>.*<\/ds:Signature>/.exec(text)?.[0] ?? ''
    const created = new Date().toISOString()
    const over = (id: string): string => signed({ created, expires: created, references: [{ id }] })
    const apart = over('Body').replace('</wsse:Security>', () => `${signatureIn(over('TS'))}</wsse:Security>`)
    expect(await post(server.url, apart)).toBe('soap:Client.FailedAuthentication')
    expect(server.log()).toContain('signed apart')
    await server.close()
  })

  it('leaves its nonce used where a copy of it cannot be judged', async () => {
    const env = environmentOf({ CRM_PASSWORD: 'secret' })
    const server = await startPorts(securedContract(directory, '', USERNAME_TOKEN), env)
    const user = usernameToken(
      { name: 'crm', password: 'secret', type: 'digest', nonce: true },
      { now: new Date(), tokenId: 'x' },
    )
    const text = signed({ tokens: token(crm?.certificatePem ?? '') + user })
    expect(await post(server.url, text)).toBe(200)
    const admit = vi.spyOn(MessageGuard.prototype, 'admit')
    try {
      admit.mockRejectedValueOnce(new AdapterError('overloaded', 'Too many'))
      expect(await post(server.url, text)).toBe('soap:Server')
      // Whoever signs anew brings the nonce again.
      admit.mockResolvedValueOnce(() => Promise.resolve())
      expect(await post(server.url, text)).toBe('soap:Client.FailedAuthentication')
      expect(server.log()).toContain('The Nonce of the UsernameToken has been used')
    } finally {
      admit.mockRestore()
      await server.close()
    }
  })

  it('is taken again where the contract says so', async () => {
    const careless = securedContract(directory, 'once: false')
    const server = await startPorts(careless, environmentOf())
    const text = signed()
    expect([await post(server.url, text), await post(server.url, text)]).toEqual([200, 200])
    await server.close()
  })

  describe.skipIf(postgresqlIsMissing !== undefined)('where replicas have a database', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await testDatabase()
    })
    afterAll(() => database.drop())

    it('is refused by the other replica', async () => {
      const pool = new pg.Pool({ connectionString: database.url })
      await makeTables(pool)
      const replicas = await Promise.all([0, 1].map(() => startPorts(contract, environmentOf())))
      for (const { adapter } of replicas) adapter.shareUses({ pool, table: MESSAGE_TABLE })
      const send = (replica: number, text: string) => post(replicas[replica]?.url ?? '', text)
      const text = signed()
      expect([await send(0, text), await send(1, text)]).toEqual([200, 'soap:Client.FailedAuthentication'])
      const other = signed()
      const answers = await Promise.all([0, 1, 0, 1].map((replica) => send(replica, other)))
      expect(answers.filter((answer) => answer === 200)).toHaveLength(1)
      expect(await rows()).toBe(2)
      await Promise.all(replicas.map((replica) => replica.close()))
      await pool.end()
    })

    it('is refused by each alone while the database fails, and the log says so', async () => {
      const replica = await serve(
        environmentOf({
          DATABASE_URL: database.url,
          STORE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
          AUTH_FAILURES_PER_MINUTE: '0',
        }),
        contract,
      )
      const before = await rows()
      // A database that is slow is left alone for a while, too.
      const known = async () => {
        await post(replica.url, signed())
        return rows()
      }
      await expect.poll(known, { timeout: 40_000, interval: 200 }).toBeGreaterThan(before)
      await database.query(`DROP TABLE ${MESSAGE_TABLE}`)
      const text = signed()
      expect([await post(replica.url, text), await post(replica.url, text)]).toEqual([
        ...[200, 'soap:Client.FailedAuthentication'],
      ])
      expect(replica.log()).toContain('counted by this process alone: the database fails')
      await replica.close()
    }, 60_000)

    const rows = async (): Promise<number> => {
      const [row] = await database.query(`SELECT count(*)::int AS n FROM ${MESSAGE_TABLE}`)
      return Number(row?.n)
    }
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
