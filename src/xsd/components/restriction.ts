import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { XSD } from '../../base/namespaces.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import type { BuiltInName, Enumerated, Facets, Pattern, SimpleType } from '../model/model.js'
import { looksAnchored, publishedPattern, translatePattern } from '../regular-expression/pattern.js'
import { collapse } from '../values/white-space.js'
import { documentationOf } from './annotation.js'
import type { Mutable } from './components.js'
import type { SchemaDocument } from './schema-document.js'
import { schemaValue } from './schema-value.js'

const counts = new Set(['length', 'minLength', 'maxLength', 'totalDigits', 'fractionDigits'] as const)
type Count = typeof counts extends Set<infer T> ? T : never
type Bound = 'minInclusive' | 'maxInclusive' | 'minExclusive' | 'maxExclusive'
const instead: Readonly<Record<Bound, Bound>> = {
  minInclusive: 'minExclusive',
  minExclusive: 'minInclusive',
  maxInclusive: 'maxExclusive',
  maxExclusive: 'maxInclusive',
}

/** The facets in force after an xs:restriction (Part 2, 4.3): its own upon those of the base. */
export function restrictFacets(
  base: SimpleType,
  node: XmlElement,
  document: SchemaDocument,
  diagnostics: Diagnostics,
): Facets {
  const facets: Mutable<Facets> = { ...base.facets }
  const enumeration: Enumerated[] = []
  const patterns: string[] = []
  for (const child of node.children) {
    const value = attributeOf(child, 'value')
    if (child.name.namespace !== XSD || value === undefined) continue
    const facet = child.name.localName
    if (facet === 'enumeration') enumeration.push(enumerated(child, value, base, document))
    else if (facet === 'pattern') patterns.push(value)
    else if (isBound(facet)) {
      facets[facet] = collapse(value)
      Reflect.deleteProperty(facets, instead[facet])
    } else if (isCount(facet)) {
      if (/^[ \t\n\r]*\+?\d{1,15}[ \t\n\r]*$/.test(value)) facets[facet] = Number(value)
      else {
        diagnostics.error('xsd-facet', `The value of xs:${facet} must be a whole number.`, child.at)
      }
    } else if (facet === 'whiteSpace') {
      const how = collapse(value)
      if (how === 'preserve' || how === 'replace' || how === 'collapse') facets.whiteSpace = how
      else {
        diagnostics.error('xsd-facet', 'xs:whiteSpace must be preserve, replace or collapse.', child.at)
      }
    }
  }
  if (enumeration.length > 0) facets.enumeration = enumeration
  if (patterns.length > 0) facets.patterns = [...facets.patterns, pattern(patterns, base, node, diagnostics)]
  return facets
}

function isBound(facet: string): facet is Bound {
  return Object.hasOwn(instead, facet)
}

function isCount(facet: string): facet is Count {
  return (counts as ReadonlySet<string>).has(facet)
}

/** The patterns of one step are alternatives (Part 2, 4.3.4.3). */
function pattern(
  sources: readonly string[],
  base: SimpleType,
  node: XmlElement,
  diagnostics: Diagnostics,
): Pattern {
  const source = sources.join('|')
  const javaScript = translatePattern(source)
  if (typeof javaScript !== 'string') {
    diagnostics.warning(
      'xsd-pattern',
      `The pattern "${source}" cannot be used (${javaScript.reason}); texts are not held to it.`,
      node.at,
    )
    return { source }
  }
  if (sources.some(looksAnchored)) {
    diagnostics.warning(
      'xsd-pattern',
      `The pattern "${source}" has ^ or $ at its ends, where XML Schema takes them for letters and not for anchors: only texts with a ^ or a $ in them match. Patterns match whole texts anyway; take the ^ and the $ out of the schema unless these letters are meant.`,
      node.at,
    )
  }
  return { source, javaScript, published: publishedPattern(source, { isAscii: isAscii(base) }) }
}

/** Whether all texts of a type have characters of ASCII only: those of dates, numbers, bytes. */
function isAscii(type: SimpleType): boolean {
  const known = ascii.get(type)
  if (known !== undefined) return known
  const is = findAscii(type)
  ascii.set(type, is)
  return is
}

/** Unions may lead to one another in many ways: each is judged once. */
const ascii = new WeakMap<SimpleType, boolean>()

function findAscii({ variety, builtIn, itemType, memberTypes }: SimpleType): boolean {
  if (variety === 'list') return itemType !== undefined && isAscii(itemType)
  if (variety === 'union') return memberTypes?.every(isAscii) === true
  return !mayBeUnicode.has(builtIn)
}

const mayBeUnicode: ReadonlySet<BuiltInName> = new Set<BuiltInName>([
  ...(['anySimpleType', 'string', 'normalizedString', 'token', 'anyURI', 'QName', 'NOTATION'] as const),
  ...(['NMTOKEN', 'NMTOKENS', 'Name', 'NCName', 'ID', 'IDREF', 'IDREFS', 'ENTITY', 'ENTITIES'] as const),
])

function enumerated(node: XmlElement, value: string, base: SimpleType, document: SchemaDocument): Enumerated {
  const documentation = documentationOf(node)
  return {
    value: schemaValue(node, value, base, document),
    ...(documentation !== undefined && { documentation }),
  }
}
