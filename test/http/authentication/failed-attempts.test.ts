import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessToken, AccessTokenVerifier } from '../../../src/http/authentication/access-token.js'
import { createApiKey } from '../../../src/http/authentication/api-key.js'
import { FailedAttempts } from '../../../src/http/authentication/failed-attempts.js'
import { IssuerKeys } from '../../../src/http/authentication/issuer-keys.js'
import { PresentedTokens } from '../../../src/http/authentication/presented-token.js'
import { SignedTokens } from '../../../src/http/authentication/signed-token.js'
import { type Refused, refused } from '../../../src/http/authentication/verdict.js'
import { sampleApp } from '../sample-app.js'
import { AUDIENCE, AuthorizationServer, newSigner } from './authorization-server.js'
import { createRing } from './ring.js'
import { securedDocument } from './secured-document.js'

const [first, stranger] = await Promise.all([newSigner('k1'), newSigner('k1')])
const { key, line } = createApiKey('partner')
const document = securedDocument({
  key: [{ Key: [] }],
  token: [{ Token: [] }],
  either: [{ Token: [] }, { Key: [] }],
})

function serve(perMinute: number, accessTokens: AccessTokenVerifier) {
  const authentication = {
    apiKeys: () => createRing(line),
    accessTokens,
    failedAttempts: new FailedAttempts(perMinute),
  }
  const { app } = sampleApp({}, { document, authentication })
  return {
    withKey: (sent: string) => request(app).get('/v1/key').set('X-API-Key', sent),
    withToken: (sent: string) => request(app).get('/v1/token').set('Authorization', `Bearer ${sent}`),
    withBoth: (sentKey: string, sentToken: string) =>
      request(app).get('/v1/either').set('X-API-Key', sentKey).set('Authorization', `Bearer ${sentToken}`),
    withNothing: () => request(app).get('/v1/key'),
  }
}

/** Says of tokens what their names say; `slow…` only when it is told to. */
class Verifier implements AccessTokenVerifier {
  readonly asked: string[] = []
  readonly #waiting: (() => void)[] = []
  readonly #arrived: (() => void)[] = []

  remembers(token: string): boolean {
    return token === 'remembered-good'
  }

  async verify(token: string): Promise<AccessToken | Refused> {
    this.asked.push(token)
    this.#arrived.splice(0).forEach((tell) => {
      tell()
    })
    if (token.startsWith('slow')) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return token.endsWith('good') ? { claims: {} } : refused('invalid', 'The access token is bad.')
  }

  /** Resolves when the next token is asked about. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#arrived.push(resolve))
  }

  release(): void {
    this.#waiting.splice(0).forEach((resolve) => {
      resolve()
    })
  }
}

describe('attempts that fail', () => {
  it('are refused from the limit on, with when to come again; whoever has a key comes in', async () => {
    const { withKey, withNothing } = serve(2, new Verifier())
    for (let n = 0; n < 2; n += 1) {
      expect((await withKey('wrong').expect(401)).headers).not.toHaveProperty('ratelimit')
    }
    const answer = await withKey('wrong').expect(429)
    expect(answer.body).toMatchObject({ code: 'rate-limited', status: 429 })
    expect(answer.headers['ratelimit-policy']).toBe('"authentication";q=2;w=60')
    expect(answer.headers.ratelimit).toMatch(/^"authentication";r=0;t=(59|60)$/)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50)
    expect(answer.headers).not.toHaveProperty('www-authenticate')
    await withKey(key).expect(200)
    await withNothing().expect(401)
  })

  it('are not those without credentials', async () => {
    const { withNothing, withKey } = serve(1, new Verifier())
    for (let n = 0; n < 5; n += 1) await withNothing().expect(401)
    await withKey('wrong').expect(401)
  })

  it('have their tokens checked one at a time, and those of others are found good all the same', async () => {
    const verifier = new Verifier()
    const { withToken, withBoth } = serve(1, verifier)
    await withToken('bad').expect(401)
    await withToken('bad').expect(429)
    await withToken('new-good').expect(200)
    const arrived = verifier.next()
    const slow = withToken('slow-bad').then(({ status }) => status)
    await arrived
    const before = verifier.asked.length
    await withToken('bad').expect(429)
    await withToken('another-good').expect(429)
    expect(verifier.asked).toHaveLength(before)
    await withToken('remembered-good').expect(200)
    expect((await withBoth(key, 'bad').expect(200)).headers).not.toHaveProperty('ratelimit')
    verifier.release()
    expect(await slow).toBe(429)
    await withToken('another-good').expect(200)
  })

  it('wait for one turn a request, however many requirements ask for its token', async () => {
    const tokens = new PresentedTokens(new Verifier())
    const req = new IncomingMessage(new Socket())
    req.headers.authorization = 'Bearer new-good'
    expect(tokens.isCostly(req)).toBe(true)
    await tokens.find(req)
    expect(tokens.isCostly(req)).toBe(false)
    req.headers.authorization = 'Bearer another-good'
    expect(tokens.isCostly(req)).toBe(true)
    expect(new PresentedTokens(new Verifier()).isCostly(req)).toBe(true)
  })

  it('are told of once an address, when it goes beyond the limit', async () => {
    let told = 0
    const attempts = new FailedAttempts(2, () => told++)
    for (const expected of [0, 0, 1, 1, 1]) {
      await attempts.count('192.0.2.1')
      expect(told).toBe(expected)
    }
  })

  it('are counted by the address, or the network of IPv6', async () => {
    const attempts = new FailedAttempts(1)
    const count = async (address: string) => (await attempts.count(address))?.reason
    expect(await count('192.0.2.1')).toBeUndefined()
    expect(await count('192.0.2.2')).toBeUndefined()
    expect(await count('::ffff:192.0.2.1')).toBe('limited')
    expect(await count('2001:db8:0:1::1')).toBeUndefined()
    expect(await count('2001:db8:0:1:ffff::9')).toBe('limited')
    expect(await count('2001:db8:0:2::1')).toBeUndefined()
  })
})

describe('access tokens that are signed', () => {
  let as: AuthorizationServer
  beforeAll(async () => {
    as = await AuthorizationServer.start(first)
  })
  afterAll(() => as.close())

  it('count where they are forged, not where they have expired: their clients must be told', async () => {
    const { issuer } = as
    const keys = new IssuerKeys({ issuer })
    const checked = {
      audience: [AUDIENCE],
      algorithms: ['RS256'],
      clockSkew: 0,
      tokenType: 'at+jwt',
    } as const
    const { withToken } = serve(1, new SignedTokens(keys, { issuer, ...checked }))
    const good = await as.token(first)
    const expired = await as.token(first, { exp: 1 })
    await withToken(good).expect(200)
    for (let n = 0; n < 3; n += 1) await withToken(expired).expect(401)
    await withToken(await as.token(stranger)).expect(401)
    await withToken(await as.token(stranger)).expect(429)
    await withToken(expired).expect(401)
    await withToken(good).expect(200)
    await withToken(await as.token(first, { sub: 'user-2' })).expect(200)
  })
})
