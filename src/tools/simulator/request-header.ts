import { WSA } from '../../base/namespaces.js'
import { ADDRESSING, WSSE } from '../../ws-security/names.js'
import { escapeText } from '../../xml/escape.js'
import { XmlReader } from '../../xml/reader.js'
import { trimXml } from '../../xml/white-space.js'
import type { HeaderBlock } from './request-envelope.js'

/** What a request says of the message that answers it. */
export interface Correlation {
  /** Which WS-Addressing it speaks. */
  readonly namespace: string
  readonly messageId: string
}

/** A header block had to be understood and is not (SOAP 1.1, 4.2.3; SOAP 1.2 Part 1, 5.4.8). */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'

  constructor(readonly block: Pick<HeaderBlock, 'namespace' | 'localName'>) {
    super(
      `The header block {${block.namespace}}${block.localName} must be understood, and the WSDL declares no such header.`,
    )
  }
}

/** Message addressing properties are dealt with; whose password it is, is nothing to a simulator. */
const understood: ReadonlySet<string> = new Set([...ADDRESSING, WSSE])

/**
 * Reads the blocks of a request.
 *
 * @param declared reads a block that the WSDL declares; false where it declares none of this name
 * @throws NotUnderstood
 */
export function readHeader(blocks: readonly HeaderBlock[], declared: (block: HeaderBlock) => boolean): void {
  for (const block of blocks) {
    const isKnown = declared(block) || understood.has(block.namespace)
    if (!isKnown && block.mustBeUnderstood) throw new NotUnderstood(block)
  }
}

/** The wsa:MessageID of a request, which its response relates to (WS-Addressing 1.0 Core, 3.4). */
export function correlationOf(blocks: readonly HeaderBlock[]): Correlation | undefined {
  const block = blocks.find(({ namespace, localName }) => {
    return localName === 'MessageID' && ADDRESSING.includes(namespace)
  })
  if (!block) return undefined
  const reader = new XmlReader(block.markup)
  reader.nextElement()
  return { namespace: block.namespace, messageId: trimXml(reader.text()) }
}

/** The [action] of a fault (WS-Addressing 1.0 SOAP Binding, 6). */
export const FAULT_ACTION = `${WSA}/fault`

/** The header blocks of a response to a request that had a MessageID; '' to any other. */
export function replyBlocks(correlation: Correlation | undefined, action: string): string {
  if (!correlation) return ''
  const { namespace, messageId } = correlation
  return (
    `<wsa:Action xmlns:wsa="${namespace}">${escapeText(action)}</wsa:Action>` +
    `<wsa:RelatesTo xmlns:wsa="${namespace}">${escapeText(messageId)}</wsa:RelatesTo>`
  )
}
