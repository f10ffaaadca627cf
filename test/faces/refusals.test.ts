import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { AdapterError } from '../../src/base/errors.js'
import { openGraphql } from '../../src/graphql/server.js'
import type { AccessTokenVerifier } from '../../src/http/authentication/access-token.js'
import { ApiKeyRing, createApiKey, parseApiKeys } from '../../src/http/authentication/api-key.js'
import { FailedAttempts } from '../../src/http/authentication/failed-attempts.js'
import { refused } from '../../src/http/authentication/verdict.js'
import { RateLimits } from '../../src/http/limits/rate-limits.js'
import { openMcp } from '../../src/mcp/server.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { openly } from '../graphql/graphql-app.js'
import { SCHEMES } from '../http/authentication/secured-document.js'
import { type SampleApp, sampleApp } from '../http/sample-app.js'

const { key, line } = createApiKey('partner', ['roles=reader'])
const ring = new ApiKeyRing(parseApiKeys(line, 'test', new Diagnostics()))
const accessTokens: AccessTokenVerifier = {
  verify: (token) => {
    if (token === 'good') return Promise.resolve({ claims: { sub: 'user-1', client_id: 'app', scope: 'a' } })
    if (token === 'unknown')
      return Promise.resolve(refused('unavailable', 'The issuer is away.', { retryAfter: 3 }))
    return Promise.resolve(refused('invalid', 'The access token is bad.'))
  },
}
const query = (name: string, schema: object) => ({ name, in: 'query', schema })
const operation = (operationId: string, security: object[], more: object = {}) => ({
  [`/${operationId}`]: {
    get: {
      ...{ operationId, security, parameters: [query('limit', { type: 'integer', minimum: 1, maximum: 9 })] },
      responses: { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } },
      ...more,
    },
  },
})
const document: OpenApiObject = {
  openapi: '3.1.0',
  info: { title: 'Guarded', version: '1.0.0' },
  servers: [{ url: '/v1' }],
  paths: {
    ...operation('opened', []),
    ...operation('keyed', [{ Key: [] }]),
    ...operation('roled', [{ Key: ['writer'] }]),
    ...operation('tokened', [{ OAuth: ['a'] }]),
    ...operation('scoped', [{ OAuth: ['b'] }]),
  },
  components: { securitySchemes: SCHEMES },
}

interface Refusal {
  readonly status: number
  readonly code: string
  readonly challenge: string | null
}

type Ask = (
  url: string,
  operationId: string,
  args: object,
  headers: Record<string, string>,
) => Promise<Refusal>

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

interface Told {
  readonly status?: number
  readonly code?: string
}

const told = ({ status = 200, code = 'none' }: Told, answer: Response): Refusal => ({
  ...{ status, code },
  challenge: answer.headers.get('www-authenticate'),
})

/** Each protocol, and how it tells a problem. */
const FACES: Readonly<Record<string, Ask>> = {
  rest: async (url, operationId, args, headers) => {
    const search = new URLSearchParams(args as Record<string, string>)
    const answer = await fetch(`${url}/v1/${operationId}?${search.toString()}`, { headers })
    return told((await answer.json()) as Told, answer)
  },
  graphql: async (url, operationId, args, headers) => {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${String(value)}`)
    const asked = `{ ${operationId}${list.length > 0 ? `(${list.join()})` : ''} }`
    const body = JSON.stringify({ query: asked })
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body })
    const said = (await answer.json()) as Told & { errors?: { extensions?: Told }[] }
    return told(answer.ok ? (said.errors?.[0]?.extensions ?? {}) : said, answer)
  },
  mcp: async (url, operationId, args, headers) => {
    const params = { name: operationId, arguments: args }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    const answer = await fetch(`${url}/mcp`, { method: 'POST', headers: { ...json, ...headers }, body })
    const text = await answer.text()
    if (!answer.ok) return told(JSON.parse(text) as Told, answer)
    const message = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as {
      result: { isError?: boolean; content: { text: string }[] }
    }
    const { isError, content } = message.result
    return told(isError ? (JSON.parse(content[0]?.text ?? '{}') as Told) : {}, answer)
  },
}

let own: SampleApp
let server: Server
let url: string

function open(more: Parameters<typeof sampleApp>[1] = {}): SampleApp {
  const limits = { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000 }
  const faces = [
    openGraphql({ limits, query: openly, introspection: true }),
    openMcp({
      limits,
      operations: [],
      maxResultBytes: 65_536,
      origins: [],
      publicUrl: '',
      issuer: 'https://as.example',
      version: '1',
    }),
  ]
  const failedAttempts = new FailedAttempts(1_000)
  const authentication = { apiKeys: () => ring, accessTokens, failedAttempts }
  return sampleApp({}, { document, authentication, faces, ...more })
}

async function listen(app: SampleApp): Promise<void> {
  own = app
  server = createServer(app.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function close(): void {
  server.close()
  server.closeAllConnections()
}

const faces = Object.entries(FACES)
const good = { 'x-api-key': key }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('each protocol refuses what REST refuses, before the backend is asked', () => {
  beforeAll(() => listen(open()))
  afterAll(close)
  beforeEach(() => {
    own.facade.calls.length = 0
    own.facade.answers.clear()
  })

  const cases: readonly [string, string, object, Record<string, string>, number, string][] = [
    ['no key', 'keyed', {}, {}, 401, 'unauthenticated'],
    ['an unknown key', 'keyed', {}, { 'x-api-key': 'wrong' }, 401, 'unauthenticated'],
    ['a key without the role', 'roled', {}, good, 403, 'forbidden'],
    ['no token', 'tokened', {}, {}, 401, 'unauthenticated'],
    ['a bad token', 'tokened', {}, bearer('bad'), 401, 'unauthenticated'],
    ['a token without the scope', 'scoped', {}, bearer('good'), 403, 'forbidden'],
    [
      'a token of an issuer that is away',
      'tokened',
      {},
      bearer('unknown'),
      503,
      'authentication-unavailable',
    ],
    ['a parameter out of range', 'opened', { limit: 10 }, {}, 400, 'request-invalid'],
  ]
  it.each(faces.flatMap(([face, ask]) => cases.map((one) => ({ face, ask, one, what: one[0] }))))(
    '$face: $what',
    async ({ ask, one: [, operationId, args, headers, status, code] }) => {
      const refusal = await ask(url, operationId, args, headers)
      expect([refusal.status, refusal.code]).toEqual([status, code])
      expect(refusal.challenge === null).toBe(status !== 401 && status !== 403)
      expect(own.facade.calls).toEqual([])
    },
  )

  it.each(faces)('%s: lets in who may, and tells the backend who it is', async (_, ask) => {
    own.facade.answers.set('tokened', () => ({ status: 200, headers: {}, body: '{}' }))
    expect(await ask(url, 'tokened', {}, bearer('good'))).toMatchObject({ status: 200, code: 'none' })
    expect(own.facade.calls.map(({ identity }) => identity?.subject)).toEqual(['user-1'])
  })

  const backend: readonly [AdapterError, number][] = [
    [new AdapterError('backend-overloaded', 'Full.'), 503],
    [new AdapterError('backend-unavailable', 'Open.'), 503],
    [new AdapterError('backend-timeout', 'Late.'), 504],
    [new AdapterError('backend-mismatch', 'Odd.'), 502],
    [new AdapterError('request-unencodable', 'No way.'), 422],
  ]
  it.each(
    faces.flatMap(([face, ask]) =>
      backend.map(([error, status]) => ({ face, ask, error, status, code: error.code })),
    ),
  )('$face: $code', async ({ ask, error, status }) => {
    own.facade.answers.set('opened', () => Promise.reject(error))
    expect(await ask(url, 'opened', {}, {})).toMatchObject({ status, code: error.code })
  })

  it.each(faces)('%s: tells the log and the metrics of each refusal', async (_, ask) => {
    own.logLines.length = 0
    await ask(url, 'keyed', {}, {})
    expect(own.logLines).toContainEqual(
      expect.objectContaining({ operationId: 'keyed', status: 401, problem: 'unauthenticated' }),
    )
    expect(await own.metrics.text()).toMatch(/\{[^}]*operation="keyed"[^}]*status="401"/)
  })

  it('mcp: says where tokens come from (RFC 9728)', async () => {
    const { challenge } = (await FACES.mcp?.(url, 'tokened', {}, {})) ?? {}
    const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(challenge ?? '') ?? []
    expect(await (await fetch(metadata)).json()).toEqual({
      resource: `${url}/mcp`,
      authorization_servers: ['https://as.example'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['a', 'b'],
    })
  })

  it('mcp: takes no request of a page of another origin', async () => {
    const refusal = await FACES.mcp?.(url, 'opened', {}, { origin: 'https://evil.example' })
    expect(refusal).toMatchObject({ status: 403, code: 'forbidden' })
    expect(own.facade.calls).toEqual([])
  })
})

describe('each protocol counts what REST counts', () => {
  it.each(faces)('%s: no more requests than a client may', async (_, ask) => {
    await listen(open({ rateLimits: new RateLimits({ requests: 2, window: 60, concurrent: 0 }) }))
    own.facade.answers.set('keyed', () => ({ status: 200, headers: {}, body: '{}' }))
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await ask(url, 'keyed', {}, good)).code)
    // The protocols share the count.
    for (const [, other] of faces) codes.push((await other(url, 'keyed', {}, good)).code)
    close()
    expect(codes).toEqual(['none', 'none', ...Array.from({ length: 4 }, () => 'rate-limited')])
    expect(own.facade.calls).toHaveLength(2)
  })

  it.each(faces)(
    '%s: no more at the same time than a client may, and the place is free afterwards',
    async (_, ask) => {
      await listen(open({ rateLimits: new RateLimits({ requests: 0, window: 60, concurrent: 1 }) }))
      let answer = (): void => undefined
      const arrived = new Promise<void>((resolve) => {
        own.facade.answers.set('opened', () => {
          resolve()
          return new Promise((give) => {
            answer = () => {
              give({ status: 200, headers: {}, body: '{}' })
            }
          })
        })
      })
      const first = ask(url, 'opened', {}, {})
      await arrived
      expect((await ask(url, 'opened', {}, {})).code).toBe('rate-limited')
      answer()
      expect((await first).code).toBe('none')
      own.facade.answers.set('opened', () => ({ status: 200, headers: {}, body: '{}' }))
      expect((await ask(url, 'opened', {}, {})).code).toBe('none')
      close()
    },
  )

  it.each(faces)('%s: wrong credentials of an address', async (_, ask) => {
    const authentication = { apiKeys: () => ring, accessTokens, failedAttempts: new FailedAttempts(2) }
    await listen(open({ authentication }))
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await ask(url, 'keyed', {}, { 'x-api-key': 'wrong' })).code)
    close()
    expect(codes).toEqual(['unauthenticated', 'unauthenticated', 'rate-limited'])
  })
})
