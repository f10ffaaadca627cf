import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { readRevocationList, statusByLists } from '../../../../src/ws-security/certificates/revocation/crl.js'
import { Authority } from '../../authority.js'
import { type Credential, hasOpenssl, KeyFolder } from '../../keys.js'

if (!hasOpenssl) console.log('skipped: certificates cannot be revoked without the openssl command')

const folder = new KeyFolder()
const authorities: Authority[] = []
afterAll(() => {
  for (const authority of authorities) authority.remove()
  folder.remove()
})

const ELSEWHERE = 'the list of its issuer is of another distribution point than the certificate'
const key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']

function cast() {
  const root = folder.make('/CN=Root', { ca: true, key })
  const leaf = (name: string, points: readonly string[]) =>
    folder.make(`/CN=${name}`, {
      ...{ issuer: root, key },
      extensions:
        points.length === 0 ? [] : [`crlDistributionPoints=${points.map((each) => `URI:${each}`).join(',')}`],
    })
  const authority = new Authority(root)
  authorities.push(authority)
  const before = authority.list()
  const revoked = leaf('revoked', ['http://pki.example/1.crl'])
  authority.know([], [revoked])
  return { root, leaf, authority, revoked, before, after: authority.list() }
}

describe.skipIf(!hasOpenssl)('lists of revoked certificates', () => {
  const { root, leaf, authority, revoked, before, after } = hasOpenssl ? cast() : (undefined as never)
  const octetsOf = (path: string): Buffer =>
    Buffer.from(readFileSync(path, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const read = (path: string) => readRevocationList(octetsOf(path))
  const times = { now: Date.now(), skewMs: 60_000 }
  const status = (
    { certificate }: Credential,
    lists: readonly ReturnType<typeof read>[],
    issuer: X509Certificate = root.certificate,
  ): string => {
    const found = statusByLists(certificate, issuer, lists, times)
    return found.status === 'unknown' ? found.why : found.status
  }

  it('are all looked at, since one that has not expired may be older than another', () => {
    const [older, newer] = [read(before), read(after)]
    expect(status(revoked, [older])).toBe('good')
    expect(status(revoked, [older, newer])).toBe('revoked')
    expect(status(revoked, [newer, older])).toBe('revoked')
  })

  it.each<[string, readonly string[], string]>([
    ['with its name among their own', ['http://pki.example/2.crl', 'http://pki.example/1.crl'], 'good'],
    ['with other names', ['http://pki.example/2.crl'], ELSEWHERE],
    ['with none', [], ELSEWHERE],
  ])('of a distribution point tell of certificates %s', (_, points, expected) => {
    const part = read(authority.list('-crlexts', 'part'))
    expect(status(leaf('other', points), [part])).toBe(expected)
    // Another list may say what this one does not.
    expect(status(leaf('other', points), [part, read(after)])).toBe('good')
    expect(status(revoked, [part])).toBe('revoked')
  })

  it('of other parts are passed over, whatever else there is, and said to be so, with names for the log', () => {
    const part = read(authority.list('-crlexts', 'part'))
    const { certificate } = leaf('elsewhere', ['http://pki.example/2.crl', 'http://pki.example/3.crl'])
    const expired = read(
      authority.list('-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20200102000000Z'),
    )
    const stranger = new Authority(folder.make('/CN=Stranger', { ca: true, key }))
    authorities.push(stranger)
    const other = read(stranger.list())
    for (const lists of [[part], [other, part], [part, other]]) {
      expect(statusByLists(certificate, root.certificate, lists, times)).toMatchObject({
        status: 'unknown',
        why: ELSEWHERE,
        cause: {
          message:
            'The list is of http://pki.example/1.crl and ldap://pki.example/1, the certificate names http://pki.example/2.crl and http://pki.example/3.crl.',
        },
      })
    }
    for (const lists of [
      [part, expired],
      [expired, part],
    ]) {
      expect(statusByLists(certificate, root.certificate, lists, times)).toMatchObject({
        why: 'the list of its issuer has expired',
      })
    }
  })

  it.each([
    ['under the name of the issuer, where they name no point', [], 'named', 'good'],
    ['under a name that is relative to the issuer, where they name it', ['relative'], 'relative', 'good'],
    ['under another name that is relative to the issuer', ['other'], 'relative', ELSEWHERE],
  ])('tell of certificates %s', (_, points, extensions, expected) => {
    const [point] = points
    const config =
      point === undefined ? [] : ['crlDistributionPoints=p', '[p]', 'relativename=n', '[n]', `OU=${point}`]
    const certificate = folder.make('/CN=split', { issuer: root, key, extensions: config })
    expect(status(certificate, [read(authority.list('-crlexts', extensions))])).toBe(expected)
  })

  it('are verified once for each key of an issuer, however often they are asked', () => {
    const octets = octetsOf(after)
    const list = readRevocationList(octets)
    const namesake = folder.make('/CN=Root', { ca: true, key })
    const notSigned = 'the list of its issuer is not signed by it'
    expect(status(revoked, [list], namesake.certificate)).toBe(notSigned)
    expect(status(revoked, [list])).toBe('revoked')
    // Whoever verifies it again finds that it is not signed.
    octets.writeUInt8(octets.readUInt8(octets.length - 1) ^ 1, octets.length - 1)
    expect(status(revoked, [list])).toBe('revoked')
    expect(status(revoked, [list], namesake.certificate)).toBe(notSigned)
    expect(status(revoked, [readRevocationList(octets)])).toBe(notSigned)
  })
})
