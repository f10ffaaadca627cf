import type { X509Certificate } from 'node:crypto'
import {
  distinguishedName,
  sameDistinguishedName,
  serialNumber,
  subjectKeyIdentifier,
} from '../certificates/certificate.js'
import { DER, derElements, onlyDerElement } from '../certificates/der.js'
import { bytes } from '../document/base64.js'
import { attributeOf, childElements, type ElementNode, textOf } from '../document/document.js'
import { referenced, type SignedAnswer } from '../document/signed-answer.js'
import { BASE64, DS, PKCS7, PKI_PATH, SUBJECT_KEY_IDENTIFIER, THUMBPRINT, WSSE, X509_V3 } from '../names.js'
import { SIGNATURE, untrusted } from '../untrusted.js'
import { thumbprint } from './key-reference.js'

/** Where certificates come from. */
export interface CertificateSource {
  /** Those of the policy, for references by issuer and serial number, key identifier or thumbprint. */
  readonly known: readonly X509Certificate[]
  /** Reads one that came with a response; throws where it is none. */
  readonly parse: (der: Buffer) => X509Certificate
  /** What is said of a certificate that is not known; by default, that verify does not know it. */
  readonly unknown?: string
  /** What is said of one that cannot be read. */
  readonly unreadable?: string
}

/** A certificate that a message names. */
export interface NamedCertificate {
  readonly certificate: X509Certificate
  /** What came beside it, and may be certificates of its issuers. */
  readonly offered: readonly X509Certificate[]
}

/** Certificates of one token. */
const MAX_CERTIFICATES = 8

/**
 * Finds the certificate that ds:KeyInfo names: one that comes with the response, or one of those that the policy has. It
 * is not believed yet. A bare key (KeyValue) has nobody's name on it and is refused.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function signerOf(
  keyInfo: ElementNode,
  answer: Pick<SignedAnswer, 'security' | 'bearers'>,
  source: CertificateSource,
): NamedCertificate {
  const only = onlyChild(keyInfo)
  if (only?.name === `{${DS}}X509Data`) return fromX509Data(only, source)
  const reference = only?.name === `{${WSSE}}SecurityTokenReference` ? onlyChild(only) : undefined
  switch (reference?.name) {
    case `{${WSSE}}Reference`:
      return fromToken(attributeOf(reference, 'URI'), answer, source)
    case `{${DS}}X509Data`:
      return fromX509Data(reference, source)
    case `{${WSSE}}KeyIdentifier`:
      return fromKeyIdentifier(reference, source)
    case undefined:
    default:
      throw untrusted('KeyInfo does not name an X.509 certificate in a way that is supported', SIGNATURE)
  }
}

function fromToken(
  uri: string | undefined,
  answer: Pick<SignedAnswer, 'security' | 'bearers'>,
  source: CertificateSource,
): NamedCertificate {
  const tokens = answer.security ? childElements(answer.security) : []
  const token = referenced(uri, tokens, answer)
  const isToken =
    token.name === `{${WSSE}}BinarySecurityToken` && (attributeOf(token, 'EncodingType') ?? BASE64) === BASE64
  switch (isToken ? attributeOf(token, 'ValueType') : undefined) {
    case X509_V3:
      return alone(parse(bytes(token), source))
    case PKI_PATH:
      return fromPath(bytes(token), source)
    case PKCS7:
      throw untrusted(
        'The token that KeyInfo refers to is PKCS #7, which is not supported: the backend should send X509v3 or X509PKIPathv1',
        SIGNATURE,
      )
    case undefined:
    default:
      throw untrusted(
        'The token that KeyInfo refers to is neither an X509v3 certificate nor an X509PKIPathv1, in base64',
        SIGNATURE,
      )
  }
}

/** ITU-T X.509, PkiPath: certificates, each issued by the one before; the last is that of the signer. */
function fromPath(der: Buffer, source: CertificateSource): NamedCertificate {
  const path = onlyDerElement(der)
  const certificates = path?.tag === DER.sequence ? derElements(path.content) : []
  if (certificates.length > MAX_CERTIFICATES) throw tooMany()
  const [certificate, ...offered] = certificates.map(({ raw }) => parse(raw, source)).reverse()
  if (certificate) return { certificate, offered }
  throw untrusted('The X509PKIPathv1 of the signature cannot be read', SIGNATURE)
}

function alone(certificate: X509Certificate): NamedCertificate {
  return { certificate, offered: [] }
}

function tooMany(): Error {
  return untrusted(`A token has more than ${MAX_CERTIFICATES} certificates`, SIGNATURE)
}

/** @throws AdapterError `backend-untrusted` */
export function fromX509Data(data: ElementNode, source: CertificateSource): NamedCertificate {
  const children = childElements(data)
  if (children.length > 1 && children.every(({ name }) => name === `{${DS}}X509Certificate`)) {
    return fromChain(children, source)
  }
  const only = onlyChild(data)
  switch (only?.name) {
    case `{${DS}}X509Certificate`:
      return alone(parse(bytes(only), source))
    case `{${DS}}X509IssuerSerial`: {
      const [name, serial] = childElements(only).map((child) => textOf(child) ?? '')
      return choose(
        source,
        (each) =>
          serialNumber(each) === serial && sameDistinguishedName(distinguishedName(each.issuer), name ?? ''),
      )
    }
    case `{${DS}}X509SKI`: {
      const identifier = bytes(only)
      return choose(source, (each) => subjectKeyIdentifier(each)?.equals(identifier) === true)
    }
    case undefined:
    default:
      throw untrusted(
        'X509Data does not hold one certificate, one issuer and serial number, or one key identifier',
        SIGNATURE,
      )
  }
}

/** XML Signature 1.1, section 4.5.4.1: a chain in no order; the signer's is the one that has issued no other. */
function fromChain(elements: readonly ElementNode[], source: CertificateSource): NamedCertificate {
  if (elements.length > MAX_CERTIFICATES) throw tooMany()
  const all = elements.map((each) => parse(bytes(each), source))
  const leaves = all.filter((each) => !all.some((other) => other !== each && other.checkIssued(each)))
  const [certificate, ...more] = leaves
  if (certificate && more.length === 0) {
    return { certificate, offered: all.filter((each) => each !== certificate) }
  }
  throw untrusted(
    'X509Data does not hold a chain of certificates with one that has issued no other',
    SIGNATURE,
  )
}

function fromKeyIdentifier(identifier: ElementNode, source: CertificateSource): NamedCertificate {
  const value = bytes(identifier)
  switch (attributeOf(identifier, 'ValueType')) {
    case SUBJECT_KEY_IDENTIFIER:
      return choose(source, (each) => subjectKeyIdentifier(each)?.equals(value) === true)
    case X509_V3:
      // The token itself, embedded: Apache WSS4J calls it X509KeyIdentifier.
      return alone(parse(value, source))
    case THUMBPRINT:
      return choose(source, (each) => thumbprint(each).equals(value))
    case undefined:
    default:
      throw untrusted('The ValueType of the KeyIdentifier is not supported', SIGNATURE)
  }
}

function choose(
  { known, unknown }: CertificateSource,
  isNamed: (certificate: X509Certificate) => boolean,
): NamedCertificate {
  const certificate = known.find(isNamed)
  if (certificate) return alone(certificate)
  throw untrusted(
    unknown ?? 'KeyInfo refers to a certificate that is neither in verify.certificates nor in verify.trust',
    SIGNATURE,
  )
}

function parse(der: Buffer, source: CertificateSource): X509Certificate {
  try {
    return source.parse(der)
  } catch {
    throw untrusted(source.unreadable ?? 'The certificate of the signature cannot be read', SIGNATURE)
  }
}

function onlyChild(parent: ElementNode): ElementNode | undefined {
  const [first, ...more] = childElements(parent)
  return more.length === 0 ? first : undefined
}
