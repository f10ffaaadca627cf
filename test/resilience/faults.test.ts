import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, closing } from '../backend/calls.js'
import { Peer, type Script } from '../backend/peer.js'
import {
  faulty,
  http,
  type Kind,
  kinds,
  type Outcome,
  outcomeOf,
  paid,
  paymentOperations,
} from './payment-adapter.js'

afterEach(closeAll)

const TIMEOUT_MS = 400
/** What the machine may take on top, when it is busy. */
const SLACK_MS = 3000
const retry = { attempts: 3, baseMs: 1, maxMs: 2 }

interface Fault {
  readonly name: string
  readonly script: Script
  readonly onConnection?: (socket: Socket) => void
  readonly isTls?: boolean
}

/** Of each kind: what the client gets, and how many requests the backend has received in full. */
type Expected = Readonly<Record<Kind, readonly [Outcome, number]>>

const all = (outcome: Outcome, calls: number): Expected => ({
  read: [outcome, calls],
  write: [outcome, calls],
  idempotent: [outcome, calls],
})
/** Tried three times, unless it is a write. */
const retried = (outcome: Outcome, calls = 3): Expected => ({ ...all(outcome, calls), write: [outcome, 1] })
/** The second attempt succeeds; a write has none. */
const overcome = (failure: Outcome): Expected => ({
  read: [{ status: 200 }, 2],
  write: [failure, 1],
  idempotent: [{ status: 201 }, 2],
})
const well: Expected = {
  read: [{ status: 200 }, 1],
  write: [{ status: 201 }, 1],
  idempotent: [{ status: 201 }, 1],
}

const unreachable = { code: 'backend-unreachable', outcome: 'unknown' } as const
const late = { code: 'backend-timeout', outcome: 'unknown' } as const
const silence = () => undefined
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 900\r\n\r\n'
const ok: Script = (socket, { text }) => socket.write(http(200, paid(text)))
const first =
  (script: Script): Script =>
  (socket, request) => {
    if (request.number === 1) script(socket, request)
    else ok(socket, request)
  }
const drip: Script = (socket) => {
  socket.write(head)
  const timer = setInterval(() => socket.write(' '), 20)
  socket.on('close', () => {
    clearInterval(timer)
  })
}
const spike: Script = (socket, request) => {
  setTimeout(() => {
    ok(socket, request)
  }, TIMEOUT_MS / 4)
}
const unavailable = (...fields: string[]) => http(503, '<html>busy</html>', ...fields)

const faults: readonly (readonly [Fault, Expected])[] = [
  [{ name: 'none', script: ok }, well],
  [{ name: 'reset before the response', script: (socket) => socket.resetAndDestroy() }, retried(unreachable)],
  [{ name: 'closed before the response', script: (socket) => socket.destroy() }, retried(unreachable)],
  [{ name: 'half-closed before the response', script: (socket) => socket.end() }, retried(unreachable)],
  [
    { name: 'closed within the header', script: (socket) => socket.end('HTTP/1.1 200 O') },
    retried(unreachable),
  ],
  [
    {
      name: 'reset within the body',
      script: (socket) => socket.write(`${head}<e`, () => socket.resetAndDestroy()),
    },
    retried(unreachable),
  ],
  [{ name: 'closed within the body', script: (socket) => socket.end(`${head}<e`) }, retried(unreachable)],
  [
    { name: 'length too large, then closed', script: (socket) => socket.end(head + paid('')) },
    retried(unreachable),
  ],
  [
    { name: 'length too small', script: (socket) => socket.write(head.replace('900', '20') + paid('')) },
    all({ code: 'backend-malformed' }, 1),
  ],
  [{ name: 'hangs before the response', script: silence }, all(late, 1)],
  [{ name: 'hangs within the status line', script: (socket) => socket.write('HTTP/1.1 2') }, all(late, 1)],
  [
    { name: 'hangs within the header', script: (socket) => socket.write('HTTP/1.1 200 OK\r\nX') },
    all(late, 1),
  ],
  [{ name: 'hangs before the body', script: (socket) => socket.write(head) }, all(late, 1)],
  [{ name: 'hangs within the body', script: (socket) => socket.write(`${head}<e`) }, all(late, 1)],
  [{ name: 'drips', script: drip }, all(late, 1)],
  [{ name: 'a latency spike within the deadline', script: spike }, well],
  [
    { name: 'speaks no HTTP', script: (socket) => socket.write('220 mail\r\n') },
    all({ code: 'backend-malformed', outcome: 'unknown' }, 1),
  ],
  [
    { name: 'a storm of 503', script: (socket) => socket.write(unavailable()) },
    retried({ code: 'backend-not-soap' }),
  ],
  [
    { name: 'a storm of 502', script: (socket) => socket.write(http(502, '<html/>')) },
    retried({ code: 'backend-not-soap' }),
  ],
  [
    { name: 'a storm of 429', script: (socket) => socket.write(http(429, '')) },
    retried({ code: 'backend-not-soap' }),
  ],
  [
    {
      name: '503 with Retry-After past the deadline',
      script: (socket) => socket.write(unavailable('Retry-After: 1')),
    },
    all({ code: 'backend-not-soap' }, 1),
  ],
  [
    { name: 'a storm of 500', script: (socket) => socket.write(http(500, '<html/>')) },
    all({ code: 'backend-not-soap' }, 1),
  ],
  [
    { name: 'a page with 200', script: (socket) => socket.write(http(200, '<html/>')) },
    all({ code: 'backend-not-soap' }, 1),
  ],
  [
    { name: 'an undeclared fault', script: (socket) => socket.write(http(500, faulty(''))) },
    all({ code: 'backend-fault' }, 1),
  ],
  [{ name: 'reset once', script: first((socket) => socket.resetAndDestroy()) }, overcome(unreachable)],
  [
    { name: '503 once', script: first((socket) => socket.write(unavailable())) },
    overcome({ code: 'backend-not-soap' }),
  ],
  [
    { name: 'TLS that never answers', script: ok, isTls: true },
    all({ code: 'backend-timeout', outcome: 'not-sent' }, 0),
  ],
  [
    {
      name: 'TLS that is reset',
      script: ok,
      isTls: true,
      onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    },
    all({ code: 'backend-unreachable', outcome: 'not-sent' }, 0),
  ],
  [
    {
      name: 'no TLS where it should be',
      script: ok,
      isTls: true,
      onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 No\r\n\r\n')),
    },
    all({ code: 'backend-tls', outcome: 'not-sent' }, 0),
  ],
]

const rows = faults.flatMap(([fault, expected]) =>
  kinds.map((kind) => ({ fault, name: fault.name, kind, expected: expected[kind] })),
)

describe('a backend with a fault', () => {
  it.each(rows)('$name, $kind', async ({ fault, kind, expected: [outcome, calls] }) => {
    const { script, onConnection, isTls = false } = fault
    const peer = closing(await Peer.listen(script, onConnection ? { onConnection } : {}))
    const endpoint = isTls ? peer.url.replace('http:', 'https:') : peer.url
    const operations = paymentOperations({ endpoint, timeoutMs: TIMEOUT_MS, retry })
    const startedAt = performance.now()
    const seen = await outcomeOf(operations[kind])
    const tookMs = performance.now() - startedAt
    expect([seen, peer.requests.length]).toEqual([outcome, calls])
    expect(tookMs).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    expect(operations.state().inFlight).toBe(0)
  })

  it.each(kinds)('that refuses connections, %s: nothing was sent, three times', async (kind) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    server.close()
    await once(server, 'close')
    const operations = paymentOperations({ endpoint, timeoutMs: 5000, retry })
    expect(await outcomeOf(operations[kind])).toEqual({ code: 'backend-unreachable', outcome: 'not-sent' })
    expect(operations.state().retries).toBe(2)
  })

  it.each(kinds)('is asked once where the contract has no retry, %s', async (kind) => {
    const peer = closing(await Peer.listen((socket) => socket.resetAndDestroy()))
    const operations = paymentOperations({ endpoint: peer.url })
    expect(await outcomeOf(operations[kind])).toEqual(unreachable)
    expect(peer.requests).toHaveLength(1)
  })

  it('that knows no payment is well: a declared fault is a response', async () => {
    const detail =
      '<detail><t:NotFound xmlns:t="urn:test:payments"><t:Reference>R</t:Reference></t:NotFound></detail>'
    const peer = closing(await Peer.listen((socket) => socket.write(http(500, faulty(detail)))))
    const operations = paymentOperations({ endpoint: peer.url, retry })
    for (let i = 0; i < 30; i++) expect(await outcomeOf(operations.read)).toEqual({ status: 404 })
    expect(peer.requests).toHaveLength(30)
    expect(operations.state().breaker).toBe('closed')
  })

  it('first may have done the work and then refuses connections: the outcome stays unknown', async () => {
    const peer = closing(
      await Peer.listen((socket) => {
        peer.server.close()
        socket.resetAndDestroy()
      }),
    )
    const operations = paymentOperations({ endpoint: peer.url, retry })
    expect(await outcomeOf(operations.idempotent)).toEqual(unreachable)
    expect(peer.requests).toHaveLength(1)
    expect(operations.state().retries).toBe(2)
    peer.server.listen(0, '127.0.0.1')
    await once(peer.server, 'listening')
  })
})

/** The same numbers at every run (Marsaglia's xorshift, 32 bits). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

describe('a backend that fails at random, three times in ten', () => {
  it.each([7, 42, 2026])(
    'is never told a write twice, and its outcome is never a lie (seed %i)',
    async (seed) => {
      const random = numbers(seed)
      const executions = new Map<string, number>()
      const harm: Script[] = [
        (socket) => socket.resetAndDestroy(),
        (socket) => socket.destroy(),
        (socket) => socket.end(`${head}<e`),
        (socket) => socket.write(unavailable()),
        (socket) => socket.write('HTTP/1.1 200 OK\r\n', () => socket.resetAndDestroy()),
      ]
      const peer = closing(
        await Peer.listen((socket, request) => {
          const reference = /Reference>([^<]*)</.exec(request.text)?.[1] ?? ''
          const isHarmed = random() < 0.3
          const isDone = !isHarmed || random() < 0.5
          if (isDone) executions.set(reference, (executions.get(reference) ?? 0) + 1)
          if (isHarmed) harm[Math.floor(random() * harm.length)]?.(socket, request)
          else ok(socket, request)
        }),
      )
      const breaker = { minimumCalls: 1_000_000 }
      const more = { ...retry, attempts: 6, budgetPercent: 100 }
      const operations = paymentOperations({ endpoint: peer.url, retry: more, breaker })
      const lies: string[] = []
      const answered = { read: 0, write: 0, idempotent: 0 }
      for (let n = 0; n < 150; n++) {
        for (const kind of kinds) {
          const name = `${kind}-${n}`
          const { status, outcome } = await outcomeOf(operations[kind], {}, name)
          const times = executions.get(name) ?? 0
          if (status !== undefined) answered[kind]++
          if (status !== undefined && times === 0) lies.push(`${name}: answered, not done`)
          if (outcome === 'not-sent' && times > 0) lies.push(`${name}: done, said not sent`)
          if (kind === 'write' && times > 1) lies.push(`${name}: done ${times} times`)
        }
      }
      expect(lies).toEqual([])
      expect(answered.write).toBeGreaterThan(75)
      expect(answered.write).toBeLessThan(135)
      expect(answered.read).toBeGreaterThan(145)
      expect(answered.idempotent).toBeGreaterThan(145)
    },
  )
})
