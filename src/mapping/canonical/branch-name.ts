import { builtInType } from '../../xsd/model/built-in-types.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { scalar } from './scalar.js'
import type { ContentMapping, ElementMapping, GroupMapping } from './value-mapping.js'

/**
 * A choice of elements that hold nothing, as one member: all that it says is which of them is there, so its value is
 * the name of that element (docs/annotation.md, "Elements that hold nothing"). It has a place like an element's, without
 * one of its own in the XML.
 *
 * @param name gives the member its name, once all others have theirs
 * @returns undefined where the choice says more, or where names do not tell its branches apart
 */
export function asBranchName(
  choice: GroupMapping,
  name: (of: NamedLater) => void,
): ElementMapping | undefined {
  const { kind, minOccurs, maxOccurs, particles } = choice
  if (kind !== 'choice' || maxOccurs !== 1) return undefined
  const branches = particles.filter(holdsNothing)
  const [first] = branches
  if (!first || branches.length < 2 || branches.length < particles.length) return undefined
  if (new Set(branches.map((branch) => branch.name.localName)).size < branches.length) return undefined
  const unnamed: NamedLater & Omit<ElementMapping, 'name' | 'member'> = {
    kind: 'element',
    name: first.name,
    member: first.member,
    minOccurs,
    maxOccurs,
    nillable: false,
    flattened: false,
    value: scalar(namesOf(branches, first)),
    branches: choice,
    at: first.at,
  }
  name(unnamed)
  return unnamed
}

/** What is filled in when names are given. */
export interface NamedLater {
  name: ElementMapping['name']
  member: ElementMapping['member']
}

function holdsNothing(particle: ContentMapping): particle is ElementMapping {
  return particle.kind === 'element' && particle.flag !== undefined && particle.minOccurs === 1
}

function namesOf(branches: readonly ElementMapping[], { at }: ElementMapping): SimpleType {
  const base = builtInType('string')
  const enumeration = branches.map(({ name, documentation }) => ({ value: name.localName, documentation }))
  return {
    kind: 'simpleType',
    base,
    variety: 'atomic',
    builtIn: 'string',
    facets: { ...base.facets, enumeration },
    at,
  }
}

/**
 * The same content with the elements of a choice for members, as contracts may have it that do not know the member
 * that names one of them.
 *
 * @param knows whether the contract has a member for an element
 */
export function withBranches(
  content: ContentMapping,
  knows: (element: ElementMapping) => boolean,
): ContentMapping {
  if (content.kind === 'any') return content
  if (content.kind === 'element') return content.branches && !knows(content) ? content.branches : content
  if (content.member) return content
  const particles = content.particles.map((particle) => withBranches(particle, knows))
  return particles.every((particle, index) => particle === content.particles[index])
    ? content
    : { ...content, particles }
}
