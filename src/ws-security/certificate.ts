import type { X509Certificate } from 'node:crypto'
import { derElement, derElements } from './der.js'

const EXTENSIONS = 0xa3
const OCTET_STRING = 0x04
const SUBJECT_KEY_IDENTIFIER = '551d0e'
const KEY_USAGE = '551d0f'

/** The extension subjectKeyIdentifier (RFC 5280, section 4.2.1.2), which node:crypto does not show. */
export function subjectKeyIdentifier(certificate: X509Certificate): Buffer | undefined {
  const value = extension(certificate, SUBJECT_KEY_IDENTIFIER)
  return value && derElement(value, 0)?.content
}

/**
 * Whether the key may sign messages: RFC 5280, section 4.2.1.3, digitalSignature or nonRepudiation where the extension
 * keyUsage is present. (`X509Certificate.keyUsage` is the extended key usage.)
 */
export function maySign(certificate: X509Certificate): boolean {
  return mayBeUsed(certificate, 0b1100_0000)
}

/** Whether keys or data may be encrypted for it: keyEncipherment or dataEncipherment where keyUsage is present. */
export function mayEncipher(certificate: X509Certificate): boolean {
  return mayBeUsed(certificate, 0b0011_0000)
}

/** @param usages bits of keyUsage, digitalSignature the highest */
function mayBeUsed(certificate: X509Certificate, usages: number): boolean {
  const value = extension(certificate, KEY_USAGE)
  if (!value) return true
  const bits = derElement(value, 0)?.content[1] ?? 0
  return (bits & usages) !== 0
}

function extension(certificate: X509Certificate, oid: string): Buffer | undefined {
  const whole = derElement(certificate.raw, 0)
  const body = whole && derElement(whole.content, 0)
  const tagged = body && derElements(body.content).find(({ tag }) => tag === EXTENSIONS)
  const list = tagged && derElement(tagged.content, 0)
  for (const { content } of list ? derElements(list.content) : []) {
    const [id, ...rest] = derElements(content)
    if (id?.content.toString('hex') === oid) return rest.find(({ tag }) => tag === OCTET_STRING)?.content
  }
  return undefined
}

/** The serial number as X509SerialNumber writes it: a decimal integer. */
export function serialNumber(certificate: X509Certificate): string {
  return BigInt(`0x${certificate.serialNumber}`).toString()
}

/** @param name `issuer` or `subject` of a certificate of node:crypto: a line for each RDN, from the root down, escaped */
export function distinguishedName(name: string): string {
  return name
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll(' + ', '+'))
    .reverse()
    .join(',')
}

/** Compares names as people and stacks write them: white space around separators and the case of types do not count. */
export function sameDistinguishedName(a: string, b: string): boolean {
  return normalised(a) === normalised(b)
}

function normalised(name: string): string {
  return withoutSpaceAtSeparators(name.trim()).replace(
    /(^|[,+])([A-Za-z][\w.-]*)\s*=\s*/g,
    (_, separator: string, type: string) => `${separator}${type.toLowerCase()}=`,
  )
}

/** In time that is linear in the name, which a backend may have written. What a backslash escapes stays. */
function withoutSpaceAtSeparators(name: string): string {
  const parts: string[] = []
  let from = 0
  for (const { 0: separator, index } of name.matchAll(/[,+]/g)) {
    if (name[index - 1] === '\\') continue
    parts.push(trimmed(name.slice(from, index)), separator)
    from = index + 1
  }
  return parts.join('') + name.slice(from).trimStart()
}

function trimmed(part: string): string {
  const text = part.trim()
  const end = part.trimEnd().length
  return text.endsWith('\\') ? text + part.slice(end, end + 1) : text
}

/** @returns why a certificate does not count at a time */
export function outsideValidity(certificate: X509Certificate, now: number): string | undefined {
  if (now < Date.parse(certificate.validFrom)) return 'is not valid yet'
  if (now > Date.parse(certificate.validTo)) return 'has expired'
  return undefined
}

const MIN_RSA_BITS = 2048
/** P-256, P-384 and P-521 as OpenSSL calls them. */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/** Whether a key is long enough, and of a kind that we verify with. */
export function isStrong(certificate: X509Certificate): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType === 'ec') return CURVES.has(asymmetricKeyDetails?.namedCurve ?? '')
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
}

/** Whether messages can be encrypted for its key. */
export function isRsa({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
}
