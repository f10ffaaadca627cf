import { builtInType } from '../../xsd/model/built-in-types.js'
import type { ComplexType, Particle } from '../../xsd/model/model.js'
import { partsOf } from './content-walk.js'
import { scalar } from './scalar.js'
import type { ContentMapping, ElementMapping } from './value-mapping.js'

/**
 * An element that holds nothing, as a flag: all that it says it says by being there (docs/annotation.md, "Elements that
 * hold nothing").
 *
 * @returns undefined where it says more: what it holds, how often it occurs, that it is nil, which type it has
 */
export function asFlag(element: ElementMapping): ElementMapping | undefined {
  const { value, maxOccurs, nillable, accessor, impossible } = element
  if (value.kind !== 'object' || maxOccurs > 1 || nillable || accessor || impossible) return undefined
  return holdsNothing(value.type)
    ? { ...element, flag: value, value: scalar(builtInType('boolean')) }
    : undefined
}

/** The same element as an object, which some contracts want. */
export function withoutFlag(element: ElementMapping): ElementMapping {
  return element.flag ? { ...element, flag: undefined, value: element.flag } : element
}

function holdsNothing({ attributes, attributeWildcard, content, encoded }: ComplexType): boolean {
  if (attributes.length > 0 || attributeWildcard || encoded) return false
  return (
    content.kind === 'empty' || (content.kind === 'elements' && !content.mixed && isEmpty(content.particle))
  )
}

/** A choice of no branches matches nothing, not even the empty content (XML Schema Part 1, 3.8.1). */
function isEmpty({ term, minOccurs }: Particle): boolean {
  if (term.kind === 'element' || term.kind === 'any') return false
  if (term.kind === 'choice' && term.particles.length === 0) return minOccurs === 0
  return term.particles.every(isEmpty)
}

/** JSON names of the flags among the members of a content model, those of flattened elements included. */
export function flagsOf(content: ContentMapping | undefined): string[] {
  return partsOf(content).flatMap((part) => {
    if (part.kind !== 'element') return []
    if (part.flattened && part.value.kind === 'object') return flagsOf(part.value.content)
    return part.flag ? [part.member.name] : []
  })
}
