import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'
import type { ModelGroup, Particle, Term } from '../model/model.js'
import { annotated } from './annotation.js'
import type { Components } from './components.js'
import { buildLocalElement } from './elements.js'
import { type Definition, isXsd, type Place, placeOf } from './schema-document.js'
import { buildWildcard } from './wildcard.js'

/** Bound on what the groups of a content model expand to: groups of groups of groups can be exponential. */
const MAX_PARTICLES = 100_000
const sizes = new WeakMap<ModelGroup, number>()

/** Builds the model group of an xs:group definition (Part 1, 3.7.2). */
export function buildGroup(definition: Definition, components: Components): ModelGroup {
  const child = definition.node.children.find((node) => compositor(node) !== undefined)
  const kind = child && compositor(child)
  if (!child || !kind) {
    components.diagnostics.error(
      'xsd-group',
      'xs:group must have a child xs:sequence, xs:choice or xs:all.',
      definition.node.at,
    )
    return emptySequence(definition.node.at)
  }
  const group = { ...buildModelGroup(child, kind, placeOf(definition), components), name: definition.name }
  sizes.set(group, sizeOf(group.particles))
  return group
}

/** Builds xs:sequence, xs:choice, xs:all, xs:group, xs:element or xs:any where it has a share in a content model. */
export function buildParticle(node: XmlElement, place: Place, components: Components): Particle | undefined {
  const [minOccurs, maxOccurs] = occurrence(node, components)
  if (maxOccurs === 0) return undefined
  const term = components.descend<Term | undefined>(
    node,
    () => buildTerm(node, place, components),
    () => undefined,
  )
  return term && { minOccurs, maxOccurs, term }
}

function buildTerm(node: XmlElement, place: Place, components: Components): Term | undefined {
  const kind = compositor(node)
  if (kind) return buildModelGroup(node, kind, place, components)
  switch (node.name.localName) {
    case 'any':
      return buildWildcard(node, place.document.targetNamespace, components.diagnostics)
    case 'group': {
      const definition = components.refer('group', node, 'ref', place)
      return definition && components.group(definition)
    }
    case 'element': {
      if (attributeOf(node, 'ref') === undefined) return buildLocalElement(node, place, components)
      const definition = components.refer('element', node, 'ref', place)
      return definition && components.element(definition)
    }
    default:
      return undefined
  }
}

function buildModelGroup(
  node: XmlElement,
  kind: ModelGroup['kind'],
  place: Place,
  components: Components,
): ModelGroup {
  const particles: Particle[] = []
  for (const child of node.children) {
    if (!isParticle(child)) continue
    const particle = buildParticle(child, place, components)
    if (particle) particles.push(particle)
  }
  const size = sizeOf(particles)
  if (size > MAX_PARTICLES) {
    components.diagnostics.error(
      'xsd-too-large',
      `The content model has more than ${MAX_PARTICLES} particles once its groups are expanded.`,
      node.at,
    )
    return emptySequence(node.at)
  }
  const group: ModelGroup = { kind, particles, ...annotated(node) }
  sizes.set(group, size)
  return group
}

function sizeOf(particles: readonly Particle[]): number {
  let size = 1
  for (const { term } of particles) {
    size += term.kind === 'element' || term.kind === 'any' ? 1 : (sizes.get(term) ?? 1)
  }
  return size
}

function emptySequence(at: SourceLocation): ModelGroup {
  return { kind: 'sequence', particles: [], at }
}

function compositor(node: XmlElement): ModelGroup['kind'] | undefined {
  if (isXsd(node, 'sequence')) return 'sequence'
  if (isXsd(node, 'choice')) return 'choice'
  return isXsd(node, 'all') ? 'all' : undefined
}

/** Whether a child of a type or of a model group is a particle. */
export function isParticle(node: XmlElement): boolean {
  return (
    compositor(node) !== undefined || isXsd(node, 'group') || isXsd(node, 'element') || isXsd(node, 'any')
  )
}

const ONCE = [1, 1] as const

/** minOccurs and maxOccurs (Part 1, 3.9.2); both are 1 where they do not stand. */
function occurrence(node: XmlElement, { diagnostics }: Components): readonly [number, number] {
  if (!node.attributes.has('minOccurs') && !node.attributes.has('maxOccurs')) return ONCE
  const least = trimXml(attributeOf(node, 'minOccurs')) ?? '1'
  const most = trimXml(attributeOf(node, 'maxOccurs')) ?? '1'
  const min = /^\d{1,15}$/.test(least) ? Number(least) : undefined
  const max = most === 'unbounded' ? Infinity : /^\d{1,15}$/.test(most) ? Number(most) : undefined
  if (min === undefined || max === undefined || (min > max && most !== '0')) {
    diagnostics.error(
      'xsd-occurs',
      'minOccurs must be a whole number, maxOccurs one that is not less, or "unbounded".',
      node.at,
    )
    return [min ?? 1, Math.max(max ?? 1, min ?? 1)]
  }
  return [min, max]
}
