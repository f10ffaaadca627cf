import type { KeyObject, X509Certificate } from 'node:crypto'
import { DER, type DerElement, derElement, derElements } from './der.js'

const EXTENSIONS = 0xa3
const SUBJECT_KEY_IDENTIFIER = '551d0e'
const KEY_USAGE = '551d0f'
const BASIC_CONSTRAINTS = '551d13'
const DISTRIBUTION_POINTS = '551d1f'

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

/** Whether lists of revoked certificates may be signed with it: cRLSign where keyUsage is present. */
export function maySignLists(certificate: X509Certificate): boolean {
  return mayBeUsed(certificate, 0b0000_0010)
}

/** @param usages bits of keyUsage, digitalSignature the highest */
function mayBeUsed(certificate: X509Certificate, usages: number): boolean {
  const value = extension(certificate, KEY_USAGE)
  if (!value) return true
  const bits = derElement(value, 0)?.content[1] ?? 0
  return (bits & usages) !== 0
}

/** Names in the extension cRLDistributionPoints (RFC 5280, section 4.2.1.13): GeneralNames in DER, or relative to the issuer. */
export function distributionPoints(certificate: X509Certificate): readonly Buffer[] {
  const value = extension(certificate, DISTRIBUTION_POINTS)
  const points = value && derElement(value, 0)
  return (points ? derElements(points.content) : []).flatMap(({ content }) => pointNames(content) ?? [])
}

/**
 * Names of the field distributionPoint (RFC 5280, sections 4.2.1.13 and 5.2.5).
 *
 * @param content of a DistributionPoint or an IssuingDistributionPoint
 * @returns names in DER: full ones, or the one that is relative to the issuer; undefined where the field is absent
 */
export function pointNames(content: Buffer): readonly Buffer[] | undefined {
  const field = derElements(content).find(({ tag }) => tag === 0xa0)
  const name = field && derElement(field.content, 0)
  if (name?.tag === 0xa1) return [name.raw]
  return field && (name?.tag === 0xa0 ? derElements(name.content).map(({ raw }) => raw) : [])
}

/** pathLenConstraint of basicConstraints (RFC 5280, section 4.2.1.9): how many authorities may follow it in a path. */
export function pathLength(certificate: X509Certificate): number | undefined {
  const value = extension(certificate, BASIC_CONSTRAINTS)
  const constraints = value && derElement(value, 0)
  const length = (constraints ? derElements(constraints.content) : []).find(({ tag }) => tag === DER.integer)
  if (!length) return undefined
  return length.content.length > 2 ? Infinity : length.content.readUIntBE(0, length.content.length)
}

/** Names of extensions by their OIDs, in hexadecimal (RFC 5280, section 4.2.1). */
const EXTENSION_NAMES: Readonly<Record<string, string>> = {
  '551d0f': 'keyUsage',
  '551d11': 'subjectAltName',
  '551d13': 'basicConstraints',
  '551d1e': 'nameConstraints',
  '551d1f': 'cRLDistributionPoints',
  '551d20': 'certificatePolicies',
  '551d21': 'policyMappings',
  '551d24': 'policyConstraints',
  '551d25': 'extKeyUsage',
  '551d36': 'inhibitAnyPolicy',
}

/** The names of extensions that whoever uses the certificate must understand. */
export function criticalExtensions(certificate: X509Certificate): string[] {
  return extensionsOf(certificate)
    .filter(({ isCritical }) => isCritical)
    .map(({ oid }) => EXTENSION_NAMES[oid] ?? 'one of its issuer’s own')
}

function extension(certificate: X509Certificate, oid: string): Buffer | undefined {
  return extensionsOf(certificate).find((each) => each.oid === oid)?.value
}

interface Extension {
  readonly oid: string
  readonly isCritical: boolean
  readonly value: Buffer | undefined
}

function extensionsOf(certificate: X509Certificate): readonly Extension[] {
  const whole = derElement(certificate.raw, 0)
  const body = whole && derElement(whole.content, 0)
  const tagged = body && derElements(body.content).find(({ tag }) => tag === EXTENSIONS)
  const list = tagged && derElement(tagged.content, 0)
  return (list ? derElements(list.content) : []).map(({ content }) => {
    const [id, ...rest] = derElements(content)
    const has = (tag: number): DerElement | undefined => rest.find((each) => each.tag === tag)
    return {
      oid: id?.content.toString('hex') ?? '',
      isCritical: has(DER.boolean)?.content[0] === 0xff,
      value: has(DER.octetString)?.content,
    }
  })
}

/** Hashes by the OID of the algorithm that a certificate is signed with (RFC 3279, 4055, 5758 and 8410), or of the hash itself. */
const HASHES: Readonly<Record<string, 'sha1' | 'strong'>> = {
  '2a864886f70d010105': 'sha1',
  '2b0e03021d': 'sha1',
  '2a8648ce3d0401': 'sha1',
  '2b0e03021a': 'sha1',
  '2a864886f70d01010b': 'strong',
  '2a864886f70d01010c': 'strong',
  '2a864886f70d01010d': 'strong',
  '2a864886f70d01010e': 'strong',
  '2a8648ce3d040301': 'strong',
  '2a8648ce3d040302': 'strong',
  '2a8648ce3d040303': 'strong',
  '2a8648ce3d040304': 'strong',
  '2b6570': 'strong',
  '2b6571': 'strong',
  '608648016503040201': 'strong',
  '608648016503040202': 'strong',
  '608648016503040203': 'strong',
  '608648016503040204': 'strong',
}
const RSA_PSS = '2a864886f70d01010a'

/** How good the hash is that the issuer of a certificate has signed; undefined for MD5 and whatever is not known. */
export function issuerHash({ raw }: X509Certificate): 'sha1' | 'strong' | undefined {
  const whole = derElement(raw, 0)
  const [, algorithm] = whole ? derElements(whole.content) : []
  const [id, parameters] = algorithm ? derElements(algorithm.content) : []
  const oid = id?.content.toString('hex') ?? ''
  return oid === RSA_PSS ? pssHash(parameters) : HASHES[oid]
}

/** RSASSA-PSS-params (RFC 4055, section 3.1), where SHA-1 is the default. */
function pssHash(parameters: DerElement | undefined): 'sha1' | 'strong' | undefined {
  const field = parameters && derElements(parameters.content).find(({ tag }) => tag === 0xa0)
  if (!field) return 'sha1'
  const algorithm = derElement(field.content, 0)
  const id = algorithm && derElement(algorithm.content, 0)
  return HASHES[id?.content.toString('hex') ?? '']
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
export function isStrong({ publicKey }: X509Certificate): boolean {
  return isStrongKey(publicKey)
}

export function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'ec') return CURVES.has(asymmetricKeyDetails?.namedCurve ?? '')
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
}

/** Whether messages can be encrypted for its key. */
export function isRsa({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
}
