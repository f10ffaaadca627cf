import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WSSecurityCert } from 'soap'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  digestMethods,
  type MacAlgorithm,
  macAlgorithms,
  macMethods,
  type SignatureAlgorithm,
  signatureMethods,
} from '../../src/ws-security/algorithms/signature.js'
import { DS, EXCLUSIVE, INCLUSIVE, WSSE, WSU } from '../../src/ws-security/names.js'
import { keyReferences, type WsSecurityPolicy } from '../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../src/ws-security/ws-security.js'
import { type Credential, hasOpenssl, KeyFolder, openssl } from './keys.js'
import { hasJava, hasWss4j, hasXmlsec, wss4jPath } from './peers.js'
import {
  PAYLOAD,
  receiving,
  RSA_SHA256,
  SHA256,
  SOAP,
  token,
  tokenReference,
  verification,
} from './signed-answer.js'

const peers = fileURLToPath(new URL('peers/', import.meta.url))
if (!hasOpenssl) console.log('skipped: openssl is not there to make keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})
const file = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

function cast() {
  const ca = folder.make('/C=DE/O=Acme\\, Inc./CN=Zertifizierungsstelle Köln', { ca: true })
  const extensions = [
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
    'keyUsage=digitalSignature',
  ]
  return {
    ca,
    rsa: folder.make('/C=DE/O=Acme\\, Inc./CN=rsa', { issuer: ca, extensions }),
    curve: folder.make('/CN=curve', {
      issuer: ca,
      extensions,
      key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    }),
  }
}

// All that makes canonicalisation hard: prefixes out of order, declarations that are not used, mixed content.
const HARD =
  '<B:r xmlns:B="urn:b" xmlns:a="urn:a" xmlns="urn:d" B:z="1" a:y="2" x="&#10;&quot;&lt;é"><?p  q?> t&#13;<c xmlns=""/>' +
  '<![CDATA[<&>]]><!-- c --><a:d xsi:type="xsd:string">\r\n]]&gt;</a:d></B:r>'

function envelope(body = HARD): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${SOAP}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Header><a:To xmlns:a="http://www.w3.org/2005/08/addressing">urn:x</a:To>` +
    `</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
  )
}

describe.skipIf(!hasOpenssl)('messages of ours', () => {
  const { ca, rsa, curve } = hasOpenssl ? cast() : (undefined as never)
  const parts = ['body', 'timestamp', 'username', 'addressing'] as const
  const username = { name: 'Jörg', password: 'Pässwörd €', type: 'digest', nonce: true } as const
  const policyOf = (signature: WsSecurityPolicy['signature']): WsSecurityPolicy => ({
    timestamp: { ttlSeconds: 300 },
    username,
    mustUnderstand: true,
    ...(signature && { signature }),
  })
  const send = (policy: WsSecurityPolicy, text = envelope()): string =>
    compileWsSecurity(policy, '1.1').secure(text, {})

  const algorithms = (Object.keys(signatureMethods) as SignatureAlgorithm[]).map((algorithm) => {
    const key: Credential = signatureMethods[algorithm].keyType === 'ec' ? curve : rsa
    return {
      name: algorithm,
      key,
      signature: { key, reference: 'binary-token', algorithm, digest: 'sha256', parts } as const,
    }
  })
  const references = keyReferences.map((reference) => ({
    name: reference,
    key: rsa,
    signature: { key: rsa, reference, algorithm: 'rsa-sha256', digest: 'sha512', parts } as const,
  }))
  const messages = [...algorithms, ...references].map((each) => {
    const text = send(policyOf(each.signature))
    return { ...each, text, path: file(`${each.name}.xml`, text) }
  })
  const [tampered] = messages.map(({ text }) => file('tampered.xml', text.replace('urn:b', 'urn:evil')))

  describe.runIf(hasXmlsec)('are valid to xmlsec1', () => {
    const ids = ['Body', 'Timestamp', 'UsernameToken', 'To'].flatMap((name) => ['--id-attr:Id', name])
    const verify = (key: Credential, path: string): string =>
      spawnSync('xmlsec1', ['--verify', '--pubkey-cert-pem', key.certificateFile, ...ids, path], {
        encoding: 'utf8',
      }).stderr

    it.each(messages)('$name', ({ key, path }) => {
      expect(verify(key, path)).toMatch(/^OK/)
    })

    it('but not when tampered with', () => {
      expect(verify(rsa, tampered ?? '')).toMatch(/^FAIL/m)
    })
  })

  it.runIf(hasJava)('are valid to the XML signatures of the JDK', () => {
    // secureValidation of JDK 17 and later refuses SHA-1.
    const modern = messages.filter(({ name }) => name !== 'rsa-sha1')
    const pairs = modern.flatMap(({ key, path }) => [key.certificateFile, path])
    const args = [join(peers, 'XmlSignature.java'), ...pairs, rsa.certificateFile, tampered ?? '']
    const { stdout, stderr } = spawnSync('java', args, { encoding: 'utf8' })
    expect(stdout.trim().split('\n'), stderr).toEqual([...modern.map(() => 'valid'), 'invalid'])
  })

  it.runIf(hasWss4j)('are accepted by WSS4J, token, digest, Timestamp and signature', () => {
    // WSS4J 1.6 signs and verifies with RSA and DSA only.
    const known = messages.filter(({ key }) => key === rsa)
    const text = send(policyOf(undefined))
    const byPassword = (password: string, algorithm: MacAlgorithm): string =>
      send({
        ...policyOf({ reference: 'username', algorithm, digest: 'sha256', parts }),
        username: { name: username.name, password, type: 'key', nonce: false, iterations: 1000 },
      })
    const more = [
      ['plain', send({ ...policyOf(undefined), username: { ...username, type: 'text' } }), 'timestamp, user'],
      ['digest', text, 'timestamp, user'],
      ...macAlgorithms.map(
        (algorithm) =>
          [
            algorithm,
            byPassword(username.password, algorithm),
            'signature by password of 4, timestamp, user without password',
          ] as const,
      ),
      [
        'wrong-password',
        byPassword('another', 'hmac-sha256'),
        /^refused: The signature or decryption was invalid/,
      ],
      [
        'wrong-digest',
        text.replace(/(#PasswordDigest">)[^<]*/, '$1AAAA'),
        /^refused: The security token could not be authenticated/,
      ],
      [
        'tampered',
        known[0]?.text.replace('urn:b', 'urn:evil') ?? '',
        /^refused: The signature or decryption was invalid/,
      ],
      [
        'stale',
        compileWsSecurity(policyOf(undefined), '1.1', () => new Date('2020-01-01')).secure(envelope(), {}),
        /^refused: The message has expired/,
      ],
    ] as const
    const trust = file('trust.pem', ca.certificatePem + rsa.certificatePem)
    const paths = [
      ...known.map(({ path }) => path),
      ...more.map(([name, message]) => file(`${name}.xml`, message)),
    ]
    const args = ['-cp', wss4jPath, join(peers, 'Wss4j.java'), 'verify', trust, username.password, ...paths]
    const { stdout, stderr } = spawnSync('java', args, { encoding: 'utf8' })
    const verdicts = stdout.trim().split('\n')
    expect(verdicts, stderr).toHaveLength(paths.length)
    for (const [i, { name }] of known.entries()) {
      expect(`${name}: ${verdicts[i] ?? ''}`).toBe(`${name}: signature of 4, timestamp, user`)
    }
    for (const [i, [, , verdict]] of more.entries()) {
      const found = verdicts[known.length + i]
      if (typeof verdict === 'string') expect(found).toBe(verdict)
      else expect(found).toMatch(verdict)
    }
  })
})

describe.skipIf(!hasOpenssl)('answers of others are verified', () => {
  const { ca, rsa } = hasOpenssl ? cast() : (undefined as never)
  const verify = (answer: string, policy: Parameters<typeof verification>[1] = {}): string =>
    receiving(
      { verify: verification([ca], { certificates: [rsa.certificate], ...policy }) },
      () => new Date(),
    )(answer)
  const expectVerified = (answer: string, policy: Parameters<typeof verification>[1] = {}): void => {
    const verified = verify(answer, policy)
    expect(verified).toMatch(/Body/)
    expect(verified).not.toContain('Security')
    expect(() => verify(answer.replace(/>100</, '>666<'), policy)).toThrow('What was signed has been changed')
  }

  it.runIf(hasXmlsec)('those of xmlsec1', () => {
    const now = new Date().toISOString()
    const reference = (id: string): string =>
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${EXCLUSIVE}"/></ds:Transforms><ds:DigestMethod Algorithm="${SHA256}"/><ds:DigestValue/></ds:Reference>`
    const template = file(
      'template.xml',
      `<e:Envelope xmlns:e="${SOAP}" xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" xmlns:ds="${DS}">\n<e:Header>\n<wsse:Security>\n` +
        `<wsu:Timestamp wsu:Id="TS"><wsu:Created>${now}</wsu:Created></wsu:Timestamp>${token(rsa.certificatePem)}` +
        `<ds:Signature>\n<ds:SignedInfo>\n<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>\n<ds:SignatureMethod Algorithm="${RSA_SHA256}"/>` +
        `${reference('Body')}\n${reference('TS')}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo>${tokenReference()}</ds:KeyInfo></ds:Signature>` +
        `</wsse:Security></e:Header><e:Body wsu:Id="Body">${PAYLOAD}${HARD.replace(' xsi:type="xsd:string"', '')}</e:Body></e:Envelope>`,
    )
    const ids = ['--id-attr:Id', 'Body', '--id-attr:Id', 'Timestamp']
    const { stdout } = spawnSync('xmlsec1', ['--sign', '--privkey-pem', rsa.keyFile, ...ids, template], {
      encoding: 'utf8',
    })
    expectVerified(stdout)
  })

  it.runIf(hasXmlsec)('those of xmlsec1 with inclusive canonicalization, where it is accepted', () => {
    for (const algorithm of INCLUSIVE) {
      const reference = (id: string): string =>
        `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${algorithm}"/></ds:Transforms><ds:DigestMethod Algorithm="${SHA256}"/><ds:DigestValue/></ds:Reference>`
      const template = file(
        'inclusive.xml',
        `<e:Envelope xmlns:e="${SOAP}" xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" xmlns:ds="${DS}" xmlns:u="urn:unused" xml:lang="de" xml:space="default">` +
          `<e:Header xml:lang="en"><wsse:Security xmlns:wsse="${WSSE}" xml:space="preserve"><wsu:Timestamp wsu:Id="TS"><wsu:Created>${new Date().toISOString()}</wsu:Created></wsu:Timestamp>${token(rsa.certificatePem)}` +
          `<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${algorithm}"/><ds:SignatureMethod Algorithm="${RSA_SHA256}"/>${reference('Body')}${reference('TS')}` +
          `</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo>${tokenReference()}</ds:KeyInfo></ds:Signature></wsse:Security></e:Header>` +
          `<e:Body wsu:Id="Body" xml:lang="fr">${PAYLOAD}${HARD.replace(' xsi:type="xsd:string"', '')}</e:Body></e:Envelope>`,
      )
      const ids = ['--id-attr:Id', 'Body', '--id-attr:Id', 'Timestamp']
      const { stdout } = spawnSync('xmlsec1', ['--sign', '--privkey-pem', rsa.keyFile, ...ids, template], {
        encoding: 'utf8',
      })
      expectVerified(stdout, { inclusive: true })
      expect(() => verify(stdout)).toThrow(/verify.inclusive/)
      // What a part inherits is signed with it.
      for (const changed of [
        stdout.replace('xml:space="default"', 'xml:space="preserve"'),
        stdout.replace('urn:unused', 'urn:other'),
      ]) {
        expect(() => verify(changed, { inclusive: true })).toThrow(
          /has been changed|not that of its certificate/,
        )
      }
      expect(() =>
        verify(stdout.replace('xml:lang="de"', 'xml:base="http://x/"'), { inclusive: true }),
      ).toThrow(/xml:base/)
    }
  })

  describe.runIf(hasWss4j)('those of WSS4J', () => {
    const store = (name: string, { keyFile, certificateFile }: Credential, ...more: string[]): string => {
      const path = join(folder.path, `${name}.p12`)
      const pair = ['-inkey', keyFile, '-in', certificateFile, '-name', 'key', ...more]
      openssl(['pkcs12', '-export', ...pair, '-passout', 'pass:changeit', '-out', path])
      return path
    }
    const outOf = (name: string): string => join(folder.path, `wss4j-${name}.xml`)
    const kinds = [
      'BST_DIRECT_REFERENCE',
      'ISSUER_SERIAL',
      'SKI_KEY_IDENTIFIER',
      'THUMBPRINT_IDENTIFIER',
      'X509_KEY_IDENTIFIER',
      'BST_DIRECT_REFERENCE+STR',
    ]
    const user = { name: 'bank', password: 'Pässwörd €', minIterations: 1000, maxIterations: 10_000 }
    const versions = ['1.1', '2.0']
    beforeAll(() => {
      const keys = store('rsa', rsa)
      const issuing = folder.make('/CN=issuing', { issuer: ca, ca: true })
      const below = folder.make('/CN=below', { issuer: issuing })
      const issuers = file('issuers.pem', issuing.certificatePem + ca.certificatePem)
      const sts = store('sts', folder.make('/CN=sts', { issuer: ca }))
      const plain = file('unsigned-plain.xml', envelope(PAYLOAD))
      const unsigned = file(
        'unsigned.xml',
        envelope(PAYLOAD + HARD)
          .replaceAll('soap:', 'S:')
          .replace('xmlns:soap', 'xmlns:S'),
      )
      const { uri: rsaSha1 } = signatureMethods['rsa-sha1']
      const jobs = [
        ...kinds.map((kind) => ['sign', keys, kind, RSA_SHA256, SHA256, unsigned, outOf(kind)]),
        ['sign', keys, 'ISSUER_SERIAL', rsaSha1, digestMethods.sha1, unsigned, outOf('sha1')],
        [
          ...['sign', store('below', below, '-certfile', issuers), 'BST_DIRECT_REFERENCE+PATH'],
          ...[RSA_SHA256, SHA256, unsigned, outOf('path')],
        ],
        ...macAlgorithms.map((algorithm, i) => [
          ...['password', user.name, user.password, `${1000 + i}`, macMethods[algorithm].uri, SHA256],
          ...[plain, outOf(algorithm)],
        ]),
        ...versions.map((version) => ['saml', sts, keys, version, plain, outOf(version)]),
      ]
      const { stderr } = spawnSync('java', ['-cp', wss4jPath, join(peers, 'Wss4j.java'), ...jobs.flat()], {
        encoding: 'utf8',
      })
      expect(existsSync(outOf(versions.at(-1) ?? '')), stderr).toBe(true)
    }, 60_000)

    it.each(kinds)('that name the certificate by %s', (kind) => {
      expectVerified(readFileSync(outOf(kind), 'utf8'))
    })

    it('that are signed with SHA-1, where it is accepted', () => {
      const text = readFileSync(outOf('sha1'), 'utf8')
      expectVerified(text, { sha1: true })
      expect(() => verify(text)).toThrow(/SHA-1 only counts/)
    })

    it('that bring the path of their certificate', () => {
      const text = readFileSync(outOf('path'), 'utf8')
      expect(text).toContain('#X509PKIPathv1')
      expectVerified(text)
    })

    it.each(macAlgorithms)('that are signed with a key which is made of a password: %s', (algorithm) => {
      const text = readFileSync(outOf(algorithm), 'utf8')
      const policy = { trust: [], username: user, sha1: algorithm === 'hmac-sha1' }
      expectVerified(text, policy)
      expect(() => verify(text, { ...policy, username: { ...user, password: 'other' } })).toThrow(
        /not made with the key of its UsernameToken/,
      )
      expect(() => verify(text, { sha1: policy.sha1 })).toThrow(/is not one that is accepted/)
    })

    it.each(versions)('that are signed with the key of an assertion of SAML %s', (version) => {
      const text = readFileSync(outOf(version), 'utf8')
      const policy = { trust: [], assertion: { trust: [ca.certificate], certificates: [] } }
      expectVerified(text, policy)
      expect(() => verify(text.replace('>holder<', '>root<'), policy)).toThrow(/has been changed since/)
      expect(() => verify(text)).toThrow(/verify.assertion does not say/)
    })
  })

  it('those of node-soap, when it leaves out the enveloped-signature transform and uses wsu:Id', () => {
    const options = {
      signatureTransformations: [EXCLUSIVE],
      signerOptions: { idMode: 'wssecurity' as const },
    }
    const security = new WSSecurityCert(rsa.keyPem, rsa.certificatePem, '', options)
    expectVerified(security.postProcess(envelope(PAYLOAD), 'soap'), { unsignedHeaders: 'keep' })
  })
})
