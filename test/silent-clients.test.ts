import { once } from 'node:events'
import { Agent, get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultSettings } from '../src/config/settings.js'
import type { Settings } from '../src/config/settings-table.js'
import { type RunningServer, startServer } from '../src/server.js'
import { createLogger } from '../src/telemetry/logger.js'
import { CertificateMaker } from './backend/certificates.js'
import { facadeOf, sampleDocument } from './http/sample-facade.js'

const SILENT = 150
const REQUESTS = 20

const maker = CertificateMaker.create()
let plain: RunningServer
let secure: RunningServer | undefined

function start(own: Partial<Settings> = {}): Promise<RunningServer> {
  const settings = {
    ...defaultSettings(),
    ...{ listenPort: 0, adminPort: 0, host: '127.0.0.1', authentication: 'off' as const },
    ...{ drainDelayMs: 0, headersTimeoutMs: 500, requestTimeoutMs: 500 },
    ...own,
  }
  return startServer(facadeOf(sampleDocument), settings, { logger: createLogger('silent'), signals: false })
}

beforeAll(async () => {
  plain = await start()
  if (!maker) return
  const { certFile, keyFile } = maker.authority('front')
  secure = await start({ tlsCertFile: certFile, tlsKeyFile: keyFile })
})

afterAll(async () => {
  await plain.close()
  await secure?.close()
  maker?.remove()
})

const TCP = (url: string): Socket => connectTcp(Number(new URL(url).port), '127.0.0.1')
const TLS = (url: string): Socket =>
  connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false })

/** A handshake message that is longer than what comes of it. */
const HALF_HELLO = Buffer.from('1603010200010001fc0303', 'hex')

interface Case {
  readonly url: () => string | undefined
  readonly path: string
  readonly open: (url: string) => Socket
  /** What each socket says before it falls silent. */
  readonly says?: Buffer | string
}

const front = { url: () => plain.url, path: '/v1/accounts' }
const admin = { url: () => plain.adminUrl, path: '/healthz' }
const secureFront = { url: () => secure?.url, path: '/v1/accounts' }

const cases: Readonly<Record<string, Case>> = {
  'the front': { ...front, open: TCP },
  'the front, in the middle of a header': { ...front, open: TCP, says: 'GET / HTTP/1.1\r\nhost' },
  'the front, in the middle of a body': {
    ...front,
    open: TCP,
    says: 'POST /v1/payments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  },
  'the admin port': { ...admin, open: TCP },
  'the admin port, in the middle of a header': { ...admin, open: TCP, says: 'GET / HTTP/1.1\r\nhost' },
  'the TLS port, before the handshake': { ...secureFront, open: TCP },
  'the TLS port, in the middle of the handshake': { ...secureFront, open: TCP, says: HALF_HELLO },
  'the TLS port, after the handshake': { ...secureFront, open: TLS },
}

async function silentSockets({ open, says }: Case, url: string): Promise<Promise<void>[]> {
  const closed: Promise<void>[] = []
  const opened: Promise<unknown>[] = []
  for (let index = 0; index < SILENT; index++) {
    const socket = open(url)
    socket.on('error', () => undefined).resume()
    closed.push(
      new Promise((resolve) => {
        socket.once('close', () => {
          resolve()
        })
      }),
    )
    // Some may be closed for others before their handshake ends.
    opened.push(Promise.race([once(socket, open === TLS ? 'secureConnect' : 'connect'), closed.at(-1)]))
    if (says !== undefined) socket.write(says)
  }
  await Promise.all(opened)
  return closed
}

async function statusOf(url: string): Promise<number | undefined> {
  const secured = url.startsWith('https:')
  const asked = secured
    ? getSecure(url, { agent: false, rejectUnauthorized: false })
    : getPlain(url, { agent: new Agent({ keepAlive: false }) })
  const [res] = (await once(asked, 'response')) as [IncomingMessage]
  res.resume()
  return res.statusCode
}

describe('clients that say nothing, or not all that they have to', () => {
  test.each(Object.entries(cases))('%s: are closed, and others are served', async (_, each) => {
    const url = each.url()
    if (url === undefined) return
    const closed = await silentSockets(each, url)
    for (let request = 0; request < REQUESTS; request++) {
      expect(await statusOf(`${url}${each.path}`)).toBe(200)
    }
    await Promise.all(closed)
  })

  test.each([
    ['the front', 'http'],
    ['the TLS port', 'https'],
  ])('%s has room for others where there are more of them than MAX_CONNECTIONS', async (_, scheme) => {
    if (scheme === 'https' && !maker) return
    // Nothing but the number of connections closes one in the time of this test.
    const limits = { maxConnections: 20, headersTimeoutMs: 600_000, requestTimeoutMs: 600_000 }
    const pair = scheme === 'https' ? maker?.authority('other') : undefined
    const tls = pair ? { tlsCertFile: pair.certFile, tlsKeyFile: pair.keyFile } : {}
    const server = await start({ ...limits, ...tls, shutdownGraceMs: 100 })
    const closed = await silentSockets({ url: () => server.url, path: '', open: TCP }, server.url)
    for (let request = 0; request < REQUESTS; request++) {
      expect(await statusOf(`${server.url}/v1/accounts`)).toBe(200)
    }
    await Promise.all(closed.slice(0, SILENT - limits.maxConnections))
    await server.close()
  })
})
