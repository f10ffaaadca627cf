import request from 'supertest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Introspection } from '../../../src/http/security/introspection.js'
import { sampleApp, type SampleApp } from '../sample-app.js'
import { AUDIENCE, AuthorizationServer } from './authorization-server.js'
import { securedDocument } from './secured-document.js'

let as: AuthorizationServer

beforeEach(async () => {
  as = await AuthorizationServer.start()
})
afterEach(() => as.close())

function serve(cacheSeconds = 60): SampleApp {
  const accessTokens = new Introspection({
    url: `${as.issuer}/introspect`,
    clientId: 'api:1',
    clientSecret: 'pass wörd',
    issuer: as.issuer,
    audience: [AUDIENCE],
    cacheSeconds,
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
    ['lacks the scope', { ...active, scope: 'write' }, 403],
  ])('refuses a token that %s', async (_what, answer, status) => {
    const known = typeof answer === 'function' ? answer() : answer
    if (known) as.introspections.set('opaque', known)
    await call(serve()).expect(status)
  })

  it('believes an answer for a while, and not for longer than the token lives', async () => {
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
