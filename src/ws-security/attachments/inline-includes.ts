import { XOP } from '../../base/namespaces.js'
import { inOnePiece, type ReceivedAttachments, XOP_INCLUDE } from '../../soap/xop.js'
import { XmlError } from '../../xml/reader.js'
import { isBlank } from '../../xml/white-space.js'
import {
  attributeOf,
  type ChildNode,
  descendants,
  isElement,
  readSignedDocument,
} from '../document/document.js'
import { type Edit, edited } from '../document/edit.js'
import type { SecuredMessage } from '../secured-message.js'

/**
 * Puts base64 in the place of each xop:Include (XML-binary Optimized Packaging 1.0, section 3.2): what an envelope means, and
 * what its signature covers, is that text, however the octets travel. Attachments of the result are those that nothing included.
 *
 * An Include that is not all that its parent holds, or that names no part, is left for whoever reads it; so is all of an
 * envelope that is not well-formed.
 *
 * @throws AdapterError `backend-too-large` where parts are included so often that they come to too much
 */
export function inlineIncludes(envelope: string, received: ReceivedAttachments): SecuredMessage {
  const edits = envelope.includes(XOP) ? includesIn(envelope, received) : []
  return { envelope: edited(envelope, edits), attachments: received.unreferred.map(inOnePiece) }
}

function includesIn(envelope: string, received: ReceivedAttachments): readonly Edit[] {
  const edits: Edit[] = []
  for (const { children } of elementsOf(envelope)) {
    const [only, ...more] = children.filter((child) => typeof child !== 'string' || !isBlank(child))
    if (!only || more.length > 0 || !isInclude(only)) continue
    const bytes = received.take(attributeOf(only, 'href') ?? '')?.bytes
    if (!bytes) continue
    const { buffer, byteOffset, byteLength } = bytes
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('base64')
    edits.push({ start: only.start, end: only.end, text })
  }
  return edits
}

function elementsOf(envelope: string): ReturnType<typeof descendants> {
  try {
    return descendants(readSignedDocument(envelope).root)
  } catch (error) {
    if (error instanceof XmlError) return []
    throw error
  }
}

function isInclude(node: ChildNode): node is Extract<ChildNode, { kind: 'element' }> {
  return typeof node !== 'string' && isElement(node) && node.name === XOP_INCLUDE
}
