import { afterAll, describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import {
  distinguishedName,
  serialNumber,
  subjectKeyIdentifier,
} from '../../../src/ws-security/certificates/certificate.js'
import { DS } from '../../../src/ws-security/names.js'
import type { VerificationPolicy } from '../../../src/ws-security/policy.js'
import type { BelievedMessage } from '../../../src/ws-security/signature/believed-message.js'
import { thumbprint } from '../../../src/ws-security/tokens/key-reference.js'
import { type Credential, hasOpenssl, KeyFolder } from '../keys.js'
import {
  type AnswerOptions,
  NOW,
  PAYLOAD,
  receiving,
  signedAnswer,
  SOAP,
  token,
  tokenReference,
  verification,
} from '../signed-answer.js'

if (!hasOpenssl) console.log('skipped: answers cannot be signed without the openssl command')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAYS = 20_000

function cast() {
  const root = folder.make('/O=Acme/CN=Root', { ca: true, days: DAYS })
  const issuing = folder.make('/C=DE/O=Acme\\, Inc. + Söhne/CN=Issuing', {
    issuer: root,
    ca: true,
    days: DAYS,
  })
  const extensions = ['subjectKeyIdentifier=hash', 'keyUsage=digitalSignature']
  return {
    root,
    issuing,
    backend: folder.make('/O=Acme/CN=backend', { issuer: root, days: DAYS, extensions }),
    below: folder.make('/O=Acme/CN=below', { issuer: issuing, days: DAYS, extensions }),
    curve: folder.make('/O=Acme/CN=curve', {
      issuer: root,
      days: DAYS,
      key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    }),
  }
}

describe.skipIf(!hasOpenssl)('a response', () => {
  const actors = hasOpenssl ? cast() : (undefined as never)
  const { root, issuing, backend, below, curve } = actors

  const verify = (
    answer: string,
    policy: Partial<VerificationPolicy> = {},
    trust: Credential[] = [root],
  ): string => receiving({ verify: verification(trust, policy) }, () => NOW)(answer)
  const answer = (options: Partial<AnswerOptions> = {}): string => signedAnswer({ by: backend, ...options })

  it('is given on without its wsse:Security, byte for byte', () => {
    const text = answer()
    const expected = text.replace(/<wsse:Security>.*<\/wsse:Security>/, '')
    expect(verify(text)).toBe(expected)
    expect(expected).toContain(`<soap:Header></soap:Header><soap:Body wsu:Id="Body">${PAYLOAD}</soap:Body>`)
  })

  it('of nothing has nothing to believe', () => {
    expect(verify('')).toBe('')
  })

  const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-'
  const signatureIn = (text: string): string => /<ds:Signature>.*<\/ds:Signature>/.exec(text)?.[0] ?? ''

  describe('that has several signatures', () => {
    const RELATES = (id: string): string =>
      `<a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing" wsu:Id="H">${id}</a:RelatesTo>`
    const headers = RELATES('1')
    interface Layer {
      readonly over: readonly string[]
      readonly by?: Credential
    }
    /** Signatures, each of which may cover those before it, called S0, S1 …. */
    const layered = (...layers: readonly Layer[]): string => {
      let tokens = token(backend.certificatePem) + token(curve.certificatePem, 'Curve')
      let text = ''
      for (const [i, { over, by = backend }] of layers.entries()) {
        const references = over.map((id) => ({ id }))
        const method = by === curve ? { uri: `${ecdsa}sha256`, hash: 'sha256' } : undefined
        const keyInfo = `<ds:KeyInfo>${tokenReference(by === curve ? '#Curve' : '#X509')}</ds:KeyInfo>`
        text = answer({ by, tokens, headers, references, keyInfo, ...(method && { method }) })
        const own = text.slice(text.lastIndexOf('<ds:Signature>'), text.indexOf('</wsse:Security>'))
        tokens += own.replace('Signature>', `Signature wsu:Id="S${i}">`)
      }
      return text
    }
    const addressed = { parts: ['body', 'timestamp', 'addressing'] } as const
    const check = (text: string, policy: Partial<VerificationPolicy> = {}): string => verify(text, policy)

    it.each<[string, readonly Layer[], Partial<VerificationPolicy>?]>([
      ['one over all, and others over parts', [{ over: ['Body'] }, { over: ['TS', 'Body', 'H'] }], addressed],
      ['that over the Timestamp covers that over the Body', [{ over: ['Body'] }, { over: ['TS', 'S0'] }]],
      ['that over the Body covers that over the Timestamp', [{ over: ['TS'] }, { over: ['Body', 'S0'] }]],
      ['a chain of three', [{ over: ['Body'] }, { over: ['TS', 'S0'] }, { over: ['H', 'S1'] }], addressed],
      [
        'one that covers all others',
        [{ over: ['Body'] }, { over: ['TS'] }, { over: ['H', 'S0', 'S1'] }],
        addressed,
      ],
      [
        'an endorsing one, by another key',
        [{ over: ['Body', 'TS', 'H'] }, { over: ['S0'], by: curve }],
        addressed,
      ],
      ['a gateway that adds the Timestamp', [{ over: ['Body'] }, { over: ['TS', 'S0'], by: curve }]],
      ['another signer beside it', [{ over: ['Body', 'TS'] }, { over: ['TS'], by: curve }]],
    ])('is believed where they are bound to each other: %s', (_, layers, policy) => {
      expect(check(layered(...layers), policy)).toContain(PAYLOAD)
    })

    const timestampApart = /The Timestamp and the soap:Body are signed apart/
    const headerApart = /A header that must be signed and the soap:Body are signed apart/
    it.each<[string, readonly Layer[], RegExp, Partial<VerificationPolicy>?]>([
      ['Body and Timestamp, the Body first', [{ over: ['Body'] }, { over: ['TS'] }], timestampApart],
      ['Body and Timestamp, the Timestamp first', [{ over: ['TS'] }, { over: ['Body'] }], timestampApart],
      ['the header', [{ over: ['Body', 'TS'] }, { over: ['H'] }], headerApart, addressed],
      [
        'the header with the same Timestamp',
        [{ over: ['Body', 'TS'] }, { over: ['TS', 'H'] }],
        headerApart,
        addressed,
      ],
      [
        'the header with the same Body',
        [{ over: ['Body', 'TS'] }, { over: ['Body', 'H'] }],
        headerApart,
        addressed,
      ],
      [
        'the header, both over a third signature',
        [{ over: ['TS'] }, { over: ['Body', 'S0'] }, { over: ['H', 'S0'] }],
        headerApart,
        addressed,
      ],
      [
        'the header, by another key',
        [{ over: ['Body', 'TS'] }, { over: ['H'], by: curve }],
        headerApart,
        addressed,
      ],
      ['all of them', [{ over: ['TS'] }, { over: ['H'] }], /The soap:Body is not signed/, addressed],
    ])('is refused where they could be of several messages: %s', (_, layers, refusal, policy) => {
      expect(() => check(layered(...layers), policy)).toThrow(refusal)
    })

    it('loses a header that is signed apart, as if it were not signed', () => {
      const apart = layered({ over: ['Body', 'TS'] }, { over: ['H'] })
      expect(check(apart)).not.toContain('RelatesTo')
      expect(() => check(apart, { unsignedHeaders: 'refuse' })).toThrow(
        /not signed together with the soap:Body/,
      )
      expect(check(layered({ over: ['Body', 'TS'] }, { over: ['H', 'S0'] }))).toContain('RelatesTo')
    })

    it('is refused where one of them does not fit what it covers', () => {
      const text = layered({ over: ['Body'] }, { over: ['TS', 'S0'] })
      expect(() => check(text.replace('>100<', '>666<'))).toThrow('What was signed has been changed')
    })

    it('names those that are bound, and rests on their certificates', () => {
      const named = (...layers: readonly Layer[]) => {
        const messages: BelievedMessage[] = []
        const receive = receiving({ verify: verification([root]) }, () => NOW)
        receive(layered(...layers), (each) => messages.push(each))
        return messages.map(({ signatures, paths }) => [signatures.length, paths.length])
      }
      expect(named({ over: ['Body', 'TS'] }, { over: ['S0'], by: curve })).toEqual([[1, 2]])
      expect(named({ over: ['Body', 'TS'] }, { over: ['TS'], by: curve })).toEqual([[1, 1]])
    })
  })

  it('may be countersigned by somebody who is not believed', () => {
    const stranger = folder.make('/O=Other/CN=gateway', { days: DAYS })
    const counter = answer({
      by: stranger,
      keyInfo: `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${stranger.certificatePem.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    })
    const text = answer()
    expect(verify(text.replace('</ds:Signature>', `</ds:Signature>${signatureIn(counter)}`))).toContain(
      PAYLOAD,
    )
    expect(() => verify(text.replace(signatureIn(text), signatureIn(counter)))).toThrow(/does not lead to/)
  })

  const rsa = 'http://www.w3.org/2001/04/xmldsig-more#rsa-'
  it.each<[string, Partial<AnswerOptions>, Partial<VerificationPolicy>, Credential[]?]>([
    ['RSA with SHA-384', { method: { uri: `${rsa}sha384`, hash: 'sha384' } }, {}],
    ['RSA with SHA-512', { method: { uri: `${rsa}sha512`, hash: 'sha512' } }, {}],
    ['ECDSA with SHA-256', { by: curve, method: { uri: `${ecdsa}sha256`, hash: 'sha256' } }, {}],
    ['ECDSA with SHA-512', { by: curve, method: { uri: `${ecdsa}sha512`, hash: 'sha512' } }, {}],
    ['SHA-1 where the policy says so', { method: { uri: `${DS}rsa-sha1`, hash: 'sha1' } }, { sha1: true }],
    [
      'digests with SHA-1 where the policy says so',
      { references: ['Body', 'TS'].map((id) => ({ id, digest: { uri: `${DS}sha1`, hash: 'sha1' } })) },
      { sha1: true },
    ],
    [
      'digests with SHA-512',
      {
        references: ['Body', 'TS'].map((id) => ({
          id,
          digest: { uri: 'http://www.w3.org/2001/04/xmlenc#sha512', hash: 'sha512' },
        })),
      },
      {},
    ],
    ['the certificate itself as an anchor', {}, {}, [backend]],
    ['an intermediate as an anchor', { by: below }, {}, [issuing]],
    ['an intermediate on the way', { by: below }, { certificates: [issuing.certificate] }],
    ['the subject asked for', {}, { certificateSubject: 'cn=backend ,  O=Acme' }],
    [
      'an xsi:type whose prefix its element uses too',
      { body: TYPED.replace('t:Small', 'm:Small'), envelope: XSI },
      {},
    ],
    [
      'an xsi:type whose prefix is on the PrefixList',
      {
        body: TYPED,
        envelope: `${XSI} xmlns:t="urn:t"`,
        references: [{ id: 'Body', prefixes: ['t'] }, { id: 'TS' }],
      },
      {},
    ],
    [
      'an xsi:type whose prefix is not, where the policy says so',
      { body: TYPED, envelope: `${XSI} xmlns:t="urn:t"` },
      { unsignedPrefixes: true },
    ],
    ['business data that is called id', { body: '<a id="1" Id="x"><b id="1" Id="x"/></a>' }, {}],
    [
      'no Timestamp where none is asked for',
      { timestamp: '', references: [{ id: 'Body' }] },
      { parts: ['body'] },
    ],
    ['no Expires', { timestamp: stamp('<wsu:Created>2030-01-02T03:04:00Z</wsu:Created>') }, {}],
    ['another zone', { timestamp: stamp('<wsu:Created>2030-01-02T05:04:00.123+02:00</wsu:Created>') }, {}],
    ['a clock that is fast', { created: '2030-01-02T03:05:04Z' }, {}],
    ['an age that is just allowed', { created: '2030-01-02T02:58:06Z' }, {}],
    ['an expiry that is just over', { expires: '2030-01-02T03:04:00Z' }, {}],
  ])('is believed: %s', (_, options, policy, trust = [root]) => {
    const text = answer(options)
    expect(verify(text, policy, trust)).toBe(text.replace(/<wsse:Security>.*<\/wsse:Security>/, ''))
  })

  it.each<[string, (each: Credential) => string]>([
    [
      'issuer and serial number',
      ({ certificate }) => issuerSerial(distinguishedName(certificate.issuer), serialNumber(certificate)),
    ],
    [
      'issuer and serial number, as .NET spaces them',
      ({ certificate }) =>
        issuerSerial(
          distinguishedName(certificate.issuer).replaceAll(/(?<!\\),/g, ', '),
          serialNumber(certificate),
        ),
    ],
    [
      'subject key identifier',
      ({ certificate }) =>
        keyIdentifier(
          'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier',
          subjectKeyIdentifier(certificate),
        ),
    ],
    [
      'thumbprint',
      ({ certificate }) =>
        keyIdentifier(
          'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1',
          thumbprint(certificate),
        ),
    ],
    [
      'the certificate itself',
      ({ certificate }) =>
        `<ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data>`,
    ],
    [
      'X509SKI',
      ({ certificate }) =>
        `<ds:X509Data><ds:X509SKI>${base64(subjectKeyIdentifier(certificate))}</ds:X509SKI></ds:X509Data>`,
    ],
  ])('names its signer by %s', (_, reference) => {
    const text = answer({ by: below, tokens: '', keyInfo: `<ds:KeyInfo>${reference(below)}</ds:KeyInfo>` })
    expect(verify(text, { certificates: [below.certificate, issuing.certificate] })).toContain(PAYLOAD)
  })

  it.each<[string, Partial<AnswerOptions>, RegExp]>([
    ['too old', { created: '2030-01-02T02:58:00Z' }, /older than verify.maxAgeSeconds/],
    [
      'of the future',
      { created: '2030-01-02T03:05:06Z', expires: '2030-01-02T03:10:00Z' },
      /created in the future/,
    ],
    ['expired', { created: '2030-01-02T03:00:00Z', expires: '2030-01-02T03:03:00Z' }, /has expired/],
    ['expired before it was made', { expires: '2030-01-02T03:03:59Z' }, /expires before it was created/],
    ['without a zone', { created: '2030-01-02T03:04:00' }, /not an xs:dateTime with a zone/],
    ['without a time', { created: 'now' }, /not an xs:dateTime with a zone/],
    ['of an impossible time', { created: '2030-13-02T03:04:00Z' }, /not an xs:dateTime with a zone/],
    [
      'of two times',
      { timestamp: stamp('<wsu:Created>2030-01-02T03:04:00Z</wsu:Created>'.repeat(2)) },
      /must have Created/,
    ],
    ['of no time', { timestamp: stamp('') }, /must have Created/],
  ])('is refused: %s', (_, options, refusal) => {
    expect(() => verify(answer(options))).toThrow(refusal)
  })

  it('is refused when one of its issuers has expired', () => {
    const old = folder.make('/CN=Old', { issuer: root, ca: true, days: 1 })
    const by = folder.make('/CN=young', { issuer: old, days: DAYS })
    expect(() => verify(answer({ by }), { certificates: [old.certificate] })).toThrow(
      /has an issuer that has expired/,
    )
  })

  it('is refused when its signer was issued by one that is believed, but is not an authority', () => {
    const by = folder.make('/CN=false', { issuer: curve, days: DAYS })
    const refusal = /does not lead to a certificate of verify.trust/
    expect(() => verify(answer({ by }), {}, [curve])).toThrow(refusal)
    expect(() => verify(answer({ by }), { certificates: [curve.certificate] })).toThrow(refusal)
  })

  it('is judged by the clock of each call, also when its certificate has been believed before', () => {
    let now = NOW
    const check = receiving(
      { verify: verification([root], { parts: ['body'], maxAgeSeconds: 1e9 }) },
      () => now,
    )
    const text = answer({ references: [{ id: 'Body' }] })
    check(text)
    now = new Date('2100-01-01T00:00:00Z')
    expect(() => check(text)).toThrow(/has expired/)
  })

  describe('with headers', () => {
    const headers = '<h:a xmlns:h="urn:h" wsu:Id="H">1</h:a><h:b xmlns:h="urn:h">2</h:b>'
    const text = hasOpenssl
      ? signedAnswer({ by: backend, headers, references: [{ id: 'Body' }, { id: 'TS' }, { id: 'H' }] })
      : ''

    it('keeps those that are signed', () => {
      expect(verify(text)).toContain('<soap:Header><h:a xmlns:h="urn:h" wsu:Id="H">1</h:a></soap:Header>')
    })

    it('keeps all where the policy says so', () => {
      expect(verify(text, { unsignedHeaders: 'keep' })).toContain(`<soap:Header>${headers}</soap:Header>`)
    })

    it('wants WS-Addressing signed where the policy says so, and nothing else', () => {
      const addressed =
        '<a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing" wsu:Id="H">1</a:RelatesTo><h:b xmlns:h="urn:h">2</h:b>'
      const both = signedAnswer({
        by: backend,
        headers: addressed,
        references: [{ id: 'Body' }, { id: 'H' }],
      })
      expect(verify(both, { parts: ['body', 'addressing'] })).toContain('RelatesTo')
    })
  })

  it('loses its comments, which could hide in signed text', () => {
    const text = answer()
      .replace('>100<', '>1<!-- no -->00<')
      .replace('<soap:Header>', '<!-- c --><soap:Header>')
    const verified = verify(text)
    expect(verified).toContain('<m:amount>100</m:amount>')
    expect(verified).not.toContain('<!--')
  })

  it('may write what was signed in another way', () => {
    const verified = verify(answer().replace('>100<', '><![CDATA[1]]>&#48;0<'))
    expect(verified).toContain('<![CDATA[1]]>&#48;0')
  })

  it('may be an unsigned fault where the policy says so', () => {
    const fault = '<soap:Fault><faultcode>soap:Server</faultcode><faultstring>no</faultstring></soap:Fault>'
    const text = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header><h:a xmlns:h="urn:h"/></soap:Header><soap:Body>${fault}</soap:Body></soap:Envelope>`
    const expected = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header></soap:Header><soap:Body>${fault}</soap:Body></soap:Envelope>`
    expect(verify(text, { unsignedFaults: true })).toBe(expected)
    expect(() => verify(text)).toThrow(/fault that is not signed/)
  })

  it('that has a wrong signature is refused, fault or not', () => {
    const text = answer({ body: '<soap:Fault/>' }).replace(
      '<soap:Fault/>',
      '<soap:Fault></soap:Fault><!-- -->',
    )
    expect(verify(text)).toContain('Fault')
    const changed = text.replace('<soap:Fault>', '<soap:Fault><x/>')
    expect(() => verify(changed, { unsignedFaults: true })).toThrow(/has been changed/)
  })

  it.each([
    ['<html><p>Bad gateway</p></html>', 'backend-not-soap'],
    ['<html><p>Bad gateway</html>', 'backend-malformed'],
    ['Bad gateway', 'backend-malformed'],
  ])('that is %s is not an envelope', (text, code) => {
    expect(() => verify(text)).toThrow(expect.objectContaining({ code }) as AdapterError)
  })

  it('refers to its token by the one wsu:Id', () => {
    expect(() => verify(answer({ keyInfo: `<ds:KeyInfo>${tokenReference('#Y509')}</ds:KeyInfo>` }))).toThrow(
      AdapterError,
    )
  })
})

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

const TYPED = '<m:Result xmlns:m="urn:m" xsi:type="t:Small"/>'

function stamp(content: string): string {
  return `<wsu:Timestamp wsu:Id="TS">${content}</wsu:Timestamp>`
}

function issuerSerial(issuer: string, serial: string): string {
  return `<wsse:SecurityTokenReference><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>${issuer}</ds:X509IssuerName><ds:X509SerialNumber>${serial}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></wsse:SecurityTokenReference>`
}

function keyIdentifier(type: string, octets: Buffer | undefined): string {
  return `<wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="${type}">${base64(octets)}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`
}

function base64(octets: Buffer | undefined): string {
  return octets?.toString('base64') ?? ''
}
