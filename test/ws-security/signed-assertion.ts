import { createHash, sign } from 'node:crypto'
import { canonicalise } from '../../src/ws-security/document/canonical.js'
import { readSignedDocument } from '../../src/ws-security/document/document.js'
import { DS, EXCLUSIVE, SAML_IDENTIFIERS } from '../../src/ws-security/names.js'
import type { Credential } from './keys.js'
import { RSA_SHA256, SHA256 } from './signed-answer.js'

export interface AssertionOptions {
  readonly issuer: Credential
  /** Whose key it confirms. */
  readonly holder: Credential
  readonly version?: 'saml-2.0' | 'saml-1.1'
  readonly id?: string
  readonly name?: string
  readonly conditions?: string
  /** In place of what confirms the key of the holder. */
  readonly confirmation?: string
  /** Content of ds:KeyInfo of the confirmation. */
  readonly key?: string
  /** Before Conditions. */
  readonly more?: string
  readonly uri?: string
  readonly transforms?: string
  /** Of the signature of the issuer. */
  readonly keyInfo?: string
  readonly isSigned?: boolean
}

export const SAML_2 = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const SAML_1 = 'urn:oasis:names:tc:SAML:1.0:assertion'

export function x509Data({ certificate }: Credential): string {
  return `<ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data>`
}

/** An assertion that its issuer signed and that confirms a key: with the defaults, as it should be. */
export function signedAssertion(options: AssertionOptions): string {
  const { issuer, holder, version = 'saml-2.0', id = '_a1', name = 'crm', more = '' } = options
  const {
    conditions = '<saml:Conditions NotBefore="2030-01-02T03:00:00Z" NotOnOrAfter="2030-01-02T04:00:00Z"/>',
  } = options
  const keyInfo = `<ds:KeyInfo xmlns:ds="${DS}">${options.key ?? x509Data(holder)}</ds:KeyInfo>`
  const is2 = version === 'saml-2.0'
  const confirmation =
    options.confirmation ??
    (is2
      ? `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"><saml:SubjectConfirmationData>${keyInfo}</saml:SubjectConfirmationData></saml:SubjectConfirmation>`
      : `<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:holder-of-key</saml:ConfirmationMethod>${keyInfo}</saml:SubjectConfirmation>`)
  const subject = is2
    ? `<saml:Subject><saml:NameID>${name}</saml:NameID>${confirmation}</saml:Subject>`
    : `<saml:Subject><saml:NameIdentifier>${name}</saml:NameIdentifier>${confirmation}</saml:Subject>`
  const frame = (signature: string): string =>
    is2
      ? `<saml:Assertion xmlns:saml="${SAML_2}" ID="${id}" Version="2.0" IssueInstant="2030-01-02T03:00:00Z"><saml:Issuer>urn:sts</saml:Issuer>${signature}${subject}${more}${conditions}</saml:Assertion>`
      : `<saml:Assertion xmlns:saml="${SAML_1}" AssertionID="${id}" MajorVersion="1" MinorVersion="1" Issuer="urn:sts" IssueInstant="2030-01-02T03:00:00Z">${more}${conditions}<saml:AuthenticationStatement>${subject}</saml:AuthenticationStatement>${signature}</saml:Assertion>`
  if (options.isSigned === false) return frame('')
  const digest = createHash('sha256')
    .update(canonicalise(readSignedDocument(frame('')).root).bytes)
    .digest('base64')
  const transforms =
    options.transforms ??
    `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform>`
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod><ds:Reference URI="${options.uri ?? `#${id}`}"><ds:Transforms>${transforms}</ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const octets = canonicalise(readSignedDocument(signedInfo).root).bytes
  const value = sign('sha256', Buffer.from(octets), issuer.privateKey).toString('base64')
  return frame(
    `<ds:Signature xmlns:ds="${DS}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo>${options.keyInfo ?? x509Data(issuer)}</ds:KeyInfo></ds:Signature>`,
  )
}

/** A ds:KeyInfo that names an assertion. */
export function assertionKeyInfo(id = '_a1', version: 'saml-2.0' | 'saml-1.1' = 'saml-2.0'): string {
  return `<ds:KeyInfo><wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="${SAML_IDENTIFIERS[version]}">${id}</wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo>`
}
