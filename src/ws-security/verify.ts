import type { X509Certificate } from 'node:crypto'
import { SOAP_11, SOAP_12, XOP } from '../base/namespaces.js'
import { trimXml } from '../xml/white-space.js'
import { digestOf, isSignatureOf } from './algorithms.js'
import {
  type CanonicalForm,
  CanonicalFormTooLong,
  canonicalise,
  canonicaliseInclusively,
  canonicalToken,
  UnsupportedInheritance,
} from './canonical.js'
import { distinguishedName, sameDistinguishedName } from './certificate.js'
import { ENCRYPTED_HEADER } from './decryption.js'
import {
  attributeOf,
  childElements,
  descendants,
  type ElementNode,
  type SignedDocument,
  type Span,
  textOf,
} from './document.js'
import { checkFreshness } from './freshness.js'
import { SAML, WSSE, WSSE_11, WSU } from './names.js'
import type { VerificationPolicy } from './policy.js'
import {
  type Canonicalization,
  readSignature,
  type SignatureElement,
  type SignatureReference,
} from './signature-reader.js'
import { isAddressing, referenced, type SignedAnswer } from './signed-answer.js'
import { signerOf } from './signer.js'
import { TrustStore } from './trust.js'
import { BODY, HEADER, SECURITY, SIGNATURE, untrusted } from './untrusted.js'

/** How long canonical forms may be in all, in lengths of the response and in UTF-16 code units. */
const LENGTHENED = 4
const SHORT = 65_536

/** What the signature of a response covers, once it is believed. */
export type Verify = (answer: SignedAnswer) => ReadonlySet<ElementNode>

/**
 * Compiles what checks a response before anything in it is believed (SOAP Message Security 1.1, section 8.4).
 *
 * @returns what throws AdapterError `backend-untrusted`
 */
export function compileVerify(policy: VerificationPolicy, clock: () => Date): Verify {
  const trust = new TrustStore(policy.trust, policy.certificates)
  const known = [...policy.certificates, ...policy.trust]
  return (answer) => {
    const now = clock().getTime()
    if (!answer.signature) {
      if (policy.unsignedFaults && isFault(answer.body)) return new Set()
      throw untrusted(unsigned(answer), answer.security ? SECURITY : HEADER)
    }
    const signed = new Set<ElementNode>()
    let refusal: unknown
    for (const element of answer.signatures) {
      const signature = readSignature(element, policy)
      const source = { known, parse: (der: Buffer) => trust.certificate(der) }
      try {
        checkSigner(signerOf(signature.keyInfo, answer, source), {
          ...{ signature, trust, policy, now },
          document: answer.document,
        })
      } catch (error) {
        // What somebody else has countersigned says nothing, and takes nothing from what is believed.
        refusal ??= error
        continue
      }
      for (const each of checkReferences(signature, answer, policy)) signed.add(each)
    }
    if (signed.size === 0) throw refusal
    checkParts(answer, signed, policy)
    if (answer.timestamp && signed.has(answer.timestamp)) checkFreshness(answer.timestamp, policy, now)
    return signed
  }
}

function unsigned({ security, body }: SignedAnswer): string {
  if (isFault(body)) {
    return 'The response is a fault that is not signed; verify.unsignedFaults lets such faults through'
  }
  return security
    ? 'The wsse:Security header of the response has no signature'
    : 'The response has no wsse:Security header'
}

export function isFault(body: ElementNode): boolean {
  const [only, ...more] = childElements(body)
  if (!only || more.length > 0 || only.localName !== 'Fault') return false
  return only.namespace === SOAP_11 || only.namespace === SOAP_12
}

interface Signing {
  readonly signature: SignatureElement
  readonly document: SignedDocument
  readonly trust: TrustStore
  readonly policy: VerificationPolicy
  readonly now: number
}

/** The certificate is judged before its key is used. */
function checkSigner(
  certificate: X509Certificate,
  { signature, document, trust, policy, now }: Signing,
): void {
  const problem = trust.distrust(certificate, now)
  if (problem !== undefined) throw untrusted(`The certificate of the signature ${problem}`, SIGNATURE)
  const { certificateSubject } = policy
  if (
    certificateSubject !== undefined &&
    !sameDistinguishedName(distinguishedName(certificate.subject), certificateSubject)
  ) {
    throw untrusted('The response is signed by another subject than verify.certificateSubject', SIGNATURE)
  }
  const { signedInfo, canonicalization, algorithm, value } = signature
  const { bytes } = bounded(signedInfo, { canonicalization, document, length: SHORT })
  if (!isSignatureOf(bytes, algorithm, certificate.publicKey, value)) {
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
    const { canonicalization, isToTokenReference } = reference
    const named = referenced(reference.uri, isToTokenReference ? tokenReferences(answer) : candidates, answer)
    const target = isToTokenReference ? tokenNamedBy(named, answer) : named
    if (signed.has(target)) throw untrusted('Two references are to one element', SIGNATURE)
    const form = bounded(target, { canonicalization, document, length: budget, isToken: isToTokenReference })
    budget -= form.bytes.length
    checkForm(form, reference, target, policy)
    signed.add(target)
  }
  return signed
}

/**
 * What a reference may be to: the body, tokens in wsse:Security, and headers. A header that was moved into wsse:Security
 * would be gone, and a token that was moved out of it would be a header, so each is told by its namespace too.
 */
function signable({ body, blocks, security, signatures }: SignedAnswer): readonly ElementNode[] {
  const isToken = ({ namespace }: ElementNode): boolean => TOKENS.has(namespace)
  const tokens = security ? childElements(security).filter(isToken) : []
  const isHeader = (block: ElementNode): boolean =>
    (!isToken(block) || block.name === ENCRYPTED_HEADER) && block.namespace !== body.namespace
  return [body, ...blocks.filter(isHeader), ...tokens, ...signatures]
}

const TOKENS = new Set([WSSE, WSSE_11, WSU])

interface Bounds {
  readonly canonicalization: Canonicalization
  readonly document: SignedDocument
  readonly length: number
  readonly isToken?: boolean
}

function bounded(
  element: ElementNode,
  { canonicalization, document, length, isToken }: Bounds,
): CanonicalForm {
  const { isInclusive, prefixes } = canonicalization
  try {
    if (isInclusive) return canonicaliseInclusively(element, ancestorsOf(document.root, element), length)
    return (isToken ? canonicalToken : canonicalise)(element, prefixes, length)
  } catch (error) {
    if (error instanceof UnsupportedInheritance) {
      throw untrusted(
        'A signed part inherits xml:base or xml:id, which inclusive canonicalization treats in several ways',
        SIGNATURE,
      )
    }
    if (!(error instanceof CanonicalFormTooLong)) throw error
    throw untrusted('The signed parts are much longer in canonical form than in the response', SIGNATURE)
  }
}

/** Outermost first. */
function ancestorsOf(root: ElementNode, { start }: ElementNode): readonly ElementNode[] {
  const ancestors: ElementNode[] = []
  let element: ElementNode | undefined = root
  while (element && element.start < start) {
    ancestors.push(element)
    element = childElements(element).find((child) => child.start <= start && start < child.end)
  }
  return ancestors
}

/** The wsse:SecurityTokenReferences of wsse:Security, and those in KeyInfo of its signatures. */
function tokenReferences({ security, signatures }: SignedAnswer): readonly ElementNode[] {
  return [...(security ? [security] : []), ...signatures.flatMap((each) => childElements(each))]
    .flatMap((each) => childElements(each))
    .filter(({ name }) => name === `{${WSSE}}SecurityTokenReference`)
}

/**
 * The token in wsse:Security that a reference names: by its wsu:Id, or an assertion by its ID (SAML Token Profile 1.1,
 * section 3.4).
 *
 * @throws AdapterError `backend-untrusted`
 */
function tokenNamedBy(reference: ElementNode, answer: SignedAnswer): ElementNode {
  const tokens = answer.security ? childElements(answer.security) : []
  const [only, ...more] = childElements(reference)
  if (only?.name === `{${WSSE}}Reference` && more.length === 0) {
    return referenced(attributeOf(only, 'URI'), tokens, answer)
  }
  const id = only?.name === `{${WSSE}}KeyIdentifier` && more.length === 0 ? textOf(only) : undefined
  const assertion = tokens.find(
    (token) =>
      token.localName === 'Assertion' &&
      SAML.includes(token.namespace) &&
      id === (attributeOf(token, 'ID') ?? attributeOf(token, 'AssertionID')),
  )
  if (assertion && id !== undefined && answer.bearers.get(id) === 1) return assertion
  throw untrusted('The STR-Transform is to something else than a token of the response', SIGNATURE)
}

function checkForm(
  { bytes, uncovered }: CanonicalForm,
  { digest, value }: SignatureReference,
  target: ElementNode,
  { unsignedPrefixes }: VerificationPolicy,
): void {
  const path = target.localName === 'Body' ? BODY : `${HEADER}/…/${target.localName}`
  if (!digestOf(bytes, digest).equals(value)) throw untrusted('What was signed has been changed', path)
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
    throw untrusted('The response has no WS-Addressing headers', HEADER)
  }
  const missing = asked.find((block) => !signed.has(block))
  if (missing) throw untrusted('A header that must be signed is not', `${HEADER}/${missing.localName}`)
}

/**
 * What is not believed of a response: comments too, which no signature covers, and wsse:Security, which has been dealt
 * with. All else is left byte for byte where the signature found it.
 *
 * @throws AdapterError `backend-untrusted` for a header that may not be dropped
 */
export function unbelieved(
  { document, blocks, security }: SignedAnswer,
  signed: ReadonlySet<ElementNode>,
  { unsignedHeaders }: VerificationPolicy,
): readonly Span[] {
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
  return dropped
}

function mustBeUnderstood(block: ElementNode): boolean {
  return [SOAP_11, SOAP_12].some((soap) => {
    const value = trimXml(attributeOf(block, `{${soap}}mustUnderstand`))
    return value !== undefined && value !== '0' && value !== 'false'
  })
}
