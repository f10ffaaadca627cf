import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { ContractError } from '../../../src/base/errors.js'
import type { AccessTokenVerifier } from '../../../src/http/authentication/access-token.js'
import { ApiKeyRing, createApiKey, parseApiKeys } from '../../../src/http/authentication/api-key.js'
import type { Authentication } from '../../../src/http/authentication/policies.js'
import { refused } from '../../../src/http/authentication/verdict.js'
import { sampleApp } from '../sample-app.js'
import { securedDocument, type Security } from './secured-document.js'

const { key, line } = createApiKey('partner', ['roles=reader'])
const ring = new ApiKeyRing(parseApiKeys(line, 'test', new Diagnostics()))
const accessTokens: AccessTokenVerifier = {
  verify: (token) =>
    Promise.resolve(
      token === 'good'
        ? { claims: { sub: 'user-1', client_id: 'app', scope: 'a b' } }
        : refused('invalid', 'The access token is bad.'),
    ),
}
const authentication: Authentication = { apiKeys: () => ring, accessTokens, clientCertificates: true }

/** What a client may send for a scheme, and whether that satisfies it. */
const SENT = ['nothing', 'bad', 'good'] as const
type Sent = (typeof SENT)[number]

/** The combinations of OpenAPI 3.1, section 4.8.30, as a truth table would write them. */
const REQUIREMENTS: Readonly<
  Record<string, { security: Security; open: (key: boolean, token: boolean) => boolean }>
> = {
  opened: { security: [], open: () => true },
  key: { security: [{ Key: [] }], open: (k) => k },
  token: { security: [{ Token: [] }], open: (_, t) => t },
  both: { security: [{ Key: [], Token: [] }], open: (k, t) => k && t },
  either: { security: [{ Key: [] }, { Token: [] }], open: (k, t) => k || t },
  eitherOrBoth: { security: [{ Key: [], Token: [] }, { Token: [] }], open: (_, t) => t },
  role: { security: [{ Key: ['reader'] }], open: (k) => k },
  otherRole: { security: [{ Key: ['writer'] }], open: () => false },
  scope: { security: [{ OAuth: ['a', 'b'] }], open: (_, t) => t },
  otherScope: { security: [{ OAuth: ['a', 'c'] }], open: () => false },
  scopeOrRole: { security: [{ OAuth: ['c'] }, { Key: ['reader'] }], open: (k) => k },
  certificate: { security: [{ Certificate: [] }], open: () => false },
  certificateAndKey: { security: [{ Certificate: [], Key: [] }], open: () => false },
  keyOrCertificate: { security: [{ Certificate: [] }, { Key: [] }], open: (k) => k },
  openId: { security: [{ Login: [] }], open: (_, t) => t },
}
const securities = Object.fromEntries(
  Object.entries(REQUIREMENTS).map(([name, { security }]) => [name, security]),
)
const own = sampleApp({}, { document: securedDocument(securities), authentication })

function send(app: Express.Application, path: string, sentKey: Sent, sentToken: Sent) {
  const call = request(app as Parameters<typeof request>[0]).get(path)
  if (sentKey !== 'nothing') call.set('X-API-Key', sentKey === 'good' ? key : 'bad')
  if (sentToken !== 'nothing') call.set('Authorization', `Bearer ${sentToken}`)
  return call
}

const combinations = Object.keys(REQUIREMENTS).flatMap((name) =>
  SENT.flatMap((sentKey) => SENT.map((sentToken) => [name, sentKey, sentToken] as const)),
)

describe('requirements', () => {
  it.each(combinations)('%s with %s key and %s token', async (name, sentKey, sentToken) => {
    const expected = REQUIREMENTS[name]?.open(sentKey === 'good', sentToken === 'good') ?? false
    own.facade.calls.length = 0
    const answer = await send(own.app, `/v1/${name}`, sentKey, sentToken)
    expect(answer.status === 200).toBe(expected)
    expect(own.facade.calls).toHaveLength(expected ? 1 : 0)
    if (expected) return
    expect([401, 403]).toContain(answer.status)
    expect(answer.headers['www-authenticate']).toBeTypeOf('string')
    expect(answer.body).toMatchObject({ code: answer.status === 401 ? 'unauthenticated' : 'forbidden' })
  })

  it.each(combinations.filter(([name]) => name !== 'opened'))(
    'of the document, %s with %s key and %s token',
    async (name, sentKey, sentToken) => {
      const document = securedDocument({ a: undefined, b: [] }, securities[name])
      const { app } = sampleApp({}, { document, authentication })
      const expected = REQUIREMENTS[name]?.open(sentKey === 'good', sentToken === 'good')
      expect((await send(app, '/v1/a', sentKey, sentToken)).status === 200).toBe(expected)
      // What an operation says of itself counts instead.
      expect((await send(app, '/v1/b', sentKey, sentToken)).status).toBe(200)
    },
  )

  it.each([
    ['nothing', 'nothing', 200],
    ['good', 'nothing', 200],
    ['bad', 'nothing', 401],
    ['nothing', 'bad', 401],
    ['bad', 'good', 200],
  ] as const)('that are optional, with %s key and %s token: %s', async (sentKey, sentToken, status) => {
    const document = securedDocument({ a: [{}, { Key: [] }, { Token: [] }] })
    const { app } = sampleApp({}, { document, authentication })
    expect((await send(app, '/v1/a', sentKey, sentToken)).status).toBe(status)
  })

  it('ask about a token once in a request, however many alternatives there are', async () => {
    const asked: string[] = []
    const verify = (token: string) => {
      asked.push(token)
      return accessTokens.verify(token)
    }
    const document = securedDocument({
      a: [{ OAuth: ['x'] }, { OAuth: ['a'], Login: ['y'] }, { Token: ['z'] }],
    })
    const { app } = sampleApp({}, { document, authentication: { accessTokens: { verify } } })
    await send(app, '/v1/a', 'nothing', 'good').expect(403)
    await send(app, '/v1/a', 'nothing', 'bad').expect(401)
    await send(app, '/v1/a', 'nothing', 'good').expect(403)
    expect(asked).toEqual(['good', 'bad', 'good'])
  })

  it('are asked before the request is judged, and before its body is read', async () => {
    const document = securedDocument({ a: [{ Key: [] }] })
    const { app } = sampleApp({}, { document, authentication })
    const answer = await request(app).get('/v1/a?limit=x&unknown=1').set('Content-Length', '100')
    expect(answer.status).toBe(401)
    expect(answer.body).not.toHaveProperty('errors')
  })

  it.each([
    ['header', 'Key', (call: request.Test) => call.set('x-api-KEY', key)],
    ['query', 'QueryKey', (call: request.Test) => call.query({ api_key: key, limit: '1' })],
    ['cookie', 'CookieKey', (call: request.Test) => call.set('Cookie', `a=b; session=${key}; c`)],
  ] as const)('take a key in the %s', async (_place, scheme, give) => {
    const { app, facade } = sampleApp(
      {},
      { document: securedDocument({ a: [{ [scheme]: [] }] }), authentication },
    )
    await request(app).get('/v1/a').expect(401)
    await give(request(app).get('/v1/a')).expect(200)
    expect(facade.calls[0]?.identity).toEqual({
      ...{ client: 'partner', namedBy: 'apiKey', claims: {} },
      scopes: ['reader'],
    })
    expect(facade.calls[0]?.request.query).not.toHaveProperty('api_key')
  })

  it.each([
    ['in the query', '/v1/q', `api_key=${key}&api_key=x`, {}],
    ['in the header', '/v1/h', '', { 'X-API-Key': `${key}, x` }],
  ])('refuse a key that is there twice %s', async (_where, path, query, headers) => {
    const document = securedDocument({ q: [{ QueryKey: [] }], h: [{ Key: [] }] })
    const { app } = sampleApp({}, { document, authentication })
    await request(app).get(`${path}?${query}`).set(headers).expect(401)
  })
})

describe('who calls', () => {
  it('is known to the operation, from all credentials together', async () => {
    const { app, facade } = sampleApp(
      {},
      { document: securedDocument({ a: [{ Key: [], Token: [] }] }), authentication },
    )
    await send(app, '/v1/a', 'good', 'good').expect(200)
    expect(facade.calls[0]?.identity).toEqual({
      client: 'partner',
      namedBy: 'apiKey',
      subject: 'user-1',
      claims: { sub: 'user-1', client_id: 'app', scope: 'a b' },
      scopes: ['reader', 'a', 'b'],
    })
  })

  it('is nobody where the contract asks nobody, whatever is sent', async () => {
    const { app, facade } = sampleApp({}, { document: securedDocument({ a: [] }), authentication })
    await send(app, '/v1/a', 'good', 'good')
      .set('X-Client', 'admin')
      .set('X-Forwarded-User', 'admin')
      .expect(200)
    expect(facade.calls[0]?.identity).toBeUndefined()
  })
})

describe('challenges', () => {
  const document = securedDocument({ a: [{ Key: [] }, { OAuth: ['x'] }, { Certificate: [] }] })
  const { app } = sampleApp({}, { document, authentication })
  const key401 = 'ApiKey in="header", name="X-API-Key"'

  it.each([
    ['nothing', 401, `${key401}, Bearer, MutualTLS`],
    [
      'bad',
      401,
      `${key401}, Bearer error="invalid_token", error_description="The access token is bad.", MutualTLS`,
    ],
    [
      'good',
      403,
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that the operation needs.", scope="x"',
    ],
  ] as const)('for %s token', async (sentToken, status, challenge) => {
    const answer = await send(app, '/v1/a', 'nothing', sentToken)
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([status, challenge])
  })
})

describe('a contract', () => {
  const started = (document: ReturnType<typeof securedDocument>, given: Authentication | 'off') => {
    try {
      sampleApp({}, { document, authentication: given })
      return []
    } catch (error) {
      return error instanceof ContractError
        ? error.diagnostics.map(({ code, message, related = [] }) =>
            [`${code} ${message}`, ...related.map((other) => other.message)].join('\n'),
          )
        : error
    }
  }

  it('that does not say who may call does not start, and every operation of that kind is named', () => {
    expect(started(securedDocument({ a: undefined, b: undefined, c: [] }), authentication)).toEqual([
      expect.stringMatching(
        /^security-undeclared GET \/a \(a\) and 1 other do not say who may call them: [^\n]*\nGET \/b \(b\)$/,
      ),
    ])
    expect(started(securedDocument({ a: undefined, c: [] }), authentication)).toEqual([
      expect.stringMatching(/^security-undeclared GET \/a \(a\) does not say who may call it: [^\n]*$/),
    ])
  })

  it('is refused once for each setting that is missing, however many operations need it', () => {
    const operations = { a: [{ Key: [] }], b: [{ Key: [] }], c: [{ OAuth: [] }], d: [{ Key: [] }] }
    expect(started(securedDocument(operations), {})).toEqual([
      'security-unconfigured GET /a (a) and 2 others ask for credentials that nobody can have here: configure API_KEYS_FILE.\nGET /b (b)\nGET /d (d)',
      expect.stringMatching(/^security-unconfigured GET \/c \(c\) .* configure OAUTH_ISSUER/),
    ])
  })

  it.each([
    ['an apiKey', { Key: [] }, 'API_KEYS_FILE'],
    ['a token', { OAuth: [] }, 'OAUTH_ISSUER and OAUTH_AUDIENCE'],
    ['a certificate', { Certificate: [] }, 'TLS_CERT_FILE, TLS_KEY_FILE and TLS_CLIENT_CA_FILE'],
    ['a password', { Password: [] }, 'another scheme'],
    ['what is not declared', { Nothing: [] }, 'another scheme'],
  ])('that asks for %s, which cannot be checked, does not start', (_what, requirement, settings) => {
    expect(started(securedDocument({ a: [requirement] }), {})).toEqual([
      `security-unconfigured GET /a (a) asks for credentials that nobody can have here: configure ${settings}.`,
    ])
  })

  it('that has one way in starts, and has no other', async () => {
    const document = securedDocument({ a: [{ Key: [] }, { Password: [] }, { Nothing: [] }, { Token: [] }] })
    const { app } = sampleApp({}, { document, authentication: { apiKeys: () => ring } })
    await send(app, '/v1/a', 'nothing', 'good').expect(401)
    await request(app).get('/v1/a').auth('user', 'password').expect(401)
    await send(app, '/v1/a', 'good', 'nothing').expect(200)
  })

  it('is open to all where authentication is off', async () => {
    const document = securedDocument({ a: [{ Key: [] }], b: undefined })
    const { app } = sampleApp({}, { document, authentication: 'off' })
    await request(app).get('/v1/a').expect(200)
    await request(app).get('/v1/b').expect(200)
  })
})
