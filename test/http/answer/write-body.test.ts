import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import type { RestOfBody } from '../../../src/adapter/rest.js'
import { Base64, Segments } from '../../../src/base/bytes/source.js'
import { streamBody, writeBody } from '../../../src/http/answer/write-body.js'
import { type ConnectionLimits, limitConnections } from '../../../src/http/limits/connections.js'
import { sampleApp } from '../sample-app.js'

let server: Server

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

/** @returns the response of a server, none of which has been read */
async function answerOf(
  listener: Parameters<typeof createServer>[1],
  { path = '/', limits }: { readonly path?: string; readonly limits?: ConnectionLimits } = {},
): Promise<IncomingMessage> {
  server = createServer(listener).listen(0, '127.0.0.1')
  if (limits) server.once('close', limitConnections(server, limits).stop)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const [res] = (await once(get(`http://127.0.0.1:${port}${path}`), 'response')) as [IncomingMessage]
  return res
}

function restOf(bodies: () => AsyncIterable<string>): RestOfBody & { cancelled: number } {
  return {
    bodies: { [Symbol.asyncIterator]: () => bodies()[Symbol.asyncIterator]() },
    cancelled: 0,
    cancel() {
      this.cancelled++
    },
  }
}

async function* repeated(piece: string, times: number): AsyncGenerator<string> {
  for (let time = 0; time < times; time++) {
    await Promise.resolve()
    yield piece
  }
}

test('base64 arrives whole at a client that is slow to take it', async () => {
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff))
  const res = await answerOf((_, out) => {
    void writeBody(out, new Segments(['"', new Base64(bytes), '"']))
  })
  expect((await text(res)) === `"${bytes.toString('base64')}"`).toBe(true)
})

describe('a body that is still arriving', () => {
  test('is written after what is there, to its end', async () => {
    const rest = restOf(() => repeated('bc', 3))
    const res = await answerOf((_, out) => void streamBody(out, 'a', rest))
    expect(await text(res)).toBe('abcbcbc')
    expect(rest.cancelled).toBeGreaterThan(0)
  })

  test.each([
    ['takes nothing of it', { writeTimeoutMs: 100, minBytesPerSecond: 1 }, false],
    ['is slow for too long, though it never stops', { writeTimeoutMs: 500, minBytesPerSecond: 1e12 }, true],
  ])('is given up when the connection of a client is cut that %s', async (_, limits, reads) => {
    const rest = restOf(() => repeated('x'.repeat(100_000), Infinity))
    let written: Promise<void> | undefined
    const res = await answerOf(
      (_req, out) => {
        written = streamBody(out, 'a', rest)
      },
      { limits: { ...limits, maxConnections: 10 } },
    )
    res.on('error', () => undefined)
    const reading = setInterval(() => {
      if (reads) res.read()
    }, 5)
    await written
    clearInterval(reading)
    expect(rest.cancelled).toBeGreaterThan(0)
  })

  test('is given up where the response cannot be written', async () => {
    const { app, facade } = sampleApp()
    const rest = restOf(() => repeated('x', 1))
    const headers = { 'content-type': 'application/json', 'x-arrow': 'a→b' }
    facade.answers.set('listAccounts', () => ({ status: 200, headers, body: '[', rest }))
    const res = await answerOf(app, { path: '/v1/accounts' })
    expect(res.statusCode).toBe(500)
    expect(await text(res)).not.toContain('→')
    expect(rest.cancelled).toBeGreaterThan(0)
  })
})
