import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Identity, RestResponse } from '../../../src/adapter/rest.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError, type AdapterErrorCode, type AdapterErrorOptions } from '../../../src/base/errors.js'
import { PROBLEM_TYPES } from '../../../src/http/answer/problem.js'
import { Idempotency } from '../../../src/http/idempotency/idempotency.js'
import { type Outcome, OUTCOMES } from '../../../src/http/idempotency/outcome.js'
import { openStore } from '../../../src/store/open.js'
import type { Store } from '../../../src/store/store.js'
import { appOf, markedFacade, type Marks } from '../marked-facade.js'
import type { SampleFacade } from '../sample-facade.js'

let directory: string
let store: Store
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-idempotency-'))
  store = openStore({ storeFile: join(directory, 'store.db'), storeKeys: [] })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
})

let keys = 0
const newKey = () => `key-${(keys += 1)}`
const body = { reference: 'R-1', amount: '12.50' }

interface Service {
  readonly facade: SampleFacade
  readonly url: string
  readonly pay: (key: string, sent?: object, headers?: Record<string, string>) => supertest.Test
  readonly settled: () => Promise<void>
}

async function service(
  marks: Marks = { pay: {} },
  { waitMs = 0, leaseMs = 10_000, over = store }: { waitMs?: number; leaseMs?: number; over?: Store } = {},
): Promise<Service> {
  const facade = markedFacade(marks)
  let count = 0
  facade.answers.set('pay', ({ requestId }) => ({
    status: 201,
    headers: { 'content-type': 'application/json', location: `/v1/payments/${(count += 1)}` },
    body: `{"paymentId": "P-${count}",  "for": "${String(requestId)}"}`,
  }))
  const app = appOf(facade, { store: over, idempotency: { waitMs, leaseMs } })
  const server = createServer(app).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pay = (key: string, sent: object = body, headers = {}) =>
    supertest(url)
      .post('/v1/payments')
      .set({ ...(key !== '' && { 'Idempotency-Key': key }), ...headers })
      .send(sent)
  return { facade, url, pay, settled: () => app.settled() }
}

const codeOf = (response: supertest.Response) => [response.status, (response.body as { code?: string }).code]
const fails =
  (code: AdapterErrorCode, options: AdapterErrorOptions = {}) =>
  () => {
    throw new AdapterError(code, 'It failed.', options)
  }

/** A promise and the function that resolves it. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('a request with a key', () => {
  it('is carried out once and answered alike ever after', async () => {
    const { facade, pay } = await service()
    const key = newKey()
    const first = await pay(key)
    expect(first.status).toBe(201)
    expect(first.headers).not.toHaveProperty('idempotency-replayed')
    for (let time = 0; time < 3; time++) {
      const again = await pay(key)
      expect(again.status).toBe(201)
      expect(again.headers['idempotency-replayed']).toBe('true')
      expect(again.text).toBe(first.text)
      for (const name of ['content-type', 'content-length', 'location', 'cache-control']) {
        expect(again.headers[name]).toBe(first.headers[name])
      }
    }
    expect(facade.calls).toHaveLength(1)
  })

  it('is replayed by a process that starts later', async () => {
    const key = newKey()
    const first = await (await service()).pay(key)
    const later = openStore({ storeFile: join(directory, 'store.db'), storeKeys: [] })
    const { facade, pay } = await service({ pay: {} }, { over: later })
    const again = await pay(key)
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true'])
    expect(facade.calls).toHaveLength(0)
    await later.close()
  })

  it.each<[string, RestResponse]>([
    [
      'a declared fault',
      {
        status: 422,
        headers: { 'content-type': 'application/problem+json' },
        body: '{"code":"F"}',
        fault: 'F',
      },
    ],
    [
      'binary content',
      {
        status: 201,
        headers: { 'content-type': 'application/pdf' },
        body: Buffer.from([0, 255, 10, 13, 128]),
      },
    ],
    ['no content', { status: 204, headers: {}, body: '' }],
  ])('is replayed where it was answered with %s', async (_, response) => {
    const { facade, pay } = await service()
    facade.answers.set('pay', () => response)
    const key = newKey()
    const [first, again] = [await pay(key).buffer(), await pay(key).buffer()]
    expect(again.status).toBe(response.status)
    expect(again.body).toEqual(first.body)
    expect(again.headers['content-type']).toBe(first.headers['content-type'])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(facade.calls).toHaveLength(1)
  })

  it.each([
    ['the order of members', { amount: '12.50', reference: 'R-1' }, {}, 201],
    ['a charset', body, { 'Content-Type': 'application/json; charset=utf-8' }, 201],
    ['a header that the contract does not know', body, { 'X-Other': '1' }, 201],
    ['another value', { ...body, amount: '12.51' }, {}, 422],
    ['one member more', { ...body, note: null }, {}, 422],
    ['a number for a text', { ...body, amount: 12.5 }, {}, 422],
    ['a header of the contract', body, { 'X-Branch': '7' }, 422],
  ])('is the same or another request: %s', async (_, sent, headers, status) => {
    const { facade, pay } = await service()
    const key = newKey()
    await pay(key)
    const second = await pay(key, sent, headers)
    expect(second.status).toBe(status)
    if (status === 422) expect(codeOf(second)).toEqual([422, 'idempotency-key-reused'])
    expect(facade.calls).toHaveLength(1)
  })

  it.each([
    ['', [400, 'request-invalid']],
    ['""', [400, 'request-invalid']],
    ['"a', [400, 'request-invalid']],
    ['a b', [400, 'request-invalid']],
    ['x'.repeat(256), [400, 'request-invalid']],
    ['x'.repeat(255), [201, undefined]],
    ['"with space"', [201, undefined]],
    [String.raw`"quote \" and \\"`, [201, undefined]],
  ])('must have a usable one: %s', async (key, expected) => {
    const { pay } = await service()
    const response = await pay(key)
    expect(codeOf(response)).toEqual(expected)
    if (response.status === 400) expect(response.text).toContain('header/Idempotency-Key')
  })

  it('may quote it or not', async () => {
    const { facade, pay } = await service()
    const key = newKey()
    await pay(key)
    expect((await pay(`"${key}"`)).headers['idempotency-replayed']).toBe('true')
    expect(facade.calls).toHaveLength(1)
  })

  it('may do without one where it is optional', async () => {
    const { facade, pay } = await service({ pay: { key: 'optional' } })
    expect((await pay('')).status).toBe(201)
    expect((await pay('')).status).toBe(201)
    expect(facade.calls).toHaveLength(2)
  })
})

describe('duplicates at the same time', () => {
  it('wait for the response of the first', async () => {
    const { facade, pay } = await service({ pay: {} }, { waitMs: 20_000 })
    const { opened, open } = gate()
    const answer = facade.answers.get('pay')
    facade.answers.set('pay', async (call) => {
      await opened
      return answer?.(call) ?? { status: 500, headers: {}, body: '' }
    })
    const key = newKey()
    const pending = Array.from({ length: 8 }, () => pay(key).then((response) => response))
    open()
    const responses = await Promise.all(pending)
    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(responses.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(7)
    expect(facade.calls).toHaveLength(1)
  })

  it('get 409 where that takes too long', async () => {
    const { facade, pay } = await service()
    const { opened, open } = gate()
    const reached = gate()
    facade.answers.set('pay', async () => {
      reached.open()
      await opened
      return { status: 201, headers: {}, body: '{}' }
    })
    const key = newKey()
    const first = pay(key).then((response) => response)
    await reached.opened
    const second = await pay(key)
    expect(codeOf(second)).toEqual([409, 'idempotency-in-flight'])
    expect(second.headers['retry-after']).toBe('1')
    expect((await pay(key, { other: 1 })).status).toBe(422)
    open()
    expect((await first).status).toBe(201)
    expect(facade.calls).toHaveLength(1)
  })
})

describe('an attempt that failed', () => {
  const codes = Object.keys(OUTCOMES).filter((code) => PROBLEM_TYPES[code as AdapterErrorCode].status !== 499)
  const expected: Record<Outcome, unknown[]> = {
    'not-sent': [201, undefined],
    answered: [404, 'resource-not-found'],
    unknown: [409, 'idempotency-outcome-unknown'],
  }

  it.each(codes as AdapterErrorCode[])('with %s is repeated only where nothing was sent', async (code) => {
    const { facade, pay } = await service()
    const answer = facade.answers.get('pay')
    facade.answers.set('pay', fails(code))
    const key = newKey()
    const first = await pay(key)
    expect(codeOf(first)).toEqual([PROBLEM_TYPES[code].status, code])
    if (answer) facade.answers.set('pay', answer)
    const second = await pay(key)
    expect(codeOf(second)).toEqual(expected[OUTCOMES[code]])
    expect(facade.calls).toHaveLength(OUTCOMES[code] === 'not-sent' ? 2 : 1)
    if (OUTCOMES[code] === 'answered') expect(second.text).toBe(first.text)
  })

  it.each<[AdapterErrorCode, 'not-sent' | 'unknown', number]>([
    ['backend-unreachable', 'not-sent', 201],
    ['backend-timeout', 'not-sent', 201],
    ['backend-unavailable', 'unknown', 409],
  ])('with %s may say itself that it was %s', async (code, outcome, status) => {
    const { facade, pay } = await service()
    const answer = facade.answers.get('pay')
    facade.answers.set('pay', fails(code, { outcome }))
    const key = newKey()
    await pay(key)
    if (answer) facade.answers.set('pay', answer)
    expect((await pay(key)).status).toBe(status)
  })

  it('with something unforeseen is never repeated', async () => {
    const { facade, pay } = await service()
    facade.answers.set('pay', () => {
      throw new TypeError('a mistake')
    })
    const key = newKey()
    expect(codeOf(await pay(key))).toEqual([500, 'internal'])
    expect(codeOf(await pay(key))).toEqual([409, 'idempotency-outcome-unknown'])
    expect(facade.calls).toHaveLength(1)
  })

  it('at the validation leaves the key free', async () => {
    const { facade, url, pay } = await service()
    const key = newKey()
    const invalid = supertest(url).post('/v1/payments').set('Idempotency-Key', key).type('json').send('[1]')
    expect((await invalid).status).toBe(400)
    expect((await pay(key)).status).toBe(201)
    expect(facade.calls).toHaveLength(1)
  })
})

describe('a client that goes away', () => {
  it('finds the response when it comes back', async () => {
    const { facade, url, pay, settled } = await service()
    const { opened, open } = gate()
    const reached = gate()
    let aborted: boolean | undefined
    facade.answers.set('pay', async ({ signal }) => {
      reached.open()
      await opened
      aborted = signal?.aborted
      return { status: 201, headers: {}, body: '{"paid":true}' }
    })
    const key = newKey()
    const { port } = new URL(url)
    const gone = new Promise((resolve) => {
      servers.at(-1)?.once('connection', (accepted) => accepted.once('close', resolve))
    })
    const socket = connect(Number(port), '127.0.0.1')
    const text = JSON.stringify(body)
    socket.write(
      `POST /v1/payments HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    )
    await reached.opened
    socket.destroy()
    await gone
    open()
    await settled()
    expect(aborted).not.toBe(true)
    const again = await pay(key)
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([
      201,
      '{"paid":true}',
      'true',
    ])
    expect(facade.calls).toHaveLength(1)
  })
})

describe('keys of different clients', () => {
  const identities: (Identity | undefined)[] = [
    { client: 'a', claims: {} },
    { client: 'b', claims: {} },
    { client: 'a', subject: 's', claims: {} },
    { subject: 'a', claims: {} },
    undefined,
  ]

  it('have nothing to do with each other', async () => {
    const facade = markedFacade({ pay: {} })
    const idempotency = new Idempotency(store, facade)
    const operation = facade.operations.get('pay')
    if (!operation?.idempotency) throw new Error('not marked')
    const request = { path: {}, query: {}, headers: { 'idempotency-key': newKey() }, body }
    let calls = 0
    const ask = async (identity: Identity | undefined) => {
      const exchange = { requestId: 'r', startedAt: 0, ...(identity && { identity }) }
      const policy = operation.idempotency ?? { key: 'required', headers: [] }
      const response = await idempotency.answer(operation, {
        policy,
        request,
        exchange,
        invoke: () => {
          calls += 1
          return Promise.resolve({ status: 201, headers: {}, body: String(calls) })
        },
      })
      return bytesOf(response.body).toString()
    }
    const answers: string[] = []
    for (const identity of identities) answers.push(await ask(identity))
    expect(answers).toEqual(['1', '2', '3', '4', '5'])
    const again: string[] = []
    for (const identity of identities) again.push(await ask(identity))
    expect(again).toEqual(answers)
  })
})

describe('a response that was lost', () => {
  const status = {
    operationId: 'getPayment',
    parameters: [{ in: 'path', name: 'reference', source: { kind: 'body', steps: ['reference'] } }],
    success: 201,
  } as const

  async function lost(lookup: Marks['pay']): Promise<Service & { readonly key: string }> {
    const made = await service({ pay: lookup ?? {} })
    const answer = made.facade.answers.get('pay')
    made.facade.answers.set('pay', fails('backend-timeout'))
    const key = newKey()
    expect((await made.pay(key)).status).toBe(504)
    if (answer) made.facade.answers.set('pay', answer)
    return { ...made, key }
  }

  it('is asked for at the status operation, and then known', async () => {
    const { facade, pay, key } = await lost({ status })
    facade.answers.set('getPayment', ({ request }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ found: request.path.reference }),
    }))
    for (let time = 0; time < 2; time++) {
      const again = await pay(key)
      expect([again.status, again.text]).toEqual([201, '{"found":"R-1"}'])
      expect(again.headers['idempotency-replayed']).toBe('true')
    }
    expect(facade.calls.map(({ operationId }) => operationId)).toEqual(['pay', 'getPayment'])
  })

  it.each<[string, () => RestResponse | Promise<RestResponse>]>([
    ['fails', fails('backend-timeout')],
    ['is not available', fails('backend-unavailable')],
    ['answers with another fault', () => ({ status: 422, headers: {}, body: '{}', fault: 'F' })],
    ['knows nothing of it yet', () => ({ status: 404, headers: {}, body: '{}', fault: 'NotFound' })],
    ['finds nothing', fails('resource-not-found')],
  ])('stays unknown where the status operation %s', async (_, answer) => {
    const { facade, pay, key } = await lost({ status: { ...status, absentAfterMs: 3_600_000 } })
    facade.answers.set('getPayment', answer)
    expect(codeOf(await pay(key))).toEqual([409, 'idempotency-outcome-unknown'])
    expect(facade.calls.filter(({ operationId }) => operationId === 'pay')).toHaveLength(1)
  })

  it.each([
    ['a declared fault', () => ({ status: 404, headers: {}, body: '{}', fault: 'NotFound' })],
    ['nothing', fails('resource-not-found')],
  ])('is sent once more where the contract trusts in absence, told by %s', async (_, answer) => {
    const { facade, pay, key } = await lost({ status: { ...status, absentAfterMs: 0 } })
    facade.answers.set('getPayment', answer)
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => pay(key).then((response) => response)),
    )
    expect(responses.filter(({ status: code }) => code === 201).length).toBeGreaterThan(0)
    expect((await pay(key)).headers['idempotency-replayed']).toBe('true')
    expect(facade.calls.filter(({ operationId }) => operationId === 'pay')).toHaveLength(2)
  })

  it('is unknown where its process was not heard of for the length of the lease', async () => {
    const { facade, pay } = await service()
    const key = newKey()
    const begun: unknown[] = []
    const dying: Store = {
      ...forwarding(store),
      begin: async (attempt, _leaseMs, ttlMs) => {
        begun.push(await store.begin(attempt, 0, ttlMs))
        return undefined
      },
      finish: () => Promise.reject(new Error('gone')),
      markUnknown: () => Promise.reject(new Error('gone')),
    }
    const other = await service({ pay: {} }, { over: dying })
    expect((await other.pay(key)).status).toBe(201)
    expect(begun).toEqual([undefined])
    expect(codeOf(await pay(key))).toEqual([409, 'idempotency-outcome-unknown'])
    expect(facade.calls).toHaveLength(0)
  })
})

describe('a store that is down', () => {
  const down = () => Promise.reject(new Error('down'))
  const broken = (parts: readonly (keyof Store)[]): Store => ({
    ...forwarding(store),
    ...Object.fromEntries(parts.map((part) => [part, down])),
  })

  it('stops marked requests before the backend, and no others', async () => {
    const { facade, url, pay } = await service(
      { pay: { key: 'optional' } },
      { over: broken(['begin', 'release']) },
    )
    const refused = await pay(newKey())
    expect(codeOf(refused)).toEqual([503, 'store-unavailable'])
    expect(refused.headers['retry-after']).toBe('1')
    expect(facade.calls).toHaveLength(0)
    expect((await pay('')).status).toBe(201)
    expect((await supertest(url).get('/v1/accounts/1')).status).toBe(200)
  })

  it('does not keep a response from the client that waits for it', async () => {
    const { pay, facade } = await service({ pay: {} }, { over: broken(['finish']) })
    const key = newKey()
    expect((await pay(key)).status).toBe(201)
    expect(codeOf(await pay(key))).toEqual([409, 'idempotency-in-flight'])
    expect(facade.calls).toHaveLength(1)
  })

  it('does not hide why a request failed', async () => {
    const { pay, facade } = await service({ pay: {} }, { over: broken(['finish', 'markUnknown', 'release']) })
    for (const code of ['backend-timeout', 'backend-unavailable', 'resource-not-found'] as const) {
      facade.answers.set('pay', fails(code))
      expect((await pay(newKey())).body).toMatchObject({ code })
    }
  })

  it('is the same as none', async () => {
    const facade = markedFacade({ pay: {} })
    const response = await supertest(appOf(facade, {}))
      .post('/v1/payments')
      .set('Idempotency-Key', 'k')
      .send(body)
    expect(codeOf(response)).toEqual([503, 'store-unavailable'])
    expect(facade.calls).toHaveLength(0)
  })

  it('that answers too late is not relied on', async () => {
    const slow: Store = {
      ...forwarding(store),
      begin: async (attempt, leaseMs, ttlMs) => {
        const found = await store.begin(attempt, leaseMs, ttlMs)
        const until = performance.now() + leaseMs
        while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
        return found
      },
    }
    const { pay, facade } = await service({ pay: {} }, { over: slow, leaseMs: 20 })
    const key = newKey()
    expect(codeOf(await pay(key))).toEqual([503, 'store-unavailable'])
    expect(facade.calls).toHaveLength(0)
    expect((await (await service()).pay(key)).status).toBe(201)
  })
})

/** The methods of a store as an object whose parts can be replaced. */
function forwarding(to: Store): Store {
  return {
    begin: (...values) => to.begin(...values),
    find: (...values) => to.find(...values),
    renew: (...values) => to.renew(...values),
    finish: (...values) => to.finish(...values),
    markUnknown: (...values) => to.markUnknown(...values),
    release: (...values) => to.release(...values),
    takeOver: (...values) => to.takeOver(...values),
    purge: () => to.purge(),
    close: () => Promise.resolve(),
  }
}
