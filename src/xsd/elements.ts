import { attributeOf, type XmlElement } from '../xml/tree.js'
import { type QName } from '../base/qname.js'
import { annotated } from './annotation.js'
import { anyType } from './built-in-types.js'
import { type Components } from './components.js'
import { type ElementDeclaration, type XsdType } from './model.js'
import { type Definition, isXsd, type Place, placeOf, referenceIn } from './schema-document.js'

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
  const localName = attributeOf(node, 'name')?.trim()
  if (localName === undefined || localName === '') {
    components.diagnostics.error('xsd-element', 'xs:element must have a name or a ref.', node.at)
    return undefined
  }
  const form = attributeOf(node, 'form')?.trim()
  const qualified = form === undefined ? place.document.elementsQualified : form === 'qualified'
  const namespace = qualified ? place.document.targetNamespace : ''
  return declare(node, { namespace, localName }, place, components)
}

function declare(node: XmlElement, name: QName, place: Place, components: Components): ElementDeclaration {
  const value = attributeOf(node, 'default')
  const fixed = attributeOf(node, 'fixed')
  return {
    kind: 'element',
    name,
    type: typeOf(node, place, components),
    nillable: isTrue(attributeOf(node, 'nillable')),
    abstract: isTrue(attributeOf(node, 'abstract')),
    ...(value !== undefined && fixed === undefined && { default: value }),
    ...(fixed !== undefined && { fixed }),
    global: false,
    ...annotated(node),
  }
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
  const value = lexical?.trim()
  return value === 'true' || value === '1'
}
