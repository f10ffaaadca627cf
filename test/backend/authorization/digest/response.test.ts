import { describe, expect, it } from 'vitest'
import { digestChallenges } from '../../../../src/backend/authorization/digest/challenge.js'
import { digestResponse } from '../../../../src/backend/authorization/digest/response.js'

/** RFC 7616, sections 3.9.1 and 3.9.2. */
const lion = {
  ...{
    username: 'Mufasa',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    body: '',
    count: 1,
  },
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}
const asked = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'

function parametersOf(field: string): Record<string, string> {
  return Object.fromEntries(
    [...field.matchAll(/([\w*]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, name = '', quoted, plain]) => [
      name,
      quoted ?? plain ?? '',
    ]),
  )
}

function answerTo(field: string, request = lion): Record<string, string> {
  const [challenge] = digestChallenges(field)
  if (!challenge) throw new Error('no challenge')
  return parametersOf(digestResponse(challenge, request))
}

describe('the response to a challenge', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is that of RFC 7616 with %s', (algorithm, response) => {
    expect(answerTo(asked(algorithm))).toMatchObject({
      ...{ algorithm, response, username: 'Mufasa', realm: 'http-auth@example.org', nc: '00000001' },
      ...{ qop: 'auth', uri: '/dir/index.html', opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS' },
    })
  })

  it('differs by algorithm, session, body and count', () => {
    const challenges = ['MD5', 'SHA-256', 'SHA-512-256', 'MD5-sess', 'SHA-256-sess', 'SHA-512-256-sess'].map(
      asked,
    )
    const whole = asked('SHA-256').replace('auth, auth-int', 'auth-int')
    const all = [
      ...challenges.map((each) => answerTo(each)),
      answerTo(whole),
      answerTo(whole, { ...lion, body: '<a/>' }),
      answerTo(asked('SHA-256'), { ...lion, count: 2 }),
    ]
    expect(new Set(all.map(({ response }) => response)).size).toBe(all.length)
  })

  it('has the name of the user hashed where that is wanted, else in UTF-8', () => {
    const jason = { ...lion, username: 'Jäsøn Doe', password: 'Secret, or not?' }
    expect(answerTo(asked('SHA-256'), jason)).toMatchObject({ 'username*': "UTF-8''J%C3%A4s%C3%B8n%20Doe" })
    const hashed = answerTo(`${asked('SHA-256')}, userhash=true`, jason)
    expect(hashed).toMatchObject({
      userhash: 'true',
      username: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })
})

describe('challenges are read', () => {
  it.each([
    ['among others', `Negotiate, Basic realm="a, Digest b", ${asked('SHA-256')}`, ['SHA-256']],
    ['several of one scheme', `${asked('MD5')}, ${asked('SHA-512-256')}`, ['MD5', 'SHA-512-256']],
    ['with a token68 before', `NTLM TlRMTVNTUAACAAAA==, ${asked('SHA-256')}`, ['SHA-256']],
    ['without an algorithm', 'Digest realm="r", nonce="n", qop="auth"', ['MD5']],
    ['in any case of letters', 'DIGEST Realm="r", NONCE="n", QOP=auth, Algorithm=sha-256', ['SHA-256']],
    ['not without qop', 'Digest realm="r", nonce="n"', []],
    ['not of an unknown algorithm', 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-1', []],
    ['not broken off', 'Digest realm="r", nonce="n', []],
    ['not from nothing', '', []],
  ])('%s', (_, field, algorithms) => {
    expect(digestChallenges(field).map(({ algorithm }) => algorithm)).toEqual(algorithms)
  })

  it('with what is quoted in them', () => {
    const [challenge] = digestChallenges(
      String.raw`Digest realm="a \"b\", c\\", nonce="n", qop="auth", stale=TRUE`,
    )
    expect(challenge).toMatchObject({ realm: String.raw`a "b", c` + '\\', isStale: true, qop: 'auth' })
  })
})
