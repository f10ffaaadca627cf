import { createHmac } from 'node:crypto'
import { exportSPKI, UnsecuredJWT } from 'jose'
import request from 'supertest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IssuerKeys } from '../../../src/http/authentication/issuer-keys.js'
import { type SignedTokenOptions, SignedTokens } from '../../../src/http/authentication/signed-token.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { AUDIENCE, AuthorizationServer, newSigner, type Signer } from './authorization-server.js'
import { securedDocument } from './secured-document.js'

const [first, second, stranger, elliptic] = await Promise.all([
  newSigner('k1'),
  newSigner('k2'),
  newSigner('k1'),
  newSigner('e1', 'ES256'),
])
const document = securedDocument({
  read: [{ OAuth: ['accounts:read'] }],
  admin: [{ OAuth: ['accounts:read', 'admin'] }],
})

let as: AuthorizationServer
let sample: SampleApp

beforeEach(async () => {
  as = await AuthorizationServer.start(first, elliptic)
  sample = serve(as)
})

afterEach(() => as.close())

function serve(
  { issuer }: { readonly issuer: string },
  options: Partial<SignedTokenOptions> = {},
  ages: { maxAgeMs?: number; cooldownMs?: number } = {},
): SampleApp {
  const accessTokens = new SignedTokens(new IssuerKeys({ issuer, cooldownMs: 0, ...ages }), {
    issuer,
    audience: [AUDIENCE],
    algorithms: ['RS256', 'ES256'],
    clockSkew: 30,
    tokenType: 'at+jwt',
    ...options,
  })
  return sampleApp({}, { document, authentication: { accessTokens } })
}

const call = (token: string, path = '/v1/read', { app } = sample) =>
  request(app).get(path).set('Authorization', `Bearer ${token}`)

const now = () => Math.floor(Date.now() / 1000)
const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token whose signature is an HMAC with the public key, which everybody has (RFC 8725, section 2.1). */
async function confused(signer: Signer, alg: 'HS256' | 'HS384'): Promise<string> {
  const [, payload = ''] = (await as.token(signer)).split('.')
  const signed = `${text({ alg, kid: signer.kid, typ: 'at+jwt' })}.${payload}`
  const secret = await exportSPKI(signer.publicKey)
  return `${signed}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha384', secret)
    .update(signed)
    .digest('base64url')}`
}

/** A token with an extension that must be understood (RFC 7515, section 4.1.11). */
async function critical(): Promise<string> {
  const header = { alg: 'RS256', kid: 'k1', typ: 'at+jwt', crit: ['made-up'], 'made-up': 1 }
  return (await as.token(first)).replace(/^[^.]+/, text(header))
}

describe('an access token', () => {
  it('of the issuer lets its client in, and its claims go with the call', async () => {
    await call(await as.token(first)).expect(200)
    expect(sample.facade.calls[0]?.identity).toMatchObject({
      subject: 'user-1',
      client: 'mobile-app',
      claims: { iss: as.issuer, scope: 'accounts:read payments:write' },
    })
    await call(await as.token(elliptic)).expect(200)
    await call(await as.token(first, { scope: undefined, scp: ['accounts:read'] })).expect(200)
    await call(await as.token(first, { aud: ['other', AUDIENCE] })).expect(200)
    await call(await as.token(first, {}, { typ: 'application/at+jwt' })).expect(200)
    await call(await as.token(first, { exp: now() - 10 })).expect(200)
    await request(sample.app)
      .get('/v1/read')
      .set('Authorization', `bEARER ${await as.token(first)}`)
      .expect(200)
  })

  it.each<[string, () => Promise<string> | string, string]>([
    ['is expired', () => as.token(first, { exp: now() - 31 }), 'has expired'],
    ['never expires', () => as.token(first, { exp: undefined }), 'does not say when it expires'],
    ['is not valid yet', () => as.token(first, { nbf: now() + 60 }), 'is not valid yet'],
    [
      'is for another audience',
      () => as.token(first, { aud: 'https://other.example' }),
      'is for another audience',
    ],
    ['is for no audience', () => as.token(first, { aud: undefined }), 'is for another audience'],
    [
      'is from another issuer',
      () => as.token(first, { iss: 'https://evil.example' }),
      'is from another issuer',
    ],
    ['is an ID token', () => as.token(first, {}, { typ: 'JWT' }), 'is not of the type at+jwt'],
    ['has no signature', () => new UnsecuredJWT({ iss: as.issuer, aud: AUDIENCE }).encode(), 'algorithm'],
    [
      'says alg none',
      async () => (await as.token(first)).replace(/^[^.]+/, text({ alg: 'none' })),
      'algorithm',
    ],
    [
      'says alg NONE',
      async () => (await as.token(first)).replace(/^[^.]+/, text({ alg: 'NONE' })),
      'algorithm',
    ],
    ['is an HMAC with the public key', () => confused(first, 'HS256'), 'an algorithm that is not allowed'],
    [
      'is another HMAC with the public key',
      () => confused(first, 'HS384'),
      'an algorithm that is not allowed',
    ],
    ['is signed by a stranger with our kid', () => as.token(stranger), 'has a signature that is wrong'],
    ['is signed with an unknown key', () => as.token(second), 'a key that the issuer does not have'],
    ['has changed claims', async () => tampered(await as.token(first)), 'has a signature that is wrong'],
    [
      'brings its own key',
      () => as.token(stranger, {}, { jku: 'http://127.0.0.1:1/' }),
      'signature that is wrong',
    ],
    ['asks for what we do not know', () => critical(), 'is no signed JWT'],
    [
      'is bound to a certificate',
      () => as.token(first, { cnf: { 'x5t#S256': 'A'.repeat(43) } }),
      'is bound to a key',
    ],
    ['is bound to a DPoP key', () => as.token(first, { cnf: { jkt: 'A'.repeat(43) } }), 'is bound to a key'],
    ['is text', () => 'not-a-token', 'is no signed JWT'],
    ['has two parts', () => 'a.b', 'is no signed JWT'],
    ['has parts that are no JSON', () => 'a.b.c', 'is no signed JWT'],
    ['is long', () => 'a'.repeat(8_000), 'is no signed JWT'],
    ['is empty', () => '', 'malformed'],
    ['has a quote', () => 'a"b', 'malformed'],
  ])('that %s is refused', async (_what, make, detail) => {
    const answer = await call(await make())
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+"$/,
    )
    expect(answer.body).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining(detail) as string,
    })
    expect(sample.facade.calls).toEqual([])
  })

  it('that lacks a scope is refused with the scopes that are needed', async () => {
    const answer = await call(await as.token(first), '/v1/admin').expect(403)
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"')
    expect(answer.headers['www-authenticate']).toContain('scope="accounts:read admin"')
    await call(await as.token(first, { scope: 'accounts:read,admin' }), '/v1/admin').expect(403)
    await call(await as.token(first, { scope: 'x accounts:readadmin' })).expect(403)
  })

  it('is taken once, in the Authorization header alone', async () => {
    const token = await as.token(first)
    expect((await request(sample.app).get('/v1/read')).headers['www-authenticate']).toBe('Bearer')
    await request(sample.app).get(`/v1/read?access_token=${token}`).expect(401)
    await request(sample.app).get('/v1/read').set('Authorization', `Basic ${token}`).expect(401)
    await request(sample.app).get('/v1/read').set('Authorization', token).expect(401)
  })

  it('of any type is taken where the issuer does not mark them', async () => {
    const lenient = serve(as, { tokenType: 'any' })
    await call(await as.token(first, {}, { typ: 'JWT' }), '/v1/read', lenient).expect(200)
  })

  it('is never verified with a shared secret, whatever the options say', async () => {
    const careless = serve(as, { algorithms: ['HS256', 'none', 'RS256'] })
    await call(await confused(first, 'HS256'), '/v1/read', careless).expect(401)
    await call(new UnsecuredJWT({ iss: as.issuer }).encode(), '/v1/read', careless).expect(401)
    await call(await as.token(first), '/v1/read', careless).expect(200)
  })
})

describe('the keys of the issuer', () => {
  it('are fetched once', async () => {
    for (let n = 0; n < 3; n += 1) await call(await as.token(first)).expect(200)
    expect(as.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
  })

  it('are kept where the issuer publishes none at all', async () => {
    await call(await as.token(first)).expect(200)
    as.published = []
    await call(await as.token(second)).expect(401)
    await call(await as.token(first, { jti: 'another' })).expect(200)
  })

  it('may be rotated: a new kid makes them be fetched again', async () => {
    await call(await as.token(first)).expect(200)
    as.published = [second]
    await call(await as.token(second)).expect(200)
    await call(await as.token(first)).expect(401)
  })

  it('are not asked for at every made-up kid', async () => {
    const calm = serve(as, {}, { cooldownMs: 60_000 })
    await call(await as.token(first), '/v1/read', calm).expect(200)
    for (let n = 0; n < 5; n += 1) {
      await call(await as.token(second, {}, { kid: `made-up-${n}` }), '/v1/read', calm).expect(401)
    }
    expect(as.asked.filter((path) => path === '/keys')).toHaveLength(1)
  })

  it('serve on while the issuer is away, and nothing unknown is let in', async () => {
    const stale = serve(as, {}, { maxAgeMs: 0 })
    await call(await as.token(first), '/v1/read', stale).expect(200)
    as.broken = true
    await call(await as.token(first), '/v1/read', stale).expect(200)
    await call(await as.token(first), '/v1/read', stale).expect(200)
    await call(await as.token(second), '/v1/read', stale).expect(401)
    as.broken = false
    as.published = [second]
    await call(await as.token(second), '/v1/read', stale).expect(200)
  })

  it('that were never had make a 503, and all is well when the issuer is back', async () => {
    as.broken = true
    const token = await as.token(first)
    const logged = sample.nextLogLine()
    const answer = await call(token).expect(503)
    expect(answer.body).toMatchObject({ code: 'authentication-unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    const { problem, causes } = (await logged) as { problem: string; causes: { name: string }[] }
    expect([problem, causes[0]?.name]).toEqual(['authentication-unavailable', 'KeysUnavailable'])
    as.broken = false
    await call(token).expect(200)
  })

  it('are not taken from metadata of somebody else', async () => {
    const other = serve({ issuer: as.issuer.replace('127.0.0.1', 'localhost') })
    await call(await as.token(first), '/v1/read', other).expect(503)
  })

  it('that cannot be reached make a 503', async () => {
    const token = await as.token(first)
    await as.close()
    await call(token).expect(503)
  })
})

function tampered(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  return [header, text({ ...claims, sub: 'admin' }), signature].join('.')
}
