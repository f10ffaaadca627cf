import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DpopProofs } from '../../../src/http/authentication/dpop.js'
import { IssuerKeys } from '../../../src/http/authentication/issuer-keys.js'
import { SignedTokens } from '../../../src/http/authentication/signed-token.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import { AUDIENCE, AuthorizationServer, newSigner } from './authorization-server.js'
import { securedDocument, type Security } from './secured-document.js'

const URL_OF_SERVICE = 'https://api.bank.example/gateway'
const HTU = `${URL_OF_SERVICE}/v1/read`
const algorithms = ['ES256', 'RS256', 'EdDSA']

const issuer = await newSigner('k1')
const holders = {
  ES256: await generateKeyPair('ES256', { extractable: true }),
  RS256: await generateKeyPair('RS256', { extractable: true }),
  EdDSA: await generateKeyPair('EdDSA', { extractable: true }),
}
const { ES256: holder } = holders
const thief = await generateKeyPair('ES256', { extractable: true })
const jwk = await exportJWK(holder.publicKey)
const jkt = await calculateJwkThumbprint(jwk)

const READ = 'accounts:read'
const WRITE = 'payments:write'
/** Scopes that have to be there together, each asked for by a scheme of its own. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  read: [READ],
  write: [WRITE],
  readAndWrite: [READ, WRITE],
}

/** Each way of writing one, two or three of them as alternatives. */
const alternatives = (function inAnyOrder(taken: readonly string[]): readonly (readonly string[])[] {
  const others = Object.keys(TOGETHER).filter((name) => !taken.includes(name))
  return others.flatMap((name) => [[...taken, name], ...inAnyOrder([...taken, name])])
})([])

const ways = Object.fromEntries(
  alternatives.map((names): [string, Security] => [
    names.join('-or-'),
    names.map((name) => {
      const [one = '', other] = TOGETHER[name] ?? []
      return { OAuth: [one], ...(other !== undefined && { Login: [other] }) }
    }),
  ]),
)

let as: AuthorizationServer
let sample: SampleApp

beforeAll(async () => {
  as = await AuthorizationServer.start(issuer)
  const checked = { algorithms, clockSkew: 5 }
  const accessTokens = new SignedTokens(new IssuerKeys({ issuer: as.issuer }), {
    ...{ ...checked, issuer: as.issuer, audience: [AUDIENCE], tokenType: 'at+jwt' },
  })
  const dpop = new DpopProofs({ ...checked, urls: ['https://other.example', URL_OF_SERVICE] })
  sample = sampleApp(
    {},
    {
      document: securedDocument({
        read: [{ OAuth: ['accounts:read'] }],
        admin: [{ OAuth: ['admin'] }],
        ...ways,
      }),
      authentication: { accessTokens, dpop },
    },
  )
})
afterAll(() => as.close())

const now = () => Math.floor(Date.now() / 1000)
const ath = (token: string) => createHash('sha256').update(token).digest('base64url')
const bound = (claims: object = {}) => as.token(issuer, { cnf: { jkt }, ...claims })
let proofs = 0

/** A proof as RFC 9449, section 4.2 has it, with whatever is to be different. */
function proofFor(
  token: string,
  claims: object = {},
  header: Partial<JWTHeaderParameters> = {},
  key: CryptoKey | KeyObject = holder.privateKey,
): Promise<string> {
  proofs += 1
  return new SignJWT({ jti: `p${proofs}`, htm: 'GET', htu: HTU, iat: now(), ath: ath(token), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(key)
}

function send(token: string, proof?: string, { scheme = 'DPoP', path = '/v1/read' } = {}) {
  const asked = request(sample.app).get(path).set('Authorization', `${scheme} ${token}`)
  return proof === undefined ? asked : asked.set('DPoP', proof)
}

describe('a token that is bound to a key', () => {
  it.each(Object.entries(holders))('is good with a proof, %s', async (alg, { publicKey, privateKey }) => {
    const own = await exportJWK(publicKey)
    const token = await bound({ cnf: { jkt: await calculateJwkThumbprint(own) } })
    const proof = await proofFor(token, {}, { alg, jwk: own }, privateKey)
    await send(token, proof).expect(200)
    expect(sample.facade.calls.at(-1)?.identity).toMatchObject({ subject: 'user-1', client: 'mobile-app' })
    await send(token, await proofFor(token, {}, { alg, jwk: own }, privateKey), { scheme: 'dpop' }).expect(
      200,
    )
  })

  it('is good with proofs as far as clocks differ, and whatever query and fragment they have', async () => {
    const token = await bound()
    for (const claims of [
      { iat: now() - 63 },
      { iat: now() + 3 },
      { htu: `${HTU}?a=b#c` },
      { htu: HTU.replace('api.bank', 'API.bank').replace('/gateway', ':443/x/../gateway') },
    ]) {
      await send(token, await proofFor(token, claims), { path: '/v1/read?limit=1' }).expect(200)
    }
  })

  const other = 'https://evil.example/v1/read'
  it.each<[string, (token: string) => Promise<string | undefined> | string | undefined, string]>([
    ['no proof', () => undefined, 'is missing'],
    ['no JWT', () => 'x', 'is not a valid one'],
    ['two', async (t) => `${await proofFor(t)}, ${await proofFor(t)}`, 'is not a valid one'],
    ['another type', (t) => proofFor(t, {}, { typ: 'JWT' }), 'is not a valid one'],
    ['no key', (t) => proofFor(t, {}, { jwk: undefined as never }), 'is not a valid one'],
    [
      'a private key',
      async (t) => proofFor(t, {}, { jwk: await exportJWK(holder.privateKey) }),
      'is not a valid one',
    ],
    ['the signature of another key', (t) => proofFor(t, {}, {}, thief.privateKey), 'is not a valid one'],
    [
      'the key of a thief',
      async (t) => proofFor(t, {}, { jwk: await exportJWK(thief.publicKey) }, thief.privateKey),
      'is of another key than the token',
    ],
    // Verifying costs as much as the key makes it cost: only the one of the token is worth it.
    [
      'the key of a thief, with which it is not signed',
      async (t) => proofFor(t, {}, { jwk: await exportJWK(thief.publicKey) }),
      'is of another key than the token',
    ],
    ['an hour of age', (t) => proofFor(t, { iat: now() - 3600 }), 'is too old'],
    ['a time to come', (t) => proofFor(t, { iat: now() + 60 }), 'is not a valid one'],
    ['no time', (t) => proofFor(t, { iat: undefined }), 'is not a valid one'],
    ['another method', (t) => proofFor(t, { htm: 'POST' }), 'is for another request'],
    ['another path', (t) => proofFor(t, { htu: `${URL_OF_SERVICE}/v1/admin` }), 'is for another request'],
    ['another host', (t) => proofFor(t, { htu: other }), 'is for another request'],
    [
      'a user in the URL',
      (t) => proofFor(t, { htu: HTU.replace('//', '//user@') }),
      'is for another request',
    ],
    [
      'a password in the URL',
      (t) => proofFor(t, { htu: HTU.replace('//', '//:password@') }),
      'is for another request',
    ],
    ['a URL that is none', (t) => proofFor(t, { htu: 'read' }), 'is for another request'],
    ['no URL', (t) => proofFor(t, { htu: undefined }), 'is for another request'],
    ['another token', (t) => proofFor(t, { ath: ath('other') }), 'is for another token'],
    ['no token', (t) => proofFor(t, { ath: undefined }), 'is for another token'],
    ['no name', (t) => proofFor(t, { jti: undefined }), 'has no jti'],
  ])('is refused with a proof that has %s', async (_what, make, detail) => {
    const token = await bound()
    const before = sample.facade.calls.length
    const answer = await send(token, await make(token)).expect(401)
    expect((answer.body as { detail: string }).detail).toContain(detail)
    expect(answer.headers['www-authenticate']).toMatch(
      /^DPoP error="invalid_dpop_proof", error_description="The DPoP proof [^"]+", algs="ES256 RS256 EdDSA"$/,
    )
    expect(sample.facade.calls).toHaveLength(before)
  })

  it.each<[string, number, number, string]>([
    ['a modulus of 4096 bits', 512, 3, 'is not a valid one'],
    ['a modulus of more', 513, 3, 'is of an RSA key that is too large'],
    ['an exponent of four bytes', 256, 4, 'is not a valid one'],
    ['an exponent of more', 256, 5, 'is of an RSA key that is too large'],
    ['an exponent as long as the modulus', 384, 384, 'is of an RSA key that is too large'],
  ])('is refused for the RSA key of its own: %s', async (_what, modulus, exponent, detail) => {
    const octets = (length: number) => Buffer.alloc(length, 0xff).toString('base64url')
    const own = { kty: 'RSA', n: octets(modulus), e: octets(exponent) }
    const token = await bound({ cnf: { jkt: await calculateJwkThumbprint(own) } })
    const proof = await proofFor(token, {}, { alg: 'RS256', jwk: own }, holders.RS256.privateKey)
    expect((await send(token, proof).expect(401)).body).toMatchObject({
      detail: expect.stringContaining(detail) as string,
    })
  })

  it('is good with a proof of an RSA key that has an exponent of four bytes', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 0x80000001 })
    const own = pair.publicKey.export({ format: 'jwk' })
    const token = await bound({ cnf: { jkt: await calculateJwkThumbprint(own) } })
    await send(token, await proofFor(token, {}, { alg: 'RS256', jwk: own }, pair.privateKey)).expect(200)
  })

  it('is refused with a proof without a signature, or with an HMAC', async () => {
    const token = await bound()
    const [, payload = '', signature = ''] = (await proofFor(token)).split('.')
    for (const [alg, sign] of [
      ['none', ''],
      ['HS256', signature],
    ]) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url')
      await send(token, `${header}.${payload}.${sign ?? ''}`).expect(401)
    }
  })

  it('is refused with a proof that was used, and good with the next', async () => {
    const token = await bound()
    const proof = await proofFor(token)
    await send(token, proof).expect(200)
    expect((await send(token, proof).expect(401)).body).toMatchObject({
      detail: 'The DPoP proof was used before.',
    })
    await send(token, await proofFor(token)).expect(200)
  })

  it('is refused as a bearer token, with a proof or without', async () => {
    const token = await bound()
    await send(token, await proofFor(token), { scheme: 'Bearer' }).expect(401)
    await send(token, undefined, { scheme: 'Bearer' }).expect(401)
  })

  it('needs its scopes all the same', async () => {
    const token = await bound()
    const proof = await proofFor(token, { htu: `${URL_OF_SERVICE}/v1/admin` })
    const { headers } = await send(token, proof, { path: '/v1/admin' }).expect(403)
    expect(headers['www-authenticate']).toBe(
      'DPoP error="insufficient_scope", error_description="The access token lacks a scope that the operation needs.", scope="admin", algs="ES256 RS256 EdDSA"',
    )
  })

  it.each([
    ['that has expired', () => bound({ exp: 1 })],
    ['that is bound to nothing', () => as.token(issuer)],
    ['that is none', () => 'a,b'],
  ])('is challenged by its scheme: a token %s', async (_what, make) => {
    const token = await make()
    const { headers } = await send(token, await proofFor(token)).expect(401)
    expect(headers['www-authenticate']).toMatch(
      /^DPoP error="invalid_token", error_description="[^"]+", algs="ES256 RS256 EdDSA"$/,
    )
    const bearer = await send(token, undefined, { scheme: 'Bearer', path: '/v1/admin' })
    expect(bearer.headers['www-authenticate']).toMatch(
      /^Bearer error="(?:invalid_token|insufficient_scope)", error_description="[^"]+",(?: scope="admin",)? DPoP algs="ES256 RS256 EdDSA"$/,
    )
  })
})

describe('the URL of a proof', () => {
  it.each([
    ['/v1/read', HTU, true],
    ['/v1/read?limit=1', HTU, true],
    ['/v1/re%61d', HTU.replace('read', 're%61d'), true],
    ['/v1/read', `${URL_OF_SERVICE}/v1/x/../read`, true],
    ['/v1/read', `${HTU}/`, false],
    ['/V1/read', HTU, false],
    ['/v1/re%61d', HTU, false],
    ['/x/../v1/read', HTU, false],
    ['/v1/./read', HTU, false],
    ['/v1/%2e/read', HTU, false],
    ['/v1/x/%2E%2e/read', HTU, false],
    ['/v1\\read', HTU, false],
    ['/v1/read#x', HTU, false],
    ['/v1/read#/../admin', HTU, false],
    ['v1/read', `${URL_OF_SERVICE}v1/read`, false],
    ['//evil.example/v1/read', HTU, false],
    ['http://evil.example/v1/read', HTU, true],
    ['https://api.bank.example/v1/read?limit=1', HTU, true],
    ['http://evil.example/v1/read', 'http://evil.example/v1/read', false],
    ['http://evil.example/v1/x/../read', HTU, false],
    ['http://u@evil.example/v1/read', HTU, false],
    ['ftp://evil.example/v1/read', HTU, false],
    ['*', HTU, false],
    ['/a b', `${URL_OF_SERVICE}/a%20b`, false],
  ])('is compared with what is asked for, as it was written: %s and %s, %s', async (target, htu, isGood) => {
    const token = await bound()
    const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', originalUrl: target })
    req.headers.dpop = await proofFor(token, { htu })
    const dpop = new DpopProofs({ urls: [URL_OF_SERVICE], algorithms, clockSkew: 5 })
    const problem = await dpop.check(req, token, jkt)
    expect(problem?.detail).toBe(isGood ? undefined : 'The DPoP proof is for another request.')
  })
})

describe('requirements, for a token that is bound to a key or to nothing', () => {
  const granted = [[], [READ], [WRITE], [READ, WRITE]]
  const rows = alternatives.flatMap((names) =>
    granted.flatMap((scopes) =>
      ['DPoP', 'Bearer'].map((scheme) => [names.join('-or-'), scheme, scopes, names] as const),
    ),
  )

  it.each(rows)('%s, %s with %j', async (path, scheme, scopes, names) => {
    const isLetIn = names.some((name) => TOGETHER[name]?.every((scope) => scopes.includes(scope)))
    const status = isLetIn ? 200 : 403
    const claims = { scope: scopes.join(' ') }
    if (scheme === 'Bearer') {
      await send(await as.token(issuer, claims), undefined, { scheme, path: `/v1/${path}` }).expect(status)
      return
    }
    const token = await bound(claims)
    const proof = await proofFor(token, { htu: `${URL_OF_SERVICE}/v1/${path}` })
    await send(token, proof, { path: `/v1/${path}` }).expect(status)
    // Once is for one request, whatever became of it.
    const again = await send(token, proof, { path: `/v1/${path}` }).expect(401)
    expect(again.body).toMatchObject({ detail: 'The DPoP proof was used before.' })
  })
})

describe('a token that is bound to nothing', () => {
  it('is a bearer token and no other', async () => {
    const token = await as.token(issuer)
    await send(token, await proofFor(token)).expect(401)
    await send(token, undefined, { scheme: 'Bearer' }).expect(200)
  })

  it('is asked for by both schemes', async () => {
    const { headers } = await request(sample.app).get('/v1/read').expect(401)
    expect(headers['www-authenticate']).toBe('Bearer, DPoP algs="ES256 RS256 EdDSA"')
  })
})

describe('the memory of proofs', () => {
  it.each([
    ['of the key alone', { most: 9, mostOfKey: 1 }, 429, 'rate-limited', 200, '"dpop-proofs";q=1;w=70'],
    ['of all', { most: 1, mostOfKey: 9 }, 503, 'authentication-unavailable', 503, undefined],
  ])('refuses a proof beyond the share %s', async (_whose, bounds, status, code, statusOfOthers, policy) => {
    const accessTokens = new SignedTokens(new IssuerKeys({ issuer: as.issuer }), {
      ...{ issuer: as.issuer, audience: [AUDIENCE], algorithms, clockSkew: 5, tokenType: 'at+jwt' },
    })
    const dpop = new DpopProofs({ urls: [URL_OF_SERVICE], algorithms, clockSkew: 5, ...bounds })
    const document = securedDocument({ read: [{ OAuth: [READ] }] })
    const { app } = sampleApp({}, { document, authentication: { accessTokens, dpop } })
    const token = await bound()
    const ask = (sent: string, proof: string) =>
      request(app).get('/v1/read').set('Authorization', `DPoP ${sent}`).set('DPoP', proof)
    await ask(token, await proofFor(token)).expect(200)
    const answer = await ask(token, await proofFor(token)).expect(status)
    expect(answer.body).toMatchObject({ code })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(60)
    expect(answer.headers['ratelimit-policy']).toBe(policy)
    expect(answer.headers.ratelimit).toBe(
      policy && `"dpop-proofs";r=0;t=${answer.headers['retry-after'] ?? ''}`,
    )
    const own = await exportJWK(thief.publicKey)
    const others = await bound({ cnf: { jkt: await calculateJwkThumbprint(own) } })
    await ask(others, await proofFor(others, {}, { jwk: own }, thief.privateKey)).expect(statusOfOthers)
  })
})
