import { setImmediate as idle } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Backend } from '../../../src/backend/backend.js'
import type { BackendPolicy, ClientCredentials } from '../../../src/backend/policy.js'
import { backendWith, closeAll, closing, outcomeOf } from '../calls.js'
import { CertificateMaker } from '../certificates.js'
import { answer, Peer } from '../peer.js'
import { ProxyServer } from '../proxy-server.js'
import { issued, TokenServer } from '../token-server.js'

let tokens: TokenServer
let peer: Peer
/** The tokens that the backend takes; all, while there are none. */
let valid: Set<string>

beforeEach(async () => {
  valid = new Set()
  tokens = closing(await TokenServer.listen())
  peer = closing(
    await Peer.listen((socket, { text }) => {
      const token = /^authorization: Bearer (.*)$/im.exec(text)?.[1] ?? ''
      const refused = answer('<html>login</html>', 'WWW-Authenticate: Bearer').replace('200 OK', '401 No')
      socket.write(valid.size > 0 && !valid.has(token) ? refused : answer(`<ok ${token}/>`))
    }),
  )
})
afterEach(closeAll)

function credentials(more: Partial<ClientCredentials> = {}): ClientCredentials {
  const { url } = tokens
  const own = { clientId: 'facade', clientSecret: 's3cret', authentication: 'basic' } as const
  return { type: 'oauth2', tokenUrl: url, ...own, ...more }
}

function backend(more: Partial<ClientCredentials> = {}, policy: Partial<BackendPolicy> = {}): Backend {
  return backendWith({ credentials: credentials(more), ...policy })
}

describe('a token request', () => {
  it('has the client in Authorization, each half encoded (RFC 6749, section 2.3.1)', async () => {
    const given = { clientId: 'bank: facade', clientSecret: 's3cret/+ü', scope: 'read write' }
    expect(await outcomeOf(backend(given), peer.url)).toBe('<ok token-1/>')
    const [request] = tokens.requests
    const [scheme, encoded = ''] = request?.headers.authorization?.split(' ') ?? []
    expect(scheme).toBe('Basic')
    expect(Buffer.from(encoded, 'base64').toString()).toBe('bank%3A+facade:s3cret%2F%2B%C3%BC')
    expect(request?.form).toEqual({ grant_type: 'client_credentials', scope: 'read write' })
    expect(request?.method).toBe('POST')
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  it('has the client in its body where that is asked for', async () => {
    await outcomeOf(backend({ authentication: 'body', audience: 'urn:core' }), peer.url)
    const [request] = tokens.requests
    expect(request?.headers.authorization).toBeUndefined()
    expect(request?.form).toEqual({
      grant_type: 'client_credentials',
      audience: 'urn:core',
      client_id: 'facade',
      client_secret: 's3cret',
    })
  })
})

describe('a token', () => {
  it('is fetched once for fifty calls at once, and kept', async () => {
    const called = backend()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(called, peer.url)))
    expect(new Set(outcomes)).toEqual(new Set(['<ok token-1/>']))
    expect(await outcomeOf(called, peer.url)).toBe('<ok token-1/>')
    expect([tokens.requests.length, peer.requests.length]).toEqual([1, 51])
  })

  it.each([
    ['as text', { expires_in: '3600' }],
    ['not at all', {}],
    ['as nonsense', { expires_in: -1 }],
    ['of a type in lower case', { expires_in: 3600, token_type: 'bearer' }],
  ])('whose lifetime is told %s is kept', async (_, more) => {
    tokens.script = () => [200, issued('a', more)]
    const called = backend()
    for (let i = 0; i < 3; i++) expect(await outcomeOf(called, peer.url)).toBe('<ok a/>')
    expect(tokens.requests).toHaveLength(1)
  })

  it('that is about to expire is not sent', async () => {
    tokens.script = (number) => [200, issued(`token-${number}`, { expires_in: number === 1 ? 1e-6 : 3600 })]
    const called = backend()
    expect(await outcomeOf(called, peer.url)).toBe('<ok token-1/>')
    expect(await outcomeOf(called, peer.url)).toBe('<ok token-2/>')
    expect(tokens.requests).toHaveLength(2)
  })

  it('that the backend refuses is replaced, and the call sent again, once', async () => {
    const called = backend()
    await outcomeOf(called, peer.url)
    valid.add('token-2')
    expect(await outcomeOf(called, peer.url)).toBe('<ok token-2/>')
    expect([tokens.requests.length, peer.requests.length]).toEqual([2, 3])
    valid.clear()
    valid.add('none')
    expect(await outcomeOf(called, peer.url)).toMatch(/^backend-login: The backend answered 401/)
    expect([tokens.requests.length, peer.requests.length]).toEqual([3, 5])
  })

  it('that was fetched for the call and is refused is not replaced', async () => {
    valid.add('none')
    expect(await outcomeOf(backend(), peer.url)).toMatch(/^backend-login/)
    expect([tokens.requests.length, peer.requests.length]).toEqual([1, 1])
  })

  it('that is refused to twenty calls at once is replaced once', async () => {
    const called = backend()
    await outcomeOf(called, peer.url)
    valid.add('token-2')
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(called, peer.url)))
    expect(new Set(outcomes)).toEqual(new Set(['<ok token-2/>']))
    expect(tokens.requests).toHaveLength(2)
  })
})

describe('a token endpoint', () => {
  it.each<[string, [number, string], string]>([
    ['that refuses the client', [401, '{"error":"invalid_client"}'], '401 (invalid_client)'],
    [
      'that refuses the scope',
      [400, '{"error":"invalid_scope","error_description":"s3cret"}'],
      '400 (invalid_scope)',
    ],
    ['with an error code of its own', [400, '{"error":"s3cret"}'], '400 (no error code)'],
    ['that is broken', [500, '<html>s3cret</html>'], '500 (no error code)'],
    ['that has moved', [302, ''], '302 (no error code)'],
    ['that says nothing', [200, ''], '200 without an access_token'],
    ['that says null', [200, 'null'], '200 without an access_token'],
    ['whose token is not text', [200, '{"access_token":{}}'], '200 without an access_token'],
    ['whose token breaks the header', [200, issued('s3cret\r\nx: y')], '200 without an access_token'],
    ['whose token is of another type', [200, issued('a', { token_type: 'mac' })], 'not a bearer token'],
    ['that answers endlessly', [200, `"${'x'.repeat(70_000)}`], 'larger than 65536 bytes'],
  ])('%s is backend-login, the reason is in the log', async (_, script, reason) => {
    tokens.script = () => script
    const called = backend()
    const call = called.call({ url: peer.url, headers: {}, body: '' }, () => 'answered')
    await expect(call).rejects.toMatchObject({
      code: 'backend-login',
      message: 'No token for the backend could be obtained.',
      cause: { message: expect.stringContaining(reason) as string },
    })
    expect(inspect(await call.catch((error: unknown) => error), { depth: 9 })).not.toContain('s3cret')
    expect(peer.requests).toEqual([])
    expect(called.state().inFlight).toBe(0)
  })

  it('that cannot be reached is backend-login', async () => {
    const gone = await TokenServer.listen()
    const called = backend({ tokenUrl: gone.url })
    await gone.close()
    await expect(called.call({ url: peer.url, headers: {}, body: '' }, () => '')).rejects.toMatchObject({
      code: 'backend-login',
      cause: { code: 'backend-unreachable' },
    })
  })

  it('that hangs ends the call at its deadline, and nothing is sent', async () => {
    tokens.script = () => undefined
    const called = backend({}, { timeoutMs: 5000 })
    const outcome = await outcomeOf(called, peer.url, { timeoutMs: 40 })
    expect(outcome).toBe(
      'backend-timeout: The backend took longer than 40 ms: no token was issued, and nothing was done.',
    )
    expect([peer.requests.length, called.state().inFlight]).toEqual([0, 0])
  })

  it('that is slow leaves the rest of the time to the call, and serves the others', async () => {
    tokens.script = () => undefined
    const silent = closing(await Peer.listen(() => undefined))
    const called = backend({}, { timeoutMs: 5000 })
    const impatient = outcomeOf(called, silent.url, { timeoutMs: 150 })
    const patient = outcomeOf(called, peer.url)
    await tokens.received(1)
    tokens.script = () => [200, issued('late')]
    tokens.release()
    expect(await patient).toBe('<ok late/>')
    expect(await impatient).toBe(
      'backend-timeout: The backend took longer than 150 ms: its response did not begin.',
    )
    expect(tokens.requests).toHaveLength(1)
  })

  it('is waited for no longer than the client waits; the token comes for the others', async () => {
    tokens.script = () => undefined
    const called = backend()
    const client = new AbortController()
    const left = outcomeOf(called, peer.url, { signal: client.signal })
    await tokens.received(1)
    const stays = outcomeOf(called, peer.url)
    client.abort()
    expect(await left).toMatch(/^client-closed/)
    tokens.script = () => [200, issued('a')]
    tokens.release()
    expect(await stays).toBe('<ok a/>')
    await idle()
    expect([tokens.requests.length, peer.requests.length]).toEqual([1, 1])
  })

  it('is called through its own proxy, the backend without', async () => {
    const proxy = closing(await ProxyServer.listen())
    expect(await outcomeOf(backend({ proxy: { url: proxy.url } }), peer.url)).toBe('<ok token-1/>')
    expect(proxy.seen).toEqual([`POST ${tokens.url} host=${new URL(tokens.url).host}`])
  })
})

const maker = CertificateMaker.create()
afterAll(() => maker?.remove())

describe.runIf(maker)('the TLS settings of a token endpoint', () => {
  if (!maker) return
  const ca = maker.authority('ca')
  const server = maker.leaf('server', ca)
  const client = maker.leaf('client', ca)
  const mutual = { ...server, requestCert: true, rejectUnauthorized: true, ca: ca.cert }
  const tls = { ca: ca.cert, certificate: client.cert, key: client.key }

  it('are its own', async () => {
    const secure = closing(await TokenServer.listen(mutual))
    expect(await outcomeOf(backend({ tokenUrl: secure.url, tls }), peer.url)).toBe('<ok token-1/>')
  })

  it('are not those of the backend', async () => {
    const secure = closing(await TokenServer.listen(mutual))
    const called = backend({ tokenUrl: secure.url }, { tls })
    await expect(called.call({ url: peer.url, headers: {}, body: '' }, () => '')).rejects.toMatchObject({
      code: 'backend-login',
      cause: { code: 'backend-tls' },
    })
    expect(secure.requests).toEqual([])
  })
})
