import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type ConnectionLimits, limitConnections } from '../../../src/http/limits/connections.js'

let server: Server
let stop: () => void
const sockets: Socket[] = []

afterEach(async () => {
  stop()
  for (const socket of sockets.splice(0)) socket.destroy()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

async function listen(listener: RequestListener, limits: Partial<ConnectionLimits>): Promise<void> {
  server = createServer(listener)
  stop = limitConnections(server, {
    maxConnections: 1_000,
    writeTimeoutMs: 60_000,
    minBytesPerSecond: 1,
    ...limits,
  }).stop
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

const LONG = Buffer.alloc(20_000_000, 'x')

/** Whatever writes it: in one piece, as a page would be, or in small ones. */
const writers: Record<string, RequestListener> = {
  'a body in one piece': (_, res) => {
    res.end(LONG)
  },
  'pieces without end': (_, res) => {
    const more = (): void => {
      if (!res.destroyed && res.write(LONG.subarray(0, 65_536))) setImmediate(more)
      else res.once('drain', more)
    }
    more()
  },
  'many answers to requests that were sent ahead': (_, res) => {
    res.end(LONG.subarray(0, 2_000_000))
  },
}

describe('a client that never reads', () => {
  test.each(Object.entries(writers))('is cut: %s', async (_what, listener) => {
    await listen(listener, { writeTimeoutMs: 200 })
    const closed = new Promise<void>((resolve) => {
      server.once('connection', (socket: Socket) =>
        socket.once('close', () => {
          resolve()
        }),
      )
    })
    const socket = await open()
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20))
    await closed
  })

  test('is cut sooner while others wait: as many as wait, the one that has stalled for longest first', async () => {
    let waiting = 0
    const take = (): number => {
      const taken = waiting
      waiting = 0
      return taken
    }
    await listen(writers['pieces without end'] ?? (() => undefined), { waiting: take })
    const closed: number[] = []
    const onClose: (() => void)[] = []
    let connections = 0
    server.on('connection', (socket: Socket) => {
      const index = connections++
      socket.once('close', () => {
        closed.push(index)
        onClose.shift()?.()
      })
    })
    for (let index = 0; index < 3; index++) {
      const socket = await open()
      socket.pause()
      const asked = once(server, 'request')
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      await asked
    }
    for (const expected of [[0], [0, 1]]) {
      const next = new Promise<void>((resolve) => onClose.push(resolve))
      waiting = 1
      await next
      expect(closed).toEqual(expected)
    }
  })
})

test('a client that reads less than it must is cut, though it never stops', async () => {
  await listen(writers['pieces without end'] ?? (() => undefined), {
    writeTimeoutMs: 500,
    minBytesPerSecond: 1e12,
  })
  const socket = await open()
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  let bytes = 0
  const reads = setInterval(() => {
    const chunk: unknown = socket.read()
    if (chunk instanceof Uint8Array) bytes += chunk.byteLength
  }, 5)
  socket.on('readable', () => undefined)
  await once(socket, 'close')
  clearInterval(reads)
  expect(bytes).toBeGreaterThan(100_000)
})

test('of connections that say nothing the oldest goes for a new one; others are served', async () => {
  await listen((_, res) => res.end('ok'), { maxConnections: 5 })
  const busy = await open()
  busy.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(busy, 'data')
  const silent = [await open(), await open(), await open(), await open()]
  const gone = once(silent[0] ?? busy, 'close')
  const late = await open()
  await gone
  for (const socket of [busy, late]) {
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toContain('200 OK')
  }
})
