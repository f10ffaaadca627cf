import { type SourceLocation } from '../base/diagnostic.js'
import { nearest } from '../base/did-you-mean.js'
import { type Fitting } from './fitting.js'
import { type MemberSpec, TEXT_STEP } from './member-spec.js'
import {
  type AttributeMapping,
  type ContentMapping,
  type ElementMapping,
  type GroupMapping,
  type ObjectMapping,
  ownElementsOf,
  type WildcardMapping,
} from './value-mapping.js'

/** What members can claim: the parts of an object, or of one occurrence of a repeated group. */
export interface Shape extends Pick<ObjectMapping, 'attributes' | 'text' | 'content'> {
  /** For messages. */
  readonly label: string
  readonly at: SourceLocation
}

export type Target = ElementMapping | AttributeMapping | GroupMapping | WildcardMapping | 'text'

export type Claim =
  | { readonly kind: 'member'; readonly spec: MemberSpec }
  /** The element is flattened: these are for its own members. */
  | { readonly kind: 'flattened'; readonly specs: MemberSpec[] }

export type Claims = ReadonlyMap<Target, Claim>

/** Finds for each member the part of the XML that it stands for; members without one are reported. */
export function claimsOf(fitting: Fitting, shape: Shape, specs: readonly MemberSpec[]): Claims {
  const claims = new Map<Target, Claim>()
  for (const spec of specs) claim(fitting, shape, spec, claims)
  return claims
}

function claim(fitting: Fitting, shape: Shape, spec: MemberSpec, claims: Map<Target, Claim>): void {
  const annotated = spec.view.annotation.path
  const written = typeof annotated === 'string' ? annotated.split('/').filter((step) => step !== '') : []
  const [first, ...rest] = spec.path ?? written
  if (first !== undefined && rest.length > 0) {
    claimFlattened(fitting, shape, first, { ...spec, path: rest }, claims)
    return
  }
  const targets = first === undefined ? targetsByName(fitting, shape, spec) : targetsByStep(shape, first)
  const free = targets.filter((target) => !claims.has(target))
  if (free.length === 0) {
    const why =
      targets.length > 0 ? 'another member has it already' : `${shape.label} has ${available(shape)}`
    const meant = nearest(spec.name, namesOf(shape))
    fitting.mismatch(
      spec.schema.pointer,
      `The member ${spec.name} has no place in the XML: ${why}. ${meant === undefined ? '' : `Did you mean ${meant}? `}Name its element with xml.name or x-soap: { path: … }.`,
      shape.at,
      'member-unknown',
    )
  }
  for (const target of free) claims.set(target, { kind: 'member', spec })
}

function claimFlattened(
  fitting: Fitting,
  shape: Shape,
  step: string,
  spec: MemberSpec,
  claims: Map<Target, Claim>,
): void {
  const element = [...ownElementsOf(shape.content)].find((candidate) => candidate.name.localName === step)
  const known = element && claims.get(element)
  if (!element || element.maxOccurs > 1 || known?.kind === 'member') {
    const why = !element
      ? `there is no ${step}; there is ${available(shape)}`
      : element.maxOccurs > 1
        ? `${step} repeats`
        : `${step} is another member already`
    fitting.mismatch(
      spec.schema.pointer,
      `The path of ${spec.name} cannot be followed: ${why}.`,
      shape.at,
      'member-unknown',
    )
    return
  }
  if (known) known.specs.push(spec)
  else claims.set(element, { kind: 'flattened', specs: [spec] })
}

function targetsByStep(shape: Shape, step: string): Target[] {
  if (step === TEXT_STEP) return shape.text ? ['text'] : []
  if (step.startsWith('@'))
    return shape.attributes.filter((attribute) => attribute.name.localName === step.slice(1))
  return twins([...ownElementsOf(shape.content)].filter((element) => element.name.localName === step))
}

function targetsByName(fitting: Fitting, shape: Shape, spec: MemberSpec): Target[] {
  const { xml, annotation } = spec.view
  if (annotation.text === true) return shape.text ? ['text'] : []
  if (xml.attribute) {
    return shape.attributes.filter((attribute) =>
      xml.name === undefined ? attribute.member.name === spec.name : attribute.name.localName === xml.name,
    )
  }
  if (xml.name !== undefined) return targetsByStep(shape, xml.name)
  const elements = [...ownElementsOf(shape.content)].filter((element) => element.member.name === spec.name)
  if (elements.length > 0) return elements
  const attributes = shape.attributes.filter((attribute) => attribute.member.name === spec.name)
  if (attributes.length > 0) return attributes
  if (shape.text?.member.name === spec.name) return ['text']
  const particles = particlesWithMember(shape.content).filter(
    (particle) => particle.member?.name === spec.name,
  )
  if (particles.length > 0 || !spec.view.items) return particles
  // Items without a wrapper: OpenAPI 3.1, 4.8.26, has their name on the items.
  const itemName = fitting.view(spec.view.items).xml.name
  return itemName === undefined ? [] : targetsByStep(shape, itemName)
}

/** The first of several elements of one name, with those in other branches of a choice that share its member. */
function twins(elements: ElementMapping[]): ElementMapping[] {
  return elements.filter((element) => element.member.name === elements[0]?.member.name)
}

function particlesWithMember(content: ContentMapping | undefined): (GroupMapping | WildcardMapping)[] {
  if (content === undefined || content.kind === 'element') return []
  if (content.kind === 'any' || content.member) return [content]
  return content.particles.flatMap(particlesWithMember)
}

/** The JSON names that members may have by themselves. */
function namesOf({ attributes, content }: Shape): readonly string[] {
  return [...ownElementsOf(content), ...attributes].map(({ member }) => member.name)
}

function available(shape: Shape): string {
  const names = [
    ...[...ownElementsOf(shape.content)].map((element) => element.name.localName),
    ...shape.attributes.map((attribute) => `@${attribute.name.localName}`),
  ]
  return names.length === 0 ? 'no members' : names.join(', ')
}
