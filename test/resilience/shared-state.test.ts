import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/http/authentication/api-key.js'
import { Soapstone } from '../cli/soapstone.js'
import {
  AUDIENCE,
  AuthorizationServer,
  newSigner,
  type Signer,
} from '../http/authentication/authorization-server.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../store/postgresql.js'

const CONTRACT = `
openapi: 3.1.0
info: { title: Payments, version: 1.0.0 }
servers: [{ url: /v1 }]
x-soap-backends:
  payments: { wsdl: payments.wsdl, endpoint: '\${PAYMENTS_URL}', timeoutMs: 20000 }
components:
  securitySchemes:
    Key: { type: apiKey, in: header, name: X-API-Key }
    Token: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://auth.bank.example/token, scopes: {} } } }
paths:
  /payments/{reference}:
    parameters: [{ name: reference, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getPayment
      security: [{ Key: [] }]
      x-soap: { operation: GetPayment }
      responses: { '200': { $ref: '#/components/responses/Payment' } }
  /held-payments/{reference}:
    parameters: [{ name: reference, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getPaymentOfHolder
      security: [{ Token: [] }]
      x-soap: { operation: GetPayment }
      responses: { '200': { $ref: '#/components/responses/Payment' } }
`
const RESPONSES = `
  responses:
    Payment:
      description: The payment.
      content:
        application/json:
          schema:
            type: object
            required: [paymentId, reference]
            properties: { paymentId: { type: string }, reference: { type: string } }
`

/** A backend that answers when it is told to. */
class HoldingBackend {
  readonly #held: (() => void)[] = []
  readonly #arrived: (() => void)[] = []
  holds = false
  count = 0
  readonly server: Server = createServer((req, res) => {
    req.resume().on('end', () => {
      this.count++
      const answer = () => {
        res.setHeader('content-type', 'text/xml')
        res.end(
          '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><t:GetPaymentResponse xmlns:t="urn:test:payments"><t:PaymentId>P</t:PaymentId><t:Reference>R</t:Reference></t:GetPaymentResponse></e:Body></e:Envelope>',
        )
      }
      if (this.holds) this.#held.push(answer)
      else answer()
      for (const tell of this.#arrived.splice(0)) tell()
    })
  })

  async held(count: number): Promise<void> {
    while (this.#held.length < count) await new Promise<void>((resolve) => this.#arrived.push(resolve))
  }

  release(): void {
    for (const answer of this.#held.splice(0)) answer()
  }
}

/** Sends each request to the next of several servers. */
function roundRobin(targets: readonly URL[]): Server {
  let next = 0
  return createServer((req, res) => {
    const { hostname, port } = targets[next++ % targets.length] ?? new URL('http://127.0.0.1:1')
    const { url: path, method, headers } = req
    const forwarded = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    forwarded.on('error', () => res.destroy())
    req.pipe(forwarded)
  })
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.skipIf(postgresqlIsMissing !== undefined)(
  'two processes with one database behind a round-robin proxy',
  () => {
    let soapstone: Soapstone
    let folder: string
    let backendUrl: string
    const backend = new HoldingBackend()
    const { key, line } = createApiKey('partner')
    let issuer: AuthorizationServer
    let signer: Signer
    let database: TestDatabase
    const ends: (() => unknown)[] = []

    beforeAll(async () => {
      soapstone = new Soapstone('shared-state')
      folder = mkdtempSync(join(tmpdir(), 'soapstone-shared-'))
      cpSync(fileURLToPath(new URL('payments.wsdl', import.meta.url)), join(folder, 'payments.wsdl'))
      writeFileSync(
        join(folder, 'openapi.yaml'),
        CONTRACT.replace('paths:\n', `${RESPONSES.slice(1)}paths:\n`),
      )
      backendUrl = await listen(backend.server)
      signer = await newSigner('k1')
      issuer = await AuthorizationServer.start(signer)
    }, 300_000)
    afterAll(async () => {
      soapstone.dispose()
      rmSync(folder, { recursive: true })
      backend.server.close()
      await issuer.close()
    })
    afterEach(async () => {
      backend.release()
      backend.holds = false
      for (const end of ends.splice(0).reverse()) await end()
    })

    /** @returns where the proxy is, and what each process has written */
    async function replicas(settings: Readonly<Record<string, string>>): Promise<string> {
      database = await testDatabase()
      ends.push(() => database.drop())
      const front = roundRobin([])
      const url = await listen(front)
      const env = {
        ...{ PAYMENTS_URL: backendUrl, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', API_KEYS: line },
        ...{
          DATABASE_URL: database.url,
          OAUTH_ISSUER: issuer.issuer,
          OAUTH_AUDIENCE: AUDIENCE,
          OAUTH_DPOP_URLS: url,
        },
        ...settings,
      }
      const urls = await Promise.all(
        [1, 2].map(async () => {
          const child = soapstone.start(['serve', '--contract', join(folder, 'openapi.yaml')], { env })
          ends.push(() => child.stop())
          const [, own = ''] = await child.printed(/"url":"([^"]+)".*"msg":"ready"/)
          return new URL(own)
        }),
      )
      front.removeAllListeners('request')
      const proxy = roundRobin(urls)
      front.on('request', (req, res) => proxy.emit('request', req, res))
      ends.push(() => {
        front.closeAllConnections()
        front.close()
      })
      return url
    }

    const read = (url: string, sent = key) =>
      fetch(`${url}/v1/payments/R`, { headers: { 'x-api-key': sent } }).then(({ status }) => status)

    it('counts wrong credentials together', async () => {
      const url = await replicas({ AUTH_FAILURES_PER_MINUTE: '4' })
      const statuses: number[] = []
      for (let i = 0; i < 7; i++) statuses.push(await read(url, 'wrong'))
      expect(statuses).toEqual([401, 401, 401, 401, 429, 429, 429])
      // Whoever has a good key is let in all the same.
      expect(await read(url)).toBe(200)
      const rows = await database.query(`SELECT key, points FROM soapstone_rate_limit`)
      expect(rows).toEqual([{ key: expect.stringMatching(/^failed:[0-9a-f]{4}$/) as string, points: 7 }])
    })

    it('counts requests together', async () => {
      const url = await replicas({ RATE_LIMIT_REQUESTS: '5', RATE_LIMIT_WINDOW_S: '3600' })
      const statuses: number[] = []
      for (let i = 0; i < 8; i++) statuses.push(await read(url))
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    })

    // A database that takes more than half a second, as on a busy machine, is counted without.
    it('lets a client have so many requests under way, and gives places back', { retry: 2 }, async () => {
      const url = await replicas({ RATE_LIMIT_CONCURRENT: '3' })
      backend.holds = true
      const first = [read(url), read(url), read(url)]
      await backend.held(3)
      expect([await read(url), await read(url)]).toEqual([429, 429])
      backend.release()
      expect(await Promise.all(first)).toEqual([200, 200, 200])
      backend.holds = false
      // Places are given back beside the answers.
      for (;;) {
        const [{ holders } = { holders: {} }] = await database.query(
          'SELECT holders FROM soapstone_under_way',
        )
        if (Object.keys(holders as object).length === 0) break
      }
      for (let i = 0; i < 6; i++) expect(await read(url)).toBe(200)
    })

    it('takes a proof of possession once', async () => {
      const url = await replicas({})
      const { publicKey, privateKey } = await generateKeyPair('ES256')
      const jwk = await exportJWK(publicKey)
      const token = await issuer.token(signer, { cnf: { jkt: await calculateJwkThumbprint(jwk) } })
      const ath = createHash('sha256').update(token).digest('base64url')
      const htu = `${url}/v1/held-payments/R`
      const prove = (jti: string) =>
        new SignJWT({ jti, htm: 'GET', htu, iat: Math.floor(Date.now() / 1000), ath })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
          .sign(privateKey)
      const send = async (dpop: string) => {
        const response = await fetch(htu, { headers: { authorization: `DPoP ${token}`, dpop } })
        return response.status
      }
      for (let i = 0; i < 3; i++) {
        const proof = await prove(`p${i}`)
        expect([await send(proof), await send(proof), await send(proof)]).toEqual([200, 401, 401])
      }
    })

    it('goes on without the database, each process by itself, and says so once', async () => {
      const url = await replicas({ AUTH_FAILURES_PER_MINUTE: '2', RATE_LIMIT_CONCURRENT: '5' })
      expect(await read(url)).toBe(200)
      await database.drop()
      database = await testDatabase()
      const statuses: number[] = []
      for (let i = 0; i < 8; i++) statuses.push(await read(url, 'wrong'))
      // Two for each of them, where it was four for both before.
      expect(statuses).toEqual([401, 401, 401, 401, 429, 429, 429, 429])
      expect(await read(url)).toBe(200)
    })
  },
)
