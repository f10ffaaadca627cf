import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import express from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { inTurn } from '../../../src/http/answer/unfinished-answers.js'
import { createRouter } from '../../../src/http/router.js'
import { CertificateMaker } from '../../backend/certificates.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { disconnect, facadeOf, sampleDocument } from '../sample-facade.js'

let server: Server

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

async function open(listener: Parameters<typeof createServer>[1]): Promise<Socket> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

const urlOf = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

const requests = (path: string, count: number): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(count)

/** Resolves when it is so; looks at each turn of the event loop. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

const inFlight = async ({ metrics }: SampleApp): Promise<string | undefined> =>
  /^http_server_requests_in_flight (\d+)$/m.exec(await metrics.text())?.[1]

/** One whose answers wait for one that does not come. */
function hanging(): { sample: SampleApp; calls: () => number } {
  const meter = { lagMs: 0, close: () => undefined }
  const sample = sampleApp({}, { load: { maxInFlight: 30, maxEventLoopLagMs: 0, meter } })
  sample.facade.answers.set('listAccounts', async ({ signal }) => {
    await disconnect(signal)
    throw new Error('nobody waits')
  })
  return { sample, calls: () => sample.facade.calls.length }
}

describe('requests that were sent ahead on a connection that then vanishes', () => {
  test('take one place, give it back, and are not begun', async () => {
    const { sample, calls } = hanging()
    for (let round = 1; round <= 3; round++) {
      const socket = await open(sample.app)
      socket.write(requests('/v1/accounts', 20))
      await until(async () => calls() === round && (await inFlight(sample)) === '1')
      // A second connection is answered after all that the first one has sent was read.
      expect((await fetch(urlOf('/v1/nothing'))).status).toBe(404)
      expect(await inFlight(sample)).toBe('1')
      socket.destroy()
      await until(() => sample.logLines.length === 2 * round)
      expect(await inFlight(sample)).toBe('0')
      expect(calls()).toBe(round)
      server.close()
    }
    const socket = await open(sample.app)
    socket.write(requests('/v1/nothing', 25))
    let said = ''
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(() => said.split('HTTP/1.1 404').length === 26)
    expect(said).not.toContain('HTTP/1.1 503')
    socket.destroy()
  })

  test('end the call that was begun', async () => {
    const { sample, calls } = hanging()
    const socket = await open(sample.app)
    socket.write(requests('/v1/accounts', 5))
    await until(() => calls() === 1)
    const gone = sample.facade.calls.map(({ signal }) => disconnect(signal))
    socket.destroy()
    await Promise.all(gone)
  })

  test('end their calls where the router is mounted in an app of others', async () => {
    const facade = facadeOf(sampleDocument)
    facade.answers.set('listAccounts', async ({ signal }) => {
      await disconnect(signal)
      throw new Error('nobody waits')
    })
    const socket = await open(express().use(createRouter(facade, { authentication: 'off' })))
    socket.write(requests('/v1/accounts', 5))
    await until(() => facade.calls.length === 5)
    const gone = facade.calls.map(({ signal }) => disconnect(signal))
    socket.destroy()
    await Promise.all(gone)
  })

  test('are answered once and in order where it stays', async () => {
    const { sample } = hanging()
    const socket = await open(sample.app)
    socket.write(requests('/v1/nothing', 3) + requests('/healthz', 3))
    let said = ''
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(() => said.split('HTTP/1.1 ').length === 7)
    expect([...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '404',
      '404',
      '404',
      '200',
      '200',
      '200',
    ])
    socket.end()
    await until(() => sample.logLines.length === 6)
    expect(await inFlight(sample)).toBe('0')
  })

  const maker = CertificateMaker.create()

  // Without TLS a connection is closed before anything else can be begun on it.
  test.skipIf(!maker)('are not begun behind a response that closes it', async () => {
    const { certFile = '', keyFile = '' } = maker?.authority('front') ?? {}
    const begun: (string | undefined)[] = []
    const secure = createTlsServer(
      { cert: readFileSync(certFile), key: readFileSync(keyFile) },
      (req, res) => {
        inTurn(req, res, () => {
          begun.push(req.url)
          setImmediate(() => res.writeHead(200, { connection: 'close' }).end('closed'))
        })
      },
    )
    server = secure.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    socket.write(requests('/first', 1) + requests('/second', 1))
    await once(socket.resume(), 'close')
    // What would begin it comes in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual(['/first'])
    maker?.remove()
  })

  test('are no more than 64', async () => {
    const { sample, calls } = hanging()
    const socket = await open(sample.app)
    socket.write(requests('/v1/accounts', 1) + requests('/v1/nothing', 100))
    await once(socket.resume(), 'close')
    expect(calls()).toBe(1)
    await until(async () => (await inFlight(sample)) === '0')
  })
})
