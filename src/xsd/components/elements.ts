import type { QName } from '../../base/qname.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'
import { anyType } from '../model/built-in-types.js'
import type { ComplexType, ElementDeclaration, SimpleType, XsdType } from '../model/model.js'
import { annotated } from './annotation.js'
import type { Components } from './components.js'
import { identityConstraintsOf } from './identity-constraints.js'
import { type Definition, isXsd, type Place, placeOf, referenceIn } from './schema-document.js'
import { schemaValue } from './schema-value.js'

/** Builds a global xs:element (Part 1, 3.3.2). */
export function buildGlobalElement(definition: Definition, components: Components): ElementDeclaration {
  const { node, name } = definition
  const lexical = attributeOf(node, 'substitutionGroup')
  const head = lexical === undefined ? undefined : referenceIn(node, lexical, definition.document)
  return {
    ...declare(node, name, placeOf(definition), components),
    global: true,
    ...(head && { substitutionGroup: head }),
  }
}

/** Builds an xs:element inside of a model group, which is not a reference. */
export function buildLocalElement(
  node: XmlElement,
  place: Place,
  components: Components,
): ElementDeclaration | undefined {
  const localName = trimXml(attributeOf(node, 'name'))
  if (localName === undefined || localName === '') {
    components.diagnostics.error('xsd-element', 'xs:element must have a name or a ref.', node.at)
    return undefined
  }
  const form = trimXml(attributeOf(node, 'form'))
  const qualified = form === undefined ? place.document.elementsQualified : form === 'qualified'
  const namespace = qualified ? place.document.targetNamespace : ''
  return declare(node, { namespace, localName }, place, components)
}

function declare(node: XmlElement, name: QName, place: Place, components: Components): ElementDeclaration {
  const type = typeOf(node, place, components)
  const held = simpleContent(type)
  const valueOf = (attribute: string): string | undefined => {
    const written = attributeOf(node, attribute)
    return written === undefined || !held ? written : schemaValue(node, written, held, place.document)
  }
  const value = valueOf('default')
  const fixed = valueOf('fixed')
  const identityConstraints = identityConstraintsOf(node)
  return {
    kind: 'element',
    name,
    type,
    nillable: isTrue(attributeOf(node, 'nillable')),
    abstract: isTrue(attributeOf(node, 'abstract')),
    ...(value !== undefined && fixed === undefined && { default: value }),
    ...(fixed !== undefined && { fixed }),
    global: false,
    ...(identityConstraints.length > 0 && { identityConstraints }),
    ...annotated(node),
  }
}

/** The simple type of the text that an element of the type holds. */
function simpleContent(type: XsdType): SimpleType | undefined {
  if (type.kind === 'simpleType') return type
  // A type that is only being built has elements within it: it is not a simple content.
  const { content } = type as Partial<ComplexType>
  return content?.kind === 'simple' ? content.type : undefined
}

/** Its own type, or that of the head of its substitution group, or xs:anyType. */
function typeOf(node: XmlElement, place: Place, components: Components): XsdType {
  const lexical = attributeOf(node, 'type')
  if (lexical !== undefined) return components.referType(node, lexical, place) ?? anyType
  for (const child of node.children) {
    if (isXsd(child, 'complexType')) return components.complexType(child, place)
    if (isXsd(child, 'simpleType')) return components.simpleType(child, place)
  }
  if (attributeOf(node, 'substitutionGroup') === undefined) return anyType
  const head = components.refer('element', node, 'substitutionGroup', place)
  return head ? components.element(head).type : anyType
}

export function isTrue(lexical: string | undefined): boolean {
  const value = trimXml(lexical)
  return value === 'true' || value === '1'
}
