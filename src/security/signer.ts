import { X509Certificate } from 'node:crypto'
import {
  sameDistinguishedName,
  distinguishedName,
  serialNumber,
  subjectKeyIdentifier,
} from './certificate.js'
import { attributeOf, childElements, type ElementNode, textOf } from './document.js'
import { thumbprint } from './key-reference.js'
import { BASE64, DS, SUBJECT_KEY_IDENTIFIER, THUMBPRINT, WSSE, X509_V3 } from './names.js'
import { octets } from './signature-reader.js'
import { referenced, type SignedAnswer } from './signed-answer.js'
import { SIGNATURE, untrusted } from './untrusted.js'

/**
 * Finds the certificate that ds:KeyInfo names: one that comes with the answer, or one of those that the policy has. It
 * is not believed yet. A bare key (KeyValue) has nobody's name on it and is refused.
 *
 * @param known certificates of the policy, for references by issuer and serial number, key identifier or thumbprint
 * @throws AdapterError `backend-untrusted`
 */
export function signerOf(
  keyInfo: ElementNode,
  answer: SignedAnswer,
  known: readonly X509Certificate[],
): X509Certificate {
  const only = onlyChild(keyInfo)
  if (only?.name === `{${DS}}X509Data`) return fromX509Data(only, known)
  const reference = only?.name === `{${WSSE}}SecurityTokenReference` ? onlyChild(only) : undefined
  switch (reference?.name) {
    case `{${WSSE}}Reference`:
      return fromToken(attributeOf(reference, 'URI'), answer)
    case `{${DS}}X509Data`:
      return fromX509Data(reference, known)
    case `{${WSSE}}KeyIdentifier`:
      return fromKeyIdentifier(reference, known)
    default:
      throw untrusted('KeyInfo does not name an X.509 certificate in a way that is supported', SIGNATURE)
  }
}

function fromToken(uri: string | undefined, answer: SignedAnswer): X509Certificate {
  const tokens = answer.security ? childElements(answer.security) : []
  const token = referenced(uri, tokens, answer)
  const isCertificate =
    token.name === `{${WSSE}}BinarySecurityToken` &&
    attributeOf(token, 'ValueType') === X509_V3 &&
    (attributeOf(token, 'EncodingType') ?? BASE64) === BASE64
  if (!isCertificate)
    throw untrusted('The token that KeyInfo refers to is no X509v3 certificate in base64', SIGNATURE)
  return parse(octets(token))
}

function fromX509Data(data: ElementNode, known: readonly X509Certificate[]): X509Certificate {
  const only = onlyChild(data)
  switch (only?.name) {
    case `{${DS}}X509Certificate`:
      return parse(octets(only))
    case `{${DS}}X509IssuerSerial`: {
      const [name, serial] = childElements(only).map((child) => textOf(child) ?? '')
      return choose(
        known,
        (each) =>
          serialNumber(each) === serial && sameDistinguishedName(distinguishedName(each.issuer), name ?? ''),
      )
    }
    case `{${DS}}X509SKI`: {
      const identifier = octets(only)
      return choose(known, (each) => subjectKeyIdentifier(each)?.equals(identifier) === true)
    }
    default:
      throw untrusted(
        'X509Data does not hold one certificate, one issuer and serial number, or one key identifier',
        SIGNATURE,
      )
  }
}

function fromKeyIdentifier(identifier: ElementNode, known: readonly X509Certificate[]): X509Certificate {
  const value = octets(identifier)
  switch (attributeOf(identifier, 'ValueType')) {
    case SUBJECT_KEY_IDENTIFIER:
      return choose(known, (each) => subjectKeyIdentifier(each)?.equals(value) === true)
    case THUMBPRINT:
      return choose(known, (each) => thumbprint(each).equals(value))
    default:
      throw untrusted('The ValueType of the KeyIdentifier is not supported', SIGNATURE)
  }
}

function choose(
  known: readonly X509Certificate[],
  isNamed: (certificate: X509Certificate) => boolean,
): X509Certificate {
  const certificate = known.find(isNamed)
  if (certificate) return certificate
  throw untrusted(
    'KeyInfo refers to a certificate that is neither in verify.certificates nor in verify.trust',
    SIGNATURE,
  )
}

function parse(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch {
    throw untrusted('The certificate of the signature cannot be read', SIGNATURE)
  }
}

function onlyChild(parent: ElementNode): ElementNode | undefined {
  const [first, ...more] = childElements(parent)
  return more.length === 0 ? first : undefined
}
