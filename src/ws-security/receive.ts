import { AdapterError } from '../base/errors.js'
import type { Attachment } from '../soap/xop.js'
import { isBlank } from '../xml/white-space.js'
import { childElements, type ElementNode, type PrefixScope, type Span } from './document/document.js'
import { type Edit, edited } from './document/edit.js'
import { LongValues } from './document/long-values.js'
import { checkNotEncrypted, readSignedAnswer, type SignedAnswer } from './document/signed-answer.js'
import { asksForDecryption, Decryption } from './encryption/decryption.js'
import { takesOtherDeclarations } from './encryption/plain-text.js'
import { ENCRYPTED_DATA, ENCRYPTED_HEADER } from './names.js'
import { attachmentCoverage, type VerificationPolicy, type WsSecurityPolicy } from './policy.js'
import type { SecuredMessage } from './secured-message.js'
import type { BelievedMessage } from './signature/believed-message.js'
import { compileVerify, type Covered, isFault, unbelieved } from './signature/verify.js'
import type { SentMessage } from './tokens/call-key.js'
import { ATTACHMENT, BODY, HEADER, SECURITY, SIGNATURE, untrusted } from './untrusted.js'

type Verify = (answer: SignedAnswer) => Covered

type Protection = Pick<WsSecurityPolicy, 'decryption' | 'verify'>

/** Takes a response and gives what to decode. */
export type Receive = (
  answer: SecuredMessage,
  onBelieved?: (message: BelievedMessage) => void,
  sent?: SentMessage,
) => SecuredMessage

/**
 * Compiles what a response goes through before it is decoded: wsse:Security is worked through from front to back (SOAP
 * Message Security 1.1, section 5), so that what was signed first and encrypted then is decrypted first and verified
 * then, and the other way round.
 *
 * @param isOwn whether a salt of a UsernameToken is one that we have sent
 * @returns what takes a response and gives what to decode; it throws AdapterError `backend-untrusted`
 */
export function compileReceive(
  policy: Protection,
  clock: () => Date,
  isOwn: (salt: Buffer) => boolean = () => false,
): Receive {
  const verify = policy.verify && compileVerify(policy.verify, clock, isOwn)
  if (!verify && !policy.decryption) return (answer) => answer
  return (answer, onBelieved, sent) =>
    answer.envelope === ''
      ? answer
      : received(answer, policy, { verify: verify && ((each) => verify(each, onBelieved, sent)), sent })
}

function received(
  message: SecuredMessage,
  { verify: asked, decryption: how }: Protection,
  { verify, sent }: { readonly verify: Verify | undefined; readonly sent: SentMessage | undefined },
): SecuredMessage {
  const { envelope: text, attachments } = message
  if (!how) {
    const answer = readSignedAnswer(text, attachments)
    checkNotEncrypted(answer)
    const signed = verify?.(answer)
    if (!asked || !signed) return message
    return {
      envelope: without(answer, unbelieved(answer, signed.elements, asked), []),
      attachments: signed.attachments,
    }
  }
  // A signature may cover cipher text, so that it must stay where it is verified.
  const { text: short, long } = verify ? { text, long: LongValues.none } : LongValues.takenFrom(text)
  const decryption = new Decryption(how, { isVerified: verify !== undefined, long, sent })
  const answer = readSignedAnswer(short, attachments)
  try {
    const verification = asked && verify ? { policy: asked, verify } : undefined
    const found = decrypted(answer, decryption, verification)
    return { ...found, envelope: long.restored(found.envelope) }
  } catch (error) {
    // What becomes of a plain text must not say whether its padding was right (Jager and Somorovsky, 2011).
    if (!decryption.isCbcUsed || !(error instanceof AdapterError)) throw error
    throw new AdapterError('backend-untrusted', 'The response could not be decrypted and verified.', {
      cause: error,
      path: SECURITY,
    })
  }
}

interface Verification {
  readonly policy: VerificationPolicy
  readonly verify: Verify
}

function decrypted(
  answer: SignedAnswer,
  decryption: Decryption,
  verification: Verification | undefined,
): SecuredMessage {
  const lists = (each: SignedAnswer): ElementNode[] => (each.security ? childElements(each.security) : [])
  let current = answer
  let position = 0
  // Of what is not verified nothing has to be read again, but for lists of what was encrypted within.
  let last = verification ? -1 : lists(answer).findLastIndex(asksForDecryption)
  for (let child = lists(current)[0]; child; child = lists(current)[++position]) {
    if (position === last || (verification && child === current.signature)) break
    if (!asksForDecryption(child)) continue
    const { edits, attachments } = decryption.decrypted(child, current)
    // What stood for attachments will be gone, so that all that comes after it is nearer to the front.
    const from = current.security?.start ?? 0
    const gone = edits.filter(
      ({ text, start, end }) => text === '' && start > from && end <= child.start,
    ).length
    if (edits.length > 0) current = readSignedAnswer(edited(current.document.text, edits), attachments)
    position -= gone
    last -= gone
  }
  const signed = verification?.verify(current)
  const rest = lists(current).slice(position).filter(asksForDecryption)
  const edits: Edit[] = []
  let attachments = signed?.attachments ?? current.attachments
  for (const child of rest) {
    const found = decryption.decrypted(child, { ...current, attachments })
    edits.push(...found.edits)
    ;({ attachments } = found)
  }
  checkEncrypted(current, decryption, edits)
  checkAttachments({ ...current, attachments }, decryption, verification)
  if (signed) checkSignedCipherTexts(attachments, { signed, decryption, verification })
  if (!verification || !signed) {
    return { envelope: without(current, current.security ? [current.security] : [], edits), attachments }
  }
  if (!verification.policy.unsignedPrefixes) checkContexts(current, edits, signed.elements)
  return {
    envelope: without(current, unbelieved(current, signed.elements, verification.policy), edits),
    attachments,
  }
}

/**
 * Of an attachment that was encrypted before it was signed the signature covers the cipher text and its header, and not the
 * EncryptedData that says what it is the cipher text of: whoever is on the way could have a header taken for content, or the media
 * type for another. So how much was encrypted must be what the policy says.
 */
function checkSignedCipherTexts(
  attachments: readonly Attachment[],
  {
    signed,
    decryption,
    verification,
  }: {
    readonly signed: Covered
    readonly decryption: Decryption
    readonly verification: Verification | undefined
  },
): void {
  const open = attachments.filter((part) => !signed.attachments.includes(part))
  if (!verification || open.length === 0) return
  const asked = attachmentCoverage(decryption.policy.parts)
  if (open.some((part) => decryption.coverageOf(part) !== asked)) {
    throw untrusted(
      'An attachment was encrypted before it was signed, so that nothing signed says whether its header fields are in the cipher text: decryption.parts must say it, and say what is so, by attachments or complete-attachments',
      ATTACHMENT,
    )
  }
  if (open.some((part) => decryption.isMalleable(part))) {
    throw untrusted(
      'An attachment was encrypted with CBC before it was signed: no signature covers its key, so that another key could make something else of it; encrypted with GCM, or signed first, it would be taken',
      ATTACHMENT,
    )
  }
  if (asked !== 'content' || attachmentCoverage(verification.policy.parts) !== 'complete') return
  throw untrusted(
    'The media type of an attachment, whose content alone was encrypted before it was signed, is not signed, and verify.parts has complete-attachments; encrypted with its header fields, or signed first, it would be',
    ATTACHMENT,
  )
}

/** Are all attachments encrypted that must be? Without a signature none is taken that is not. */
function checkAttachments(
  { attachments, body }: SignedAnswer,
  decryption: Decryption,
  verification: Verification | undefined,
): void {
  const { parts, plainFaults } = decryption.policy
  const asked = attachmentCoverage(parts)
  if (attachments.length === 0) return
  if (!asked) {
    if (verification) return
    throw untrusted(
      'The response has attachments, and decryption.parts does not say that they are encrypted',
      ATTACHMENT,
    )
  }
  if (plainFaults && isFault(body)) return
  for (const part of attachments) {
    const coverage = decryption.coverageOf(part)
    if (!coverage) throw untrusted('An attachment is not encrypted', ATTACHMENT)
    if (asked === 'complete' && coverage !== 'complete') {
      throw untrusted(
        'The header fields of an attachment are not encrypted, and decryption.parts has complete-attachments',
        ATTACHMENT,
      )
    }
  }
}

function without({ document }: SignedAnswer, dropped: readonly Span[], edits: readonly Edit[]): string {
  return edited(document.text, [...dropped.map(({ start, end }) => ({ start, end, text: '' })), ...edits])
}

/** Is all that must be encrypted? What is left encrypted is refused too. */
function checkEncrypted(answer: SignedAnswer, decryption: Decryption, edits: readonly Edit[]): void {
  const { parts, plainFaults } = decryption.policy
  const { body, blocks, signature, security } = answer
  const isEdited = ({ start }: ElementNode): boolean => edits.some((edit) => edit.start === start)
  const wasEncrypted = (each: ElementNode): boolean => isEdited(each) || decryption.wasEncrypted(each, answer)
  const left = [...(security ? childElements(security) : []), ...blocks].some(
    (each) => (each.name === ENCRYPTED_DATA || each.name === ENCRYPTED_HEADER) && !isEdited(each),
  )
  if (left) throw untrusted('The response has encrypted elements that no ReferenceList names')
  const isEmpty = body.children.every((child) => typeof child === 'string' && isBlank(child))
  if (parts.includes('body') && !decryption.isBodyEncrypted && !isEmpty && !(plainFaults && isFault(body))) {
    throw untrusted(
      isFault(body)
        ? 'The response is a fault that is not encrypted; decryption.plainFaults lets such faults through'
        : 'The content of the soap:Body is not encrypted',
      BODY,
    )
  }
  const plain = parts.includes('headers') ? blocks.find((block) => !wasEncrypted(block)) : undefined
  if (plain) throw untrusted('A header that must be encrypted is not', `${HEADER}/${plain.localName}`)
  if (parts.includes('signature') && signature && !wasEncrypted(signature)) {
    throw untrusted('The signature is not encrypted', SIGNATURE)
  }
}

/**
 * A signature over cipher text covers of the declarations around it only those that its canonical form shows, so that
 * whoever is on the way could change the others.
 */
function checkContexts(
  { document }: SignedAnswer,
  edits: readonly Edit[],
  signed: ReadonlySet<ElementNode>,
): void {
  for (const { start, text } of edits) {
    const { scope, covered } = contextOf(document.root, start, signed)
    if (!takesOtherDeclarations(text, scope, covered)) continue
    throw untrusted(
      'What was encrypted before it was signed uses a prefix whose declaration the signature does not cover; verify.unsignedPrefixes accepts it',
      BODY,
    )
  }
}

interface Context {
  readonly scope: PrefixScope
  /** By prefix: what ancestors that are signed use visibly (Exclusive XML Canonicalization 1.0, section 3). */
  readonly covered: ReadonlyMap<string, string>
}

/** What stands around the element at an offset. */
function contextOf(root: ElementNode, offset: number, signed: ReadonlySet<ElementNode>): Context {
  const covered = new Map<string, string>()
  let isSigned = false
  let element: ElementNode | undefined = root
  let { scope } = root
  while (element && element.start !== offset) {
    ;({ scope } = element)
    isSigned ||= signed.has(element)
    if (isSigned) {
      covered.set(element.prefix, element.namespace)
      for (const { prefix, namespace } of element.attributes)
        if (prefix !== '') covered.set(prefix, namespace)
    }
    element = childElements(element).find(({ start, end }) => start <= offset && offset < end)
  }
  return { scope, covered }
}
