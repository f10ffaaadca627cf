import { hash } from 'node:crypto'
import { SOAP_11, SOAP_12, XOP } from '../../base/namespaces.js'
import { isPlainMediaType } from '../../soap/mime-header.js'
import type { Attachment } from '../../soap/xop.js'
import { trimXml } from '../../xml/white-space.js'
import { digestOf, isMac, isMacOf, isSignatureOf } from '../algorithms/signature.js'
import { type AttachmentCoverage, hasAttachmentDigest, withoutComments } from '../attachments/form.js'
import { NoCanonicalForm } from '../attachments/mime-fields.js'
import { attachmentNamed } from '../attachments/reference.js'
import type { CanonicalForm } from '../document/canonical.js'
import { attributeOf, childElements, descendants, type ElementNode, type Span } from '../document/document.js'
import { isAddressing, referenced, type SignedAnswer } from '../document/signed-answer.js'
import { ENCRYPTED_HEADER, WSSE, WSSE_11, WSU } from '../names.js'
import { attachmentCoverage, type VerificationPolicy } from '../policy.js'
import type { SentMessage } from '../tokens/call-key.js'
import { checkFreshness } from '../tokens/freshness.js'
import type { SecretSigner } from '../tokens/username-signer.js'
import { ATTACHMENT, BODY, HEADER, SECURITY, SIGNATURE, untrusted } from '../untrusted.js'
import { assertionIdentifier, assertionIn, type Signer } from './believed-assertion.js'
import type { BelievedMessage, SignatureName } from './believed-message.js'
import { boundedForm, budgetOf, SHORT } from './bounded-form.js'
import { checkConfirmations } from './confirmation.js'
import { type Believed, type Coverage, coverageOf } from './coverage.js'
import {
  type AttachmentReference,
  readSignature,
  type SignatureElement,
  type SignatureReference,
} from './reader.js'
import { Signers } from './signers.js'

/** What the signatures of a response cover, once they are believed. */
export interface Covered {
  readonly elements: ReadonlySet<ElementNode>
  /** All that came beside the envelope, as it was signed. */
  readonly attachments: readonly Attachment[]
}

/**
 * @param onBelieved told of the message, where it is believed
 * @param sent the request that it is the response to
 */
export type Verify = (
  answer: SignedAnswer,
  onBelieved?: (message: BelievedMessage) => void,
  sent?: SentMessage,
) => Covered

/**
 * Compiles what checks a response before anything in it is believed (SOAP Message Security 1.1, section 8.4).
 *
 * @param isOwn whether a salt of a UsernameToken is one that we have sent
 * @returns what throws AdapterError `backend-untrusted`
 */
export function compileVerify(
  policy: VerificationPolicy,
  clock: () => Date,
  isOwn: (salt: Buffer) => boolean,
): Verify {
  const signers = new Signers(policy, isOwn)
  return (answer, onBelieved, sent) => {
    const now = clock().getTime()
    if (!answer.signature) {
      if (policy.unsignedFaults && isFault(answer.body)) {
        return { elements: new Set(), attachments: signedAttachments(answer, NOTHING_SIGNED, policy) }
      }
      throw untrusted(unsigned(answer), answer.security ? SECURITY : HEADER)
    }
    const believed: Believed[] = []
    let derived = 0
    let refusal: unknown
    for (const element of answer.signatures) {
      const signature = readSignature(element, policy)
      let signer: Signer | SecretSigner
      try {
        signer = signers.believed(signature.keyInfo, answer, now, sent)
        if ('secret' in signer && signer.isOfPassword) derived++
        if (derived <= 1) checkValue(signature, signer, answer)
        checkNotOurs(signature, sent)
      } catch (error) {
        // What somebody else has countersigned says nothing, and takes nothing from what is believed.
        refusal ??= error
        continue
      }
      // Each key costs thousands of hashes, whoever asks for it.
      if (derived > 1) throw untrusted('More than one signature is made with the key of a UsernameToken')
      const covered = checkReferences(signature, answer, policy)
      const attachments = checkAttachments(signature, answer, policy)
      believed.push({ element, signature, signer, covered, attachments })
    }
    if (believed.length === 0) throw refusal
    const coverage = coverageOf(believed, requiredParts(answer, policy), answer)
    const attachments = signedAttachments(answer, { coverage, believed }, policy)
    const { elements } = coverage
    checkConfirmations(answer, elements, policy, sent)
    const isTimed = answer.timestamp !== undefined && elements.has(answer.timestamp)
    const createdAt = answer.timestamp && isTimed ? checkFreshness(answer.timestamp, policy, now) : now
    onBelieved?.(messageOf(coverage, answer, createdAt))
    return { elements, attachments }
  }
}

function messageOf({ believed }: Coverage, answer: SignedAnswer, createdAt: number): BelievedMessage {
  const { timestamp } = answer
  const timed = believed.filter(({ covered }) => timestamp !== undefined && covered.has(timestamp))
  return {
    signatures: timed.map(({ signature, signer }) => nameOf(signature, signer, answer)),
    createdAt,
    paths: believed.flatMap(({ signer }) => signer.paths),
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

/** The signer is judged before its key is used. */
function checkValue(
  { signedInfo, canonicalization, algorithm, value }: SignatureElement,
  signer: Signer | SecretSigner,
  { document }: SignedAnswer,
): void {
  const { bytes } = boundedForm(signedInfo, { canonicalization, document, length: SHORT })
  if ('secret' in signer) {
    if (!isMac(algorithm) || !isMacOf(bytes, algorithm, signer.secret(), value)) {
      throw untrusted(
        signer.isOfPassword
          ? 'The signature is not made with the key of its UsernameToken over SignedInfo'
          : 'The signature is not made with the key of its call over SignedInfo',
        SIGNATURE,
      )
    }
    return
  }
  // A public key is no secret: whoever knows it could make an HMAC with it.
  if (isMac(algorithm) || !isSignatureOf(bytes, algorithm, signer.key, value)) {
    throw untrusted('The signature is not that of its certificate over SignedInfo', SIGNATURE)
  }
}

/** Both sides know a shared secret, so that what we have signed with it could be sent back as if the other side had. */
function checkNotOurs({ value }: SignatureElement, sent: SentMessage | undefined): void {
  if (!sent?.signatures.some((each) => each.equals(value))) return
  throw untrusted('The signature is that of the request: somebody has sent our message back', SIGNATURE)
}

/** The name of a signature: values of ECDSA have several forms, what was signed has one. */
function nameOf(
  { signedInfo, canonicalization }: SignatureElement,
  signer: Signer | SecretSigner,
  { document }: SignedAnswer,
): SignatureName {
  const { bytes } = boundedForm(signedInfo, { canonicalization, document, length: SHORT })
  const id = hash('sha256', bytes, 'base64url')
  if ('secret' in signer) return { key: signer.name, id }
  const spki = signer.key.export({ type: 'spki', format: 'der' })
  return { key: hash('sha256', spki, 'base64url'), id }
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
  let budget = budgetOf(document)
  for (const reference of references) {
    const { canonicalization, isToTokenReference } = reference
    const named = referenced(reference.uri, isToTokenReference ? tokenReferences(answer) : candidates, answer)
    const target = isToTokenReference ? tokenNamedBy(named, answer) : named
    if (signed.has(target)) throw untrusted('Two references are to one element', SIGNATURE)
    const form = boundedForm(target, {
      canonicalization,
      document,
      length: budget,
      isToken: isToTokenReference,
    })
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
  const identifier = assertionIdentifier(reference)
  const assertion = identifier && assertionIn(answer, identifier.id)
  if (assertion) return assertion
  throw untrusted('The STR-Transform is to something else than a token of the response', SIGNATURE)
}

function checkForm(
  { bytes, uncovered }: CanonicalForm,
  { digest, value }: SignatureReference,
  target: ElementNode,
  { unsignedPrefixes, parts }: VerificationPolicy,
): void {
  const path = target.localName === 'Body' ? BODY : `${HEADER}/…/${target.localName}`
  if (!digestOf(bytes, digest).equals(value)) throw untrusted('What was signed has been changed', path)
  if (uncovered.size > 0 && !unsignedPrefixes) {
    throw untrusted(
      'An xsi:type uses a prefix whose declaration the signature does not cover; the backend should list it in InclusiveNamespaces, or verify.unsignedPrefixes accepts it',
      path,
    )
  }
  const areSigned = attachmentCoverage(parts) !== undefined
  for (const each of descendants(target)) {
    if (!isInclude(each) && (areSigned || !isReference(each))) continue
    throw untrusted('A signed part refers to an attachment, which the signature does not cover', path)
  }
}

/** What an Include stands for is signed in its place: one that is left has no part (XOP 1.0, section 2.1). */
function isInclude({ name }: ElementNode): boolean {
  return name === `{${XOP}}Include`
}

const CID = /^\s*cid:/i

/** SOAP Messages with Attachments, section 3; WS-I Attachments Profile 1.0, section 4.4 (swaRef). */
function isReference(element: ElementNode): boolean {
  const [text] = element.children
  return CID.test(attributeOf(element, 'href') ?? (typeof text === 'string' ? text : ''))
}

/** @returns the attachments that a signature covers */
function checkAttachments(
  { attachments: references }: SignatureElement,
  { attachments }: SignedAnswer,
  policy: VerificationPolicy,
): ReadonlyMap<Attachment, AttachmentCoverage> {
  const covered = new Map<Attachment, AttachmentCoverage>()
  for (const reference of references) {
    const part = attachmentNamed(reference.uri, attachments)
    if (!part) {
      throw untrusted('A reference is to an attachment that the response does not have', SIGNATURE)
    }
    if (covered.has(part)) throw untrusted('Two references are to one attachment', SIGNATURE)
    checkDigest(part, reference, policy)
    covered.set(part, reference.coverage)
  }
  return covered
}

function checkDigest(
  part: Attachment,
  reference: AttachmentReference,
  { unsignedPrefixes }: VerificationPolicy,
): void {
  const isSigned = inForm(() =>
    hasAttachmentDigest(part, reference.coverage, { ...reference, unsignedPrefixes }),
  )
  if (!isSigned) throw untrusted('An attachment that was signed has been changed', ATTACHMENT)
}

function inForm<T>(made: () => T): T {
  try {
    return made()
  } catch (error) {
    if (!(error instanceof NoCanonicalForm)) throw error
    throw untrusted(`A signed attachment has no canonical form: ${error.message}`, ATTACHMENT)
  }
}

/** What is signed together with the soap:Body, and all that is signed. */
interface SignedTogether {
  readonly coverage: Pick<Coverage, 'attachments'>
  readonly believed: readonly Believed[]
}

const NOTHING_SIGNED: SignedTogether = { coverage: { attachments: new Map() }, believed: [] }

/**
 * All attachments of a response, which must be signed, and together with its soap:Body; none is believed without.
 *
 * @throws AdapterError `backend-untrusted`
 */
function signedAttachments(
  { attachments }: SignedAnswer,
  { coverage: together, believed }: SignedTogether,
  { parts }: VerificationPolicy,
): readonly Attachment[] {
  const asked = attachmentCoverage(parts)
  if (!asked && attachments.length > 0) {
    throw untrusted(
      'The response has attachments, and verify.parts does not say that they are signed',
      ATTACHMENT,
    )
  }
  return attachments.map((part) => {
    const coverage = together.attachments.get(part)
    if (!coverage) {
      throw untrusted(
        believed.some((each) => each.attachments.has(part))
          ? 'An attachment and the soap:Body are signed apart, so that they could be of two messages: one signature must cover both, or cover the signature over the other'
          : 'An attachment is not signed',
        ATTACHMENT,
      )
    }
    if (asked === 'complete' && coverage !== 'complete') {
      throw untrusted(
        'The header fields of an attachment are not signed, and verify.parts has complete-attachments',
        ATTACHMENT,
      )
    }
    // Comments are not signed, and what stands in one is a parameter to whoever does not know them.
    if (asked === 'complete' && part.mediaType !== undefined && !isPlainMediaType(part.mediaType)) {
      throw untrusted(
        'The Content-Type of an attachment has comments, white space within a value, or a charset in sections, which MIME reads otherwise than HTTP, so that what a client would be told is not what was signed',
        ATTACHMENT,
      )
    }
    return inForm(() => withoutComments(part))
  })
}

/** What must be signed beside the body. @throws AdapterError `backend-untrusted` where it is not there */
function requiredParts(
  { timestamp, blocks }: SignedAnswer,
  { parts }: VerificationPolicy,
): readonly ElementNode[] {
  const isTimed = parts.includes('timestamp')
  if (isTimed && !timestamp) throw untrusted('The wsse:Security header has no Timestamp')
  if (parts.includes('addressing') && !blocks.some(isAddressing)) {
    throw untrusted('The response has no WS-Addressing headers', HEADER)
  }
  const asked = blocks.filter(
    (block) => parts.includes('headers') || (parts.includes('addressing') && isAddressing(block)),
  )
  return [...(timestamp && isTimed ? [timestamp] : []), ...asked]
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
        'A header is not signed together with the soap:Body; verify.unsignedHeaders says what becomes of such headers, and none that must be understood is dropped',
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
