import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Backend } from '../../src/backend/backend.js'
import { type BackendPolicy, defaultPolicy } from '../../src/backend/policy.js'
import type { SoapAnswer } from '../../src/backend/soap-call.js'
import { bytesOf } from '../../src/base/bytes/source.js'
import { AdapterError, type AdapterErrorCode } from '../../src/base/errors.js'
import { answer, Peer, type Script } from './peer.js'

const MiB = 1024 * 1024
const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function peerWith(script: Script, onConnection?: (socket: Socket) => void): Promise<Peer> {
  const peer = await Peer.listen(script, onConnection ? { onConnection } : {})
  open.push(peer)
  return peer
}

function backendWith(policy: Partial<BackendPolicy> = {}): Backend {
  const backend = new Backend('core-banking', { ...defaultPolicy, timeoutMs: 20_000, ...policy })
  open.push(backend)
  return backend
}

const text = (soap: SoapAnswer) => bytesOf(soap.body).toString()
const post = (peer: { url: string }, body: string | Uint8Array = '<Envelope/>') => ({
  url: peer.url,
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:x"' },
  body,
})

/** undici takes up a connection again in the turn of the event loop after its response. */
const idle = () => setImmediate()

async function failure(promise: Promise<unknown>): Promise<AdapterError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AdapterError)) throw new Error(`expected an AdapterError, got ${String(error)}`)
  return error
}

describe('a call', () => {
  it('posts the body as it is, without asking for compression', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    await backendWith().call(post(peer, '<Envelope>é</Envelope>'), text)
    const [head = '', body = ''] = (peer.requests[0] ?? '').split('\r\n\r\n')
    expect(head.split('\r\n')[0]).toBe('POST /service?wsdl=no HTTP/1.1')
    expect(head).toContain('accept-encoding: identity')
    expect(head).toContain('soapaction: "urn:x"')
    expect(Buffer.from(body, 'latin1').toString()).toBe('<Envelope>é</Envelope>')
  })

  it('sends a slice of a buffer, not the buffer', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    await backendWith().call(post(peer, Buffer.from('..<Envelope/>..').subarray(2, 13)), text)
    expect(peer.requests[0]?.split('\r\n\r\n')[1]).toBe('<Envelope/>')
  })

  it('gives status, fields and body to its interpreter', async () => {
    const peer = await peerWith((socket) =>
      socket.write(
        answer('<Fault/>', 'Content-Type: text/xml', 'Via: 1.1 a', 'Via: 1.1 b').replace('200 OK', '500 No'),
      ),
    )
    const given = await backendWith().call(post(peer), (soap) => soap)
    expect(given.status).toBe(500)
    expect(given.headers).toEqual({ 'content-length': '8', 'content-type': 'text/xml', via: '1.1 a, 1.1 b' })
    expect(text(given)).toBe('<Fault/>')
  })

  it.each<[string, string]>([
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n4\r\n</a>\r\n0\r\n\r\n'],
    ['after 103 Early Hints', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${answer('<a></a>')}`],
    ['with bytes past its Content-Length', `${answer('<a></a>')}<rest/>`],
  ])('reads a response %s', async (_, bytes) => {
    const peer = await peerWith((socket) => socket.write(bytes))
    expect(await backendWith().call(post(peer), text)).toBe('<a></a>')
  })

  it('reads a response of HTTP/1.0, which ends with its connection', async () => {
    const peer = await peerWith((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n<a></a>'))
    expect(await backendWith().call(post(peer), text)).toBe('<a></a>')
  })

  it('reads a response without a body', async () => {
    const peer = await peerWith((socket) =>
      socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'),
    )
    const given = await backendWith().call(post(peer), (soap) => soap)
    expect([given.status, given.body.byteLength]).toEqual([202, 0])
  })

  it('follows no redirect', async () => {
    const peer = await peerWith((socket) =>
      socket.write(answer('', 'Location: /elsewhere').replace('200 OK', '307 T')),
    )
    expect(await backendWith().call(post(peer), (soap) => soap.status)).toBe(307)
    expect(peer.requests).toHaveLength(1)
  })

  it.each([
    ['multipart/related; boundary=b', 'the pieces in which it came'],
    ['Multipart/Related ;boundary=b', 'the pieces in which it came'],
    ['multipart/mixed; boundary=b', 'one piece'],
    ['text/xml', 'one piece'],
  ])('holds a long response of %s in %s', async (type, pieces) => {
    const body = 'x'.repeat(300_000)
    const peer = await peerWith((socket) => socket.write(answer(body, `Content-Type: ${type}`)))
    const given = await backendWith().call(post(peer), (soap) => soap)
    expect(text(given)).toBe(body)
    expect(given.body instanceof Uint8Array).toBe(pieces === 'one piece')
  })

  it('reads a response of just the largest size', async () => {
    const peer = await peerWith((socket) => socket.write(answer('x'.repeat(1000))))
    expect(
      await backendWith({ maxResponseBytes: 1000 }).call(post(peer), (soap) => soap.body.byteLength),
    ).toBe(1000)
  })

  it('passes on what its interpreter throws', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<a/>')))
    const thrown = new AdapterError('backend-mismatch', 'Not as the WSDL says.')
    const call = backendWith().call(post(peer), () => {
      throw thrown
    })
    const { code, message } = thrown
    expect(await failure(call)).toMatchObject({ code, message, backendStatus: 200 })
  })
})

describe('content coding', () => {
  const xml = '<Envelope>'.padEnd(500, ' ')
  it.each([
    ['gzip', gzipSync(xml)],
    ['X-GZIP', gzipSync(xml)],
    ['deflate', deflateSync(xml)],
    ['deflate', deflateRawSync(xml)],
    ['br', brotliCompressSync(xml)],
    ['identity', Buffer.from(xml)],
  ])('%s is undone and its fields dropped', async (coding, body) => {
    const peer = await peerWith((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    const given = await backendWith().call(post(peer), (soap) => soap)
    expect(text(given)).toBe(xml)
    expect(given.headers).toEqual({})
  })

  it('is asked for where the policy says so', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    await backendWith({ compression: true }).call(post(peer), text)
    expect(peer.requests[0]).toContain('accept-encoding: gzip, deflate, br\r\n')
  })

  const bomb = Buffer.alloc(64 * MiB)
  it.each<[string, AdapterErrorCode, string, Buffer]>([
    ['a gzip bomb', 'backend-too-large', 'gzip', gzipSync(bomb)],
    ['a brotli bomb', 'backend-too-large', 'br', brotliCompressSync(bomb)],
    ['what is not gzip', 'backend-malformed', 'gzip', Buffer.from(xml)],
    ['truncated gzip', 'backend-malformed', 'gzip', gzipSync(xml).subarray(0, 20)],
    ['an unknown coding', 'backend-malformed', 'zstd', Buffer.from(xml)],
  ])('%s is %s', async (_, code, coding, body) => {
    const peer = await peerWith((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    const error = await failure(backendWith({ maxResponseBytes: MiB }).call(post(peer), text))
    expect(error.code).toBe(code)
  })
})

describe('a failing backend', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'
  const cases: [string, AdapterErrorCode, Script][] = [
    ['reset before a response', 'backend-unreachable', (socket) => socket.resetAndDestroy()],
    ['closed before a response', 'backend-unreachable', (socket) => socket.destroy()],
    ['half-closed before a response', 'backend-unreachable', (socket) => socket.end()],
    [
      'closed within the header',
      'backend-unreachable',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'),
    ],
    ['closed within the body', 'backend-unreachable', (socket) => socket.end(`${head}<half`)],
    [
      'reset within the body',
      'backend-unreachable',
      (socket) => socket.write(`${head}<half`, () => socket.resetAndDestroy()),
    ],
    [
      'closed within a chunk',
      'backend-unreachable',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n<half'),
    ],
    [
      'closed before the last chunk, as announced',
      'backend-unreachable',
      (socket) =>
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n'),
    ],
    [
      'closed early, as announced',
      'backend-unreachable',
      (socket) => socket.end(head.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n<half')),
    ],
    ['that is not HTTP', 'backend-malformed', (socket) => socket.write('220 mail.example ESMTP\r\n')],
    [
      'with two lengths',
      'backend-malformed',
      (socket) => socket.write(answer('<a/>', 'Transfer-Encoding: chunked')),
    ],
    [
      'with an endless header',
      'backend-too-large',
      (socket) => socket.write(answer('', `X: ${'x'.repeat(70_000)}`)),
    ],
    [
      'that announces too much',
      'backend-too-large',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'),
    ],
    [
      'that sends too much',
      'backend-too-large',
      (socket) =>
        socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(1500)}`),
    ],
    [
      'that sends too much beside an envelope',
      'backend-too-large',
      (socket) =>
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: multipart/related\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(1500)}`,
        ),
    ],
  ]
  it.each(cases)('%s is %s, tried once, its connection gone', async (_, code, script) => {
    const peer = await peerWith(script)
    const backend = backendWith({ maxResponseBytes: 1000 })
    const error = await failure(backend.call(post(peer), text))
    expect(error.code).toBe(code)
    expect(error.message).not.toMatch(/127\.0\.0\.1|half|ECONN|socket/)
    expect(peer.requests).toHaveLength(1)
    expect(backend.state().inFlight).toBe(0)
    await peer.gone(0)
  })

  it('that is not HTTP leaves no byte of its response in what is logged', async () => {
    const peer = await peerWith((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nPatient Zero'),
    )
    const error = await failure(backendWith().call(post(peer), text))
    expect(error.code).toBe('backend-malformed')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('atient')
  })

  it('that refuses connections is backend-unreachable, with the cause for the log', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const peer = { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/` }
    server.close()
    await once(server, 'close')
    const error = await failure(backendWith().call(post(peer), text))
    expect(error.code).toBe('backend-unreachable')
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('without an address is backend-unreachable', async () => {
    const error = await failure(backendWith().call(post({ url: 'http://soapstone.invalid/' }), text))
    expect(error.code).toBe('backend-unreachable')
  })

  it.each([
    ['a URL', { url: 'nowhere', headers: {}, body: '' }],
    ['a header', { url: 'http://127.0.0.1:1/', headers: { soapaction: '"a"\r\nx: y' }, body: '' }],
  ])('is not blamed for %s that cannot be written', async (_, call) => {
    const backend = backendWith({ breaker: { ...defaultPolicy.breaker, minimumCalls: 1 } })
    expect((await failure(backend.call(call, text))).code).toBe('internal')
    expect(backend.state()).toMatchObject({ breaker: 'closed', inFlight: 0 })
  })
})

describe('the deadline', () => {
  const drip: Script = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
    const timer = setInterval(() => socket.write(' '), 5)
    socket.on('close', () => {
      clearInterval(timer)
    })
  }
  it.each<[string, RegExp, Script]>([
    ['before its response', /did not begin/, () => undefined],
    ['within the status line', /did not begin/, (socket) => socket.write('HTTP/1.1 2')],
    ['within the header', /did not begin/, (socket) => socket.write('HTTP/1.1 200 OK\r\nServer:')],
    ['after 102 Processing', /did not begin/, (socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
    [
      'before the body',
      /did not end/,
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
    ],
    [
      'within the body',
      /did not end/,
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<a>'),
    ],
    ['within a body without length', /did not end/, (socket) => socket.write('HTTP/1.0 200 OK\r\n\r\n<a>')],
    ['never, but drips', /did not end/, drip],
  ])('ends a call whose backend hangs %s', async (_, stage, script) => {
    const peer = await peerWith(script)
    const backend = backendWith({ timeoutMs: 250 })
    const error = await failure(backend.call(post(peer), text))
    expect(error.code).toBe('backend-timeout')
    expect(error.message).toMatch(/longer than 250 ms/)
    expect(error.message).toMatch(stage)
    expect(backend.state().inFlight).toBe(0)
    await peer.gone(0)
  })

  it('may differ from call to call', async () => {
    const peer = await peerWith((socket, { number }) => {
      if (number === 2) socket.write(answer('<ok/>'))
    })
    const backend = backendWith({ timeoutMs: 20_000 })
    expect((await failure(backend.call(post(peer), text, { timeoutMs: 30 }))).message).toContain('30 ms')
    expect(await backend.call(post(peer), text)).toBe('<ok/>')
  })

  it('of one call leaves the others alone', async () => {
    const held: Socket[] = []
    const peer = await peerWith((socket) => held.push(socket))
    const backend = backendWith()
    const patient = Promise.all([backend.call(post(peer), text), backend.call(post(peer), text)])
    await peer.received(2)
    expect((await failure(backend.call(post(peer), text, { timeoutMs: 30 }))).code).toBe('backend-timeout')
    for (const socket of held.slice(0, 2)) socket.write(answer('<ok/>'))
    expect(await patient).toEqual(['<ok/>', '<ok/>'])
  })

  it('covers a TLS handshake that never ends, and nothing is sent afterwards', async () => {
    const peer = await peerWith(() => undefined)
    const url = peer.url.replace('http:', 'https:')
    const error = await failure(backendWith({ timeoutMs: 50 }).call(post({ url }), text))
    expect(error.code).toBe('backend-timeout')
    expect(error.message).toContain('nothing was sent')
    expect(peer.requests).toEqual([])
  })
})

describe('a client that goes away', () => {
  it('before the call: nothing is sent', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    const backend = backendWith()
    const error = await failure(backend.call(post(peer), text, { signal: AbortSignal.abort() }))
    expect(error.code).toBe('client-closed')
    expect(peer.connections).toBe(0)
  })

  it('while the connection is made: nothing is sent', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    const backend = backendWith()
    const client = new AbortController()
    const call = backend.call(post(peer, '<First/>'), text, { signal: client.signal })
    client.abort()
    expect((await failure(call)).code).toBe('client-closed')
    await backend.call(post(peer, '<Second/>'), text)
    await peer.gone(0)
    expect(peer.requests.map((request) => request.split('\r\n\r\n')[1])).toEqual(['<Second/>'])
  })

  it('during the call: the connection is closed, the others go on', async () => {
    const held: Socket[] = []
    const peer = await peerWith((socket) => held.push(socket))
    const backend = backendWith()
    const patient = backend.call(post(peer), text)
    await peer.received(1)
    const client = new AbortController()
    const call = backend.call(post(peer), text, { signal: client.signal, effect: 'read' })
    await peer.received(2)
    client.abort(new Error('gone'))
    const error = await failure(call)
    expect(error.code).toBe('client-closed')
    expect(error.cause).toEqual(new Error('gone'))
    expect(backend.state().inFlight).toBe(1)
    await peer.gone(1)
    peer.sockets[0]?.write(answer('<ok/>'))
    expect(await patient).toBe('<ok/>')
  })

  it('after the call: without effect', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    const backend = backendWith()
    const client = new AbortController()
    expect(await backend.call(post(peer), text, { signal: client.signal })).toBe('<ok/>')
    client.abort()
    await idle()
    expect(await backend.call(post(peer), text)).toBe('<ok/>')
    expect(peer.connections).toBe(1)
  })
})

describe('connections', () => {
  it('are kept alive and used one after the other', async () => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    const backend = backendWith()
    for (let i = 0; i < 20; i++) {
      await backend.call(post(peer), text)
      await idle()
    }
    expect([peer.requests.length, peer.connections]).toEqual([20, 1])
  })

  it('carry one request at a time', async () => {
    const held: Socket[] = []
    const peer = await peerWith((socket) => held.push(socket))
    const backend = backendWith()
    const calls = Promise.all(Array.from({ length: 5 }, () => backend.call(post(peer), text)))
    await peer.received(5)
    expect(new Set(held).size).toBe(5)
    for (const socket of held) socket.write(answer('<ok/>'))
    await calls
  })

  it.each(['Connection: close', 'Keep-Alive: timeout=1\r\nConnection: keep-alive'])(
    'are not used again after %j',
    async (field) => {
      const peer = await peerWith((socket) => socket.write(answer('<ok/>', field)))
      const backend = backendWith()
      await backend.call(post(peer), text)
      await backend.call(post(peer), text)
      expect(peer.connections).toBe(2)
    },
  )

  it.each<[string, (socket: Socket) => void]>([
    ['closed', (socket) => socket.end()],
    ['reset', (socket) => socket.resetAndDestroy()],
    ['talked on unasked', (socket) => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n')],
  ])('that the server has %s while idle are replaced without a failure', async (_, spoil) => {
    const peer = await peerWith((socket) => socket.write(answer('<ok/>')))
    const backend = backendWith()
    await backend.call(post(peer), text)
    const [idle] = peer.sockets
    if (idle) spoil(idle)
    // The spoiling bytes are on our side of the loopback once a later connection is through.
    const fence = connect(peer.port, '127.0.0.1')
    await once(fence, 'connect')
    fence.destroy()
    expect(await backend.call(post(peer), text)).toBe('<ok/>')
    expect(peer.requests).toHaveLength(2)
  })

  it('that the server closes as we write are not tried again: it may have done the work', async () => {
    const peer = await peerWith((socket, { number }) => {
      if (number === 2) socket.resetAndDestroy()
      else socket.write(answer('<ok/>'))
    })
    const backend = backendWith()
    await backend.call(post(peer), text)
    expect((await failure(backend.call(post(peer), text))).code).toBe('backend-unreachable')
    expect(peer.requests).toHaveLength(2)
    expect(await backend.call(post(peer), text)).toBe('<ok/>')
  })
})

describe('the bulkhead', () => {
  it('without a queue refuses one call more than the limit, and the breaker does not mind', async () => {
    const held: Socket[] = []
    const peer = await peerWith((socket) => held.push(socket))
    const breaker = { ...defaultPolicy.breaker, minimumCalls: 1 }
    const backend = backendWith({ maxConcurrent: 2, maxQueue: 0, breaker })
    const calls = Promise.all([backend.call(post(peer), text), backend.call(post(peer), text)])
    await peer.received(2)
    expect(backend.state().inFlight).toBe(2)
    for (let i = 0; i < 20; i++) {
      const error = await failure(backend.call(post(peer), text))
      expect([error.code, error.retryAfter]).toEqual(['backend-overloaded', 1])
    }
    for (const socket of held) socket.write(answer('<ok/>'))
    await calls
    expect(backend.state()).toMatchObject({ breaker: 'closed', inFlight: 0 })
    const next = backend.call(post(peer), text)
    await peer.received(3)
    held[2]?.write(answer('<ok/>'))
    expect(await next).toBe('<ok/>')
  })
})

describe('closing', () => {
  let peer: Peer
  const held: Socket[] = []
  beforeEach(async () => {
    held.length = 0
    peer = await peerWith((socket) => held.push(socket))
  })

  it('waits for the calls in flight, refuses new ones and closes the connections', async () => {
    const backend = backendWith()
    const call = backend.call(post(peer), text)
    await peer.received(1)
    const closed = backend.close()
    expect((await failure(backend.call(post(peer), text))).code).toBe('shutting-down')
    held[0]?.write(answer('<ok/>'))
    expect(await call).toBe('<ok/>')
    await closed
    await peer.gone(0)
    expect(backend.close()).toBe(backend.close())
  })

  it('takes no longer than the deadline of a call that hangs', async () => {
    const backend = backendWith({ timeoutMs: 50 })
    const call = failure(backend.call(post(peer), text))
    await peer.received(1)
    await backend.close()
    expect((await call).code).toBe('backend-timeout')
  })
})
