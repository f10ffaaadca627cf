import { type X509Certificate } from 'node:crypto'
import { SOAP_11, SOAP_12, XOP } from '../base/namespaces.js'
import { digestOf, isSignatureOf } from './algorithms.js'
import { type CanonicalForm, CanonicalFormTooLong, canonicalise } from './canonical.js'
import { distinguishedName, sameDistinguishedName } from './certificate.js'
import { attributeOf, childElements, descendants, type ElementNode, type Span } from './document.js'
import { checkFreshness } from './freshness.js'
import { WSSE, WSSE_11, WSU } from './names.js'
import { type VerificationPolicy } from './policy.js'
import { readSignature, type SignatureElement, type SignatureReference } from './signature-reader.js'
import {
  checkNotEncrypted,
  isAddressing,
  readSignedAnswer,
  referenced,
  type SignedAnswer,
} from './signed-answer.js'
import { signerOf } from './signer.js'
import { TrustStore } from './trust.js'
import { BODY, HEADER, SECURITY, SIGNATURE, untrusted } from './untrusted.js'

/** How long canonical forms may be in all, in lengths of the answer and in UTF-16 code units. */
const LENGTHENED = 4
const SHORT = 65_536

export type Verify = (answer: string) => string

/**
 * Compiles what checks an answer before anything in it is believed (SOAP Message Security 1.1, section 8.4), and takes
 * out of it what no signature covers.
 */
export function compileVerify(policy: VerificationPolicy, clock: () => Date): Verify {
  const trust = new TrustStore(policy.trust, policy.certificates)
  const known = [...policy.certificates, ...policy.trust]
  return (text) => {
    if (text === '') return text
    const now = clock().getTime()
    const answer = readSignedAnswer(text)
    checkNotEncrypted(answer)
    if (!answer.signature) {
      if (policy.unsignedFaults && isFault(answer.body)) return withoutUnsigned(answer, new Set(), policy)
      throw untrusted(unsigned(answer), answer.security ? SECURITY : HEADER)
    }
    const signature = readSignature(answer.signature, policy.sha1)
    checkSigner(signerOf(signature.keyInfo, answer, { known, parse: (der) => trust.certificate(der) }), {
      signature,
      trust,
      policy,
      now,
    })
    const signed = checkReferences(signature, answer, policy)
    checkParts(answer, signed, policy)
    if (answer.timestamp && signed.has(answer.timestamp)) checkFreshness(answer.timestamp, policy, now)
    return withoutUnsigned(answer, signed, policy)
  }
}

function unsigned({ security, body }: SignedAnswer): string {
  if (isFault(body)) {
    return 'The answer is a fault that is not signed; verify.unsignedFaults lets such faults through'
  }
  return security
    ? 'The wsse:Security header of the answer has no signature'
    : 'The answer has no wsse:Security header'
}

function isFault(body: ElementNode): boolean {
  const [only, ...more] = childElements(body)
  if (!only || more.length > 0 || only.localName !== 'Fault') return false
  return only.namespace === SOAP_11 || only.namespace === SOAP_12
}

interface Signing {
  readonly signature: SignatureElement
  readonly trust: TrustStore
  readonly policy: VerificationPolicy
  readonly now: number
}

/** The certificate is judged before its key is used. */
function checkSigner(certificate: X509Certificate, { signature, trust, policy, now }: Signing): void {
  const problem = trust.distrust(certificate, now)
  if (problem !== undefined) throw untrusted(`The certificate of the signature ${problem}`, SIGNATURE)
  const { certificateSubject } = policy
  if (
    certificateSubject !== undefined &&
    !sameDistinguishedName(distinguishedName(certificate.subject), certificateSubject)
  ) {
    throw untrusted('The answer is signed by another subject than verify.certificateSubject', SIGNATURE)
  }
  const { signedInfo, inclusivePrefixes, algorithm, value } = signature
  const { octets } = bounded(signedInfo, inclusivePrefixes, SHORT)
  if (!isSignatureOf(octets, algorithm, certificate.publicKey, value)) {
    throw untrusted('The signature is not that of its certificate over SignedInfo', SIGNATURE)
  }
}

/** @returns the elements that the signature covers */
function checkReferences(
  { references }: SignatureElement,
  answer: SignedAnswer,
  policy: VerificationPolicy,
): Set<ElementNode> {
  const { document } = answer
  const candidates = signable(answer)
  const signed = new Set<ElementNode>()
  let budget = document.text.length * LENGTHENED + SHORT
  for (const reference of references) {
    const target = referenced(reference.uri, candidates, answer)
    if (signed.has(target)) throw untrusted('Two references are to one element', SIGNATURE)
    const form = bounded(target, reference.inclusivePrefixes, budget)
    budget -= form.octets.length
    checkForm(form, reference, target, policy)
    signed.add(target)
  }
  return signed
}

/**
 * What a reference may be to: the body, tokens in wsse:Security, and headers. A header that was moved into wsse:Security
 * would be gone, and a token that was moved out of it would be a header, so each is told by its namespace too.
 */
function signable({ body, blocks, security }: SignedAnswer): readonly ElementNode[] {
  const isToken = ({ namespace }: ElementNode): boolean => TOKENS.has(namespace)
  const tokens = security ? childElements(security).filter(isToken) : []
  return [body, ...blocks.filter((block) => !isToken(block) && block.namespace !== body.namespace), ...tokens]
}

const TOKENS = new Set([WSSE, WSSE_11, WSU])

function bounded(element: ElementNode, prefixes: readonly string[], length: number): CanonicalForm {
  try {
    return canonicalise(element, prefixes, length)
  } catch (error) {
    if (!(error instanceof CanonicalFormTooLong)) throw error
    throw untrusted('The signed parts are much longer in canonical form than in the answer', SIGNATURE)
  }
}

function checkForm(
  { octets, uncovered }: CanonicalForm,
  { digest, value }: SignatureReference,
  target: ElementNode,
  { unsignedPrefixes }: VerificationPolicy,
): void {
  const path = target.localName === 'Body' ? BODY : `${HEADER}/…/${target.localName}`
  if (!digestOf(octets, digest).equals(value)) throw untrusted('What was signed has been changed', path)
  if (uncovered.size > 0 && !unsignedPrefixes) {
    throw untrusted(
      'An xsi:type uses a prefix whose declaration the signature does not cover; the backend should list it in InclusiveNamespaces, or verify.unsignedPrefixes accepts it',
      path,
    )
  }
  for (const each of descendants(target)) {
    if (!isAttachment(each)) continue
    throw untrusted('A signed part refers to an attachment, which the signature does not cover', path)
  }
}

const CID = /^\s*cid:/i

/** XOP 1.0, section 2.1; SOAP Messages with Attachments, section 3; WS-I Attachments Profile 1.0, section 4.4 (swaRef). */
function isAttachment(element: ElementNode): boolean {
  if (element.name === `{${XOP}}Include`) return true
  const [text] = element.children
  return CID.test(attributeOf(element, 'href') ?? (typeof text === 'string' ? text : ''))
}

function checkParts(
  answer: SignedAnswer,
  signed: ReadonlySet<ElementNode>,
  { parts }: VerificationPolicy,
): void {
  const { body, timestamp, blocks } = answer
  if (!signed.has(body)) throw untrusted('The soap:Body is not signed', BODY)
  if (parts.includes('timestamp')) {
    if (!timestamp) throw untrusted('The wsse:Security header has no Timestamp')
    if (!signed.has(timestamp)) throw untrusted('The Timestamp is not signed')
  }
  const asked = blocks.filter(
    (block) => parts.includes('headers') || (parts.includes('addressing') && isAddressing(block)),
  )
  if (parts.includes('addressing') && !blocks.some(isAddressing)) {
    throw untrusted('The answer has no WS-Addressing headers', HEADER)
  }
  const missing = asked.find((block) => !signed.has(block))
  if (missing) throw untrusted('A header that must be signed is not', `${HEADER}/${missing.localName}`)
}

/**
 * Cuts out what is not believed, comments too, which no signature covers, and wsse:Security, which has been dealt with.
 * All else is left byte for byte where the signature found it.
 */
function withoutUnsigned(
  answer: SignedAnswer,
  signed: ReadonlySet<ElementNode>,
  { unsignedHeaders }: VerificationPolicy,
): string {
  const { document, blocks, security } = answer
  const dropped: Span[] = [...document.comments, ...(security ? [security] : [])]
  for (const block of blocks) {
    if (signed.has(block) || unsignedHeaders === 'keep') continue
    if (unsignedHeaders === 'refuse' || mustBeUnderstood(block)) {
      throw untrusted(
        'A header is not signed; verify.unsignedHeaders says what becomes of such headers, and none that must be understood is dropped',
        `${HEADER}/${block.localName}`,
      )
    }
    dropped.push(block)
  }
  return cut(document.text, dropped)
}

function mustBeUnderstood(block: ElementNode): boolean {
  return [SOAP_11, SOAP_12].some((soap) => {
    const value = attributeOf(block, `{${soap}}mustUnderstand`)?.trim()
    return value !== undefined && value !== '0' && value !== 'false'
  })
}

/** @param spans in any order; one may lie within another */
function cut(text: string, spans: readonly Span[]): string {
  let result = ''
  let p = 0
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start > p) result += text.slice(p, start)
    p = Math.max(p, end)
  }
  return result + text.slice(p)
}
