import supertest from 'supertest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Identity, RestResponse } from '../../../src/adapter/rest.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'
import { noneMatchNames, requestDirectives } from '../../../src/http/cache/directives.js'
import { ResponseMemory } from '../../../src/http/cache/memory.js'
import { ResponseCache } from '../../../src/http/cache/response-cache.js'
import { appOf, markedFacade, type Marks } from '../marked-facade.js'
import type { SampleFacade } from '../sample-facade.js'

// Ages are told in whole seconds; only the clock is faked, sockets and timers are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

interface Service {
  readonly facade: SampleFacade
  readonly read: (path?: string, headers?: Record<string, string>) => Promise<supertest.Response>
  readonly app: ReturnType<typeof appOf>
}

function service(policy: Marks['getAccount'] = {}, cache = {}): Service {
  const facade = markedFacade({ getAccount: policy })
  let count = 0
  facade.answers.set('getAccount', () => answerOf(`{"balance":${(count += 1)}}`))
  const app = appOf(facade, { cache })
  return {
    facade,
    app,
    read: (path = '/accounts/1', headers = {}) =>
      supertest(app)
        .get(`/v1${path}`)
        .set(headers)
        .then((response) => response),
  }
}

const answerOf = (body: string): RestResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
})
const fails = (code: AdapterErrorCode) => () => {
  throw new AdapterError(code, 'It failed.')
}
const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)
const summary = ({ status, text, headers }: supertest.Response) =>
  [status, text, headers['cache-status'], headers.age].filter((each) => each !== undefined)

describe('answers of an operation that is marked', () => {
  it('are given again while they are fresh', async () => {
    const { facade, read } = service({ maxAgeSeconds: 10 })
    const first = await read()
    expect(summary(first)).toEqual([200, '{"balance":1}', 'soapstone; fwd=miss; stored'])
    expect(first.headers['cache-control']).toBe('public, max-age=10')
    seconds(9)
    const second = await read()
    expect(summary(second)).toEqual([200, '{"balance":1}', 'soapstone; hit; ttl=1', '9'])
    expect(second.headers.etag).toBe(first.headers.etag)
    expect(second.headers['content-type']).toBe('application/json')
    seconds(1)
    expect(summary(await read())).toEqual([200, '{"balance":2}', 'soapstone; fwd=stale; stored'])
    expect(facade.calls).toHaveLength(2)
  })

  it('are kept apart by path and query', async () => {
    const { facade, read } = service()
    for (const path of ['/accounts/1', '/accounts/2', '/accounts/1?limit=1', '/accounts/1?limit=2'])
      await read(path)
    expect(facade.calls).toHaveLength(4)
    for (const path of ['/accounts/1', '/accounts/2', '/accounts/1?limit=1', '/accounts/1?limit=2']) {
      expect((await read(path)).headers['cache-status']).toMatch(/hit/)
    }
    expect(facade.calls).toHaveLength(4)
  })

  it('need no body where the client has it', async () => {
    const { facade, read } = service()
    const { headers } = await read()
    const etag = String(headers.etag)
    expect(etag).toMatch(/^"[\w-]+"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await read('/accounts/1', { 'If-None-Match': known })
      expect([response.status, response.text, response.headers.etag]).toEqual([304, '', etag])
      expect(response.headers).not.toHaveProperty('content-type')
      expect(response.headers['cache-control']).toBe('public, max-age=60')
    }
    expect((await read('/accounts/1', { 'If-None-Match': '"other"' })).status).toBe(200)
    expect(facade.calls).toHaveLength(1)
  })

  it('have the same tag as long as they are the same, though read anew', async () => {
    const { facade, read } = service()
    facade.answers.set('getAccount', () => answerOf('{"balance":1}'))
    const first = await read()
    seconds(60)
    const etag = String(first.headers.etag)
    expect((await read('/accounts/1', { 'If-None-Match': etag })).status).toBe(304)
    seconds(60)
    facade.answers.set('getAccount', () => answerOf('{"balance":2}'))
    expect((await read('/accounts/1', { 'If-None-Match': etag })).status).toBe(200)
    expect(facade.calls).toHaveLength(3)
  })

  it('are told without their body to HEAD', async () => {
    const { app, read } = service()
    const { text } = await read()
    const response = await supertest(app).head('/v1/accounts/1')
    expect([response.status, response.text, response.headers['content-length']]).toEqual([
      200,
      undefined,
      String(text.length),
    ])
    expect(response.headers['cache-status']).toMatch(/hit/)
  })

  it.each([
    ['no-cache', {}, 'fwd=request; stored'],
    ['max-age=0', {}, 'fwd=request; stored'],
    ['max-age=5', {}, 'fwd=request; stored'],
    ['max-age=30', {}, 'hit; ttl=50'],
    ['no-store', {}, 'fwd=request'],
    ['', { Pragma: 'no-cache' }, 'fwd=request; stored'],
  ])('are read anew where the client says so: %s', async (cacheControl, others, status) => {
    const { read } = service()
    await read()
    seconds(10)
    const headers = { ...(cacheControl !== '' && { 'Cache-Control': cacheControl }), ...others }
    expect((await read('/accounts/1', headers)).headers['cache-status']).toBe(`soapstone; ${status}`)
  })

  it.each<[string, () => RestResponse]>([
    ['a declared fault', () => ({ status: 404, headers: {}, body: '{}', fault: 'F' })],
    ['a declared fault with 200', () => ({ ...answerOf('{}'), fault: 'F' })],
    ['no content', () => ({ status: 204, headers: {}, body: '' })],
    ['an error', fails('backend-timeout')],
    ['nothing found', fails('resource-not-found')],
  ])('are not kept where they are %s', async (_, answer) => {
    const { facade, read } = service({ staleIfErrorSeconds: 60 })
    facade.answers.set('getAccount', answer)
    const first = await read()
    expect(first.headers['cache-control']).toBe('no-store')
    expect(first.headers).not.toHaveProperty('etag')
    await read()
    expect(facade.calls).toHaveLength(2)
  })

  it('are forgotten when their resource is written to', async () => {
    const { app, facade, read } = service()
    await read()
    await read('/accounts/2')
    facade.answers.set('closeAccount', () => ({ status: 409, headers: {}, body: '{}', fault: 'F' }))
    await supertest(app).delete('/v1/accounts/1')
    expect((await read()).headers['cache-status']).toMatch(/hit/)
    facade.answers.set('closeAccount', () => ({ status: 204, headers: {}, body: '' }))
    await supertest(app).delete('/v1/accounts/1')
    expect(summary(await read())).toEqual([200, '{"balance":3}', 'soapstone; fwd=miss; stored'])
    expect((await read('/accounts/2')).headers['cache-status']).toMatch(/hit/)
  })
})

describe('when the backend fails', () => {
  it.each<AdapterErrorCode>(['backend-unavailable', 'backend-timeout', 'backend-unreachable'])(
    'an old answer stands in and says so: %s',
    async (code) => {
      const { facade, read } = service({ maxAgeSeconds: 10, staleIfErrorSeconds: 20 })
      await read()
      facade.answers.set('getAccount', fails(code))
      seconds(29)
      const stale = await read()
      expect(summary(stale)).toEqual([
        200,
        '{"balance":1}',
        `soapstone; fwd=stale; ttl=-19; detail=${code}`,
        '29',
      ])
      expect(stale.headers['cache-control']).toBe('public, max-age=10')
      seconds(1)
      expect((await read()).body).toMatchObject({ code })
      expect(facade.calls).toHaveLength(3)
    },
  )

  it('no old answer stands in for one that the client wants new, nor where it may not', async () => {
    const { facade, read } = service({ maxAgeSeconds: 10, staleIfErrorSeconds: 20 })
    const strict = service({ maxAgeSeconds: 10 })
    await read()
    await strict.read()
    facade.answers.set('getAccount', fails('backend-unavailable'))
    strict.facade.answers.set('getAccount', fails('backend-unavailable'))
    expect((await read('/accounts/1', { 'Cache-Control': 'no-cache' })).status).toBe(503)
    seconds(10)
    expect((await strict.read()).status).toBe(503)
    facade.answers.set('getAccount', fails('resource-not-found'))
    expect((await read()).status).toBe(404)
  })
})

describe('identical reads at the same time', () => {
  it('are one call', async () => {
    const { facade, read } = service()
    let open: (response: RestResponse) => void = () => undefined
    facade.answers.set('getAccount', () => new Promise((resolve) => (open = resolve)))
    const reads = Array.from({ length: 6 }, () => read())
    await vi.waitFor(() => {
      expect(facade.calls).toHaveLength(1)
    })
    open(answerOf('{"balance":7}'))
    const responses = await Promise.all(reads)
    expect(new Set(responses.map(({ text }) => text))).toEqual(new Set(['{"balance":7}']))
    expect(facade.calls).toHaveLength(1)
    const statuses = responses.map(({ headers }) => String(headers['cache-status']))
    expect(statuses.filter((status) => status === 'soapstone; fwd=miss; stored')).toHaveLength(1)
  })

  it('each ask for themselves where the first was refused', async () => {
    const facade = markedFacade({ getAccount: {} })
    const { cache, ask } = direct(facade)
    let refuse: (response: RestResponse) => void = () => undefined
    const invokes: string[] = []
    const refusal = { status: 404, headers: {}, body: '{}', fault: 'F' }
    const first = ask('first', (name) => {
      invokes.push(name)
      return new Promise((resolve) => (refuse = resolve))
    })
    const second = ask('second', (name) => {
      invokes.push(name)
      return Promise.resolve({ ...refusal, body: '{"mine":true}' })
    })
    refuse(refusal)
    expect([(await first).body, (await second).body]).toEqual(['{}', '{"mine":true}'])
    expect(invokes).toEqual(['first', 'second'])
    expect(cache).toBeDefined()
  })

  it('do not bring back what was written over meanwhile', async () => {
    const facade = markedFacade({ getAccount: {} })
    const { cache, ask, operation } = direct(facade)
    let answer: (response: RestResponse) => void = () => undefined
    const first = ask('first', () => new Promise((resolve) => (answer = resolve)))
    cache.invalidate(operation, { path: { accountId: '1' }, query: {}, headers: {} })
    answer(answerOf('"old"'))
    expect((await first).headers['cache-status']).toBe('soapstone; fwd=miss')
    const second = await ask('second', () => Promise.resolve(answerOf('"new"')))
    expect([bytesOf(second.body).toString(), second.headers['cache-status']]).toEqual([
      '"new"',
      'soapstone; fwd=miss; stored',
    ])
  })
})

describe('answers that are not shared', () => {
  const ada: Identity = { client: 'app', subject: 'ada', claims: {} }
  const bob: Identity = { client: 'app', subject: 'bob', claims: {} }

  it('are given to the client that they are for, and to nobody else', async () => {
    const vary = ['authorization', 'x-branch']
    const { ask } = direct(markedFacade({ getAccount: { shared: false, vary } }))
    const read = (identity: Identity | undefined, text: string) =>
      ask('', () => Promise.resolve(answerOf(text)), identity).then((response) => [
        bytesOf(response.body).toString(),
        ...['cache-status', 'cache-control', 'vary'].map((name) => response.headers[name]),
      ])
    const mine = ['private, max-age=60', 'authorization, x-branch']
    expect(await read(ada, 'a1')).toEqual(['a1', 'soapstone; fwd=miss; stored', ...mine])
    expect(await read(bob, 'b1')).toEqual(['b1', 'soapstone; fwd=miss; stored', ...mine])
    expect(await read(ada, 'a2')).toEqual(['a1', 'soapstone; hit; ttl=60', ...mine])
    expect(await read(bob, 'b2')).toEqual(['b1', 'soapstone; hit; ttl=60', ...mine])
    expect(await read({ client: 'app', claims: {} }, 'c1')).toEqual([
      'c1',
      'soapstone; fwd=miss; stored',
      ...mine,
    ])
  })

  it('are told apart by the claims that the backend is told', async () => {
    const { ask } = direct(markedFacade({ getAccount: { shared: false, claims: [['branch']] } }))
    const read = async (branch: string, text: string) => {
      const response = await ask('', () => Promise.resolve(answerOf(text)), { ...ada, claims: { branch } })
      return bytesOf(response.body).toString()
    }
    expect([await read('1', 'x'), await read('2', 'y'), await read('1', 'z')]).toEqual(['x', 'y', 'x'])
  })

  it.each([[undefined], [{ claims: {} }]])('are not kept for who is not known: %o', async (identity) => {
    const { ask } = direct(markedFacade({ getAccount: { shared: false } }))
    for (const text of ['1', '2']) {
      const response = await ask('', () => Promise.resolve(answerOf(text)), identity)
      expect(bytesOf(response.body).toString()).toBe(text)
      expect(response.headers['cache-status']).toBe('soapstone; fwd=bypass; detail=client-unknown')
      expect(response.headers.etag).toBeDefined()
    }
  })
})

describe('the memory', () => {
  const entry = (size: number, resource = 'r') => ({
    response: { status: 200, headers: {}, body: Buffer.alloc(size) },
    etag: '"e"',
    storedAt: 0,
    resource,
  })

  it('gives up what was not used for the longest time', () => {
    const memory = new ResponseMemory({ maxBytes: 1_000_000, maxEntries: 3 })
    for (const key of ['a', 'b', 'c']) memory.set(key, entry(1))
    memory.get('a')
    memory.set('d', entry(1))
    expect(['a', 'b', 'c', 'd'].filter((key) => memory.get(key))).toEqual(['a', 'c', 'd'])
  })

  it('stays within its bytes, whatever comes', () => {
    const memory = new ResponseMemory({ maxBytes: 10_000, maxEntries: 1_000 })
    for (let index = 0; index < 2_000; index++) {
      memory.set(`k${index % 37}`, entry((index * 7919) % 3_000, `r${index % 5}`))
      expect(memory.bytes).toBeLessThanOrEqual(10_000)
    }
    expect(memory.set('large', entry(10_000))).toBe(false)
    for (let index = 0; index < 5; index++) memory.deleteResource(`r${index}`)
    expect([memory.bytes, memory.size]).toEqual([0, 0])
  })

  it('keeps nothing where it may keep nothing', () => {
    for (const limits of [
      { maxBytes: 0, maxEntries: 10 },
      { maxBytes: 10_000, maxEntries: 0 },
    ]) {
      const memory = new ResponseMemory(limits)
      expect(memory.set('a', entry(1))).toBe(false)
      expect(memory.size).toBe(0)
    }
  })
})

describe('fields of requests', () => {
  it.each<[string | undefined, string | undefined, boolean, number]>([
    [undefined, undefined, false, Infinity],
    ['no-cache', undefined, false, 0],
    ['No-Store', undefined, true, Infinity],
    ['max-age=12, no-transform', undefined, false, 12],
    ['max-age=x', undefined, false, Infinity],
    ['max-age=5, no-cache', undefined, false, 0],
    [undefined, 'no-cache', false, 0],
    ['max-age=3', 'no-cache', false, 3],
  ])('Cache-Control: %s, Pragma: %s', (cacheControl, pragma, noStore, maxAge) => {
    expect(requestDirectives(cacheControl, pragma)).toEqual({ noStore, maxAge })
  })

  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['"b","c"', false],
    ['a', false],
    [' * ', true],
    ['"x,"a""', false],
  ])('If-None-Match: %s', (field, expected) => {
    expect(noneMatchNames(field, '"a"')).toBe(expected)
  })
})

/** A cache without HTTP around it. */
function direct(facade: SampleFacade) {
  const cache = new ResponseCache()
  const operation = facade.operations.get('getAccount')
  if (!operation?.cache) throw new Error('not marked')
  const policy = operation.cache
  const ask = (
    name: string,
    invoke: (name: string) => Promise<RestResponse>,
    identity?: Identity,
  ): Promise<RestResponse> => {
    const request = { path: { accountId: '1' }, query: {}, headers: {} }
    const exchange = { requestId: 'r', startedAt: 0, ...(identity && { identity }) }
    return cache.answer(operation, { policy, request, exchange, invoke: () => invoke(name) })
  }
  return { cache, operation, ask }
}
