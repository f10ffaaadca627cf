import { afterEach, describe, expect, it } from 'vitest'
import type { DigestCredentials } from '../../../../src/backend/policy.js'
import { backendWith, closeAll, closing, outcomeOf } from '../../calls.js'
import { answer, Peer } from '../../peer.js'
import { hasLighttpd, Lighttpd, lighttpdVersion } from './lighttpd.js'

afterEach(closeAll)

const credentials: DigestCredentials = {
  ...{ type: 'digest', username: 'facade', password: 's3cret', allowsMd5: false },
}

/** What the backend asks for the nth time, from 1; undefined where it takes the call. */
type Asked = (number: number) => string | undefined

async function asking(asked: Asked, more = ''): Promise<Peer> {
  return closing(
    await Peer.listen((socket, { number, text }) => {
      const field = asked(number)
      const user = /username="([^"]*)"/.exec(text)?.[1] ?? 'nobody'
      const refused = answer(
        '<html>login</html>',
        ...(field === undefined ? [] : [`WWW-Authenticate: ${field}`]),
      )
      socket.write(
        field === undefined
          ? answer(`<ok ${user}/>`, ...(more === '' ? [] : [more]))
          : refused.replace('200 OK', '401 No'),
      )
    }),
  )
}

const challenge = (nonce: string, more = ''): string =>
  `Digest realm="core", qop="auth", algorithm=SHA-256, nonce="${nonce}"${more}`

const sent = (peer: Peer, name: string): (string | undefined)[] =>
  peer.requests.map((text) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(text)?.[1])

describe('a backend that asks for Digest', () => {
  it('is asked once how, and told by every call after that', async () => {
    const peer = await asking((number) => (number === 1 ? challenge('a') : undefined))
    const called = backendWith({ credentials })
    for (let i = 0; i < 3; i++) expect(await outcomeOf(called, peer.url)).toBe('<ok facade/>')
    expect(sent(peer, 'nonce')).toEqual([undefined, 'a', 'a', 'a'])
    expect(sent(peer, 'nc')).toEqual([undefined, '00000001', '00000002', '00000003'])
    expect(new Set(sent(peer, 'cnonce')).size).toBe(4)
    expect(sent(peer, 'uri').slice(1)).toEqual(Array.from({ length: 3 }, () => '/service?wsdl=no'))
  })

  it.each([
    ['that is stale', challenge('b', ', stale=true')],
    ['that it does not know any more', challenge('b')],
  ])('gets another response for a nonce %s', async (_, again) => {
    const peer = await asking((number) => (number === 1 ? challenge('a') : number === 3 ? again : undefined))
    const called = backendWith({ credentials })
    for (let i = 0; i < 2; i++) expect(await outcomeOf(called, peer.url)).toBe('<ok facade/>')
    expect(sent(peer, 'nonce')).toEqual([undefined, 'a', 'a', 'b'])
    expect(sent(peer, 'nc').at(-1)).toBe('00000001')
  })

  it('is not asked again after a wrong password, so that no account is locked sooner', async () => {
    const peer = await asking((number) => challenge(`n${number}`))
    const called = backendWith({ credentials })
    expect(await outcomeOf(called, peer.url)).toMatch(/^backend-login: The backend answered 401/)
    expect(sent(peer, 'nonce')).toEqual([undefined, 'n1'])
    expect(await outcomeOf(called, peer.url)).toMatch(/^backend-login/)
    expect(peer.requests).toHaveLength(3)
  })

  it('may name the next nonce', async () => {
    const peer = await asking(
      (number) => (number === 1 ? challenge('a') : undefined),
      'Authentication-Info: qop=auth, nextnonce="next"',
    )
    const called = backendWith({ credentials })
    for (let i = 0; i < 3; i++) await outcomeOf(called, peer.url)
    expect(sent(peer, 'nonce')).toEqual([undefined, 'a', 'next', 'next'])
    expect(sent(peer, 'nc').slice(2)).toEqual(['00000001', '00000002'])
  })

  it.each([
    ['MD5 alone', challenge('a').replace('SHA-256', 'MD5'), /MD5 alone, which is not allowed here/],
    ['no qop', challenge('a').replace('qop="auth", ', ''), /nothing that Digest of RFC 7616 can give/],
    ['something else', 'Negotiate', /nothing that Digest of RFC 7616 can give/],
  ])('and offers %s is backend-login with the reason', async (_, field, reason) => {
    const peer = await asking(() => field)
    const outcome = await outcomeOf(backendWith({ credentials }), peer.url)
    expect(outcome).toMatch(/^backend-login/)
    expect(outcome).toMatch(reason)
    expect(peer.requests).toHaveLength(1)
  })

  it('is given the strongest that it offers, and MD5 where that is allowed', async () => {
    const offers = `${challenge('weak').replace('SHA-256', 'MD5')}, ${challenge('strong')}`
    const peer = await asking((number) => (number === 1 ? offers : undefined))
    await outcomeOf(backendWith({ credentials: { ...credentials, allowsMd5: true } }), peer.url)
    expect(sent(peer, 'nonce')).toEqual([undefined, 'strong'])
    const old = await asking((number) =>
      number === 1 ? challenge('a').replace('SHA-256', 'MD5') : undefined,
    )
    const outcome = await outcomeOf(
      backendWith({ credentials: { ...credentials, allowsMd5: true } }),
      old.url,
    )
    expect(outcome).toBe('<ok facade/>')
  })
})

if (!hasLighttpd) console.warn('digest: not judged by lighttpd, which is not installed')

describe.skipIf(!hasLighttpd)('lighttpd as the judge', () => {
  it.each([
    ['SHA-256', false],
    ['MD5', true],
    ['MD5|SHA-256', false],
  ])('takes the right password by %s, and no other', { timeout: 60_000 }, async (algorithm, allowsMd5) => {
    const behind = await asking(() => undefined)
    const users = { facade: 's3cret' }
    const server = closing(await Lighttpd.start({ algorithm, users, behind: behind.port }))
    const right = backendWith({ credentials: { ...credentials, allowsMd5 } })
    for (let i = 0; i < 3; i++) expect(await outcomeOf(right, server.url), lighttpdVersion()).toMatch(/^<ok/)
    const many = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(right, server.url)))
    expect(many.filter((each) => !each.startsWith('<ok'))).toEqual([])
    const wrong = backendWith({ credentials: { ...credentials, allowsMd5, password: 'other' } })
    expect(await outcomeOf(wrong, server.url)).toMatch(/^backend-login/)
    expect(behind.requests).toHaveLength(13)
  })
})
