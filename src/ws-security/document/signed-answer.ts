import { AdapterError } from '../../base/errors.js'
import { isSoapNamespace } from '../../soap/envelope.js'
import { notWellFormed } from '../../soap/not-well-formed.js'
import type { Attachment } from '../../soap/xop.js'
import { XmlError } from '../../xml/reader.js'
import { isBlank, trimXml } from '../../xml/white-space.js'
import { ADDRESSING, DS, WSSE, WSSE_11, WSU, WSU_ID, XENC } from '../names.js'
import { BODY, HEADER, SECURITY, untrusted } from '../untrusted.js'
import {
  attributeOf,
  childElements,
  type ChildNode,
  descendants,
  type ElementNode,
  isElement,
  readSignedDocument,
  type SignedDocument,
} from './document.js'

/**
 * The parts of a response that a signature may cover, found by where they stand: whatever is called Body or Security
 * elsewhere plays no part.
 */
export interface SignedAnswer {
  readonly document: SignedDocument
  /** How many elements bear an Id, in any attribute that some stack takes for one. */
  readonly bearers: ReadonlyMap<string, number>
  readonly body: ElementNode
  /** Headers but wsse:Security. */
  readonly blocks: readonly ElementNode[]
  readonly security: ElementNode | undefined
  /** The first. */
  readonly signature: ElementNode | undefined
  /** All, in the order of the header. */
  readonly signatures: readonly ElementNode[]
  readonly timestamp: ElementNode | undefined
  /** What came beside the envelope. */
  readonly attachments: readonly Attachment[]
}

const MAX_SIGNATURES = 4

/** @throws AdapterError `backend-malformed`, `backend-not-soap`, `backend-untrusted` */
export function readSignedAnswer(answer: string, attachments: readonly Attachment[] = []): SignedAnswer {
  const document = readDocument(answer)
  const { root } = document
  if (root.localName !== 'Envelope' || !isSoapNamespace(root.namespace)) {
    throw new AdapterError(
      'backend-not-soap',
      'The backend answered with a document that is not a SOAP envelope.',
    )
  }
  const { header, body } = partsOfEnvelope(root)
  const blocks = header ? elementsOnly(header, HEADER) : []
  const security = blocks.filter(({ name }) => name === `{${WSSE}}Security`)
  if (security.length > 1) throw untrusted('The response has more than one wsse:Security header', HEADER)
  const [own] = security
  const signatures = own ? childElements(own).filter(({ name }) => name === `{${DS}}Signature`) : []
  if (signatures.length > MAX_SIGNATURES) {
    throw untrusted(`wsse:Security has more than ${MAX_SIGNATURES} signatures`)
  }
  return {
    document,
    bearers: countIds(root),
    body,
    blocks: blocks.filter((block) => block !== own),
    security: own,
    signature: signatures[0],
    signatures,
    timestamp: own && single(own, `{${WSU}}Timestamp`),
    attachments,
  }
}

function readDocument(answer: string): SignedDocument {
  try {
    return readSignedDocument(answer)
  } catch (error) {
    throw error instanceof XmlError ? notWellFormed(error) : error
  }
}

/** SOAP 1.2 Part 1, section 5.1: an optional Header, then the Body, and nothing else. */
function partsOfEnvelope(envelope: ElementNode): { header: ElementNode | undefined; body: ElementNode } {
  const isPart = (element: ElementNode | undefined, localName: string): element is ElementNode =>
    element?.name === `{${envelope.namespace}}${localName}`
  const [first, second, ...more] = elementsOnly(envelope, '/Envelope')
  if (isPart(first, 'Body') && !second) return { header: undefined, body: first }
  if (isPart(first, 'Header') && isPart(second, 'Body') && more.length === 0) {
    return { header: first, body: second }
  }
  throw untrusted('The envelope must hold one soap:Header and one soap:Body, and nothing else', '/Envelope')
}

function elementsOnly(parent: ElementNode, path: string): ElementNode[] {
  const isSpace = (node: ChildNode): boolean => typeof node === 'string' && isBlank(node)
  if (!parent.children.every((child) => isElement(child) || isSpace(child))) {
    throw untrusted('There is text, or a processing instruction, where only elements may stand', path)
  }
  return childElements(parent)
}

function single(security: ElementNode, name: string): ElementNode | undefined {
  const found = childElements(security).filter((child) => child.name === name)
  const [first, second] = found
  if (second) throw untrusted(`wsse:Security has more than one ${second.localName}`)
  return first
}

const XML_ID = '{http://www.w3.org/XML/1998/namespace}id'
/** Attributes that some stack or other takes for an ID. */
const ID_NAMES = new Set([WSU_ID, XML_ID, 'Id', 'ID', 'id', 'AssertionID'])

/**
 * How many elements bear each name. wsu:Id and xml:id are of type xs:ID, so no two of them are the same; other
 * attributes may be business data, and only count where a reference names their value.
 */
function countIds(root: ElementNode): ReadonlyMap<string, number> {
  const bearers = new Map<string, number>()
  const unique = new Set<string>()
  for (const { attributes } of descendants(root)) {
    for (const { name, value } of attributes) {
      if (!ID_NAMES.has(name)) continue
      const id = trimXml(value)
      bearers.set(id, (bearers.get(id) ?? 0) + 1)
      if (name !== WSU_ID && name !== XML_ID) continue
      if (unique.has(id)) throw untrusted('Two elements of the response have the same wsu:Id', '/Envelope')
      unique.add(id)
    }
  }
  return bearers
}

/**
 * The element that a URI names: one of the candidates, by its wsu:Id, and no other element of the document may bear
 * that name in any attribute that another stack would take for an ID.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function referenced(
  uri: string | undefined,
  candidates: readonly ElementNode[],
  { bearers }: Pick<SignedAnswer, 'bearers'>,
): ElementNode {
  if (uri === undefined || !uri.startsWith('#') || uri.length === 1) {
    throw untrusted('A reference is not to an element of the response by its wsu:Id', SECURITY)
  }
  const id = uri.slice(1)
  if ((bearers.get(id) ?? 0) > 1)
    throw untrusted('Two elements of the response have the Id that a reference names', SECURITY)
  const found = candidates.find(
    (candidate) => attributeOf(candidate, WSU_ID) === id || ownId(candidate) === id,
  )
  if (!found) {
    throw untrusted(
      'A reference is to something else than the soap:Body, a header or a token of the message, or not by wsu:Id',
      SECURITY,
    )
  }
  return found
}

/** ds:Signature has an Id of its own schema (XML Signature 1.1, section 4.2). */
function ownId(element: ElementNode): string | undefined {
  return element.name === `{${DS}}Signature` ? attributeOf(element, 'Id') : undefined
}

export function isAddressing({ namespace }: ElementNode): boolean {
  return ADDRESSING.includes(namespace)
}

/** @throws AdapterError `backend-untrusted`, where something is encrypted and nothing says how to decrypt it */
export function checkNotEncrypted({ security, blocks, body }: SignedAnswer): void {
  for (const [elements, path] of [
    [security ? childElements(security) : [], SECURITY],
    [blocks, HEADER],
    [childElements(body), BODY],
  ] as const) {
    if (elements.some((each) => each.namespace === XENC || each.name === `{${WSSE_11}}EncryptedHeader`)) {
      throw untrusted(
        'The response is encrypted (XML Encryption), and security.decryption does not say with which key',
        path,
      )
    }
  }
}
