import { XSD } from '../../base/namespaces.js'
import type { XmlReader } from '../../xml/reader.js'
import { AttributeReader, type NodeOptions } from './attribute-reader.js'
import { EncodedNode } from './node.js'

const QNAME = `{${XSD}}QName`

/** Reads elements with all that they contain. */
export class NodeReader {
  readonly #attributes: AttributeReader

  constructor(
    readonly reader: XmlReader,
    options: NodeOptions,
  ) {
    this.#attributes = new AttributeReader(reader, options)
  }

  /**
   * The elements from here to the end of the parent.
   *
   * @param more whether the reader stands on one
   */
  rest(more: boolean): EncodedNode[] {
    const nodes: EncodedNode[] = []
    for (let next = more; next; next = this.reader.nextElement()) nodes.push(this.node())
    return nodes
  }

  /**
   * The current element; its parent is current afterwards.
   *
   * @throws XmlError where it is not well-formed, or has text beside elements
   * @throws AdapterError `backend-mismatch` for attributes of the encoding that make no sense
   */
  node(): EncodedNode {
    const { reader } = this
    const node = new EncodedNode(reader.localName, reader.namespace)
    if (reader.attributeCount > 0) this.#attributes.read(node)
    if (reader.hasElements()) node.children = this.rest(reader.nextElement())
    else {
      const text = reader.text()
      const isName = node.type === QNAME && !node.isNil && node.href === undefined
      node.text = isName ? reader.resolveQName(text) : text
    }
    return node
  }
}
