import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/http/authentication/api-key.js'
import { createRing } from './authentication/ring.js'
import { sampleApp } from './sample-app.js'
import { sampleDocument } from './sample-facade.js'

const ORIGIN = 'https://app.bank.example'
const EXPOSED = [
  ...[
    'Accept',
    'Age',
    'Allow',
    'Deprecation',
    'ETag',
    'Idempotency-Replayed',
    'Link',
    'Location',
    'RateLimit',
  ],
  ...['RateLimit-Policy', 'Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
]

describe('header fields of every response', () => {
  const { app } = sampleApp({}, { tls: true })
  const plain = sampleApp().app

  it.each([
    '/v1/accounts',
    '/v1/accounts/AB',
    '/nothing',
    '/healthz',
    '/readyz',
    '/v1/openapi.json',
    '/docs/',
  ])('%s', async (path) => {
    const { headers } = await request(app).get(path)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';/)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    })
    expect(headers['cache-control']).toBe(path === '/v1/openapi.json' ? 'no-cache' : 'no-store')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect((await request(plain).get(path)).headers).not.toHaveProperty('strict-transport-security')
  })
})

describe('CORS', () => {
  const { app } = sampleApp({}, { corsOrigins: [ORIGIN, 'http://localhost:3000'] })
  const preflight = (origin: string) =>
    request(app)
      .options('/v1/payments')
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'content-type,x-channel')

  it('lets pages of known origins ask and read', async () => {
    const answer = await preflight(ORIGIN).expect(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        'Authorization, Cache-Control, Content-Type, DPoP, Idempotency-Key, If-None-Match, Request-Timeout, X-Channel, X-Request-Id, X-Version',
      vary: 'Origin',
    })
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    const got = await request(app).get('/v1/accounts').set('Origin', 'http://localhost:3000').expect(200)
    expect(got.headers['access-control-allow-origin']).toBe('http://localhost:3000')
    expect(String(got.headers['access-control-expose-headers']).split(', ')).toEqual(EXPOSED)
    const problem = await request(app).get('/v1/none').set('Origin', ORIGIN).expect(404)
    expect(problem.headers['access-control-allow-origin']).toBe(ORIGIN)
  })

  it('keeps what else a response varies by', async () => {
    const { app: varied, facade } = sampleApp({}, { corsOrigins: [ORIGIN] })
    const headers = { 'content-type': 'application/json', vary: 'Authorization' }
    facade.answers.set('listAccounts', () => ({ status: 200, headers, body: '[]' }))
    const { headers: got } = await request(varied).get('/v1/accounts').set('Origin', ORIGIN).expect(200)
    expect(got.vary).toBe('Origin, Authorization')
  })

  it.each([
    'https://evil.example',
    'https://app.bank.example.evil.example',
    'https://evil-app.bank.example',
    'http://app.bank.example',
    'https://app.bank.example:8443',
    'https://APP.bank.example',
    'null',
    '*',
  ])('tells %s nothing', async (origin) => {
    for (const answer of [
      await preflight(origin),
      await request(app).get('/v1/accounts').set('Origin', origin),
    ]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(answer.headers.vary).toBe('Origin')
    }
  })

  it('is closed where nothing is set, and OPTIONS still tells the methods', async () => {
    const answer = await request(sampleApp().app).options('/v1/payments').set('Origin', ORIGIN).expect(204)
    expect(answer.headers.allow).toBe('POST, OPTIONS')
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    expect((await request(app).options('/v1/payments').set('Origin', ORIGIN)).headers.allow).toBe(
      'POST, OPTIONS',
    )
  })

  it('allows the header of API keys', async () => {
    const document = {
      ...sampleDocument,
      security: [{ Key: [] }],
      components: {
        ...(sampleDocument.components as object),
        securitySchemes: { Key: { type: 'apiKey', in: 'header', name: 'X-Bank-Key' } },
      },
    }
    const authentication = { apiKeys: () => createRing(createApiKey('a').line) }
    const secured = sampleApp({}, { document, authentication, corsOrigins: [ORIGIN] })
    const answer = await request(secured.app)
      .options('/v1/accounts')
      .set('Origin', ORIGIN)
      .set('Access-Control-Request-Method', 'GET')
      .expect(204)
    expect(answer.headers['access-control-allow-headers']).toContain('X-Bank-Key')
    const refused = await request(secured.app).get('/v1/accounts').set('Origin', ORIGIN).expect(401)
    expect(refused.headers['access-control-allow-origin']).toBe(ORIGIN)
  })
})

describe('the admin surface', () => {
  it('is not on the port of clients', async () => {
    const { app } = sampleApp()
    await request(app).get('/metrics').expect(404)
    expect((await request(app).get('/readyz?verbose')).body).toEqual({ status: 'ready' })
  })

  it('tells the state of backends to operators', async () => {
    const { admin } = sampleApp()
    expect((await request(admin).get('/readyz?verbose').expect(200)).body).toEqual({
      status: 'ready',
      backends: [{ name: 'core', breaker: 'half-open', inFlight: 3 }],
    })
    expect((await request(admin).get('/readyz')).body).toEqual({ status: 'ready' })
    await request(admin).get('/healthz').expect(200)
    await request(admin).get('/v1/accounts').expect(404)
    expect((await request(admin).post('/metrics').expect(405)).headers.allow).toBe('GET, HEAD')
  })

  const token = 'correct-horse-battery-staple='

  it.each([
    ['/metrics', undefined, 401],
    ['/metrics', `Bearer ${token}x`, 401],
    ['/metrics', 'Bearer ', 401],
    ['/metrics', `Basic ${token}`, 401],
    ['/metrics', token, 401],
    ['/metrics', `Bearer${token}`, 401],
    ['/metrics', `Bearer Bearer ${token}`, 401],
    ['/metrics', `bearer ${token}`, 200],
    ['/readyz?verbose', undefined, 401],
    ['/readyz?verbose=', `Bearer ${token.slice(1)}`, 401],
    ['/readyz?verbose=1&verbose=2', undefined, 401],
    ['/readyz?verbose', `Bearer ${token}`, 200],
    ['/readyz', undefined, 200],
    ['/healthz', undefined, 200],
    ['/nothing', undefined, 404],
  ])('asks for the token of operators, where there is one: %s with %s is %i', async (path, sent, status) => {
    const { admin } = sampleApp({}, { adminToken: token })
    const asked = request(admin).get(path)
    const answer = await (sent === undefined ? asked : asked.set('Authorization', sent)).expect(status)
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
    if (status === 401) expect(answer.body).toMatchObject({ code: 'unauthenticated' })
    expect(answer.text).not.toContain(token)
  })
})
