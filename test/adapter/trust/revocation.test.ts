import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { MessageGuard } from '../../../src/adapter/trust/message-guard.js'
import { type ListFailure, Revocation } from '../../../src/adapter/trust/revocation.js'
import type { RevocationPolicy } from '../../../src/ws-security/policy.js'
import { Authority } from '../../ws-security/authority.js'
import { type Credential, hasOpenssl, KeyFolder } from '../../ws-security/keys.js'
import { verification } from '../../ws-security/signed-answer.js'

if (!hasOpenssl) console.log('skipped: certificates cannot be revoked without the openssl command')

const folder = new KeyFolder()
const authorities: Authority[] = []
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => {
  for (const authority of authorities) authority.remove()
  folder.remove()
})

/** Quickly made; the root signs with RSA. */
const key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']

function cast() {
  const root = folder.make('/CN=Root', { ca: true, extensions: ['keyUsage=critical,keyCertSign,cRLSign'] })
  const leaf = (name: string, issuer = root, extensions: readonly string[] = []) =>
    folder.make(`/CN=${name}`, { issuer, extensions, key })
  const [good, revoked, strange] = [leaf('good'), leaf('revoked'), leaf('strange')]
  const authority = new Authority(root)
  authority.know([good], [revoked])
  authorities.push(authority)
  return { root, leaf, good, revoked, strange, authority, list: authority.list() }
}

const HOUR = 3_600_000

describe.skipIf(!hasOpenssl)('whether a certificate was revoked', () => {
  const { root, leaf, good, revoked, strange, authority, list } = hasOpenssl ? cast() : (undefined as never)
  const revocation = (policy: Partial<RevocationPolicy>) =>
    new Revocation({ crl: [], unknown: 'refuse', maxBytes: 1_000_000, timeoutMs: 15_000, ...policy })
  const times = (ms = 0) => ({ now: Date.now() + ms, skewMs: 60_000 })
  const asked = async (
    policy: Partial<RevocationPolicy>,
    { certificate }: Credential,
    issuer = root,
    ms = 0,
  ) => {
    const found = await revocation(policy).status(certificate, issuer.certificate, times(ms))
    return found.status === 'unknown' ? found.why : found.status
  }
  const served = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  /** What is at a URL, and may become another file, or nothing. */
  const changing = async (first: string) => {
    let file: string | undefined = first
    let count = 0
    const url = await served((_, res) => {
      count++
      if (file === undefined) res.writeHead(500).end()
      else res.end(readFileSync(file))
    })
    return { url, become: (next: string | undefined) => void (file = next), count: () => count }
  }
  /** Asks one memory again and again, and notes which failures it tells of. */
  const remembering = (policy: Partial<RevocationPolicy>) => {
    const failures: string[] = []
    const known = new Revocation(
      { crl: [], unknown: 'refuse', maxBytes: 1_000_000, timeoutMs: 15_000, ...policy },
      ({ why }) => failures.push(why),
    )
    const at = async (ms: number, { certificate }: Credential, issuer = root): Promise<string> => {
      const found = await known.status(certificate, issuer.certificate, times(ms))
      return found.status === 'unknown' ? found.why : found.status
    }
    return { at, failures }
  }
  const pemOf = (path: string): Buffer => readFileSync(path)
  const derOf = (path: string): Buffer =>
    Buffer.from(
      pemOf(path)
        .toString()
        .replace(/-----[^-]+-----|\s/g, ''),
      'base64',
    )
  const der = (): string => {
    const path = join(folder.path, 'list.der')
    writeFileSync(path, derOf(list))
    return path
  }

  describe('is told by a list', () => {
    it.each([
      ['good', () => good, 'OK', 'good'],
      ['revoked', () => revoked, 'certificate revoked', 'revoked'],
      ['one of which it says nothing', () => strange, 'OK', 'good'],
    ])('as openssl tells it: %s', async (_, whose, openssl, expected) => {
      expect(authority.judged(whose(), list)).toBe(openssl)
      expect(await asked({ crl: [list] }, whose())).toBe(expected)
      expect(await asked({ crl: [der()] }, whose())).toBe(expected)
    })

    it('of its kind of certificate alone', async () => {
      const users = authority.list('-crlexts', 'users')
      const below = folder.make('/CN=below', { issuer: root, ca: true, key })
      expect(await asked({ crl: [users] }, revoked)).toBe('revoked')
      expect(await asked({ crl: [users] }, below)).toBe(
        'the list of its issuer is of certificates of users alone',
      )
    })

    it.each<[string, () => string, RegExp | string, number?]>([
      [
        'of another issuer',
        () => new Authority(folder.make('/CN=Other', { ca: true, key })).list(),
        'no list is of its issuer',
      ],
      [
        'by a namesake of the issuer',
        () => new Authority(folder.make('/CN=Root', { ca: true, key })).list(),
        'the list of its issuer is not signed by it',
      ],
      ['that has expired', () => list, 'the list of its issuer has expired', 25 * HOUR],
      ['of the future', () => list, 'the list of its issuer is of the future', -HOUR],
      ['of some reasons', () => authority.list('-crlexts', 'reasons'), /of some reasons/],
      ['of changes', () => authority.list('-crlexts', 'delta'), /delta CRLs/],
      ['that is none', () => good.certificateFile, 'the list is neither DER nor PEM of a CRL'],
      ['that is not there', () => join(folder.path, 'missing.crl'), 'what says so cannot be reached or read'],
      ['with SHA-1', () => authority.list('-md', 'sha1'), /algorithm that is not supported/],
      ['that was changed', () => changed(), 'the list of its issuer is not signed by it'],
      ['that is cut off', () => written('cut.crl', derOf(list).subarray(0, -1)), /neither DER nor PEM/],
    ])('and not by one %s', async (_, make, why, ms) => {
      const found = await asked({ crl: [make()] }, good, root, ms)
      if (typeof why === 'string') expect(found).toBe(why)
      else expect(found).toMatch(why)
    })

    it('although it has expired, where it says that it was revoked', async () => {
      expect(await asked({ crl: [list] }, revoked, root, 25 * HOUR)).toBe('revoked')
    })

    it('of a file that is replaced, once a minute has gone by', async () => {
      const path = written('replaced.crl', pemOf(list))
      const known = revocation({ crl: [path] })
      const { certificate } = leaf('late')
      const at = async (ms: number) => (await known.status(certificate, root.certificate, times(ms))).status
      expect(await at(0)).toBe('good')
      writeFileSync(path, 'nothing')
      expect(await at(30_000)).toBe('good')
      // What cannot be read takes nothing from the list before it.
      expect([await at(61_000), await at(62_000)]).toEqual(['good', 'good'])
    })

    it('of a file that cannot be read, and says why for as long as that is so', async () => {
      const path = written('broken.crl', Buffer.from('nothing'))
      const { at, failures } = remembering({ crl: [path] })
      const why = 'the list is neither DER nor PEM of a CRL'
      expect([await at(0, good), await at(61_000, good), await at(122_000, good)]).toEqual([why, why, why])
      expect(failures).toEqual([why])
    })

    it.each<[string, () => string, string]>([
      [
        'an older one',
        () => {
          const dates = ['-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20991231235959Z']
          return authorityOf(root).list(...dates)
        },
        'the list is older than the one before it, which counts on',
      ],
      [
        'one of another issuer',
        () => authorityOf(folder.make('/CN=Other', { ca: true, key })).list(),
        'the list is of another issuer, key or scope than the one before it, which counts on',
      ],
      [
        'one by a namesake',
        () => authorityOf(folder.make('/CN=Root', { ca: true, key })).list(),
        'the list is of another issuer, key or scope than the one before it, which counts on',
      ],
      [
        'one of a distribution point',
        () => authority.list('-crlexts', 'part'),
        'the list is of another issuer, key or scope than the one before it, which counts on',
      ],
    ])('which %s does not replace', async (_, make, why) => {
      const { url, become } = await changing(list)
      const { at, failures } = remembering({ crl: [url] })
      expect(await at(0, revoked)).toBe('revoked')
      become(make())
      // Past the end of the list, so that the next is waited for.
      expect([await at(25 * HOUR, revoked), await at(26 * HOUR, revoked)]).toEqual(['revoked', 'revoked'])
      expect(failures).toEqual([why])
    })

    it('which a newer one replaces, and one by a new key of the issuer stands beside', async () => {
      const { url, become } = await changing(list)
      const { at, failures } = remembering({ crl: [url] })
      const renewed = folder.make('/CN=Root', { ca: true, key })
      const third = folder.make('/CN=Root', { ca: true, key })
      const [late, next, last, none] = [
        leaf('late'),
        leaf('next', renewed),
        leaf('last', renewed),
        leaf('none', third),
      ]
      const listOf = (issuer: Credential, ...gone: readonly Credential[]): string => {
        const by = authorityOf(issuer)
        by.know([], gone)
        return by.list()
      }
      expect([await at(0, revoked), await at(0, late)]).toEqual(['revoked', 'good'])
      become(listOf(root, revoked, late))
      expect([await at(25 * HOUR, revoked), await at(25 * HOUR, late)]).toEqual(['revoked', 'revoked'])
      expect(failures).toEqual([])
      become(listOf(renewed, next))
      expect([await at(26 * HOUR, next, renewed), await at(26 * HOUR, late)]).toEqual(['revoked', 'revoked'])
      become(listOf(renewed, next, last))
      expect([await at(27 * HOUR, last, renewed), await at(27 * HOUR, late)]).toEqual(['revoked', 'revoked'])
      expect(failures).toHaveLength(1)
      // Two keys are what a change takes; more are not kept.
      become(listOf(third, none))
      expect([await at(28 * HOUR, none, third), await at(28 * HOUR, last, renewed)]).toEqual([
        'the list of its issuer is not signed by it',
        'revoked',
      ])
    })

    it('and tells once of each time that it cannot be renewed', async () => {
      const { url, become } = await changing(list)
      const { at, failures } = remembering({ crl: [url] })
      const expired = 'the list of its issuer has expired'
      expect(await at(0, good)).toBe('good')
      const why = 'the server answered 500'
      for (const [hour, file, told] of [
        [25, undefined, [why]],
        [26, undefined, [why]],
        [27, list, [why]],
        [28, undefined, [why, why]],
      ] as const) {
        become(file)
        expect([await at(hour * HOUR, good), failures]).toEqual([expired, told])
      }
    })

    it('at a URL, fetched once for all that wait and while it counts', async () => {
      let count = 0
      const url = await served((_, res) => {
        count++
        res.end(derOf(list))
      })
      const known = revocation({ crl: [url] })
      const status = async (each: Credential) =>
        (await known.status(each.certificate, root.certificate, times())).status
      expect(await Promise.all([good, revoked, strange, good].map(status))).toEqual([
        ...['good', 'revoked', 'good', 'good'],
      ])
      expect(count).toBe(1)
    })

    it.each<[string, RequestListener, string]>([
      ['another status', (_, res) => res.writeHead(404).end(), 'the server answered 404'],
      [
        'a redirection',
        (_, res) => res.writeHead(302, { location: '/x' }).end(),
        'what says so cannot be reached or read',
      ],
      [
        'too much',
        (_, res) => res.end('x'.repeat(1_000_001)),
        'it has more bytes than verify.revocation.maxBytes',
      ],
      ['nothing in time', () => undefined, 'there was no answer in time'],
    ])('and not by %s', async (_, listener, why) => {
      let count = 0
      const url = await served((req, res) => {
        count++
        listener(req, res)
      })
      const known = revocation({ crl: [url], timeoutMs: 300 })
      const ask = () => known.status(good.certificate, root.certificate, times())
      expect([await ask(), await ask()]).toMatchObject([{ why }, { why }])
      // Who does not answer is left alone for a while.
      expect(count).toBe(1)
    })
  })

  describe('is told by a responder', () => {
    it('of openssl, the issuer itself or whom it has authorized', async () => {
      const signer = leaf('responder', root, ['extendedKeyUsage=OCSPSigning'])
      const both = await Promise.all([authority.serve(), authority.serve(signer)])
      closing.push(...both.map(({ close }) => close))
      for (const { url } of both) {
        expect(await asked({ ocsp: url }, good)).toBe('good')
        expect(await asked({ ocsp: url }, revoked)).toBe('revoked')
        expect(await asked({ ocsp: url }, strange)).toBe('the responder does not know it')
        expect(await asked({ ocsp: url }, good, root, HOUR)).toBe('the response of the responder has expired')
      }
      expect(await asked({ ocsp: both[0].url }, good, root, -HOUR)).toBe(
        'the response of the responder is of the future',
      )
    }, 20_000)

    it('in a file, of the certificates that it names', async () => {
      const ocsp = authority.response(good, revoked)
      expect(await asked({ ocsp }, good)).toBe('good')
      expect(await asked({ ocsp }, revoked)).toBe('revoked')
      expect(await asked({ ocsp }, strange)).toBe('the response is of another certificate')
      expect(await asked({ ocsp: list }, good)).toBe('the response is not one of OCSP')
      expect(await asked({ ocsp: join(folder.path, 'none') }, good)).toMatch(/cannot be reached or read/)
    })

    it('that was not authorized by the issuer, or by a weak signature, is not believed', async () => {
      const usual = leaf('usual')
      const extensions = ['extendedKeyUsage=OCSPSigning']
      const stranger = folder.make('/CN=responder', { extensions, key })
      const weak = ['-sha1', '-md5'].map((hash) =>
        folder.make('/CN=responder', { issuer: root, extensions, key, signature: [hash] }),
      )
      for (const signer of [usual, stranger, ...weak]) {
        const { url, close } = await authority.serve(signer)
        closing.push(close)
        expect(await asked({ ocsp: url }, revoked)).toMatch(/signed neither by the issuer nor by a responder/)
      }
    }, 20_000)

    it('is asked where no list says, once while its answer counts', async () => {
      const { url, close } = await authority.serve()
      closing.push(close)
      let count = 0
      const proxy = await served((req, res) => {
        count++
        const chunks: Buffer[] = []
        req.on('data', (chunk: Buffer) => chunks.push(chunk))
        req.on('end', () => {
          void fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/ocsp-request' },
            body: Buffer.concat(chunks),
          })
            .then((response) => response.arrayBuffer())
            .then((octets) => res.end(Buffer.from(octets)))
        })
      })
      expect(await asked({ crl: [list], ocsp: proxy }, good)).toBe('good')
      expect(count).toBe(0)
      const known = revocation({ ocsp: proxy })
      const ask = async () => (await known.status(good.certificate, root.certificate, times())).status
      expect(await Promise.all([ask(), ask(), ask()])).toEqual(['good', 'good', 'good'])
      expect([await ask(), count]).toEqual(['good', 1])
    }, 20_000)

    it('which said that it was revoked, until it says otherwise', async () => {
      const { url, become } = await changing(authority.response(revoked))
      const { at } = remembering({ ocsp: url })
      expect(await at(0, revoked)).toBe('revoked')
      become(undefined)
      expect([await at(61_000, revoked), await at(122_000, good)]).toEqual([
        'revoked',
        'the server answered 500',
      ])
      // It was on hold alone.
      become(released(revoked, 1_000))
      expect(await at(183_000, revoked)).toBe('good')
    })

    it('which said that it was revoked, although it is sent an older one that has not expired', async () => {
      const now = authority.response(revoked)
      const { url, become } = await changing(now)
      const { at } = remembering({ ocsp: url })
      expect(await at(0, revoked)).toBe('revoked')
      become(released(revoked, -60_000))
      expect(await at(61_000, revoked)).toBe('revoked')
      become(released(revoked, 1_000))
      expect(await at(122_000, revoked)).toBe('good')
      become(now)
      expect(await at(183_000, revoked)).toBe('good')
      expect(await at(8 * 60_000, revoked)).toBe('what is said of it is older than what was said before')
    })

    it('which said that it was revoked, although an older list does not have it', async () => {
      const stamp = (ms: number): string =>
        new Date(Date.now() + ms).toISOString().replace(/[-:T]|\.\d+/g, '')
      const listOf = (from: number, until: number): string =>
        authorityOf(root).list('-crl_lastupdate', stamp(from), '-crl_nextupdate', stamp(until))
      const { url, become } = await changing(good.certificateFile)
      const { at } = remembering({ crl: [url], ocsp: authority.response(revoked) })
      expect(await at(0, revoked)).toBe('revoked')
      become(listOf(-HOUR, 2 * HOUR))
      expect([await at(61_000, revoked), await at(62_000, good)]).toEqual(['revoked', 'good'])
      become(listOf(HOUR, 4 * HOUR))
      expect(await at(3 * HOUR, revoked)).toBe('good')
    })

    it('once in a minute, where what it says counts only because clocks may be apart', async () => {
      const { url, count } = await changing(authority.response(good))
      const { at } = remembering({ ocsp: url })
      const end = 5 * 60_000
      expect([await at(end + 20_000, good), await at(end + 21_000, good), count()]).toEqual([
        ...['good', 'good', 1],
      ])
      expect([await at(end + 81_000, good), count()]).toEqual([
        'the response of the responder has expired',
        2,
      ])
    })

    it.each<[string, RequestListener, RegExp]>([
      ['an error', (_, res) => res.end(Buffer.from('30030a0103', 'hex')), /the responder is busy/],
      ['another document', (_, res) => res.end('<html>'), /not one of OCSP/],
      ['another status', (_, res) => res.writeHead(500).end(), /the server answered 500/],
      ['too much', (_, res) => res.end(Buffer.alloc(70_000)), /more bytes/],
    ])('but not by %s', async (_, listener, why) => {
      expect(await asked({ ocsp: await served(listener) }, good)).toMatch(why)
    })
  })

  describe('decides over messages', () => {
    const guard = (more: Partial<RevocationPolicy> = {}, crl = [list]) =>
      new MessageGuard(
        verification([root], {
          revocation: { crl, unknown: 'refuse', maxBytes: 1_000_000, timeoutMs: 500, ...more },
        }),
      )
    const by = (...path: [Credential, ...Credential[]]) => [
      {
        signatures: [],
        createdAt: Date.now(),
        paths: [
          {
            path: path.map(({ certificate }) => certificate) as [Credential['certificate']],
            of: 'the signature' as const,
          },
        ],
      },
    ]

    it('whose signer was revoked, or an issuer of it, or of which nobody knows', async () => {
      const below = folder.make('/CN=below', { issuer: root, ca: true, key })
      const under = folder.make('/CN=under', { issuer: below, key })
      const admit = (path: [Credential, ...Credential[]], each = guard()) =>
        each.admit(by(...path), 'response')
      await admit([good, root])
      await admit([root])
      await expect(admit([revoked, root])).rejects.toMatchObject({
        code: 'backend-untrusted',
        message: 'The certificate of the signature has been revoked.',
      })
      const unknown = {
        code: 'backend-untrusted',
        message: expect.stringMatching(/may have been revoked: no list is of its issuer/) as string,
      }
      await expect(admit([under, below, root])).rejects.toMatchObject(unknown)
      await admit([under, below, root], guard({ unknown: 'accept' }))
      authority.know([], [below])
      const both = guard({ unknown: 'accept' }, [authority.list()])
      await expect(admit([under, below, root], both)).rejects.toMatchObject({
        message: 'An issuer of the certificate of the signature has been revoked.',
      })
    })
  })

  it('is told to whoever listens, where a list cannot be had', async () => {
    const guard = new MessageGuard(
      verification([root], {
        revocation: {
          ...{ crl: [list, join(folder.path, 'gone.crl')], unknown: 'accept' },
          ...{ maxBytes: 1_000_000, timeoutMs: 500 },
        },
      }),
    )
    const failures: ListFailure[] = []
    const end = guard.onListFailure((failure) => failures.push(failure))
    const path = [good, root].map(({ certificate }) => certificate) as [Credential['certificate']]
    await guard.admit(
      [{ signatures: [], createdAt: Date.now(), paths: [{ path, of: 'the signature' }] }],
      'response',
    )
    expect(failures).toMatchObject([
      { index: 1, why: 'what says so cannot be reached or read', cause: { code: 'ENOENT' } },
    ])
    end()
  })

  /** A response that a certificate is good, so many milliseconds from now. */
  function released(certificate: Credential, ms: number): string {
    const other = authorityOf(root)
    other.know([certificate])
    return other.shifted(other.response(certificate), ms)
  }

  function authorityOf(issuer: Credential): Authority {
    const authority = new Authority(issuer)
    authorities.push(authority)
    return authority
  }

  function written(name: string, content: Buffer): string {
    const path = join(folder.path, name)
    writeFileSync(path, content)
    return path
  }

  /** The serial number of the one that was revoked is another. */
  function changed(): string {
    const octets = derOf(list)
    const serial = Buffer.from(revoked.certificate.serialNumber, 'hex')
    octets.writeUInt8(0, octets.indexOf(serial))
    return written('changed.crl', octets)
  }
})
