import { type Attachment, cidOf } from '../../soap/xop.js'
import {
  digestMethods,
  digestOf,
  macMethods,
  macOf,
  signatureMethods,
  signatureOf,
} from '../algorithms/signature.js'
import { type AttachmentCoverage, attachmentDigest } from '../attachments/form.js'
import { canonicalise, canonicalToken } from '../document/canonical.js'
import type { ElementNode } from '../document/document.js'
import { element, textElement } from '../document/markup.js'
import { ATTACHMENT_TRANSFORMS, DS, EXCLUSIVE, STR_TRANSFORM, WSSE } from '../names.js'
import type { EndorsementPolicy, SignaturePolicy } from '../policy.js'

type Signing = SignaturePolicy | EndorsementPolicy

/** An element to be signed, and the wsu:Id that it has. */
export interface SigningTarget {
  readonly element: ElementNode
  readonly id: string
  /** Where the element is a token that a reference names: `id` is that of the reference. */
  readonly isToken?: boolean
}

/** Attachments to be signed; each has a Content-ID. */
export interface SignedAttachments {
  readonly attachments: readonly Attachment[]
  readonly coverage: AttachmentCoverage
}

/** A ds:Signature, and the octets of its SignatureValue. */
export interface WrittenSignature {
  readonly markup: string
  readonly value: Buffer
}

/**
 * Writes ds:Signature over elements of a document and attachments beside it (XML Signature 1.1, section 3.1; SOAP Message Security 1.1, section 8).
 *
 * @param reference the wsse:SecurityTokenReference to what the key belongs to
 * @param secret for a policy that signs with one
 * @param id by which another signature refers to this one
 * @throws NoCanonicalForm for an attachment that is not what its media type says
 */
export function signatureOver(
  targets: readonly SigningTarget[],
  {
    reference,
    policy,
    secret,
    beside,
    id: ownId,
  }: {
    readonly reference: string
    readonly policy: Signing
    readonly secret?: Buffer | undefined
    readonly beside?: SignedAttachments | undefined
    readonly id?: string | undefined
  },
): WrittenSignature {
  const { digest } = policy
  const referenceTo = (uri: string, transforms: string, value: Buffer): string =>
    element(
      'ds:Reference',
      { URI: uri },
      element('ds:Transforms', {}, transforms) +
        element('ds:DigestMethod', { Algorithm: digestMethods[digest] }, '') +
        textElement('ds:DigestValue', {}, value.toString('base64')),
    )
  const references = targets.map(({ element: target, id, isToken = false }) => {
    const { bytes, inclusivePrefixes } = isToken
      ? { bytes: canonicalToken(target).bytes, inclusivePrefixes: [] }
      : covering(target)
    const transforms = isToken ? TOKEN_TRANSFORM : transform(inclusivePrefixes)
    return referenceTo(`#${id}`, transforms, digestOf(bytes, digest))
  })
  if (beside) {
    const { attachments, coverage } = beside
    const transforms = element('ds:Transform', { Algorithm: ATTACHMENT_TRANSFORMS[coverage] }, '')
    for (const attachment of attachments) {
      const value = attachmentDigest(attachment, coverage, digest)
      references.push(referenceTo(cidOf(attachment.contentId ?? ''), transforms, value))
    }
  }
  // Written in canonical form right away: each attribute alone, no empty-element tags, its namespace declared on it.
  const signedInfo = element(
    'ds:SignedInfo',
    { 'xmlns:ds': DS },
    element('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }, '') +
      element('ds:SignatureMethod', { Algorithm: methodOf(policy) }, '') +
      references.join(''),
  )
  const value = valueOver(signedInfo, policy, secret)
  const content =
    signedInfo +
    textElement('ds:SignatureValue', {}, value.toString('base64')) +
    element('ds:KeyInfo', {}, reference)
  return { markup: element('ds:Signature', { 'xmlns:ds': DS, Id: ownId }, content), value }
}

function methodOf(policy: Signing): string {
  return 'key' in policy ? signatureMethods[policy.algorithm].uri : macMethods[policy.algorithm].uri
}

function valueOver(signedInfo: string, policy: Signing, secret: Buffer | undefined): Buffer {
  if ('key' in policy) return signatureOf(signedInfo, policy.algorithm, policy.key.privateKey)
  if (!secret) throw new Error('There is no secret to sign with')
  return macOf(signedInfo, policy.algorithm, secret)
}

/** The element that a wsse:SecurityTokenReference names, in place of the reference. */
const TOKEN_TRANSFORM = element(
  'ds:Transform',
  { Algorithm: STR_TRANSFORM },
  element(
    'wsse:TransformationParameters',
    { 'xmlns:wsse': WSSE },
    element('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }, ''),
  ),
)

/** A canonical form that has the declarations which `xsi:type` values inside it refer to: else anybody could change them. */
function covering(target: ElementNode): { bytes: string; inclusivePrefixes: readonly string[] } {
  const { bytes, uncovered } = canonicalise(target)
  if (uncovered.size === 0) return { bytes, inclusivePrefixes: [] }
  const inclusivePrefixes = [...uncovered]
  return { bytes: canonicalise(target, inclusivePrefixes).bytes, inclusivePrefixes }
}

function transform(inclusivePrefixes: readonly string[]): string {
  if (inclusivePrefixes.length === 0) return element('ds:Transform', { Algorithm: EXCLUSIVE }, '')
  const list = inclusivePrefixes.map((prefix) => (prefix === '' ? '#default' : prefix)).join(' ')
  const inclusive = element('ec:InclusiveNamespaces', { 'xmlns:ec': EXCLUSIVE, PrefixList: list }, '')
  return element('ds:Transform', { Algorithm: EXCLUSIVE }, inclusive)
}
