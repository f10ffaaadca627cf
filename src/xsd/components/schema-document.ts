import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { XSD } from '../../base/namespaces.js'
import type { QName } from '../../base/qname.js'
import { attributeOf, resolveQName, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'

/** An xs:schema element with what it says for everything inside of it. */
export interface SchemaDocument {
  readonly root: XmlElement
  /** Of the including schema, where a chameleon has none of its own (Part 1, 4.2.1). */
  readonly targetNamespace: string
  readonly chameleon: boolean
  readonly elementsQualified: boolean
  readonly attributesQualified: boolean
}

/** The five symbol spaces of Part 1, section 2.5, that matter to instances; both sorts of types share one. */
export type ComponentKind = 'element' | 'attribute' | 'type' | 'group' | 'attributeGroup'

/** A global component as written. */
export interface Definition {
  readonly kind: ComponentKind
  readonly name: QName
  readonly node: XmlElement
  readonly document: SchemaDocument
  /** What an xs:redefine means by its own name. */
  readonly redefines?: Definition | undefined
}

/** Where a piece of schema stands: its document, and the global definition around it. */
export interface Place {
  readonly document: SchemaDocument
  readonly definition?: Definition | undefined
}

export function placeOf(definition: Definition): Place {
  return { document: definition.document, definition }
}

/** An import or include that could not be followed. */
export interface Unavailable {
  readonly namespace: string
  readonly location: string
  readonly reason: 'remote' | 'missing' | 'outside' | 'unreadable'
  readonly at: SourceLocation
}

const kinds: Readonly<Record<string, ComponentKind>> = {
  element: 'element',
  attribute: 'attribute',
  simpleType: 'type',
  complexType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
}

export function schemaDocument(root: XmlElement, including?: string): SchemaDocument {
  const own = attributeOf(root, 'targetNamespace')
  return {
    root,
    targetNamespace: own ?? including ?? '',
    chameleon: own === undefined && including !== undefined && including !== '',
    elementsQualified: trimXml(attributeOf(root, 'elementFormDefault')) === 'qualified',
    attributesQualified: trimXml(attributeOf(root, 'attributeFormDefault')) === 'qualified',
  }
}

export function isXsd(node: XmlElement, localName: string): boolean {
  return node.name.localName === localName && node.name.namespace === XSD
}

/** The component that a child of xs:schema or xs:redefine defines, if it is one and has a name. */
export function definitionIn(node: XmlElement, document: SchemaDocument): Definition | undefined {
  const kind = node.name.namespace === XSD ? kinds[node.name.localName] : undefined
  const localName = trimXml(attributeOf(node, 'name'))
  if (kind === undefined || localName === undefined || localName === '') return undefined
  return { kind, name: { namespace: document.targetNamespace, localName }, node, document }
}

/** A reference as written, in the namespace that a chameleon takes on. */
export function referenceIn(node: XmlElement, lexical: string, document: SchemaDocument): QName | undefined {
  const name = resolveQName(node, lexical)
  if (name?.namespace !== '' || !document.chameleon) return name
  return { namespace: document.targetNamespace, localName: name.localName }
}
