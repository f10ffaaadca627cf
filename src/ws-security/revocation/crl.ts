import type { X509Certificate } from 'node:crypto'
import { maySignLists } from '../certificate.js'
import { DER, type DerElement, derElement, derElements, derTime, onlyDerElement } from '../der.js'
import { isSignedBy, namesOf, readSigned, RevocationError, type SignedDer } from './signed-der.js'
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
  /** Whether it tells of certificates of authorities, of others, or of both. */
  readonly scope: 'all' | 'users' | 'authorities'
  readonly signed: SignedDer
}

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
    scope: extensions ? scopeOf(extensions) : 'all',
    signed,
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
function scopeOf({ content }: DerElement): RevocationList['scope'] {
  const list = derElement(content, 0)
  let scope: RevocationList['scope'] = 'all'
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
function scopeIn(value: Buffer): RevocationList['scope'] {
  const point = derElement(value, 0)
  const tags = new Set(
    (point ? derElements(point.content) : [])
      // A BOOLEAN that is written and false says nothing.
      .filter(({ tag, content }) => tag === 0xa0 || tag === 0x83 || content[0] !== 0)
      .map(({ tag }) => tag),
  )
  if (tags.has(0x83) || tags.has(0x84) || tags.has(0x85)) {
    throw new RevocationError(
      'the list is of some reasons, of other issuers, or of attribute certificates alone',
    )
  }
  return tags.has(0x81) ? 'users' : tags.has(0x82) ? 'authorities' : 'all'
}

/**
 * What lists say of a certificate.
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
  let why = 'no list is of its issuer'
  for (const list of lists) {
    if (!list.issuer.equals(names.issuer)) continue
    if (list.scope === (certificate.ca ? 'users' : 'authorities')) continue
    if (!maySignLists(issuer) || !isSignedBy(list.signed, issuer.publicKey)) {
      why = 'the list of its issuer is not signed by it'
      continue
    }
    // What was revoked once stays so, however old the list is.
    if (list.revoked.has(names.serial.toString('hex'))) return { status: 'revoked' }
    if (list.thisUpdate > now + skewMs) why = 'the list of its issuer is of the future'
    else if (list.nextUpdate < now - skewMs) why = 'the list of its issuer has expired'
    else return { status: 'good', until: list.nextUpdate }
  }
  return { status: 'unknown', why }
}
