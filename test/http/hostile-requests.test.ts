import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/http/app.js'
import { Readiness } from '../../src/http/pages/health.js'
import { RequestValidators } from '../../src/http/validation/validate.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { captureLog } from '../end-to-end/deployment.js'
import { openRawListener, type RawListener } from './raw-listener.js'
import { facadeOf, sampleDocument } from './sample-facade.js'

const facade = facadeOf(sampleDocument)
const log = captureLog()
let listener: RawListener

beforeAll(async () => {
  const readiness = new Readiness()
  readiness.state = 'ready'
  const { logger } = log
  const metrics = createMetrics(facade.backends)
  const limits = { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000 }
  const app = createApp(facade, { logger, metrics, readiness, docs: true, limits })
  listener = await openRawListener(app, { requestTimeoutMs: 300, headersTimeoutMs: 300 })
})

afterAll(() => listener.close())

beforeEach(() => {
  facade.calls.length = 0
})

const exchange = (head: string, body: string | Buffer = '') => listener.exchange(head, Buffer.from(body))

const post = (headers: string) => `POST /v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`
const get = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`

describe('Content-Type', () => {
  it('with parameters without number is what the contract has, to whoever keeps something by it', async () => {
    const validate = vi.spyOn(RequestValidators.prototype, 'validate')
    for (let n = 0; n < 300; n += 1) {
      const type = `application/json; p${n}=${n}; charset=utf-8; q="${'x'.repeat(n)}"`
      expect(await exchange(post(`Content-Type: ${type}\r\nContent-Length: 2\r\n`), '{}')).toMatch(
        /^HTTP\/1\.1 200 /,
      )
    }
    const flood = Array.from({ length: 2_000 }, (_, n) => `;p${n}=1`).join('')
    await exchange(post(`Content-Type: application/json${flood}\r\nContent-Length: 2\r\n`), '{}')
    expect(new Set(validate.mock.calls.map(([, { mediaType }]) => mediaType))).toEqual(
      new Set(['application/json']),
    )
    expect(validate).toHaveBeenCalledTimes(301)
    validate.mockRestore()
  })
})

describe('compressed bodies', () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000, ' '))

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'GZIP', 'gzip, gzip', 'identity, gzip', 'compress'])(
    'are refused before they are opened: %s',
    async (coding) => {
      const headers = `Content-Type: application/json\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bomb.length}\r\n`
      expect(await exchange(post(headers), bomb)).toMatch(/^HTTP\/1\.1 415 /)
      expect(facade.calls).toEqual([])
    },
  )

  it('are bytes like others where no header tells of it', async () => {
    const headers = `Content-Type: application/json\r\nContent-Length: ${bomb.length}\r\n`
    expect(await exchange(post(headers), bomb)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('bodies that do not come', () => {
  it.each([
    ['a length', 'Content-Length: 10\r\n', '{"a'],
    ['a length and nothing', 'Content-Length: 10\r\n', ''],
    ['chunks', 'Transfer-Encoding: chunked\r\n', '3\r\n{"a\r\n'],
    ['half a chunk', 'Transfer-Encoding: chunked\r\n', '10\r\n{"a'],
    ['no last chunk', 'Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n'],
  ])('are waited for no longer than a request may take: %s', async (_what, headers, body) => {
    const answer = await exchange(post(`Content-Type: application/json\r\n${headers}`), body)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"request-timeout"')
    expect(facade.calls).toEqual([])
  })
})

describe('names of prototypes', () => {
  const own = Object.getOwnPropertyNames(Object.prototype).length

  it.each([
    ...['__proto__=1', '__proto__[polluted]=1', 'constructor[prototype][polluted]=1', '__proto__.polluted=1'],
    ...[
      'tag[__proto__]=1',
      'tag=__proto__',
      '__proto__',
      'toString=1',
      'hasOwnProperty=1&tag=a',
      '%5F_proto__=1',
    ],
  ])('in the query are names like others: %s', async (query) => {
    const status = query.startsWith('tag=') ? 200 : 400
    expect(await exchange(get(`/v1/accounts/AB?${query}`))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(own)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each(['__proto__: 1', 'constructor: 1', 'toString: x', 'hasOwnProperty: x'])(
    'in headers are names like others: %s',
    async (header) => {
      expect(await exchange(get('/v1/accounts/AB', `${header}\r\n`))).toMatch(/^HTTP\/1\.1 200 /)
      expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(own)
    },
  )
})

/** What would end a line, open another, or colour a terminal; header fields cannot have all of it. */
const FORGED = '"}\x85{"level":"fatal","msg":"forged\t\x9b31m\xff'

describe('the log', () => {
  const lines = () =>
    log
      .text()
      .split('\n')
      .filter((line) => line !== '')

  it.each([
    ...['X-Request-Id', 'User-Agent', 'Referer', 'Accept', 'Origin', 'Prefer', 'Traceparent', 'Tracestate'],
    ...[
      'Forwarded',
      'X-Forwarded-For',
      'Idempotency-Key',
      'If-None-Match',
      'Cookie',
      'Authorization',
      'X-Api-Key',
    ],
  ])('has one line for a request, whatever %s says', async (name) => {
    const before = lines().length
    await exchange(get('/v1/accounts', `${name}: ${FORGED}\r\n`))
    expect(lines().length - before).toBe(1)
  })

  it.each([
    '/v1/accounts/A%0D%0A%7B%22level%22%3A%22fatal%22%7D',
    '/v1/accounts?%0A%7B%22msg%22%3A%22forged%22%7D=1',
    '/v1/%0Aforged',
    '/%1B%5B31mforged',
    '/v1/accounts/%E2%80%A8forged',
  ])('has one line for a request, whatever its target says: %#', async (target) => {
    const before = lines().length
    await exchange(get(target))
    expect(lines().length - before).toBe(1)
  })

  it('has objects of JSON alone, without control characters, and nothing that was forged', () => {
    expect(lines().length).toBeGreaterThan(300)
    for (const line of lines()) {
      expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]|forged/)
      expect(JSON.parse(line)).toMatchObject({ msg: 'request', status: expect.any(Number) as number })
    }
  })
})
