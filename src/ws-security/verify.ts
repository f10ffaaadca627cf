import { hash } from 'node:crypto'
import { SOAP_11, SOAP_12, XOP } from '../base/namespaces.js'
import { trimXml } from '../xml/white-space.js'
import { digestOf, isMac, isMacOf, isSignatureOf } from './algorithms.js'
import { assertionIdentifier, assertionIn, type Signer } from './believed-assertion.js'
import type { BelievedMessage, SignatureName } from './believed-message.js'
import { boundedForm, budgetOf, SHORT } from './bounded-form.js'
import type { CanonicalForm } from './canonical.js'
import { type Believed, type Coverage, coverageOf } from './coverage.js'
import { ENCRYPTED_HEADER } from './decryption.js'
import { attributeOf, childElements, descendants, type ElementNode, type Span } from './document.js'
import { checkFreshness } from './freshness.js'
import { WSSE, WSSE_11, WSU } from './names.js'
import type { VerificationPolicy } from './policy.js'
import { readSignature, type SignatureElement, type SignatureReference } from './signature-reader.js'
import { isAddressing, referenced, type SignedAnswer } from './signed-answer.js'
import { Signers } from './signers.js'
import { BODY, HEADER, SECURITY, SIGNATURE, untrusted } from './untrusted.js'
import type { SecretSigner } from './username-signer.js'

/**
 * What the signatures of a response cover, once they are believed.
 *
 * @param onBelieved told of the message, where it is
 */
export type Verify = (
  answer: SignedAnswer,
  onBelieved?: (message: BelievedMessage) => void,
) => ReadonlySet<ElementNode>

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
  return (answer, onBelieved) => {
    const now = clock().getTime()
    if (!answer.signature) {
      if (policy.unsignedFaults && isFault(answer.body)) return new Set()
      throw untrusted(unsigned(answer), answer.security ? SECURITY : HEADER)
    }
    const believed: Believed[] = []
    let derived = 0
    let refusal: unknown
    for (const element of answer.signatures) {
      const signature = readSignature(element, policy)
      let signer: Signer | SecretSigner
      try {
        signer = signers.believed(signature.keyInfo, answer, now)
        if ('secret' in signer) derived++
        if (derived <= 1) checkValue(signature, signer, answer)
      } catch (error) {
        // What somebody else has countersigned says nothing, and takes nothing from what is believed.
        refusal ??= error
        continue
      }
      // Each key costs thousands of hashes, whoever asks for it.
      if (derived > 1) throw untrusted('More than one signature is made with the key of a UsernameToken')
      const covered = checkReferences(signature, answer, policy)
      believed.push({ element, signature, signer, covered })
    }
    if (believed.length === 0) throw refusal
    const coverage = coverageOf(believed, requiredParts(answer, policy), answer)
    const signed = coverage.elements
    const isTimed = answer.timestamp !== undefined && signed.has(answer.timestamp)
    const createdAt = answer.timestamp && isTimed ? checkFreshness(answer.timestamp, policy, now) : now
    onBelieved?.(messageOf(coverage, answer, createdAt))
    return signed
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
        'The signature is not made with the key of its UsernameToken over SignedInfo',
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
