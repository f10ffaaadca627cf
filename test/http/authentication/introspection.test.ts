import request from 'supertest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Introspection, type IntrospectionOptions } from '../../../src/http/authentication/introspection.js'
import { TokenMemory } from '../../../src/http/authentication/token-memory.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { AUDIENCE, AuthorizationServer } from './authorization-server.js'
import { securedDocument } from './secured-document.js'

let as: AuthorizationServer

beforeEach(async () => {
  as = await AuthorizationServer.start()
})
afterEach(() => as.close())

function serve(cacheSeconds = 60, more: Partial<IntrospectionOptions> = {}): SampleApp {
  const accessTokens = new Introspection({
    url: `${as.issuer}/introspect`,
    clientId: 'api:1',
    clientSecret: 'pass wörd',
    issuer: as.issuer,
    audience: [AUDIENCE],
    cacheSeconds,
    audienceIsOptional: false,
    clockSkew: 0,
    tokenType: 'at+jwt',
    ...more,
  })
  return sampleApp(
    {},
    { document: securedDocument({ a: [{ OAuth: ['read'] }] }), authentication: { accessTokens } },
  )
}

const call = ({ app }: SampleApp, token = 'opaque') =>
  request(app).get('/v1/a').set('Authorization', `Bearer ${token}`)

const active = { active: true, scope: 'read', sub: 'user-1', client_id: 'app', aud: AUDIENCE }
const now = () => Date.now() / 1000

describe('introspection', () => {
  it('lets an active token in, and asks as RFC 6749 says', async () => {
    const sample = serve()
    as.introspections.set('opaque', active)
    await call(sample).expect(200)
    expect(sample.facade.calls[0]?.identity).toMatchObject({ subject: 'user-1', client: 'app' })
    const [authorization = ''] = as.authorizations
    expect(Buffer.from(authorization.slice('Basic '.length), 'base64').toString()).toBe(
      'api%3A1:pass+w%C3%B6rd',
    )
  })

  it.each([
    ['is unknown', undefined, 401],
    ['is not active', { ...active, active: false }, 401],
    ['is active in words only', { ...active, active: 'true' }, 401],
    ['has expired', () => ({ ...active, exp: now() - 1 }), 401],
    ['is not valid yet', () => ({ ...active, nbf: now() + 60 }), 401],
    ['is from another issuer', { ...active, iss: 'https://evil.example' }, 401],
    ['is for another audience', { ...active, aud: ['https://other.example'] }, 401],
    ['is bound to a certificate', { ...active, cnf: { 'x5t#S256': 'x' } }, 401],
    ['is for no audience', { ...active, aud: undefined }, 401],
    ['has no audience of texts', { ...active, aud: [AUDIENCE, 1] }, 401],
    ['expires in words', { ...active, exp: '9999999999' }, 401],
    ['expires never', { ...active, exp: null }, 401],
    ['is not valid before a text', { ...active, nbf: '0' }, 401],
    ['was issued tomorrow', () => ({ ...active, iat: now() + 86_400 }), 401],
    ['has a subject that is none', { ...active, sub: 7 }, 401],
    ['has a client that is none', { ...active, client_id: ['app'] }, 401],
    ['has scopes in a list', { ...active, scope: ['read'] }, 401],
    ['is bound to a text', { ...active, cnf: 'x5t' }, 401],
    ['is a refresh token by its token_type', { ...active, token_type: 'refresh_token' }, 401],
    ['is a refresh token by its typ', { ...active, typ: 'Refresh' }, 401],
    ['is an ID token by its token_use', { ...active, token_use: 'id' }, 401],
    ['is a refresh token by its token_use', { ...active, token_use: 'refresh_token' }, 401],
    ['lacks the scope', { ...active, scope: 'write' }, 403],
  ])('refuses a token that %s', async (_what, answer, status) => {
    const known = typeof answer === 'function' ? answer() : answer
    if (known) as.introspections.set('opaque', known)
    await call(serve()).expect(status)
  })

  it.each([
    ['the types of an access token', { token_type: 'Bearer', typ: 'at+jwt', token_use: 'access' }, {}],
    ['the token_use of Ory Hydra', { token_type: 'Bearer', token_use: 'access_token' }, {}],
    ['a typ of its own where any will do', { typ: 'Refresh' }, { tokenType: 'any' as const }],
    ['no audience where it is optional', { aud: undefined }, { audienceIsOptional: true }],
    ['one of several audiences', { aud: ['https://x.example', AUDIENCE] }, {}],
    ['an end within the skew of clocks', { exp: now() - 10, nbf: now() + 20 }, { clockSkew: 30 }],
  ])('takes a token with %s', async (_, claims, options) => {
    as.introspections.set('opaque', { ...active, ...claims })
    await call(serve(60, options)).expect(200)
  })

  it('believes no response that is longer than any of use', async () => {
    as.introspections.set('opaque', { ...active, more: 'x'.repeat(65_536) })
    await call(serve()).expect(503)
  })

  it.each([-86_400_000, 86_400_000])('believes a response no longer when the clock is set by %i ms', (ms) => {
    const memory = new TokenMemory<string>()
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() })
    try {
      memory.set('other', 'good', 60_000)
      vi.setSystemTime(Date.now() + ms)
      expect(memory.get('other')).toBe('good')
      vi.advanceTimersByTime(60_001)
      expect(memory.get('other')).toBeUndefined()
    } finally {
      vi.useRealTimers()
    }
  })

  it('believes a response for a while, and not for longer than the token lives', async () => {
    const sample = serve()
    as.introspections.set('opaque', active)
    as.introspections.set('short', { ...active, exp: now() + 0.001 })
    await call(sample).expect(200)
    await call(sample).expect(200)
    expect(as.asked).toHaveLength(1)
    await call(sample, 'short')
    as.introspections.delete('short')
    await call(sample, 'short').expect(401)
  })

  it('asks each time where nothing is to be remembered', async () => {
    const sample = serve(0)
    as.introspections.set('opaque', active)
    await call(sample).expect(200)
    as.introspections.delete('opaque')
    await call(sample).expect(401)
  })

  it('lets nobody in while nobody answers', async () => {
    const sample = serve()
    as.broken = true
    expect((await call(sample).expect(503)).headers['retry-after']).toBe('5')
    as.broken = false
    as.introspections.set('opaque', active)
    await call(sample).expect(200)
  })
})
