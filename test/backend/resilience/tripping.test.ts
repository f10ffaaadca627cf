import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Backend, type BackendStateChange, type Effect } from '../../../src/backend/backend.js'
import { defaultPolicy } from '../../../src/backend/policy.js'
import type { BreakerState } from '../../../src/backend/resilience/breaker.js'
import type { SoapAnswer } from '../../../src/backend/soap-call.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'
import { answer, Peer } from '../peer.js'

let peer: Peer
let backend: Backend
let held: Socket[]
let mode: 'answer' | 'refuse' | 'hold'
let changes: BackendStateChange[]

beforeEach(async () => {
  held = []
  changes = []
  mode = 'answer'
  peer = await Peer.listen((socket) => {
    if (mode === 'answer') socket.write(answer('<ok/>'))
    else if (mode === 'refuse') socket.resetAndDestroy()
    else held.push(socket)
  })
  backend = new Backend('core-banking', {
    ...defaultPolicy,
    breaker: { failurePercent: 50, minimumCalls: 3, windowMs: 60_000, openMs: 40, probes: 1 },
  })
  backend.onStateChange((change) => changes.push(change))
})

afterEach(async () => {
  await backend.close()
  await peer.close()
})

const text = (soap: SoapAnswer) => bytesOf(soap.body).toString()

interface Options {
  readonly signal?: AbortSignal
  readonly code?: AdapterErrorCode
  readonly effect?: Effect
}

async function call({ signal, code, effect = 'read' }: Options = {}): Promise<string> {
  const request = { url: peer.url, headers: {}, body: '<Envelope/>' }
  const interpret = (soap: SoapAnswer) => {
    if (code) throw new AdapterError(code, '')
    return text(soap)
  }
  try {
    return await backend.call(request, interpret, { effect, ...(signal && { signal }) })
  } catch (error) {
    if (error instanceof AdapterError) return error.code
    throw error
  }
}

function becomes(state: BreakerState): Promise<void> {
  return new Promise((resolve) => {
    if (backend.state().breaker === state) resolve()
    const end = backend.onStateChange((change) => {
      if (change.breaker !== state) return
      end()
      resolve()
    })
  })
}

async function trip(): Promise<void> {
  mode = 'refuse'
  for (let i = 0; i < 3; i++) expect(await call()).toBe('backend-unreachable')
  expect(backend.state().breaker).toBe('open')
}

describe('the breaker of a backend', () => {
  it('opens, spares the backend, probes and closes', async () => {
    await trip()
    for (let i = 0; i < 10; i++) expect(await call()).toBe('backend-unavailable')
    expect(peer.requests).toHaveLength(3)

    await becomes('half-open')
    expect(await call()).toBe('backend-unreachable')
    expect(backend.state().breaker).toBe('open')

    mode = 'answer'
    await becomes('half-open')
    expect(await call()).toBe('<ok/>')
    expect(backend.state()).toMatchObject({ breaker: 'closed', inFlight: 0 })
    expect(changes.map(({ previous, breaker }) => `${previous} → ${breaker}`)).toEqual([
      'closed → open',
      'open → half-open',
      'half-open → open',
      'open → half-open',
      'half-open → closed',
    ])
  })

  it('opens when the backend answers what is not SOAP', async () => {
    for (let i = 0; i < 3; i++) expect(await call({ code: 'backend-not-soap' })).toBe('backend-not-soap')
    expect(await call()).toBe('backend-unavailable')
  })

  it.each<AdapterErrorCode>(['backend-fault', 'backend-mismatch'])('does not open for %s', async (code) => {
    for (let i = 0; i < 20; i++) expect(await call({ code })).toBe(code)
    expect(changes).toEqual([])
  })

  it('does not open when an interpreter of ours breaks', async () => {
    const broken = () => {
      throw new TypeError('bug')
    }
    for (let i = 0; i < 20; i++) {
      await expect(backend.call({ url: peer.url, headers: {}, body: '' }, broken)).rejects.toThrow('bug')
    }
    expect(changes).toEqual([])
  })

  it('does not open when clients go away', async () => {
    mode = 'hold'
    for (let i = 1; i <= 20; i++) {
      const client = new AbortController()
      const outcome = call({ signal: client.signal })
      await peer.received(i)
      client.abort()
      expect(await outcome).toBe('client-closed')
    }
    expect(changes).toEqual([])
  })

  it('lets one probe through while the others wait', async () => {
    await trip()
    await becomes('half-open')
    mode = 'hold'
    const probe = call()
    await peer.received(4)
    expect(await Promise.all([call(), call(), call()])).toEqual(Array(3).fill('backend-unavailable'))
    expect(peer.requests).toHaveLength(4)
    held[0]?.write(answer('<ok/>'))
    expect(await probe).toBe('<ok/>')
    expect(backend.state().breaker).toBe('closed')
  })

  it.each<[BreakerState, (socket: Socket) => void]>([
    ['closed', (socket) => socket.write(answer('<ok/>'))],
    ['open', (socket) => socket.resetAndDestroy()],
  ])('waits for its probe when the client goes away, and is then %s', async (state, finish) => {
    await trip()
    await becomes('half-open')
    mode = 'hold'
    const client = new AbortController()
    const probe = call({ signal: client.signal })
    await peer.received(4)
    client.abort()
    expect(backend.state()).toMatchObject({ breaker: 'half-open', inFlight: 1 })
    const [socket] = held
    if (socket) finish(socket)
    expect(await probe).toBe(state === 'closed' ? '<ok/>' : 'backend-unreachable')
    expect(backend.state()).toMatchObject({ breaker: state, inFlight: 0 })
  })

  it('tells its listeners until they leave', async () => {
    const seen: BreakerState[] = []
    const leave = backend.onStateChange((change) => seen.push(change.breaker))
    await trip()
    leave()
    await becomes('half-open')
    expect(seen).toEqual(['open'])
    expect(changes[0]).toMatchObject({
      name: 'core-banking',
      breaker: 'open',
      previous: 'closed',
      inFlight: 1,
    })
  })

  it('opens and closes under a backend that is killed and started again', async () => {
    const { port } = peer
    expect(await call()).toBe('<ok/>')
    await peer.close()
    for (let i = 0; i < 2; i++) expect(await call()).toBe('backend-unreachable')
    expect(await call()).toBe('backend-unavailable')
    peer.server.listen(port, '127.0.0.1')
    await once(peer.server, 'listening')
    await becomes('half-open')
    expect(await call()).toBe('<ok/>')
    expect(backend.state().breaker).toBe('closed')
  })
})
