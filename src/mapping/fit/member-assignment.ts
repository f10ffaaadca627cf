import { readSchemaAnnotation } from '../../annotation/schema/schema.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { nearest } from '../../base/diagnostic/did-you-mean.js'
import { ownElementsOf, partsOf } from '../canonical/content-walk.js'
import type {
  AttributeMapping,
  ElementMapping,
  GroupMapping,
  ObjectMapping,
  WildcardMapping,
} from '../canonical/value-mapping.js'
import type { Fitting } from './fitting.js'
import { type MemberSpec, TEXT_STEP } from './member-spec.js'

/** What members can assign: the parts of an object, or of one occurrence of a repeated group. */
export interface Shape extends Pick<ObjectMapping, 'attributes' | 'text' | 'content'> {
  /** For messages. */
  readonly label: string
  readonly at: SourceLocation
}

export type Target = ElementMapping | AttributeMapping | GroupMapping | WildcardMapping | 'text'

export type Assignment =
  | { readonly kind: 'member'; readonly spec: MemberSpec }
  /** The element is flattened: these are for its own members. */
  | { readonly kind: 'flattened'; readonly specs: MemberSpec[] }

export type Assignments = ReadonlyMap<Target, Assignment>

/** Finds for each member the part of the XML that it stands for; members without one are reported. */
export function assignmentsOf(fitting: Fitting, shape: Shape, specs: readonly MemberSpec[]): Assignments {
  const assignments = new Map<Target, Assignment>()
  for (const spec of specs) assign(fitting, shape, spec, assignments)
  return assignments
}

function assign(
  fitting: Fitting,
  shape: Shape,
  spec: MemberSpec,
  assignments: Map<Target, Assignment>,
): void {
  const [first, ...rest] = spec.path ?? readSchemaAnnotation(spec.view).path
  if (first !== undefined && rest.length > 0) {
    assignFlattened(fitting, { shape, step: first, spec: { ...spec, path: rest }, assignments })
    return
  }
  const targets = first === undefined ? targetsByName(fitting, shape, spec) : targetsByStep(shape, first)
  const free = targets.filter((target) => !assignments.has(target))
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
  for (const target of free) assignments.set(target, { kind: 'member', spec })
}

function assignFlattened(
  fitting: Fitting,
  {
    shape,
    step,
    spec,
    assignments,
  }: {
    readonly shape: Shape
    readonly step: string
    readonly spec: MemberSpec
    readonly assignments: Map<Target, Assignment>
  },
): void {
  const element = ownElementsOf(shape.content).find((candidate) => candidate.name.localName === step)
  const known = element && assignments.get(element)
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
  else assignments.set(element, { kind: 'flattened', specs: [spec] })
}

function targetsByStep(shape: Shape, step: string): Target[] {
  if (step === TEXT_STEP) return shape.text ? ['text'] : []
  if (step.startsWith('@'))
    return shape.attributes.filter((attribute) => attribute.name.localName === step.slice(1))
  return twins(ownElementsOf(shape.content).filter((element) => element.name.localName === step))
}

function targetsByName(fitting: Fitting, shape: Shape, spec: MemberSpec): Target[] {
  const { xml } = spec.view
  if (readSchemaAnnotation(spec.view).text) return shape.text ? ['text'] : []
  if (xml.attribute) {
    return shape.attributes.filter((attribute) =>
      xml.name === undefined ? attribute.member.name === spec.name : attribute.name.localName === xml.name,
    )
  }
  if (xml.name !== undefined) return targetsByStep(shape, xml.name)
  const elements = ownElementsOf(shape.content).filter((element) => element.member.name === spec.name)
  if (elements.length > 0) return elements
  const attributes = shape.attributes.filter((attribute) => attribute.member.name === spec.name)
  if (attributes.length > 0) return attributes
  if (shape.text?.member.name === spec.name) return ['text']
  const particles = partsOf(shape.content).filter(
    (part) => part.kind !== 'element' && part.member.name === spec.name,
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

/** The JSON names that members may have by themselves. */
function namesOf({ attributes, content }: Shape): readonly string[] {
  return [...ownElementsOf(content), ...attributes].map(({ member }) => member.name)
}

function available(shape: Shape): string {
  const names = [
    ...ownElementsOf(shape.content).map((element) => element.name.localName),
    ...shape.attributes.map((attribute) => `@${attribute.name.localName}`),
  ]
  return names.length === 0 ? 'no members' : names.join(', ')
}
