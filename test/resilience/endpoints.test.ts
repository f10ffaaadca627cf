import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, closing } from '../backend/calls.js'
import { Peer, type Script } from '../backend/peer.js'
import { http, kinds, outcomeOf, paid, paymentOperations } from './payment-adapter.js'

afterEach(closeAll)

const ok: Script = (socket, { text }) => socket.write(http(200, paid(text)))
const reset: Script = (socket) => socket.resetAndDestroy()
const listen = async (script: Script) => closing(await Peer.listen(script))
const success = { read: { status: 200 }, write: { status: 201 }, idempotent: { status: 201 } }
const unreachable = { code: 'backend-unreachable', outcome: 'unknown' }
const retry = { attempts: 3, baseMs: 1, maxMs: 2 }
const breaker = { minimumCalls: 3, windowMs: 60_000, openMs: 60_000 }

/** An address at which nothing listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}/`
}

describe('a backend with two endpoints', () => {
  it('is called at the first as long as that is well', async () => {
    const [first, second] = [await listen(ok), await listen(ok)]
    const operations = paymentOperations({ endpoints: [first.url, second.url] })
    for (const kind of kinds) expect(await outcomeOf(operations[kind])).toEqual(success[kind])
    expect([first.requests.length, second.requests.length]).toEqual([3, 0])
  })

  it.each(kinds)('of which the first refuses connections is called at the second, %s', async (kind) => {
    const second = await listen(ok)
    const operations = paymentOperations({ endpoints: [await nowhere(), second.url], breaker })
    for (let i = 0; i < 5; i++) expect(await outcomeOf(operations[kind])).toEqual(success[kind])
    expect(second.requests).toHaveLength(5)
    // After three failures its breaker is open, and it is not even tried.
    expect(operations.state()).toMatchObject({
      breaker: 'closed',
      retries: 3,
      endpoints: [{ breaker: 'open' }, { breaker: 'closed', host: `127.0.0.1:${second.port}` }],
    })
  })

  it.each(kinds)(
    'of which the first may have done the work, %s: the second gets what may be done twice',
    async (kind) => {
      const [first, second] = [await listen(reset), await listen(ok)]
      const operations = paymentOperations({ endpoints: [first.url, second.url], retry })
      expect(await outcomeOf(operations[kind])).toEqual(kind === 'write' ? unreachable : success[kind])
      expect([first.requests.length, second.requests.length]).toEqual([1, kind === 'write' ? 0 : 1])
    },
  )

  it('without retry in the contract gets nothing twice that may have been sent', async () => {
    const [first, second] = [await listen(reset), await listen(ok)]
    const operations = paymentOperations({ endpoints: [first.url, second.url] })
    for (const kind of kinds) expect(await outcomeOf(operations[kind])).toEqual(unreachable)
    expect([first.requests.length, second.requests.length]).toEqual([3, 0])
  })

  it('of which the first hangs: with a limit for an attempt, reads get their response from the second', async () => {
    const [first, second] = [await listen(() => undefined), await listen(ok)]
    const limited = { ...retry, attemptTimeoutMs: 50 }
    const operations = paymentOperations({
      endpoints: [first.url, second.url],
      timeoutMs: 10_000,
      retry: limited,
    })
    const startedAt = performance.now()
    expect(await outcomeOf(operations.read)).toEqual(success.read)
    expect(await outcomeOf(operations.idempotent)).toEqual(success.idempotent)
    expect(performance.now() - startedAt).toBeLessThan(5000)
    expect([first.requests.length, second.requests.length]).toEqual([2, 2])
  })

  it('that are both down says so, and is spared afterwards', async () => {
    const operations = paymentOperations({ endpoints: [await nowhere(), await nowhere()], breaker })
    const outcomes = []
    for (let i = 0; i < 5; i++) outcomes.push((await outcomeOf(operations.write)).code)
    const [down, open] = ['backend-unreachable', 'backend-unavailable']
    expect(outcomes).toEqual([down, down, down, open, open])
    expect(operations.state().breaker).toBe('open')
  })

  it('goes back to the first when that is well again', async () => {
    let isWell = false
    const first = await listen((socket, request) => {
      if (isWell) ok(socket, request)
      else reset(socket, request)
    })
    const second = await listen(ok)
    const quick = { ...breaker, openMs: 30 }
    const operations = paymentOperations({ endpoints: [first.url, second.url], retry, breaker: quick })
    for (let i = 0; i < 4; i++) expect(await outcomeOf(operations.read)).toEqual(success.read)
    expect(first.requests).toHaveLength(3)
    isWell = true
    await expect
      .poll(async () => {
        await outcomeOf(operations.read)
        return first.requests.length
      })
      .toBeGreaterThan(4)
  })
})

describe('one backend that hangs', () => {
  it('does not slow another, and its callers are refused when its queue is full', async () => {
    const held: Socket[] = []
    const hanging = await listen((socket) => held.push(socket))
    const healthy = await listen(ok)
    const limits = { maxConcurrent: 4, maxQueue: 4, timeoutMs: 20_000 }
    const bad = paymentOperations({ endpoint: hanging.url, ...limits })
    const good = paymentOperations({ endpoint: healthy.url, ...limits })
    const stuck = Array.from({ length: 8 }, () => outcomeOf(bad.read))
    await hanging.received(4)
    const startedAt = performance.now()
    for (let i = 0; i < 50; i++) {
      expect(await outcomeOf(bad.read)).toEqual({ code: 'backend-overloaded', outcome: 'not-sent' })
      expect(await outcomeOf(good.write)).toEqual(success.write)
    }
    expect(performance.now() - startedAt).toBeLessThan(5000)
    expect(bad.state()).toMatchObject({ inFlight: 4, queued: 4, breaker: 'closed' })
    expect(hanging.requests).toHaveLength(4)
    for (const socket of held.splice(0)) socket.destroy()
    await hanging.received(8)
    for (const socket of held.splice(0)) socket.destroy()
    expect(await Promise.all(stuck)).toEqual(Array(8).fill(unreachable))
  })
})

describe('a client that goes away', () => {
  async function leaveWhen(kind: (typeof kinds)[number], isSent: boolean) {
    const held: Socket[] = []
    const peer = await listen((socket) => held.push(socket))
    const operations = paymentOperations({ endpoint: peer.url, maxConcurrent: 1, ...(isSent && { retry }) })
    if (!isSent) void outcomeOf(operations.read)
    const client = new AbortController()
    if (!isSent) await peer.received(1)
    const outcome = outcomeOf(operations[kind], { signal: client.signal }, 'R2')
    if (isSent) await peer.received(1)
    client.abort()
    return { peer, held, outcome }
  }

  it.each(kinds)('while its call waits ends it, and nothing is sent, %s', async (kind) => {
    const { peer, outcome } = await leaveWhen(kind, false)
    expect(await outcome).toEqual({ code: 'client-closed', outcome: 'not-sent' })
    peer.sockets[0]?.destroy()
    expect(peer.requests.filter((request) => request.includes('R2'))).toEqual([])
  })

  it('ends a read that was sent', async () => {
    const { peer, outcome } = await leaveWhen('read', true)
    expect(await outcome).toEqual({ code: 'client-closed', outcome: 'unknown' })
    await peer.gone(0)
    expect(peer.requests).toHaveLength(1)
  })

  it.each(['write', 'idempotent'] as const)(
    'does not end a %s that was sent: its outcome is wanted',
    async (kind) => {
      const { peer, held, outcome } = await leaveWhen(kind, true)
      const [socket] = held
      socket?.write(http(200, paid(peer.requests[0] ?? '')))
      expect(await outcome).toEqual({ status: 201 })
    },
  )

  it('is the end of all further attempts', async () => {
    const { peer, held, outcome } = await leaveWhen('idempotent', true)
    held[0]?.destroy()
    expect(await outcome).toEqual(unreachable)
    expect(peer.requests).toHaveLength(1)
  })
})

describe('a client that is in a hurry', () => {
  const hanging = () => listen(() => undefined)
  const late = { code: 'backend-timeout', outcome: 'unknown' }

  it('waits no longer than it says where the contract lets it, and opens no breaker', async () => {
    const { url } = await hanging()
    const operations = paymentOperations({ endpoint: url, timeoutMs: 20_000, requestTimeout: true, breaker })
    for (let i = 0; i < 10; i++) {
      expect((await outcomeOf(operations.read, { timeoutMs: 10 })).code).toBe('backend-timeout')
    }
    expect(operations.state().breaker).toBe('closed')
  })

  it('waits as long as the contract says where it may not shorten that, or wants more', async () => {
    const { url } = await hanging()
    for (const more of [{}, { requestTimeout: true }]) {
      const operations = paymentOperations({ endpoint: url, timeoutMs: 100, breaker, ...more })
      for (let i = 0; i < 3; i++) {
        const startedAt = performance.now()
        const wish = more.requestTimeout ? 60_000 : 1
        expect(await outcomeOf(operations.read, { timeoutMs: wish })).toEqual(late)
        expect(performance.now() - startedAt).toBeGreaterThan(95)
      }
      expect(operations.state().breaker).toBe('open')
    }
  })
})
