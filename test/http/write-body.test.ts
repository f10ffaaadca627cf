import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { type RestOfBody } from '../../src/adapter/rest.js'
import { AdapterError } from '../../src/base/errors.js'
import { streamBody } from '../../src/http/write-body.js'
import { sampleApp } from './sample-app.js'

let server: Server

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

/** @returns the answer of a server, none of which has been read */
async function answerOf(listener: Parameters<typeof createServer>[1], path = '/'): Promise<IncomingMessage> {
  server = createServer(listener).listen(0, '127.0.0.1')
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

describe('a body that is still arriving', () => {
  test('is written after what is there, to its end', async () => {
    const rest = restOf(() => repeated('bc', 3))
    const res = await answerOf((_, out) => void streamBody(out, 'a', rest))
    expect(await text(res)).toBe('abcbcbc')
    expect(rest.cancelled).toBeGreaterThan(0)
  })

  test('is given up where the client takes nothing of it for too long', async () => {
    const rest = restOf(() => repeated('x'.repeat(100_000), Infinity))
    let thrown: Promise<unknown> | undefined
    await answerOf((_, out) => {
      thrown = streamBody(out, 'a', rest, { stalledMs: 50, leastBytesPerSecond: 1 }).catch(
        (error: unknown) => error,
      )
      void thrown.then(() => out.destroy())
    })
    const error = await thrown
    expect(error).toBeInstanceOf(AdapterError)
    expect((error as AdapterError).code).toBe('client-closed')
    expect(rest.cancelled).toBeGreaterThan(0)
  })

  test('is given up where the client is slow for too long, though it never stops', async () => {
    const rest = restOf(() => repeated('x'.repeat(100_000), Infinity))
    const limits = { stalledMs: 1000, leastBytesPerSecond: 1e12 }
    let thrown: Promise<unknown> | undefined
    const res = await answerOf((_, out) => {
      thrown = streamBody(out, 'a', rest, limits).catch((error: unknown) => error)
      void thrown.then(() => out.destroy())
    })
    let bytes = 0
    const reads = setInterval(() => {
      const chunk: unknown = res.read()
      if (chunk instanceof Uint8Array) bytes += chunk.byteLength
    }, 20)
    res.on('error', () => undefined)
    const error = await thrown
    clearInterval(reads)
    expect(bytes).toBeGreaterThan(1_000_000)
    expect((error as AdapterError).code).toBe('client-closed')
  })

  test('is given up where the answer cannot be written', async () => {
    const { app, facade } = sampleApp()
    const rest = restOf(() => repeated('x', 1))
    const headers = { 'content-type': 'application/json', 'x-arrow': 'a→b' }
    facade.answers.set('listAccounts', () => ({ status: 200, headers, body: '[', rest }))
    const res = await answerOf(app, '/v1/accounts')
    expect(res.statusCode).toBe(500)
    expect(await text(res)).not.toContain('→')
    expect(rest.cancelled).toBeGreaterThan(0)
  })
})
