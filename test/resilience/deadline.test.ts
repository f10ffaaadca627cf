import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { SessionEnded } from '../../src/adapter/reply/session-ended.js'
import { Session } from '../../src/adapter/session/session.js'
import type { Backend } from '../../src/backend/backend.js'
import { AdapterError } from '../../src/base/errors.js'
import { backendWith, closeAll, closing } from '../backend/calls.js'
import { answer, Peer } from '../backend/peer.js'

afterEach(closeAll)

const TIMEOUT_MS = 400
const SLACK_MS = 2000

/** Code and outcome of a call's error, and whether it came at the deadline: not before, and not long after. */
async function failure(backend: Backend, url: string): Promise<(string | undefined)[]> {
  const startedAt = performance.now()
  const request = { url, headers: {}, body: '<Envelope/>' }
  const error: unknown = await backend.call(request, () => 'answered').catch((reason: unknown) => reason)
  if (!(error instanceof AdapterError)) throw new Error(`expected an error, got ${String(error)}`)
  const tookMs = performance.now() - startedAt
  const isInTime = tookMs > TIMEOUT_MS - 5 && tookMs < TIMEOUT_MS + SLACK_MS
  return [error.code, error.outcome, isInTime ? 'at the deadline' : `after ${tookMs} ms`]
}

/** A peer that answers after so long; never, by default. */
async function slowPeer(afterMs = Infinity, body = '<ok/>'): Promise<{ peer: Peer; held: Socket[] }> {
  const held: Socket[] = []
  const peer = closing(
    await Peer.listen((socket) => {
      held.push(socket)
      if (afterMs === Infinity) return
      setTimeout(() => {
        socket.write(answer(body))
      }, afterMs)
    }),
  )
  return { peer, held }
}

const token = '{"access_token":"a","token_type":"Bearer","expires_in":3600}'
const credentials = (tokenUrl: string) =>
  ({ type: 'oauth2', clientId: 'c', clientSecret: 's', authentication: 'basic', tokenUrl }) as const

describe('the deadline of a call covers', () => {
  it('the wait for its turn: nothing was sent', async () => {
    const { peer } = await slowPeer()
    const backend = backendWith({ timeoutMs: TIMEOUT_MS, maxConcurrent: 1 })
    const first = backend.call({ url: peer.url, headers: {}, body: '' }, () => '', {
      timeoutMs: 2 * TIMEOUT_MS,
    })
    await peer.received(1)
    expect(await failure(backend, peer.url)).toEqual(['backend-overloaded', 'not-sent', 'at the deadline'])
    await expect(first).rejects.toMatchObject({ code: 'backend-timeout', outcome: 'unknown' })
    expect(peer.requests).toHaveLength(1)
  })

  it('the wait for its turn and the call', async () => {
    const { peer, held } = await slowPeer()
    const backend = backendWith({ timeoutMs: TIMEOUT_MS, maxConcurrent: 1 })
    const first = backend.call({ url: peer.url, headers: {}, body: '' }, () => 'answered')
    await peer.received(1)
    const second = failure(backend, peer.url)
    await delay(TIMEOUT_MS / 2)
    held[0]?.write(answer('<ok/>'))
    expect(await first).toBe('answered')
    expect(await second).toEqual(['backend-timeout', 'unknown', 'at the deadline'])
    // It had half of its time, and that says nothing about the backend.
    expect(backend.state().breaker).toBe('closed')
  })

  it('the wait for a token: nothing was sent', async () => {
    const [tokens, service] = [await slowPeer(), await slowPeer()]
    const backend = backendWith({ timeoutMs: TIMEOUT_MS, credentials: credentials(tokens.peer.url) })
    const [code, ...rest] = await failure(backend, service.peer.url)
    expect(['backend-timeout', 'backend-login']).toContain(code)
    expect(rest).toEqual(['not-sent', 'at the deadline'])
    expect(service.peer.requests).toEqual([])
  })

  it('the wait for a token and the call', async () => {
    const [tokens, service] = [await slowPeer(TIMEOUT_MS / 2, token), await slowPeer()]
    const backend = backendWith({ timeoutMs: TIMEOUT_MS, credentials: credentials(tokens.peer.url) })
    expect(await failure(backend, service.peer.url)).toEqual([
      'backend-timeout',
      'unknown',
      'at the deadline',
    ])
    expect(service.peer.requests).toHaveLength(1)
  })

  it('all attempts', async () => {
    const { peer } = await slowPeer()
    const retry = { attempts: 9, baseMs: 1, maxMs: 1, budgetPercent: 100, attemptTimeoutMs: 90 }
    const backend = backendWith({ timeoutMs: TIMEOUT_MS, retry })
    const startedAt = performance.now()
    const call = backend.call({ url: peer.url, headers: {}, body: '' }, () => '', { effect: 'read' })
    await expect(call).rejects.toMatchObject({ code: 'backend-timeout', outcome: 'unknown' })
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    expect(peer.requests.length).toBeGreaterThan(2)
    expect(peer.requests.length).toBeLessThan(6)
  })
})

describe('a login that fails', () => {
  const failing = (error: AdapterError) => new Session(() => Promise.reject(error))
  it.each(['backend-timeout', 'backend-unreachable', 'backend-login'] as const)(
    'with %s has sent the login, and not the call',
    async (code) => {
      const session = failing(new AdapterError(code, '', { outcome: 'unknown' }))
      const call = session.use(
        () => 1000,
        () => Promise.resolve('called'),
      )
      await expect(call).rejects.toMatchObject({ code, outcome: 'not-sent' })
    },
  )

  it('after the session has ended leaves the call undone', async () => {
    let logins = 0
    const session = new Session(() =>
      ++logins === 1 ? Promise.resolve('a') : Promise.reject(new AdapterError('backend-unreachable', '')),
    )
    const call = session.use(
      () => 1000,
      () => Promise.reject(new SessionEnded()),
    )
    await expect(call).rejects.toMatchObject({ code: 'backend-unreachable', outcome: 'not-sent' })
  })
})
