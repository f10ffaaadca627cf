import { createHash, X509Certificate } from 'node:crypto'
import { isStrong, issuerHash, outsideValidity } from '../certificate.js'
import { DER, der, type DerElement, derElement, derElements, derTime, onlyDerElement } from '../der.js'
import { isSignedBy, namesOf, readSigned, RevocationError, type SignedDer } from './signed-der.js'
import type { RevocationStatus } from './status.js'

const SHA1 = Buffer.from('06052b0e03021a', 'hex')
const BASIC_RESPONSE = '2b0601050507300101'
/** id-kp-OCSPSigning (RFC 6960, section 4.2.2.2). */
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
/** For responses that do not say when there will be newer ones. */
const WITHOUT_NEXT_MS = 300_000
const MAX_CERTIFICATES = 4

/** The certificate that is asked about: CertID (RFC 6960, section 4.1.1). All responders know SHA-1 there; nothing rests on it. */
function certificateId(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const { serial } = namesOf(certificate)
  const { subject, key } = namesOf(issuer)
  const hash = (octets: Buffer): Buffer => der(DER.octetString, createHash('sha1').update(octets).digest())
  return der(
    DER.sequence,
    der(DER.sequence, SHA1, der(DER.null)),
    hash(subject),
    hash(key),
    der(DER.integer, serial),
  )
}

/** OCSPRequest for one certificate, unsigned and without nonce (RFC 6960, section 4.1): docs/decisions/23-own-revocation.md says why. */
export function ocspRequest(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const request = der(DER.sequence, certificateId(certificate, issuer))
  return der(DER.sequence, der(DER.sequence, der(DER.sequence, request)))
}

/** By OCSPResponseStatus (RFC 6960, section 4.2.1). */
const FAILURES: Readonly<Record<number, string>> = {
  1: 'the responder cannot read the request',
  2: 'the responder has failed',
  3: 'the responder is busy',
  5: 'the responder wants signed requests',
  6: 'the responder does not serve us',
}

/**
 * What a response says of a certificate (RFC 6960, section 4.2): signed by the issuer itself, or by whom the issuer has given
 * a certificate for that.
 *
 * @param octets DER
 * @throws RevocationError
 */
export function statusByResponse(
  octets: Buffer,
  certificate: X509Certificate,
  issuer: X509Certificate,
  { now, skewMs }: { readonly now: number; readonly skewMs: number },
): RevocationStatus {
  const { signed, certificates } = readResponse(octets)
  const delegates = certificates.filter((each) => isDelegate(each, issuer, now))
  if (![issuer, ...delegates].some(({ publicKey }) => isSignedBy(signed, publicKey))) {
    throw new RevocationError('the response is signed neither by the issuer nor by a responder of the issuer')
  }
  const body = derElement(signed.body, 0)
  // version, responderID and extensions are tagged by context.
  const [, responses] = (body ? derElements(body.content) : []).filter(({ tag }) => tag < 0x80)
  const asked = certificateId(certificate, issuer)
  for (const single of responses ? derElements(responses.content) : []) {
    const [id, status, thisUpdate, ...rest] = derElements(single.content)
    if (!id || !status || !isSameId(id, asked)) continue
    const from = derTime(thisUpdate)
    if (from === undefined) throw new RevocationError('the response is not one in DER')
    const next = rest.find(({ tag }) => tag === 0xa0)
    const until = derTime(next && derElement(next.content, 0)) ?? from + WITHOUT_NEXT_MS
    // What was revoked once stays so, however old the response is.
    if (status.tag === 0xa1) return { status: 'revoked', at: from }
    if (from > now + skewMs)
      return { status: 'unknown', why: 'the response of the responder is of the future' }
    if (until < now - skewMs) return { status: 'unknown', why: 'the response of the responder has expired' }
    if (status.tag === 0x80) return { status: 'good', at: from, until }
    return { status: 'unknown', why: 'the responder does not know it' }
  }
  throw new RevocationError('the response is of another certificate')
}

/** @throws RevocationError where octets are no response that says something */
export function checkIsResponse(octets: Buffer): void {
  readResponse(octets)
}

/** Parameters of the algorithm may be absent. */
function isSameId({ content }: DerElement, asked: Buffer): boolean {
  const [algorithm, ...rest] = derElements(content)
  const [, ...askedRest] = derElements(derElement(asked, 0)?.content ?? Buffer.alloc(0))
  const isSha1 = algorithm !== undefined && derElement(algorithm.content, 0)?.raw.equals(SHA1) === true
  return isSha1 && rest.length === 3 && askedRest.every(({ raw }, i) => rest[i]?.raw.equals(raw))
}

function readResponse(octets: Buffer): { signed: SignedDer; certificates: readonly X509Certificate[] } {
  const whole = onlyDerElement(octets)
  const [status, bytes] = whole?.tag === DER.sequence ? derElements(whole.content) : []
  if (status?.tag !== DER.enumerated) throw new RevocationError('the response is not one of OCSP')
  const failure = status.content[0] ?? 0
  if (failure !== 0) throw new RevocationError(FAILURES[failure] ?? 'the responder has failed')
  const [type, response] = derElements((bytes && derElement(bytes.content, 0)?.content) ?? Buffer.alloc(0))
  const basic = response && onlyDerElement(response.content)
  if (type?.content.toString('hex') !== BASIC_RESPONSE || basic?.tag !== DER.sequence) {
    throw new RevocationError('the response is of another kind than the basic one')
  }
  const extra = derElements(basic.content)[3]
  const list = extra?.tag === 0xa0 ? derElement(extra.content, 0) : undefined
  const certificates = (list ? derElements(list.content) : [])
    .slice(0, MAX_CERTIFICATES)
    .flatMap(({ raw }) => {
      try {
        return [new X509Certificate(raw)]
      } catch {
        return []
      }
    })
  return { signed: readSigned(basic.content, 'response'), certificates }
}

/** RFC 6960, section 4.2.2.2: issued by the very issuer, and for that; with SHA-1 as little as lists and responses themselves. */
function isDelegate(certificate: X509Certificate, issuer: X509Certificate, now: number): boolean {
  return (
    extendedUsages(certificate).includes(OCSP_SIGNING) &&
    isStrong(certificate) &&
    issuerHash(certificate) === 'strong' &&
    outsideValidity(certificate, now) === undefined &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey)
  )
}

/** What node:crypto calls keyUsage is the extended one; it is absent where the certificate has none, whatever the types say. */
function extendedUsages({ keyUsage }: { readonly keyUsage?: readonly string[] }): readonly string[] {
  return keyUsage ?? []
}
