import type { X509Certificate } from 'node:crypto'
import { listed } from '../../../base/listed.js'
import { distributionPoints, maySignLists, pointNames } from '../certificate.js'
import { DER, der, type DerElement, derElement, derElements, derTime, onlyDerElement } from '../der.js'
import { namesOf, readSigned, RevocationError, SignerCheck } from './signed-der.js'
import type { RevocationStatus } from './status.js'

/** Of a list that is kept in memory. */
const MAX_ENTRIES = 200_000

/** A certificate revocation list (RFC 5280, section 5). */
export interface RevocationList {
  readonly issuer: Buffer
  /** Milliseconds since 1970, as all times here. */
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Serial numbers in hexadecimal. */
  readonly revoked: ReadonlySet<string>
  readonly scope: Scope
  readonly signature: SignerCheck
}

/** The certificates that a list tells of. */
interface Scope {
  /** Those of authorities, others, or both. */
  readonly of: 'all' | 'users' | 'authorities'
  /** Names in DER: where they are there, it tells only of certificates with one of them in cRLDistributionPoints. */
  readonly points?: readonly Buffer[]
}

const ALL: Scope = { of: 'all' }

type Unknown = Omit<RevocationStatus & { readonly status: 'unknown' }, 'status'>

/** Tags of GeneralName (RFC 5280, section 4.2.1.6). */
const DIRECTORY_NAME = 0xa4
const UNIFORM_RESOURCE_IDENTIFIER = 0x86

const PEM = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/

/**
 * Reads a list; nothing of it is believed yet.
 *
 * @param octets DER, or PEM of one list
 * @throws RevocationError for what is none, is too long, or has a meaning that is not supported
 */
export function readRevocationList(octets: Buffer): RevocationList {
  const [, base64] = octets[0] === DER.sequence ? [] : (PEM.exec(octets.toString('latin1')) ?? [])
  const whole = onlyDerElement(base64 === undefined ? octets : Buffer.from(base64, 'base64'))
  if (whole?.tag !== DER.sequence) throw new RevocationError('the list is neither DER nor PEM of a CRL')
  const signed = readSigned(whole.content, 'list')
  const body = derElement(signed.body, 0)
  const fields = body ? derElements(body.content) : []
  if (fields[0]?.tag === DER.integer) fields.shift()
  const [, issuer, thisUpdate, nextUpdate, ...rest] = fields
  const [from, until] = [derTime(thisUpdate), derTime(nextUpdate)]
  if (!issuer || from === undefined) throw new RevocationError('the list is not one in DER')
  if (until === undefined)
    throw new RevocationError('the list does not say when the next one comes (nextUpdate)')
  const entries = rest.find(({ tag }) => tag === DER.sequence)
  const extensions = rest.find(({ tag }) => tag === 0xa0)
  return {
    issuer: issuer.raw,
    thisUpdate: from,
    nextUpdate: until,
    revoked: entries ? serialsIn(entries.content) : new Set(),
    scope: extensions ? scopeOf(extensions) : ALL,
    signature: new SignerCheck(signed),
  }
}

function serialsIn(entries: Buffer): ReadonlySet<string> {
  const serials = new Set<string>()
  for (let entry = derElement(entries, 0); entry; entry = derElement(entries, entry.next)) {
    const serial = derElement(entry.content, 0)
    if (serial?.tag !== DER.integer) throw new RevocationError('the list is not one in DER')
    serials.add(serial.content.toString('hex'))
    if (serials.size > MAX_ENTRIES) {
      throw new RevocationError(`the list has more than ${MAX_ENTRIES} certificates; ask the issuer for OCSP`)
    }
  }
  return serials
}

const ISSUING_DISTRIBUTION_POINT = '551d1c'

/** RFC 5280, section 5.2: a list with a critical extension that nobody understands says nothing. */
function scopeOf({ content }: DerElement): Scope {
  const list = derElement(content, 0)
  let scope = ALL
  for (const extension of list ? derElements(list.content) : []) {
    const [id, ...rest] = derElements(extension.content)
    const name = id?.content.toString('hex')
    const isCritical = rest[0]?.tag === DER.boolean && rest[0].content[0] !== 0
    if (name === ISSUING_DISTRIBUTION_POINT) scope = scopeIn(rest.at(-1)?.content ?? Buffer.alloc(0))
    else if (isCritical) {
      throw new RevocationError(
        'the list has a critical extension that is not supported, as lists of changes (delta CRLs) have',
      )
    }
  }
  return scope
}

/** IssuingDistributionPoint (RFC 5280, section 5.2.5). */
function scopeIn(value: Buffer): Scope {
  const point = derElement(value, 0)?.content ?? Buffer.alloc(0)
  const tags = new Set(
    derElements(point)
      // A BOOLEAN that is written and false says nothing.
      .filter(({ tag, content }) => tag === 0xa0 || tag === 0x83 || content[0] !== 0)
      .map(({ tag }) => tag),
  )
  if (tags.has(0x83) || tags.has(0x84) || tags.has(0x85)) {
    throw new RevocationError(
      'the list is of some reasons, of other issuers, or of attribute certificates alone',
    )
  }
  const points = pointNames(point)
  return {
    of: tags.has(0x81) ? 'users' : tags.has(0x82) ? 'authorities' : 'all',
    ...(points && { points }),
  }
}

/** Whether a list comes after, or before, one that was believed: of the same issuer, by the same key, about the same certificates. */
export function isOfSameSeries(list: RevocationList, believed: RevocationList): boolean {
  const { signer } = believed.signature
  const points = ({ scope }: RevocationList): string =>
    scope.points?.map((name) => name.toString('hex')).join() ?? '*'
  return (
    list.issuer.equals(believed.issuer) &&
    list.scope.of === believed.scope.of &&
    points(list) === points(believed) &&
    signer !== undefined &&
    list.signature.isSignedBy(signer)
  )
}

/**
 * Why a list of the issuer tells nothing of a certificate: authorities split lists, and each part is silent about the certificates of the
 * others (RFC 5280, section 6.3.3, b 2). Nothing is known of one by a part that is not its own.
 */
function otherPartition(
  { scope }: RevocationList,
  certificate: X509Certificate,
  issuerName: Buffer,
): Unknown | undefined {
  if (scope.of === (certificate.ca ? 'users' : 'authorities')) {
    const kind = certificate.ca ? 'of users alone' : 'of authorities alone'
    return { why: `the list of its issuer is of certificates ${kind}` }
  }
  const { points } = scope
  if (!points) return undefined
  // A list that is of no distribution point is found under the name of the issuer.
  const own = [...distributionPoints(certificate), der(DIRECTORY_NAME, issuerName)]
  if (points.some((name) => own.some((each) => each.equals(name)))) return undefined
  const why = 'the list of its issuer is of another distribution point than the certificate'
  const names = (each: readonly Buffer[]): string =>
    listed(each.flatMap((name) => uriIn(name) ?? [])) || 'no URL'
  return {
    why,
    cause: new RevocationError(`The list is of ${names(points)}, the certificate names ${names(own)}.`),
  }
}

/** A URI of a GeneralName, for the log. */
function uriIn(name: Buffer): string | undefined {
  const element = derElement(name, 0)
  return element?.tag === UNIFORM_RESOURCE_IDENTIFIER ? element.content.toString('latin1') : undefined
}

/**
 * What lists say of a certificate: all of them are looked at, since the newest may be the one that has it.
 *
 * @param issuer of the certificate, believed
 * @param skewMs how far clocks may be apart
 */
export function statusByLists(
  certificate: X509Certificate,
  issuer: X509Certificate,
  lists: readonly RevocationList[],
  { now, skewMs }: { readonly now: number; readonly skewMs: number },
): RevocationStatus {
  const names = namesOf(certificate)
  // Of several reasons the one that is nearest to a list that tells of the certificate.
  let other: Unknown = { why: 'no list is of its issuer' }
  let unusable: Unknown | undefined
  let [at, until] = [-Infinity, Infinity]
  for (const list of lists) {
    if (!list.issuer.equals(names.issuer)) continue
    const partition = otherPartition(list, certificate, names.issuer)
    if (partition) {
      other = partition
      continue
    }
    if (!maySignLists(issuer) || !list.signature.isSignedBy(issuer.publicKey)) {
      unusable = { why: 'the list of its issuer is not signed by it' }
      continue
    }
    // What was revoked once stays so, however old the list is.
    if (list.revoked.has(names.serial.toString('hex'))) return { status: 'revoked', at: list.thisUpdate }
    if (list.thisUpdate > now + skewMs) unusable = { why: 'the list of its issuer is of the future' }
    else if (list.nextUpdate < now - skewMs) unusable = { why: 'the list of its issuer has expired' }
    else [at, until] = [Math.max(at, list.thisUpdate), Math.min(until, list.nextUpdate)]
  }
  return until === Infinity ? { status: 'unknown', ...(unusable ?? other) } : { status: 'good', at, until }
}
