import { hash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ContractError } from '../../../src/base/errors.js'
import { defaultSettings } from '../../../src/config/settings.js'
import type { Settings } from '../../../src/config/settings-table.js'
import { type RunningServer, startServer } from '../../../src/server.js'
import { createLogger } from '../../../src/telemetry/logger.js'
import { CertificateMaker, type Pair } from '../../backend/certificates.js'
import { facadeOf } from '../sample-facade.js'
import { AUDIENCE, AuthorizationServer, newSigner } from './authorization-server.js'
import { securedDocument } from './secured-document.js'

const maker = CertificateMaker.create()
interface Issued {
  readonly ca: Pair
  readonly server: Pair
  readonly renewed: Pair
  readonly partner: Pair
  readonly other: Pair
  readonly expired: Pair
  readonly stranger: Pair
}

const made = maker && issued(maker)

function issued(maker: CertificateMaker): Issued {
  const ca = maker.authority('ca')
  return {
    ca,
    server: maker.leaf('server', ca),
    renewed: maker.leaf('renewed', ca),
    partner: maker.leaf('partner', ca),
    other: maker.leaf('other', ca),
    expired: maker.leaf('expired', ca, { days: -1 }),
    stranger: maker.leaf('stranger', maker.authority('stranger-ca')),
  }
}

const signer = await newSigner('k1')
const document = securedDocument({
  open: [],
  certificate: [{ Certificate: [] }],
  token: [{ OAuth: ['accounts:read'] }],
  both: [{ Certificate: [], OAuth: ['accounts:read'] }],
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})
afterAll(() => maker?.remove())

let as: AuthorizationServer
beforeAll(async () => {
  as = await AuthorizationServer.start(signer)
})
afterAll(() => as.close())

async function serve(
  more: Partial<Settings>,
  facade = facadeOf(document),
  logger = createLogger('silent'),
): Promise<RunningServer> {
  const settings: Settings = {
    ...defaultSettings(),
    host: '127.0.0.1',
    listenPort: 0,
    adminPort: 0,
    oauthIssuer: as.issuer,
    oauthAudience: [AUDIENCE],
    ...more,
  }
  const server = await startServer(facade, settings, { logger, signals: false })
  running.push(server)
  return server
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

async function get(url: string, ca: Pair, client?: Pair, token?: string): Promise<Answer> {
  const agent = new Agent({ ca: ca.cert, ...(client && { cert: client.cert, key: client.key }) })
  const call = request(url, {
    agent,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  call.end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  agent.destroy()
  return { status: response.statusCode, headers: response.headers }
}

describe.skipIf(!made)('over TLS', () => {
  const { ca, server, renewed, partner, other, expired, stranger } = made ?? ({} as Issued)
  const tls = () => ({ tlsCertFile: server.certFile, tlsKeyFile: server.keyFile })
  const mutual = () => ({ ...tls(), tlsClientCaFile: ca.certFile })
  const thumbprint = ({ cert }: Pair) => hash('sha256', new X509Certificate(cert).raw, 'base64url')

  it('browsers are told to stay there; over plain HTTP they are not', async () => {
    const { url } = await serve(mutual())
    expect(url).toMatch(/^https:/)
    expect((await get(`${url}/v1/open`, ca)).headers['strict-transport-security']).toBe('max-age=31536000')
    const plainDocument = facadeOf(securedDocument({ open: [] }))
    const plain = await serve({}, plainDocument)
    expect((await fetch(`${plain.url}/v1/open`)).headers.has('strict-transport-security')).toBe(false)
  })

  it.each([
    ['none', 'certificate', (): Pair | undefined => undefined, 401],
    ['one of ours', 'certificate', () => partner, 200],
    ['one of a stranger', 'certificate', () => stranger, 401],
    ['one that has expired', 'certificate', () => expired, 401],
    ['none', 'open', (): Pair | undefined => undefined, 200],
    ['one of a stranger', 'open', () => stranger, 200],
    ['one of ours and no token', 'both', () => partner, 401],
  ] as const)('with %s, %s is answered', async (_what, operation, client, status) => {
    const { url } = await serve(mutual())
    expect((await get(`${url}/v1/${operation}`, ca, client())).status).toBe(status)
  })

  it('the subject of the certificate is the client', async () => {
    const facade = facadeOf(document)
    const { url } = await serve(mutual(), facade)
    await get(`${url}/v1/certificate`, ca, partner)
    await get(`${url}/v1/both`, ca, partner, await as.token(signer))
    expect(facade.calls.map(({ identity }) => [identity?.client, identity?.subject])).toEqual([
      ['CN=partner', undefined],
      ['CN=partner', 'user-1'],
    ])
  })

  it('a token that is bound to a certificate is good with that one alone (RFC 8705)', async () => {
    const { url } = await serve(mutual())
    const bound = await as.token(signer, { cnf: { 'x5t#S256': thumbprint(partner) } })
    const ask = async (client?: Pair) => (await get(`${url}/v1/token`, ca, client, bound)).status
    expect([await ask(partner), await ask(other), await ask(stranger), await ask()]).toEqual([
      200, 401, 401, 401,
    ])
    const twice = await as.token(signer, { cnf: { 'x5t#S256': thumbprint(partner), jkt: 'x' } })
    expect((await get(`${url}/v1/token`, ca, partner, twice)).status).toBe(401)
  })

  it('a certificate is replaced while the service runs', async () => {
    const [certFile, keyFile] = [join(maker?.folder ?? '', 'live.pem'), join(maker?.folder ?? '', 'live.key')]
    copyFileSync(server.certFile, certFile)
    copyFileSync(server.keyFile, keyFile)
    const { url } = await serve({
      ...mutual(),
      tlsCertFile: certFile,
      tlsKeyFile: keyFile,
      reloadIntervalMs: 10,
    })
    const name = async () => {
      const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', ca: ca.cert })
      await once(socket, 'secureConnect')
      const { subject } = socket.getPeerCertificate()
      socket.destroy()
      return subject.CN
    }
    expect(await name()).toBe('server')
    copyFileSync(renewed.keyFile, keyFile)
    copyFileSync(renewed.certFile, certFile)
    await expect.poll(name, { interval: 20, timeout: 5_000 }).toBe('renewed')
    expect((await get(`${url}/v1/certificate`, ca, partner)).status).toBe(200)
  })

  it('authorities whose file is emptied are still trusted, also by a certificate that is replaced later', async () => {
    const folder = maker?.folder ?? ''
    const caFile = join(folder, 'kept-ca.pem')
    const certFile = join(folder, 'kept-cert.pem')
    const keyFile = join(folder, 'kept-key.pem')
    copyFileSync(ca.certFile, caFile)
    copyFileSync(server.certFile, certFile)
    copyFileSync(server.keyFile, keyFile)
    const lines: string[] = []
    const logger = createLogger('warn', { write: (line) => void lines.push(line) })
    const own = { tlsCertFile: certFile, tlsKeyFile: keyFile, tlsClientCaFile: caFile, reloadIntervalMs: 10 }
    const { url } = await serve(own, facadeOf(document), logger)
    writeFileSync(caFile, '')
    await expect
      .poll(() => lines.join('\n'), { interval: 10 })
      .toContain('certificate not replaced: TLS_CLIENT_CA_FILE has no certificate')
    copyFileSync(renewed.keyFile, keyFile)
    copyFileSync(renewed.certFile, certFile)
    const presented = async () => {
      const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', ca: ca.cert })
      await once(socket, 'secureConnect')
      const { subject } = socket.getPeerCertificate()
      socket.destroy()
      return subject.CN
    }
    await expect.poll(presented, { interval: 20, timeout: 5_000 }).toBe('renewed')
    expect((await get(`${url}/v1/certificate`, ca, partner)).status).toBe(200)
  })

  it('nothing older than TLS 1.2 is spoken', async () => {
    const { url } = await serve(tls(), facadeOf(securedDocument({ open: [] })))
    const socket = connectTls({
      port: Number(new URL(url).port),
      host: '127.0.0.1',
      ca: ca.cert,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    })
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toMatch(/^ERR_SSL/)
  })

  it('a key of another certificate is a diagnostic', async () => {
    await expect(serve({ ...mutual(), tlsKeyFile: other.keyFile })).rejects.toBeInstanceOf(ContractError)
  })
})
