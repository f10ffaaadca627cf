import { afterEach, describe, expect, it } from 'vitest'
import type { Credentials } from '../../../src/backend/policy.js'
import { backendWith, closeAll, closing, outcomeOf } from '../calls.js'
import { answer, Peer } from '../peer.js'

afterEach(closeAll)

async function peerThat(says: string): Promise<Peer> {
  return closing(await Peer.listen((socket) => socket.write(says)))
}

const status = (line: string, ...fields: string[]) =>
  answer('<html>no</html>', 'Content-Type: text/html', ...fields).replace('200 OK', line)

describe('credentials', () => {
  it.each<[string, Credentials, string]>([
    // The example of RFC 7617, section 2.
    [
      'basic',
      { type: 'basic', username: 'Aladdin', password: 'open sesame' },
      'authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    ],
    // The example of RFC 7617, section 2.1.
    [
      'basic in UTF-8',
      { type: 'basic', username: 'test', password: '123£' },
      'authorization: Basic dGVzdDoxMjPCow==',
    ],
    ['bearer', { type: 'bearer', token: 'mF_9.B5f-4.1JqM' }, 'authorization: Bearer mF_9.B5f-4.1JqM'],
    ['an API key', { type: 'api-key', header: 'X-Api-Key', value: 'abc' }, 'x-api-key: abc'],
  ])('%s go with every call', async (_, credentials, field) => {
    const peer = await peerThat(answer('<ok/>'))
    const backend = backendWith({ credentials })
    for (let i = 0; i < 2; i++) expect(await outcomeOf(backend, peer.url)).toBe('<ok/>')
    expect(peer.requests.map((request) => request.split('\r\n').includes(field))).toEqual([true, true])
  })

  it('are not invented', async () => {
    const peer = await peerThat(answer('<ok/>'))
    await outcomeOf(backendWith({}), peer.url)
    expect(peer.requests[0]).not.toMatch(/authorization/i)
  })
})

const basic: Credentials = { type: 'basic', username: 'facade', password: 's3cret' }
const proxied = { proxy: { url: 'http://set.below' } }

describe('a response that is not a SOAP', () => {
  it.each<[string, string, object, string]>([
    [
      'to credentials, 401',
      status('401 No', 'WWW-Authenticate: Basic realm="x"'),
      { credentials: basic },
      'backend-login: The backend answered 401 to the credentials of this service.',
    ],
    [
      'to credentials, 403',
      status('403 No'),
      { credentials: basic },
      'backend-login: The backend answered 403 to the credentials of this service.',
    ],
    [
      'without credentials, 401',
      status('401 No'),
      {},
      'backend-login: The backend answered 401: it wants credentials, and this service has none for it.',
    ],
    ['without credentials, 403', status('403 No'), {}, 'backend-not-soap: No SOAP, 403.'],
    ['to credentials, 404', status('404 No'), { credentials: basic }, 'backend-not-soap: No SOAP, 404.'],
    ['without a proxy, 407', status('407 No'), {}, 'backend-not-soap: No SOAP, 407.'],
    [
      'with a proxy, 407',
      status('407 No'),
      proxied,
      'backend-login: The proxy refused the credentials of this service (407).',
    ],
    ...['301 M', '302 F', '303 S', '307 T', '308 P'].map((line): [string, string, object, string] => [
      line,
      status(line, 'Location: https://s3cret.example/login?token=s3cret'),
      {},
      `backend-not-soap: The backend answered ${line.slice(0, 3)}, a redirect. Redirects are refused: the endpoint must be the final address.`,
    ]),
  ])('%s, is told by its status', async (_, bytes, policy, expected) => {
    const peer = await peerThat(bytes)
    const direct = 'proxy' in policy ? { proxy: { url: new URL(peer.url).origin } } : policy
    expect(await outcomeOf(backendWith(direct), peer.url)).toBe(expected)
    expect(peer.requests).toHaveLength(1)
  })

  it('is not looked at where it is SOAP, whatever the status', async () => {
    const peer = await peerThat(answer('<ok/>').replace('200 OK', '401 No'))
    expect(await outcomeOf(backendWith({ credentials: basic }), peer.url)).toBe('<ok/>')
  })

  it('to credentials opens the breaker, before the account is locked', async () => {
    const peer = await peerThat(status('401 No'))
    const breaker = { failurePercent: 50, minimumCalls: 3, windowMs: 60_000, openMs: 60_000, probes: 1 }
    const backend = backendWith({ credentials: basic, breaker })
    for (let i = 0; i < 3; i++) expect(await outcomeOf(backend, peer.url)).toMatch(/^backend-login/)
    expect(await outcomeOf(backend, peer.url)).toMatch(/^backend-unavailable/)
    expect(peer.requests).toHaveLength(3)
  })
})
