import { WSDL } from '../../base/namespaces.js'
import { clark, type QName } from '../../base/qname.js'
import { attributeOf, resolveQName, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'
import { anySimpleType } from '../model/built-in-types.js'
import type { ArrayType, AttributeDeclaration, AttributeUse, SimpleType, Wildcard } from '../model/model.js'
import { intersectWildcards } from '../model/wildcards.js'
import { annotated } from './annotation.js'
import type { AttributeSet, Components } from './components.js'
import { type Definition, isXsd, type Place, placeOf } from './schema-document.js'
import { schemaValue } from './schema-value.js'
import { simpleReference } from './simple-types.js'
import { buildWildcard } from './wildcard.js'

/** Builds a global xs:attribute (Part 1, 3.2). */
export function buildGlobalAttribute(definition: Definition, components: Components): AttributeDeclaration {
  return declare(definition.node, definition.name, placeOf(definition), components)
}

function declare(node: XmlElement, name: QName, place: Place, components: Components): AttributeDeclaration {
  const lexical = attributeOf(node, 'type')
  const inner = node.children.find((child) => isXsd(child, 'simpleType'))
  const type =
    lexical !== undefined
      ? simpleReference(node, lexical, place, components)
      : inner
        ? components.simpleType(inner, place)
        : anySimpleType
  return { kind: 'attribute', name, type, ...constraint(node, type, place), ...annotated(node) }
}

function constraint(
  node: XmlElement,
  type: SimpleType,
  { document }: Place,
): { default?: string; fixed?: string } {
  const fixed = attributeOf(node, 'fixed')
  if (fixed !== undefined) return { fixed: schemaValue(node, fixed, type, document) }
  const value = attributeOf(node, 'default')
  return value === undefined ? {} : { default: schemaValue(node, value, type, document) }
}

/** Reads the attributes, attribute groups and wildcard among the children of a node (Part 1, 3.4.2 and 3.6.2). */
export function readAttributes(node: XmlElement, place: Place, components: Components): AttributeSet {
  const uses = new Map<string, AttributeUse>()
  const prohibited = new Set<string>()
  let own: Wildcard | undefined
  let grouped: Wildcard | undefined
  for (const child of node.children) {
    if (isXsd(child, 'attribute')) {
      const use = readUse(child, place, components)
      if (!use) continue
      const name = clark(use.attribute.name)
      if (trimXml(attributeOf(child, 'use')) === 'prohibited') prohibited.add(name)
      else uses.set(name, use)
    } else if (isXsd(child, 'attributeGroup')) {
      const definition = components.refer('attributeGroup', child, 'ref', place)
      if (!definition) continue
      const group = components.attributeGroup(definition)
      for (const use of group.uses) uses.set(clark(use.attribute.name), use)
      grouped = intersectWildcards(grouped, group.wildcard)
    } else if (isXsd(child, 'anyAttribute')) {
      own = buildWildcard(child, place.document.targetNamespace, components.diagnostics)
    }
  }
  const wildcard = intersectWildcards(own, grouped)
  return { uses: [...uses.values()], prohibited, ...(wildcard && { wildcard }) }
}

function readUse(node: XmlElement, place: Place, components: Components): AttributeUse | undefined {
  const attribute = useOf(node, place, components)
  if (!attribute) return undefined
  const { default: value, fixed } = { ...pick(attribute), ...constraint(node, attribute.type, place) }
  const arrayType = readArrayType(node, place, components)
  return {
    attribute,
    required: trimXml(attributeOf(node, 'use')) === 'required',
    ...(value !== undefined && fixed === undefined && { default: value }),
    ...(fixed !== undefined && { fixed }),
    ...(arrayType && { arrayType }),
  }
}

function pick(attribute: AttributeDeclaration): { default?: string; fixed?: string } {
  return {
    ...(attribute.default !== undefined && { default: attribute.default }),
    ...(attribute.fixed !== undefined && { fixed: attribute.fixed }),
  }
}

function useOf(node: XmlElement, place: Place, components: Components): AttributeDeclaration | undefined {
  if (attributeOf(node, 'ref') !== undefined) {
    const definition = components.refer('attribute', node, 'ref', place)
    return definition && components.attribute(definition)
  }
  const localName = trimXml(attributeOf(node, 'name'))
  if (localName === undefined || localName === '') {
    components.diagnostics.error('xsd-attribute', 'xs:attribute must have a name or a ref.', node.at)
    return undefined
  }
  const form = trimXml(attributeOf(node, 'form'))
  const qualified = form === undefined ? place.document.attributesQualified : form === 'qualified'
  const namespace = qualified ? place.document.targetNamespace : ''
  return declare(node, { namespace, localName }, place, components)
}

/** Reads wsdl:arrayType (WSDL 1.1, 2.2): `ns:name[,][]`. */
function readArrayType(node: XmlElement, place: Place, components: Components): ArrayType | undefined {
  const lexical = node.attributes.get(`{${WSDL}}arrayType`)
  if (lexical === undefined) return undefined
  const parts = /^[ \t\n\r]*([^[\] \t\n\r]+)[ \t\n\r]*((?:\[[\d, ]*\][ \t\n\r]*)+)$/.exec(lexical)
  const itemType = parts?.[1] === undefined ? undefined : resolveQName(node, parts[1])
  if (!itemType || parts?.[2] === undefined) {
    components.diagnostics.error('xsd-array-type', 'wsdl:arrayType must be written like ns:name[].', node.at)
    return undefined
  }
  components.mention('type', itemType, place)
  const brackets = parts[2].match(/\[[^[\]]*\]/g) ?? []
  return { itemType, ranks: brackets.map((bracket) => bracket.split(',').length) }
}
