import { afterAll, describe, expect, it } from 'vitest'
import type { AssertionPolicy, VerificationPolicy } from '../../../src/ws-security/policy.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import { NOW, PAYLOAD, receiving, signedAnswer, verification } from '../signed-answer.js'
import {
  assertionKeyInfo,
  type AssertionOptions,
  SAML_2,
  signedAssertion,
  x509Data,
} from '../signed-assertion.js'

if (!hasOpenssl) console.log('skipped: assertions cannot be signed without the openssl command')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAYS = 20_000

function cast() {
  const root = folder.make('/O=Acme/CN=Root', { ca: true, days: DAYS })
  return {
    root,
    issuer: folder.make('/O=Acme/CN=sts', { issuer: root, days: DAYS }),
    holder: folder.make('/O=Other/CN=holder', { days: DAYS }),
    curve: folder.make('/CN=curve', { days: DAYS, key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] }),
    short: folder.make('/CN=short', { days: DAYS, key: ['rsa:1024'] }),
  }
}

describe.skipIf(!hasOpenssl)('a signature with the key that an assertion confirms', () => {
  const { root, issuer, holder, curve, short } = hasOpenssl ? cast() : (undefined as never)
  const believing = (more: Partial<AssertionPolicy> = {}): AssertionPolicy => ({
    trust: [root.certificate],
    certificates: [],
    ...more,
  })
  const verify = (text: string, policy: Partial<VerificationPolicy> = { assertion: believing() }): string =>
    receiving({ verify: verification([], policy) }, () => NOW)(text)
  const assertion = (more: Partial<AssertionOptions> = {}): string =>
    signedAssertion({ issuer, holder, ...more })
  const answer = (tokens = assertion(), keyInfo = assertionKeyInfo()): string =>
    signedAnswer({ by: holder, tokens, keyInfo })

  const jwk = hasOpenssl ? holder.certificate.publicKey.export({ format: 'jwk' }) : {}
  const base64 = (value = ''): string => Buffer.from(value, 'base64url').toString('base64')
  const rsaKeyValue = `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${base64(jwk.n)}</ds:Modulus><ds:Exponent>${base64(jwk.e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`

  it.each<[string, () => string, Partial<AssertionPolicy>?]>([
    ['SAML 2.0', () => answer()],
    ['SAML 1.1', () => answer(assertion({ version: 'saml-1.1' }), assertionKeyInfo('_a1', 'saml-1.1'))],
    ['a bare key', () => answer(assertion({ key: rsaKeyValue }))],
    ['the issuer itself as an anchor', () => answer(), { trust: hasOpenssl ? [issuer.certificate] : [] }],
    ['names that are asked for', () => answer(), { issuer: 'urn:sts', subject: 'crm' }],
    [
      'an audience',
      () => answer(assertion({ conditions: conditions(audience('urn:us')) })),
      { audience: 'urn:us' },
    ],
    [
      'an audience that is the Recipient, too',
      () =>
        answer(
          assertion({
            conditions: conditions(audience('urn:us')),
            confirmation: confirmed('Recipient="urn:us" NotOnOrAfter="2030-01-02T04:00:00Z"'),
          }),
        ),
      { audience: 'urn:us' },
    ],
    [
      'a condition that says nothing to us',
      () => answer(assertion({ conditions: conditions('<saml:OneTimeUse/>') })),
    ],
    [
      'another confirmation beside it',
      () =>
        answer(
          assertion({
            more: `<saml:Advice><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml:Advice>`,
          }),
        ),
    ],
  ])('is believed: %s', (_, text, more) => {
    expect(verify(text(), { assertion: believing(more) })).toContain(PAYLOAD)
  })

  it('is believed with a key on a curve', () => {
    const point = curve.certificate.publicKey.export({ format: 'jwk' })
    const octets = Buffer.concat([
      Buffer.from([4]),
      Buffer.from(point.x ?? '', 'base64url'),
      Buffer.from(point.y ?? '', 'base64url'),
    ])
    const key = `<ds:KeyValue><e:ECKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#"><e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><e:PublicKey>${octets.toString('base64')}</e:PublicKey></e:ECKeyValue></ds:KeyValue>`
    const text = signedAnswer({
      by: curve,
      method: { uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256', hash: 'sha256' },
      tokens: assertion({ key }),
      keyInfo: assertionKeyInfo(),
    })
    expect(verify(text)).toContain(PAYLOAD)
  })

  it('counts beside certificates, and certificateSubject is that of the key confirmed', () => {
    const both = { trust: [root.certificate], assertion: believing() }
    expect(verify(answer(), { ...both, certificateSubject: 'CN=holder,O=Other' })).toContain(PAYLOAD)
    expect(verify(signedAnswer({ by: issuer }), both)).toContain(PAYLOAD)
    expect(() => verify(answer(), { ...both, certificateSubject: 'CN=sts' })).toThrow(/another subject than/)
    const bare = answer(assertion({ key: rsaKeyValue }))
    expect(() => verify(bare, { ...both, certificateSubject: 'CN=holder,O=Other' })).toThrow(
      /another subject than/,
    )
  })

  const data = (content: string): string =>
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"><saml:SubjectConfirmationData xmlns:ds="http://www.w3.org/2000/09/xmldsig#"${content}</saml:SubjectConfirmationData></saml:SubjectConfirmation>`

  const confirmed = (attributes: string): string =>
    data(` ${attributes}><ds:KeyInfo>${x509Data(holder)}</ds:KeyInfo>`)

  it.each<[string, () => string, RegExp, Partial<AssertionPolicy>?]>([
    ['no signature of its issuer', () => answer(assertion({ isSigned: false })), /not signed by its issuer/],
    [
      'another subject than was signed',
      () => answer(assertion().replace('>crm<', '>erp<')),
      /has been changed since/,
    ],
    [
      'the signature of a stranger',
      () => answer(assertion({ issuer: holder })),
      /does not lead to a certificate of verify.assertion.trust/,
    ],
    [
      'a certificate that another key signed with',
      () => answer(assertion({ issuer: holder, keyInfo: x509Data(issuer) })),
      /not that of its certificate/,
    ],
    [
      'a signature that names no certificate',
      () => answer(assertion({ keyInfo: '<ds:KeyName>sts</ds:KeyName>' })),
      /does not name a certificate/,
    ],
    [
      'a signature of another element',
      () => answer(assertion({ uri: '#Body' })),
      /does not cover the assertion/,
    ],
    ['a signature of the document', () => answer(assertion({ uri: '' })), /does not cover the assertion/],
    [
      'no transform that leaves the signature out',
      () =>
        answer(
          assertion({ transforms: '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>' }),
        ),
      /enveloped-signature transform/,
    ],
    [
      'a third transform',
      () =>
        answer(
          assertion({
            transforms:
              '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'.repeat(2) +
              '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
          }),
        ),
      /other transforms/,
    ],
    [
      'an end in the past',
      () => answer(assertion({ conditions: until('2030-01-02T03:00:00Z') })),
      /The assertion has expired/,
    ],
    [
      'a beginning in the future',
      () =>
        answer(
          assertion({
            conditions:
              '<saml:Conditions NotBefore="2030-01-02T03:06:00Z" NotOnOrAfter="2030-01-02T04:00:00Z"/>',
          }),
        ),
      /does not hold yet/,
    ],
    ['no end', () => answer(assertion({ conditions: '' })), /does not say how long/],
    ['an end that is none', () => answer(assertion({ conditions: until('tomorrow') })), /not an xs:dateTime/],
    [
      'an audience, and none is ours',
      () => answer(assertion({ conditions: conditions(audience('urn:us')) })),
      /for other audiences/,
    ],
    [
      'another audience',
      () => answer(assertion({ conditions: conditions(audience('urn:others')) })),
      /for other audiences/,
      { audience: 'urn:us' },
    ],
    [
      'no audience where one is asked for',
      () => answer(),
      /does not say for which audience/,
      { audience: 'urn:us' },
    ],
    [
      'the audience in a condition that only looks like one',
      () =>
        answer(
          assertion({
            conditions: conditions(audience('urn:us').replaceAll('saml:', 'x:')).replace(
              '<saml:Conditions',
              '<saml:Conditions xmlns:x="urn:x"',
            ),
          }),
        ),
      /condition that is not supported/,
      { audience: 'urn:us' },
    ],
    [
      'another Recipient',
      () =>
        answer(
          assertion({
            conditions: conditions(audience('urn:us')),
            confirmation: confirmed('Recipient="https://other.example/"'),
          }),
        ),
      /another Recipient than/,
      { audience: 'urn:us' },
    ],
    [
      'a Recipient where no audience is ours',
      () => answer(assertion({ confirmation: confirmed('Recipient="urn:us"') })),
      /another Recipient than/,
    ],
    [
      'a request of the SAML protocol',
      () => answer(assertion({ confirmation: confirmed('InResponseTo="_r1"') })),
      /has InResponseTo, which cannot be checked/,
    ],
    [
      'the address of whoever may use it',
      () => answer(assertion({ confirmation: confirmed('Address="192.0.2.1"') })),
      /has Address, which cannot be checked/,
    ],
    [
      'a confirmation that does not hold yet',
      () => answer(assertion({ confirmation: confirmed('NotBefore="2030-01-02T03:06:00Z"') })),
      /confirmation .* does not hold yet/,
    ],
    [
      'a condition that nobody knows',
      () => answer(assertion({ conditions: conditions('<saml:Condition/>') })),
      /condition that is not supported/,
    ],
    ['another issuer', () => answer(), /another issuer than/, { issuer: 'urn:other' }],
    ['another name', () => answer(), /another subject than verify.assertion.subject/, { subject: 'erp' }],
    [
      'a bearer',
      () =>
        answer(
          assertion({
            confirmation: '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>',
          }),
        ),
      /confirms no key/,
    ],
    [
      'a confirmation that is over',
      () =>
        answer(
          assertion({
            confirmation: confirmed('NotOnOrAfter="2030-01-02T03:00:00Z"'),
          }),
        ),
      /confirmation .* has expired/,
    ],
    ['no key', () => answer(assertion({ confirmation: data('>') })), /something else than one key/],
    [
      'two keys',
      () =>
        answer(
          assertion({
            confirmation:
              data(`><ds:KeyInfo>${x509Data(holder)}</ds:KeyInfo>`) +
              data(`><ds:KeyInfo>${x509Data(issuer)}</ds:KeyInfo>`),
          }),
        ),
      /several keys/,
    ],
    [
      'a key that is short',
      () => signedAnswer({ by: short, tokens: assertion({ holder: short }), keyInfo: assertionKeyInfo() }),
      /too short/,
    ],
    [
      'a symmetric key',
      () => answer(assertion({ key: '<e:EncryptedKey xmlns:e="http://www.w3.org/2001/04/xmlenc#"/>' })),
      /symmetric keys/,
    ],
    [
      'a key that is none',
      () =>
        answer(
          assertion({ key: '<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>' }),
        ),
      /cannot be read/,
    ],
    [
      'another key than that which signed',
      () => signedAnswer({ by: issuer, tokens: assertion(), keyInfo: assertionKeyInfo() }),
      /The signature is not that of/,
    ],
    [
      'an ID that is not there',
      () => answer(assertion(), assertionKeyInfo('_a2')),
      /not one of wsse:Security/,
    ],
    [
      'a reference of the other version',
      () => answer(assertion(), assertionKeyInfo('_a1', 'saml-1.1')),
      /not one of wsse:Security/,
    ],
    [
      'an ID that is there twice',
      () => answer(assertion() + assertion({ name: 'erp' })),
      /not one of wsse:Security/,
    ],
    [
      'an assertion in a header',
      () => signedAnswer({ by: holder, tokens: '', headers: assertion(), keyInfo: assertionKeyInfo() }),
      /not one of wsse:Security/,
    ],
    [
      'an assertion in another',
      () => answer(forged(), assertionKeyInfo('_forged')),
      /not signed by its issuer|does not cover/,
    ],
    [
      'a signature that was taken from another',
      () =>
        answer(
          forged()
            .replace(/<ds:Signature.*?<\/ds:Signature>/s, '')
            .replace(
              '</saml:Issuer>',
              `</saml:Issuer>${/<ds:Signature.*<\/ds:Signature>/s.exec(assertion())?.[0] ?? ''}`,
            ),
          assertionKeyInfo('_forged'),
        ),
      /does not cover/,
    ],
    [
      'an assertion that is encrypted',
      () => answer(`<saml:EncryptedAssertion xmlns:saml="${SAML_2}"/>`),
      /encrypted assertions are not supported/,
    ],
  ])('is refused: %s', (_, text, refusal, more) => {
    const policy = { assertion: believing(more) }
    expect(() => verify(text(), policy)).toThrow(refusal)
    expect(() => verify(text(), policy)).toThrow(
      expect.objectContaining({ code: 'backend-untrusted' }) as Error,
    )
  })

  /** The true assertion stands in one that nobody signed. */
  function forged(): string {
    const around = assertion({ id: '_forged', name: 'root', isSigned: false, holder: issuer })
    return around.replace('<saml:Conditions', `<saml:Advice>${assertion()}</saml:Advice><saml:Conditions`)
  }

  it('is refused where the policy knows no assertions', () => {
    expect(() => verify(answer(), { trust: [root.certificate] })).toThrow(/verify.assertion does not say/)
  })
})

function conditions(content: string): string {
  return `<saml:Conditions NotOnOrAfter="2030-01-02T04:00:00Z">${content}</saml:Conditions>`
}

function audience(name: string): string {
  return `<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`
}

function until(end: string): string {
  return `<saml:Conditions NotOnOrAfter="${end}"/>`
}
