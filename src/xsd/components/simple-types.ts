import { clark } from '../../base/qname.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { xmlWords } from '../../xml/white-space.js'
import { anySimpleType } from '../model/built-in-types.js'
import type { Facets, SimpleType } from '../model/model.js'
import { annotated } from './annotation.js'
import type { Components } from './components.js'
import { restrictFacets } from './restriction.js'
import { isXsd, type Place } from './schema-document.js'

/** Builds xs:simpleType (XML Schema Part 1, 3.14; Part 2, 4.1). */
export function buildSimpleType(
  node: XmlElement,
  place: Place,
  name: SimpleType['name'],
  components: Components,
): SimpleType {
  const common = { kind: 'simpleType' as const, ...(name && { name }), ...annotated(node) }
  for (const child of node.children) {
    if (isXsd(child, 'restriction')) {
      return {
        ...restrictSimpleType(simpleBase(child, 'base', place, components), child, place, components),
        ...common,
      }
    }
    if (isXsd(child, 'list')) {
      const itemType = simpleBase(child, 'itemType', place, components)
      return {
        ...common,
        base: anySimpleType,
        variety: 'list',
        builtIn: 'anySimpleType',
        itemType,
        facets: { patterns: [], whiteSpace: 'collapse' },
      }
    }
    if (isXsd(child, 'union')) {
      const members = memberTypes(child, place, components)
      return {
        ...common,
        base: anySimpleType,
        variety: 'union',
        builtIn: 'anySimpleType',
        memberTypes: members,
        facets: { patterns: [], whiteSpace: unionWhiteSpace(members) },
      }
    }
  }
  components.diagnostics.error(
    'xsd-simple-type',
    'xs:simpleType must have a child xs:restriction, xs:list or xs:union.',
    node.at,
  )
  return { ...anySimpleType, ...common, base: anySimpleType }
}

/** Each member of a union normalizes for itself (Part 2, 4.3.6); the union leaves what any of them needs. */
function unionWhiteSpace(members: readonly SimpleType[]): Facets['whiteSpace'] {
  const kept = new Set(members.map((member) => member.facets.whiteSpace))
  return kept.has('preserve') ? 'preserve' : kept.has('replace') ? 'replace' : 'collapse'
}

/** A type like another but for the facets in an xs:restriction. */
export function restrictSimpleType(
  base: SimpleType,
  node: XmlElement,
  place: Place,
  components: Components,
): SimpleType {
  return {
    kind: 'simpleType',
    base,
    variety: base.variety,
    builtIn: base.builtIn,
    ...(base.itemType && { itemType: base.itemType }),
    ...(base.memberTypes && { memberTypes: base.memberTypes }),
    facets: restrictFacets(base, node, place.document, components.diagnostics),
    ...annotated(node),
  }
}

/** The simple type that an attribute names or that a child xs:simpleType is. */
export function simpleBase(
  node: XmlElement,
  attribute: string,
  place: Place,
  components: Components,
): SimpleType {
  const lexical = attributeOf(node, attribute)
  if (lexical !== undefined) return simpleReference(node, lexical, place, components)
  const inner = node.children.find((child) => isXsd(child, 'simpleType'))
  if (inner) return components.simpleType(inner, place)
  components.diagnostics.error(
    'xsd-simple-type',
    `xs:${node.name.localName} must name a type with ${attribute}, or have a child xs:simpleType.`,
    node.at,
  )
  return anySimpleType
}

function memberTypes(node: XmlElement, place: Place, components: Components): SimpleType[] {
  const named = xmlWords(attributeOf(node, 'memberTypes') ?? '')
  const members = [
    ...named.map((name) => simpleReference(node, name, place, components)),
    ...node.children
      .filter((child) => isXsd(child, 'simpleType'))
      .map((child) => components.simpleType(child, place)),
  ]
  return [...new Set(members.flatMap(basicMembers))]
}

/** A union has the members of the unions that are its members (Part 1, 3.14.2), unless those have facets of their own. */
function basicMembers(type: SimpleType): readonly SimpleType[] {
  const { variety, memberTypes: members, facets } = type
  const isPlain = facets.patterns.length === 0 && facets.enumeration === undefined
  return variety === 'union' && isPlain && members ? members : [type]
}

/** The simple type that a QName names; a complex one in its place is reported. */
export function simpleReference(
  node: XmlElement,
  lexical: string,
  place: Place,
  components: Components,
): SimpleType {
  const type = components.referType(node, lexical, place)
  if (!type) return anySimpleType
  if (type.kind === 'simpleType') return type
  components.diagnostics.error(
    'xsd-simple-type',
    `${type.name ? clark(type.name) : lexical} is a complex type where a simple one must stand.`,
    node.at,
  )
  return anySimpleType
}
