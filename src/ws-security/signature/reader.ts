import { MAX_ATTACHMENTS } from '../../soap/mime.js'
import {
  type DigestAlgorithm,
  digestAlgorithm,
  type MacAlgorithm,
  macAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithm,
} from '../algorithms/signature.js'
import type { AttachmentCoverage } from '../attachments/form.js'
import { bytes } from '../document/base64.js'
import { attributeOf, childElements, type ElementNode } from '../document/document.js'
import { ATTACHMENT_TRANSFORMS, DS, ENVELOPED, EXCLUSIVE, INCLUSIVE, STR_TRANSFORM, WSSE } from '../names.js'
import { notOfSchema, SIGNATURE, untrusted } from '../untrusted.js'

/** A ds:Signature as it is written, all algorithms on the list; nothing is checked against its key yet. */
export interface SignatureElement {
  readonly signedInfo: ElementNode
  readonly canonicalization: Canonicalization
  readonly algorithm: SignatureAlgorithm | MacAlgorithm
  readonly references: readonly SignatureReference[]
  /** To what came beside the envelope. */
  readonly attachments: readonly AttachmentReference[]
  readonly value: Buffer
  readonly keyInfo: ElementNode
}

/** How a part is written before it is digested. */
export interface Canonicalization {
  /** Canonical XML 1.0 or 1.1, which have what a part inherits. */
  readonly isInclusive: boolean
  /** PrefixList of Exclusive XML Canonicalization. */
  readonly prefixes: readonly string[]
}

export interface SignatureReference {
  readonly uri: string | undefined
  readonly canonicalization: Canonicalization
  /** Is what the reference names itself a reference, to a token that is digested (STR-Transform)? */
  readonly isToTokenReference: boolean
  readonly digest: DigestAlgorithm
  readonly value: Buffer
}

/** A reference to an attachment (WSS SOAP Messages with Attachments Profile 1.1, section 5.3). */
export interface AttachmentReference {
  readonly uri: string
  readonly coverage: AttachmentCoverage
  readonly digest: DigestAlgorithm
  readonly value: Buffer
}

const MAX_REFERENCES = 32
const MAX_PREFIXES = 128

/** What is accepted beside what always is. */
export interface Accepted {
  readonly sha1: boolean
  readonly inclusive: boolean
  /** Whether the signature stands in what it covers, and says so. */
  readonly isEnveloped?: boolean
  /** Whose password may have signed, and whether the key of a call may; without either no HMAC is accepted. */
  readonly username?: unknown
  readonly symmetric?: boolean
}

/**
 * Reads ds:Signature by its schema (XML Signature 1.1, section 4): each element where it belongs, once, and no other.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function readSignature(signature: ElementNode, accepted: Accepted): SignatureElement {
  const [signedInfo, value, keyInfo] = sequence(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'])
  const [canonicalization, method, ...references] = childElements(signedInfo)
  if (!isDs(canonicalization, 'CanonicalizationMethod') || !isDs(method, 'SignatureMethod')) {
    throw malformed('SignedInfo')
  }
  if (references.length === 0) throw untrusted('The signature covers nothing', SIGNATURE)
  const toAttachments = accepted.isEnveloped ? [] : references.filter(isToAttachment)
  const toElements = references.filter((reference) => !toAttachments.includes(reference))
  if (toElements.length > MAX_REFERENCES || toAttachments.length > MAX_ATTACHMENTS) {
    throw untrusted(
      `The signature has more than ${MAX_REFERENCES} references, or ${MAX_ATTACHMENTS} to attachments`,
      SIGNATURE,
    )
  }
  if (childElements(method).length > 0) throw malformed('SignatureMethod')
  const uri = algorithmOf(method)
  const algorithm =
    signatureAlgorithm(uri, accepted) ??
    (accepted.username || accepted.symmetric ? macAlgorithm(uri, accepted) : undefined)
  if (algorithm === undefined) throw notAllowed('The signature method', accepted)
  return {
    signedInfo,
    canonicalization: canonicalizationBy(canonicalization, accepted),
    algorithm,
    references: toElements.map((reference) => readReference(reference, accepted)),
    attachments: toAttachments.map((reference) => readAttachmentReference(reference, accepted)),
    value: bytes(value),
    keyInfo,
  }
}

function isToAttachment(reference: ElementNode): boolean {
  return /^cid:/i.test(attributeOf(reference, 'URI') ?? '')
}

function readAttachmentReference(reference: ElementNode, accepted: Accepted): AttachmentReference {
  if (!isDs(reference, 'Reference')) throw malformed('SignedInfo')
  const [transforms, method, value] = sequence(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const [transform, ...more] = childElements(transforms)
  if (!isDs(transform, 'Transform') || childElements(transform).length > 0) throw malformed('Transforms')
  const algorithm = algorithmOf(transform)
  const coverage = coverages.find((each) => ATTACHMENT_TRANSFORMS[each] === algorithm)
  if (!coverage || more.length > 0) {
    throw untrusted(
      'A reference to an attachment has other transforms than one of Attachment-Content-Signature-Transform and Attachment-Complete-Signature-Transform',
      SIGNATURE,
    )
  }
  const digest = digestAlgorithm(algorithmOf(method), accepted)
  if (digest === undefined) throw notAllowed('A digest method', accepted)
  return { uri: attributeOf(reference, 'URI') ?? '', coverage, digest, value: bytes(value) }
}

const coverages = ['content', 'complete'] as const

function readReference(reference: ElementNode, accepted: Accepted): SignatureReference {
  if (!isDs(reference, 'Reference')) throw malformed('SignedInfo')
  const [transforms, method, value] = sequence(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const all = childElements(transforms)
  if (accepted.isEnveloped) {
    const [enveloped] = all.splice(0, 1)
    if (!isDs(enveloped, 'Transform') || algorithmOf(enveloped) !== ENVELOPED) {
      throw untrusted('The signature of an assertion must have the enveloped-signature transform', SIGNATURE)
    }
  }
  const [transform, ...more] = all
  if (!isDs(transform, 'Transform')) throw malformed('Transforms')
  if (more.length > 0) {
    throw untrusted('A reference has other transforms than exclusive canonicalization', SIGNATURE)
  }
  const digest = digestAlgorithm(algorithmOf(method), accepted)
  if (digest === undefined) throw notAllowed('A digest method', accepted)
  const isToTokenReference = algorithmOf(transform) === STR_TRANSFORM
  return {
    uri: attributeOf(reference, 'URI'),
    isToTokenReference,
    canonicalization: canonicalizationBy(
      isToTokenReference ? tokenCanonicalization(transform) : transform,
      accepted,
    ),
    digest,
    value: bytes(value),
  }
}

/** SOAP Message Security 1.1, section 8.3: how the token is written stands in the transform. */
function tokenCanonicalization(transform: ElementNode): ElementNode {
  const [parameters, ...more] = childElements(transform)
  const [method, ...others] = parameters ? childElements(parameters) : []
  if (parameters?.name !== `{${WSSE}}TransformationParameters` || more.length > 0 || others.length > 0) {
    throw malformed('Transform')
  }
  if (!isDs(method, 'CanonicalizationMethod')) throw malformed('TransformationParameters')
  return method
}

/** @throws AdapterError `backend-untrusted` */
function canonicalizationBy(method: ElementNode, { inclusive }: Accepted): Canonicalization {
  const algorithm = algorithmOf(method)
  if (algorithm === EXCLUSIVE) return { isInclusive: false, prefixes: prefixList(method) }
  if (INCLUSIVE.includes(algorithm)) {
    if (!inclusive) {
      throw untrusted(
        'Only exclusive canonicalization without comments is accepted as a transform; verify.inclusive accepts inclusive canonicalization too',
        SIGNATURE,
      )
    }
    if (childElements(method).length > 0) throw malformed(method.localName)
    return { isInclusive: true, prefixes: [] }
  }
  throw untrusted('Only exclusive canonicalization without comments is accepted as a transform', SIGNATURE)
}

/** @returns the PrefixList; `#default` becomes '' */
function prefixList(method: ElementNode): string[] {
  const [inclusive, ...more] = childElements(method)
  if (!inclusive) return []
  if (more.length > 0 || inclusive.name !== `{${EXCLUSIVE}}InclusiveNamespaces`)
    throw malformed(method.localName)
  const list = (attributeOf(inclusive, 'PrefixList') ?? '').split(/[ \t\r\n]+/)
  // Each is looked for at each element.
  if (list.length > MAX_PREFIXES) {
    throw untrusted(`A reference has more than ${MAX_PREFIXES} prefixes in its PrefixList`, SIGNATURE)
  }
  return list.filter((prefix) => prefix !== '').map((prefix) => (prefix === '#default' ? '' : prefix))
}

function sequence<const T extends readonly string[]>(
  parent: ElementNode,
  names: T,
): { [K in keyof T]: ElementNode } {
  const children = childElements(parent)
  if (children.length !== names.length || !children.every((child, i) => isDs(child, names[i] ?? ''))) {
    throw malformed(parent.localName)
  }
  return children as { [K in keyof T]: ElementNode }
}

function isDs(element: ElementNode | undefined, localName: string): element is ElementNode {
  return element?.name === `{${DS}}${localName}`
}

function algorithmOf(method: ElementNode): string {
  return attributeOf(method, 'Algorithm') ?? ''
}

function malformed(localName: string): Error {
  return notOfSchema(localName, SIGNATURE)
}

function notAllowed(what: string, { sha1 }: Accepted): Error {
  const hint = sha1 ? '' : '; SHA-1 only counts where verify.sha1 says so'
  return untrusted(`${what} is not one that is accepted${hint}`, SIGNATURE)
}
