import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultSettings } from '../../../src/config/settings.js'
import { createListener } from '../../../src/http/sockets/listener.js'
import { CertificateMaker } from '../../backend/certificates.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { disconnect } from '../sample-facade.js'

const certificates = CertificateMaker.create()
const meter = { lagMs: 0, close: () => undefined }

let sample: SampleApp
let server: Server
let sockets: Socket[]

/** A service that is full as long as one call waits. */
beforeEach(() => {
  sample = sampleApp({}, { load: { maxInFlight: 1, maxEventLoopLagMs: 0, meter } })
  sample.facade.answers.set('listAccounts', async ({ signal }) => {
    await disconnect(signal)
    throw new Error('nobody waits')
  })
  sockets = []
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

afterAll(() => {
  certificates?.remove()
})

async function listen(isSecure: boolean): Promise<void> {
  const pair = isSecure ? certificates?.authority('127.0.0.1') : undefined
  const tls = pair && { tlsCertFile: pair.certFile, tlsKeyFile: pair.keyFile }
  const nothing = () => undefined
  server = createListener({ ...defaultSettings(), ...tls }, sample.app, nothing, nothing).server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

async function open(isSecure: boolean): Promise<Socket> {
  const { port } = server.address() as AddressInfo
  const socket = isSecure
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    : connect(port, '127.0.0.1')
  await once(socket, isSecure ? 'secureConnect' : 'connect')
  socket.setEncoding('latin1')
  sockets.push(socket)
  return socket
}

async function fill(isSecure: boolean): Promise<void> {
  const socket = await open(isSecure)
  socket.write('GET /v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(() => sample.facade.calls.length).toBe(1)
}

/** All that a connection says, until it has said so many responses. */
function responses(socket: Socket, count: number): Promise<string[]> {
  let said = ''
  return new Promise((resolve) => {
    socket.on('data', (chunk: string) => {
      said += chunk
      const heads = said.split(/(?=HTTP\/1\.1 \d{3} )/)
      if (heads.length >= count && heads.at(-1)?.endsWith('}')) resolve(heads)
    })
  })
}

const smuggled = 'DELETE /v1/nothing HTTP/1.1\r\nHost: x\r\nX-Request-ID: smuggled\r\n\r\n'

function posts(name: string, count: number): string {
  const one = (index: number) =>
    `POST /v1/accounts HTTP/1.1\r\nHost: x\r\nX-Request-ID: ${name}-${index}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`
  return Array.from({ length: count }, (_each, index) => one(index)).join('')
}

const CONNECTIONS = 20
const AHEAD = 60

describe.each([
  ['without TLS', false],
  ['over TLS', true],
])('while a service refuses, %s', (_how, isSecure) => {
  test.skipIf(isSecure && !certificates)(
    'each request has its own response in its turn, however many wait, and no body is read as a request',
    async () => {
      await listen(isSecure)
      await fill(isSecure)
      // Far more than are refused at once.
      const all = await Promise.all(
        Array.from({ length: CONNECTIONS }, async (_each, index) => {
          const socket = await open(isSecure)
          const got = responses(socket, AHEAD)
          socket.write(posts(`c${index}`, AHEAD))
          return { index, got: await got }
        }),
      )
      for (const { index, got } of all) {
        const ids = got.map((each) => /^HTTP\/1\.1 503 [^]*?\r\nx-request-id: (\S+)\r\n/i.exec(each)?.[1])
        expect(ids).toEqual(Array.from({ length: AHEAD }, (_each, request) => `c${index}-${request}`))
        expect(got.every((each) => /\r\nretry-after: 1\r\n/i.test(each))).toBe(true)
      }
      expect(sample.facade.calls).toHaveLength(1)
    },
    30_000,
  )
})

test('a client that waits for 100 Continue gets the refusal alone, and its connection is closed', async () => {
  await listen(false)
  await fill(false)
  const socket = await open(false)
  const first = responses(socket, 1)
  socket.write(
    'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n',
  )
  const [refusal = ''] = await first
  expect(refusal).toMatch(/^HTTP\/1\.1 503 /)
  expect(refusal).not.toContain(' 100 ')
  // Whether its body follows nobody knows (RFC 9110, section 10.1.1): nothing may be read as one, or as what comes after.
  expect(refusal).toMatch(/\r\nconnection: close\r\n/i)
})

test('a connection that sends more than 64 ahead is closed, and nothing is kept for it', async () => {
  await listen(false)
  await fill(false)
  const socket = await open(false)
  const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
  socket.resume()
  for (let each = 0; each < 100; each++) socket.write(posts(`many${each}`, 64))
  await closed
  expect(sample.facade.calls).toHaveLength(1)
})
