import { type Diagnostics } from '../base/diagnostic.js'
import { attributeOf, type XmlElement } from '../xml/tree.js'
import { documentationOf } from './annotation.js'
import { XSD } from '../base/namespaces.js'
import { type Mutable } from './components.js'
import { type Enumerated, type Facets, type Pattern, type SimpleType } from './model.js'
import { translatePattern } from './pattern.js'
import { referenceIn, type SchemaDocument } from './schema-document.js'
import { collapse, normalizeWhiteSpace } from './white-space.js'

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
      if (/^\s*\+?\d{1,15}\s*$/.test(value)) facets[facet] = Number(value)
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
  if (patterns.length > 0) facets.patterns = [...facets.patterns, pattern(patterns, node, diagnostics)]
  return facets
}

function isBound(facet: string): facet is Bound {
  return Object.hasOwn(instead, facet)
}

function isCount(facet: string): facet is Count {
  return (counts as ReadonlySet<string>).has(facet)
}

/** The patterns of one step are alternatives (Part 2, 4.3.4.3). */
function pattern(sources: readonly string[], node: XmlElement, diagnostics: Diagnostics): Pattern {
  const source = sources.join('|')
  const javaScript = translatePattern(source)
  if (typeof javaScript === 'string') return { source, javaScript }
  diagnostics.warning(
    'xsd-pattern',
    `The pattern "${source}" cannot be used (${javaScript.reason}); texts are not held to it.`,
    node.at,
  )
  return { source }
}

function enumerated(node: XmlElement, value: string, base: SimpleType, document: SchemaDocument): Enumerated {
  const normalized = normalizeWhiteSpace(base.facets.whiteSpace, value)
  const documentation = documentationOf(node)
  const qname =
    base.builtIn === 'QName' || base.builtIn === 'NOTATION' ? referenceIn(node, value, document) : undefined
  return { value: normalized, ...(documentation !== undefined && { documentation }), ...(qname && { qname }) }
}
