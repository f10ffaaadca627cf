import { createHash, type X509Certificate } from 'node:crypto'
import { distinguishedName, serialNumber, subjectKeyIdentifier } from '../certificates/certificate.js'
import { element, textElement } from '../document/markup.js'
import {
  BASE64,
  SAML_IDENTIFIERS,
  SAML_TOKEN_TYPES,
  SUBJECT_KEY_IDENTIFIER,
  THUMBPRINT,
  USERNAME_TOKEN,
  WSSE_11,
  X509_V3,
} from '../names.js'
import type { KeyReference } from '../policy.js'
import type { AssertionIdentity } from './assertion.js'

/** The wsse:BinarySecurityToken that carries a certificate (X.509 Certificate Token Profile 1.1, section 3.1). */
export function binarySecurityToken(certificate: X509Certificate, id: string): string {
  const attributes = { EncodingType: BASE64, ValueType: X509_V3, 'wsu:Id': id }
  return textElement('wsse:BinarySecurityToken', attributes, certificate.raw.toString('base64'))
}

/** The wsse:SecurityTokenReference to a certificate (X.509 Certificate Token Profile 1.1, section 3.2), but for the token's id. */
export function compileKeyReference(
  kind: KeyReference,
  certificate: X509Certificate,
): (tokenId: string) => string {
  if (kind === 'binary-token') {
    return (tokenId) =>
      tokenReference(element('wsse:Reference', { URI: `#${tokenId}`, ValueType: X509_V3 }, ''))
  }
  const fixed = tokenReference(namedCertificate(kind, certificate))
  return () => fixed
}

function namedCertificate(kind: Exclude<KeyReference, 'binary-token'>, certificate: X509Certificate): string {
  switch (kind) {
    case 'issuer-serial':
      return element(
        'ds:X509Data',
        {},
        element(
          'ds:X509IssuerSerial',
          {},
          textElement('ds:X509IssuerName', {}, distinguishedName(certificate.issuer)) +
            textElement('ds:X509SerialNumber', {}, serialNumber(certificate)),
        ),
      )
    case 'subject-key-identifier':
      return keyIdentifier(SUBJECT_KEY_IDENTIFIER, subjectKeyIdentifier(certificate) ?? Buffer.alloc(0))
    case 'thumbprint':
      return keyIdentifier(THUMBPRINT, thumbprint(certificate))
  }
}

export function thumbprint(certificate: X509Certificate): Buffer {
  return createHash('sha1').update(certificate.raw).digest()
}

function keyIdentifier(valueType: string, bytes: Buffer): string {
  return textElement(
    'wsse:KeyIdentifier',
    { EncodingType: BASE64, ValueType: valueType },
    bytes.toString('base64'),
  )
}

/**
 * The wsse:SecurityTokenReference to an assertion of the message (SAML Token Profile 1.1, section 3.4).
 *
 * @param wsuId of the reference itself, where a signature refers to it
 */
export function assertionReference({ version, id }: AssertionIdentity, wsuId?: string): string {
  return element(
    'wsse:SecurityTokenReference',
    { 'xmlns:wsse11': WSSE_11, 'wsu:Id': wsuId, 'wsse11:TokenType': SAML_TOKEN_TYPES[version] },
    textElement('wsse:KeyIdentifier', { ValueType: SAML_IDENTIFIERS[version] }, id),
  )
}

/** The wsse:SecurityTokenReference to the UsernameToken of the message (UsernameToken Profile 1.1, section 3.1). */
export function usernameReference(tokenId: string): string {
  return tokenReference(element('wsse:Reference', { URI: `#${tokenId}`, ValueType: USERNAME_TOKEN }, ''))
}

function tokenReference(content: string): string {
  return element('wsse:SecurityTokenReference', {}, content)
}
