import {
  type DigestAlgorithm,
  digestAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithm,
} from './algorithms.js'
import { attributeOf, childElements, type ElementNode, textOf } from './document.js'
import { DS, EXCLUSIVE } from './names.js'
import { SIGNATURE, untrusted } from './untrusted.js'

/** A ds:Signature as it is written, all algorithms on the list; nothing is checked against its key yet. */
export interface SignatureElement {
  readonly signedInfo: ElementNode
  /** PrefixList of its canonicalisation. */
  readonly inclusivePrefixes: readonly string[]
  readonly algorithm: SignatureAlgorithm
  readonly references: readonly SignatureReference[]
  readonly value: Buffer
  readonly keyInfo: ElementNode
}

export interface SignatureReference {
  readonly uri: string | undefined
  readonly inclusivePrefixes: readonly string[]
  readonly digest: DigestAlgorithm
  readonly value: Buffer
}

const MAX_REFERENCES = 32
const STR_TRANSFORM = '#STR-Transform'

/**
 * Reads ds:Signature by its schema (XML Signature 1.1, section 4): each element where it belongs, once, and no other.
 *
 * @param sha1 whether SHA-1 is accepted
 * @throws AdapterError `backend-untrusted`
 */
export function readSignature(signature: ElementNode, sha1: boolean): SignatureElement {
  const [signedInfo, value, keyInfo] = sequence(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'])
  const [canonicalization, method, ...references] = childElements(signedInfo)
  if (!isDs(canonicalization, 'CanonicalizationMethod') || !isDs(method, 'SignatureMethod')) {
    throw malformed('SignedInfo')
  }
  if (references.length === 0) throw untrusted('The signature covers nothing', SIGNATURE)
  if (references.length > MAX_REFERENCES) {
    throw untrusted(`The signature has more than ${MAX_REFERENCES} references`, SIGNATURE)
  }
  if (childElements(method).length > 0) throw malformed('SignatureMethod')
  const algorithm = signatureAlgorithm(algorithmOf(method), sha1)
  if (algorithm === undefined) throw notAllowed('The signature method', sha1)
  return {
    signedInfo,
    inclusivePrefixes: exclusivePrefixes(canonicalization),
    algorithm,
    references: references.map((reference) => readReference(reference, sha1)),
    value: octets(value),
    keyInfo,
  }
}

function readReference(reference: ElementNode, sha1: boolean): SignatureReference {
  if (!isDs(reference, 'Reference')) throw malformed('SignedInfo')
  const [transforms, method, value] = sequence(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const [transform, ...more] = childElements(transforms)
  if (!isDs(transform, 'Transform')) throw malformed('Transforms')
  if (more.length > 0) {
    throw untrusted('A reference has other transforms than exclusive canonicalization', SIGNATURE)
  }
  const digest = digestAlgorithm(algorithmOf(method), sha1)
  if (digest === undefined) throw notAllowed('A digest method', sha1)
  return {
    uri: attributeOf(reference, 'URI'),
    inclusivePrefixes: exclusivePrefixes(transform),
    digest,
    value: octets(value),
  }
}

/** @returns the PrefixList; `#default` becomes '' */
function exclusivePrefixes(method: ElementNode): string[] {
  const algorithm = algorithmOf(method)
  if (algorithm.endsWith(STR_TRANSFORM)) {
    throw untrusted('A reference has the STR-Transform, which is not supported', SIGNATURE)
  }
  if (algorithm !== EXCLUSIVE) {
    throw untrusted('Only exclusive canonicalization without comments is accepted as a transform', SIGNATURE)
  }
  const [inclusive, ...more] = childElements(method)
  if (!inclusive) return []
  if (more.length > 0 || inclusive.name !== `{${EXCLUSIVE}}InclusiveNamespaces`)
    throw malformed(method.localName)
  const list = (attributeOf(inclusive, 'PrefixList') ?? '').split(/[ \t\r\n]+/)
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

/** The octets of base64 content. */
export function octets(element: ElementNode): Buffer {
  const text = textOf(element)?.replace(/[ \t\r\n]+/g, '') ?? ''
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed(element.localName)
  return Buffer.from(text, 'base64')
}

function malformed(localName: string): Error {
  return untrusted(`${localName} is not as its schema says`, SIGNATURE)
}

function notAllowed(what: string, sha1: boolean): Error {
  const hint = sha1 ? '' : '; SHA-1 only counts where verify.sha1 says so'
  return untrusted(`${what} is not one that is accepted${hint}`, SIGNATURE)
}
