import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TrustStore } from '../../../src/ws-security/certificates/trust.js'
import { type Credential, hasOpenssl, KeyFolder } from '../keys.js'
import {
  NOW,
  PAYLOAD,
  receiving,
  signedAnswer,
  token,
  tokenReference,
  verification,
} from '../signed-answer.js'

if (!hasOpenssl) console.log('skipped: paths of certificates cannot be made without the openssl command')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAYS = 20_000
/** Quickly made. */
const key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
const usage = ['keyUsage=critical,keyCertSign,cRLSign']

function cast() {
  const root = folder.make('/CN=Root', { ca: true, days: DAYS })
  const below = (issuer: Credential, name: string, extensions: readonly string[] = []) =>
    folder.make(`/CN=${name}`, {
      ...{ issuer, ca: true, days: DAYS, key },
      extensions: [...usage, ...extensions],
    })
  const first = below(root, 'First')
  const second = below(first, 'Second')
  const leaf = (issuer: Credential, name = 'leaf', extensions: readonly string[] = []) =>
    folder.make(`/CN=${name}`, { issuer, days: DAYS, extensions, key })
  return { root, first, second, below, leaf }
}

describe.skipIf(!hasOpenssl)('a path of certificates', () => {
  const { root, first, second, below, leaf } = hasOpenssl ? cast() : (undefined as never)
  const judge = (certificate: Credential, offered: readonly Credential[], anchors = [root]) => {
    const store = new TrustStore(
      anchors.map((each) => each.certificate),
      [],
    )
    const belief = store.judge(
      certificate.certificate,
      NOW.getTime(),
      offered.map((each) => each.certificate),
    )
    return 'problem' in belief ? belief.problem : belief.path.map(({ subject }) => subject.slice(3)).join(' ')
  }
  /** What openssl thinks of the same path. */
  const openssl = (certificate: Credential, offered: readonly Credential[]): boolean => {
    const chain = join(folder.path, 'chain.pem')
    writeFileSync(chain, offered.map((each) => each.certificatePem).join(''))
    const args = ['verify', '-CAfile', root.certificateFile, '-untrusted', chain, certificate.certificateFile]
    try {
      execFileSync('openssl', args, { stdio: 'pipe' })
      return true
    } catch {
      return false
    }
  }

  it.each<[string, () => { leaf: Credential; offered: readonly Credential[] }, string]>([
    [
      'through what came with it',
      () => ({ leaf: leaf(second), offered: [first, second] }),
      'leaf Second First Root',
    ],
    [
      'whatever their order',
      () => ({ leaf: leaf(second), offered: [second, first] }),
      'leaf Second First Root',
    ],
    [
      'with one missing',
      () => ({ leaf: leaf(second), offered: [second] }),
      'does not lead to a certificate of verify.trust',
    ],
    [
      'over one that may have none below',
      () => {
        const last = below(root, 'Last', [])
        const short = folder.make('/CN=Short', {
          ...{ issuer: root, days: DAYS, key },
          extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', ...usage],
        })
        const under = below(short, 'Under')
        return { leaf: leaf(under), offered: [short, under, last] }
      },
      'has more issuers than one of them allows (pathLenConstraint)',
    ],
    [
      'over one that may have none below, and has none',
      () => {
        const short = folder.make('/CN=Short', {
          ...{ issuer: root, days: DAYS, key },
          extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', ...usage],
        })
        return { leaf: leaf(short), offered: [short] }
      },
      'leaf Short Root',
    ],
    [
      'over one with names that it may not give',
      () => {
        const narrow = below(root, 'Narrow', [
          'nameConstraints=critical,permitted;dirName:names\n[names]\nO=Other',
        ])
        return { leaf: leaf(narrow), offered: [narrow] }
      },
      'has an issuer with a critical extension that is not supported (nameConstraints)',
    ],
    [
      'over one that is no authority',
      () => {
        const none = leaf(root, 'none')
        return { leaf: leaf(none), offered: [none] }
      },
      'does not lead to a certificate of verify.trust',
    ],
    [
      'over one that may not sign certificates',
      () => {
        const other = folder.make('/CN=Other', {
          ...{ issuer: root, ca: true, days: DAYS, key },
          extensions: ['keyUsage=digitalSignature'],
        })
        return { leaf: leaf(other), offered: [other] }
      },
      'does not lead to a certificate of verify.trust',
    ],
  ])('%s is judged as openssl judges it', (_, make, expected) => {
    const { leaf: certificate, offered } = make()
    expect(judge(certificate, offered)).toBe(expected)
    expect(openssl(certificate, offered)).toBe(expected.endsWith('Root'))
  })

  it('is found again without looking for it, and not for strangers', () => {
    const store = new TrustStore([root.certificate], [])
    const { certificate } = leaf(first)
    expect(store.judge(certificate, NOW.getTime())).toHaveProperty('problem')
    expect(store.judge(certificate, NOW.getTime(), [first.certificate])).toHaveProperty('path')
    expect(store.judge(certificate, NOW.getTime())).toHaveProperty('path')
  })

  describe('of an issuer that has two certificates for its key', () => {
    const issuer = hasOpenssl ? below(root, 'Renewed') : (undefined as never)
    const under = hasOpenssl ? below(issuer, 'Under') : (undefined as never)
    let serial = 100
    const again = (days: number, ...extensions: readonly string[]): Credential =>
      folder.again(issuer, ++serial, {
        ...{ issuer: root, days },
        ...(extensions.length > 0 && { extensions }),
      })

    it.each<[string, () => Credential, string]>([
      ['has expired', () => again(1), 'has an issuer that has expired'],
      [
        'allows too few below it',
        () => again(DAYS, 'basicConstraints=critical,CA:TRUE,pathlen:0'),
        'has more issuers than one of them allows (pathLenConstraint)',
      ],
      [
        'has a critical extension',
        () => again(DAYS, 'basicConstraints=critical,CA:TRUE', '1.2.3.4=critical,DER:05:00'),
        'has an issuer with a critical extension that is not supported (one of its issuer’s own)',
      ],
    ])('goes over the good one, where the other %s', (_, make, problem) => {
      const bad = make()
      const signer = leaf(under)
      const path = [signer, under, issuer, root].map(({ certificate }) => certificate)
      expect(judge(signer, [bad, under])).toBe(problem)
      const store = new TrustStore([root.certificate], [])
      const judged = (...offered: readonly Credential[]) =>
        store.judge(
          signer.certificate,
          NOW.getTime(),
          offered.map((each) => each.certificate),
        )
      // Whoever sends the bad one first decides nothing.
      expect(judged(bad, under)).toEqual({ problem })
      expect(judged(bad, under, issuer)).toEqual({ path })
      expect(openssl(signer, [under, issuer])).toBe(true)
    })

    it('is looked for again once the one that was found has expired', () => {
      const old = again(1)
      const signer = leaf(issuer)
      const store = new TrustStore([root.certificate], [])
      const [certificate, rootCertificate] = [signer.certificate, root.certificate]
      expect(store.judge(certificate, Date.now() + 1000, [old.certificate])).toEqual({
        path: [certificate, old.certificate, rootCertificate],
      })
      expect(store.judge(certificate, NOW.getTime())).toEqual({ problem: 'has an issuer that has expired' })
      expect(store.judge(certificate, NOW.getTime(), [issuer.certificate])).toEqual({
        path: [certificate, issuer.certificate, rootCertificate],
      })
    })
  })

  describe('with certificates that are signed with', () => {
    const pss = ['-sigopt', 'rsa_padding_mode:pss']
    const [md5, sha1] = [
      'is signed with MD5 or another algorithm that is not supported',
      'is signed with SHA-1, which only counts where verify.sha1 says so',
    ]

    it.each<[string, readonly string[], () => Credential, { lax?: string; strict?: string }]>([
      ['MD5', ['-md5'], () => root, { lax: md5, strict: md5 }],
      ['SHA-1', ['-sha1'], () => root, { strict: sha1 }],
      ['SHA-1 by ECDSA', ['-sha1'], () => first, { strict: sha1 }],
      ['SHA-1 by RSASSA-PSS', ['-sha1', ...pss], () => root, { strict: sha1 }],
      ['SHA-256 by RSASSA-PSS', ['-sha256', ...pss], () => root, {}],
      ['SHA-512 by ECDSA', ['-sha512'], () => first, {}],
    ])('%s', (_, signature, by, { lax, strict }) => {
      const make = (issuer: Credential, ca: boolean, more: readonly string[] = []) =>
        folder.make('/CN=weak', { issuer, ca, days: DAYS, key, signature: more })
      const judged = (each: Credential, sha1: boolean, offered: readonly Credential[]) => {
        const belief = new TrustStore([root.certificate], [first.certificate], { sha1 }).judge(
          each.certificate,
          NOW.getTime(),
          offered.map(({ certificate }) => certificate),
        )
        return 'problem' in belief ? belief.problem : undefined
      }
      const signer = make(by(), false, signature)
      expect([judged(signer, true, []), judged(signer, false, [])]).toEqual([lax, strict])
      const issuer = make(by(), true, signature)
      const issued = leaf(issuer)
      const of = (problem: string | undefined) => problem && `has an issuer that ${problem}`
      expect([judged(issued, true, [issuer]), judged(issued, false, [issuer])]).toEqual([of(lax), of(strict)])
    })

    it('SHA-1 where it is an anchor, whose signature says nothing', () => {
      const anchor = folder.make('/CN=Old', { ca: true, days: DAYS, key, signature: ['-sha1'] })
      expect(judge(leaf(anchor), [], [anchor])).toBe('leaf Old')
    })
  })

  it('is not looked for in circles: who sends certificates that all issue each other waits for nothing', () => {
    const stranger = folder.make('/CN=Circle', { ca: true, days: DAYS })
    // The same name and key, with serial numbers of their own: each has issued each.
    const circle = Array.from({ length: 7 }, (_, i) => folder.again(stranger, i + 1))
    const verified: string[] = []
    for (const each of circle) {
      const { certificate } = each
      const verify = certificate.verify.bind(certificate)
      certificate.verify = (key) => {
        verified.push(certificate.serialNumber)
        return verify(key)
      }
    }
    const certificate = leaf(stranger)
    expect(judge(certificate, circle)).toBe('does not lead to a certificate of verify.trust')
    expect(verified.length).toBeLessThanOrEqual(64)
  })

  describe('that comes with a message', () => {
    const by = hasOpenssl ? folder.make('/CN=by', { issuer: second, days: DAYS }) : (undefined as never)
    const verify = (text: string): string => receiving({ verify: verification([root]) }, () => NOW)(text)
    const PKI_PATH =
      'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1'
    const path = (certificates: readonly Credential[]): string => {
      const content = Buffer.concat(certificates.map(({ certificate }) => certificate.raw))
      const head = Buffer.from([0x30, 0x82, content.length >> 8, content.length & 255])
      return Buffer.concat([head, content]).toString('base64')
    }
    const data = (certificates: readonly Credential[]): string =>
      `<ds:KeyInfo><ds:X509Data>${certificates.map(({ certificate }) => `<ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate>`).join('')}</ds:X509Data></ds:KeyInfo>`

    it.each<[string, () => string]>([
      [
        'X509PKIPathv1',
        () => signedAnswer({ by, tokens: token(path([first, second, by]), 'X509', PKI_PATH) }),
      ],
      ['X509Data, the signer first', () => signedAnswer({ by, keyInfo: data([by, second, first]) })],
      ['X509Data, the signer last', () => signedAnswer({ by, keyInfo: data([first, second, by]) })],
    ])('is followed: %s', (_, text) => {
      expect(verify(text())).toContain(PAYLOAD)
    })

    it.each<[string, () => string, RegExp]>([
      ['of the signer alone', () => signedAnswer({ by, keyInfo: data([by]) }), /does not lead to/],
      [
        'that does not end with the signer',
        () => signedAnswer({ by, tokens: token(path([by, second, first]), 'X509', PKI_PATH) }),
        /is not for signing/,
      ],
      ['of nothing', () => signedAnswer({ by, tokens: token('MAA=', 'X509', PKI_PATH) }), /cannot be read/],
      [
        'of too many',
        () =>
          signedAnswer({ by, tokens: token(path(Array.from({ length: 9 }, () => by)), 'X509', PKI_PATH) }),
        /more than 8 certificates/,
      ],
      [
        'of two signers',
        () => signedAnswer({ by, keyInfo: data([by, leaf(root, 'two')]) }),
        /with one that has issued no other/,
      ],
      [
        'of too many in X509Data',
        () => signedAnswer({ by, keyInfo: data(Array.from({ length: 9 }, () => by)) }),
        /more than 8 certificates/,
      ],
      [
        'in PKCS #7',
        () =>
          signedAnswer({
            by,
            tokens: token('MAA=', 'X509', PKI_PATH.replace('X509PKIPathv1', 'PKCS7')),
            keyInfo: `<ds:KeyInfo>${tokenReference()}</ds:KeyInfo>`,
          }),
        /PKCS #7, which is not supported/,
      ],
    ])('is refused: %s', (_, text, refusal) => {
      expect(() => verify(text())).toThrow(refusal)
    })
  })
})
