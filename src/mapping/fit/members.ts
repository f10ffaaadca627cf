import { readSchemaAnnotation } from '../../annotation/schema/schema.js'
import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { JsonValue } from '../../json/value.js'
import { MAX_STEPS } from '../../xsd/content/matcher.js'
import { withBranches } from '../canonical/branch-name.js'
import { planOf } from '../canonical/content-plan.js'
import { elementsOf } from '../canonical/content-walk.js'
import { asFlag, withoutFlag } from '../canonical/flag.js'
import type {
  AttributeMapping,
  ContentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ObjectMapping,
  ScalarMapping,
  ValueMapping,
} from '../canonical/value-mapping.js'
import { checkHeld } from './constant.js'
import type { Fitting } from './fitting.js'
import { type Assignment, type Assignments, assignmentsOf } from './member-assignment.js'
import type { MemberSpec } from './member-spec.js'

/** Where a part of the contract stands, for what is missing there. */
interface Place {
  readonly at: SourceLocation
  /** False inside a choice or an optional group, where the XSD may leave everything out. */
  readonly certain: boolean
}

/**
 * Gives each member its element, attribute or text, and each of these its member or none.
 *
 * @param place where the contract writes the object
 */
export function fitMembers(
  fitting: Fitting,
  canonical: ObjectMapping,
  specs: readonly MemberSpec[],
  place: Place,
): ObjectMapping {
  const { type, attributes, text } = canonical
  const content = canonical.content && inTheirForm(canonical.content, specs)
  const label = type.name?.localName ?? 'its XSD type'
  if (content && planOf(content).kind === 'too-large') {
    const message = `Which particle a child element of ${label} belongs to cannot be told: more than one may take it, and with what its minOccurs and maxOccurs count written out its content model has more than ${MAX_STEPS} steps. Ask the provider for smaller bounds, or none.`
    fitting.diagnostics.error('xsd-too-large', message, type.at)
  }
  const assignments = assignmentsOf(fitting, { attributes, text, content, label, at: type.at }, specs)
  return {
    kind: 'object',
    type,
    attributes: attributes.map((attribute) =>
      fitAttribute(fitting, attribute, assignments.get(attribute), place),
    ),
    ...(text && {
      text: fitText(fitting, { text, assigned: assignments.get('text'), xsd: canonical.type.at, place }),
    }),
    ...(content && { content: fitContent(fitting, content, assignments, place) }),
  }
}

function fitText(
  fitting: Fitting,
  {
    text,
    assigned,
    xsd,
    place,
  }: {
    readonly text: NonNullable<ObjectMapping['text']>
    readonly assigned: Assignment | undefined
    readonly xsd: SourceLocation
    readonly place: Place
  },
): NonNullable<ObjectMapping['text']> {
  if (assigned?.kind !== 'member') {
    if (fitting.direction === 'request' && place.certain && text.fixed === undefined)
      missing(fitting, 'the text of its element', xsd, place)
    return { ...text, member: hidden(text.member) }
  }
  const { spec } = assigned
  const demanded = place.certain && text.fixed === undefined
  checkRequired(fitting, { spec, demanded, label: 'the text of its element', xsd })
  const value = fitAsScalar(fitting, text.value, spec, xsd)
  checkDefault(fitting, spec, value)
  return { ...text, member: memberOf(spec), value }
}

function fitAttribute(
  fitting: Fitting,
  attribute: AttributeMapping,
  assigned: Assignment | undefined,
  place: Place,
): AttributeMapping {
  const label = `the attribute ${attribute.name.localName}`
  if (assigned?.kind !== 'member') {
    if (
      fitting.direction === 'request' &&
      place.certain &&
      attribute.required &&
      attribute.fixed === undefined
    ) {
      missing(fitting, label, attribute.at, place)
    }
    return { ...attribute, member: hidden(attribute.member) }
  }
  const { spec } = assigned
  checkRequired(fitting, { spec, demanded: place.certain && attribute.required, label, xsd: attribute.at })
  warnIfNarrowed(fitting, { spec, demanded: attribute.required, label, xsd: attribute.at })
  const value = fitAsScalar(fitting, attribute.value, spec, attribute.at)
  checkDefault(fitting, spec, value)
  return { ...attribute, member: memberOf(spec), value }
}

function fitAsScalar(
  fitting: Fitting,
  canonical: ScalarMapping,
  spec: MemberSpec,
  at: SourceLocation,
): ScalarMapping {
  const fitted = fitting.value(canonical, spec.schema, at)
  if (fitted.kind === 'document') {
    const message = `content is for elements that hold a text and have no attributes; ${spec.name} is an attribute, or the text beside some.`
    fitting.mismatch(spec.schema.pointer, message, at, 'document-invalid')
  }
  return fitted.kind === 'scalar' ? fitted : canonical
}

function fitContent(
  fitting: Fitting,
  content: ContentMapping,
  assignments: Assignments,
  place: Place,
): ContentMapping {
  const assigned = assignments.get(content)
  if (content.kind === 'element') return fitElement(fitting, content, assigned, place)
  if (content.kind === 'any') {
    return {
      ...content,
      member: assigned?.kind === 'member' ? memberOf(assigned.spec) : hidden(content.member),
    }
  }
  if (content.member)
    return fitRepeatedGroup(fitting, { group: content, member: content.member, assigned, place })
  return fitGroup(fitting, content, assignments, place)
}

function fitGroup(
  fitting: Fitting,
  content: GroupMapping,
  assignments: Assignments,
  place: Place,
): GroupMapping {
  const certain = place.certain && content.minOccurs > 0
  const inside = { ...place, certain: certain && content.kind !== 'choice' }
  const particles = content.particles.map((particle) => fitContent(fitting, particle, assignments, inside))
  const choices = content.kind === 'choice' && certain && fitting.direction === 'request'
  if (choices && particles.length > 0 && !particles.some(isWritable)) {
    const names = elementsOf(content).map((element) => element.name.localName)
    missing(fitting, `one of the choice ${names.join(', ')}`, firstAt(content) ?? place.at, place)
  }
  return { ...content, particles }
}

function firstAt(content: ContentMapping): SourceLocation | undefined {
  for (const element of elementsOf(content)) return element.at
  return undefined
}

/** Can the contract satisfy the particle? */
function isWritable(particle: ContentMapping): boolean {
  if (particle.minOccurs === 0) return true
  if (particle.kind === 'element') return !particle.member.hidden
  if (particle.member) return !particle.member.hidden
  if (particle.kind === 'any') return false
  return particle.kind === 'choice'
    ? particle.particles.some(isWritable)
    : particle.particles.every(isWritable)
}

function fitElement(
  fitting: Fitting,
  canonical: ElementMapping,
  assigned: Assignment | undefined,
  place: Place,
): ElementMapping {
  const label = `the element ${canonical.name.localName}`
  const demanded = place.certain && canonical.minOccurs > 0
  const element = inForm(canonical, assigned, { demanded })
  if (assigned === undefined) {
    if (fitting.direction === 'request' && demanded && element.fixed === undefined) {
      missing(fitting, label, element.at, place)
    }
    return { ...element, member: hidden(element.member) }
  }
  if (assigned.kind === 'flattened')
    return flatten(fitting, element, assigned.specs, { ...place, certain: demanded })
  const { spec } = assigned
  if (element.impossible === true) impossible(fitting, element, label)
  if (element.maxOccurs > 1) {
    if (!fitting.expectType(spec.view, 'array', element.at, `${element.name.localName} repeats`))
      return element
    checkRequired(fitting, { spec, demanded, label, xsd: element.at })
    const fitted = spec.view.items ? fitting.item(element, spec.view.items) : element
    return { ...fitted, member: { ...memberOf(spec), nullable: fitted.member.nullable } }
  }
  checkRequired(fitting, { spec, demanded, label, xsd: element.at })
  if (fitting.direction === 'response' && spec.required && !place.certain) {
    fitting.mismatch(
      spec.schema.pointer,
      `The member ${spec.name} cannot be required: the XSD has ${label} in a choice or an optional group.`,
      element.at,
    )
  }
  warnIfNarrowed(fitting, {
    spec,
    demanded: demanded || element.value.kind === 'array' || element.flag !== undefined,
    label,
    xsd: element.at,
  })
  fitting.checkNull(element, spec.view)
  const value = fitting.value(element.value, spec.schema, element.at)
  checkDefault(fitting, spec, value)
  return { ...element, member: memberOf(spec), value }
}

/** What holds nothing is a flag or an object, as the contract says; a flag that is always there says nothing. */
function inForm(
  element: ElementMapping,
  assigned: Assignment | undefined,
  { demanded }: { readonly demanded: boolean },
): ElementMapping {
  if (assigned === undefined) return element
  const types = assigned.kind === 'member' ? assigned.spec.view.types : undefined
  const isFlag = types?.has('boolean') === true && !types.has('object') && !demanded
  const object = withoutFlag(element)
  return isFlag ? (asFlag(object) ?? object) : object
}

function impossible(fitting: Fitting, element: ElementMapping, label: string): void {
  const message = `The WSDL requires ${label}, of which its schemas have nothing concrete: a request cannot have it, a response that has it becomes a 502. Add the schema that has what is missing.`
  if (fitting.direction === 'request') fitting.diagnostics.error('xsd-abstract', message, element.at)
  else fitting.diagnostics.warning('xsd-abstract', message, element.at)
}

/** Defaults of responses are never used. */
function checkDefault(fitting: Fitting, spec: MemberSpec, value: ValueMapping): void {
  if (fitting.direction !== 'request') return
  checkHeld(fitting, {
    memberSpec: spec,
    value,
    constant: spec.view.keywords.default,
    what: `The default of ${spec.name}`,
  })
}

/** The element's members stand in its parent's JSON object. */
function flatten(
  fitting: Fitting,
  element: ElementMapping,
  specs: readonly MemberSpec[],
  place: Place,
): ElementMapping {
  const value = asObject(element.value)
  if (!value) {
    for (const spec of specs) {
      fitting.mismatch(
        spec.schema.pointer,
        `The path of ${spec.name} cannot be followed: ${element.name.localName} has no members.`,
        element.at,
        'member-unknown',
      )
    }
    return { ...element, member: hidden(element.member) }
  }
  return { ...element, flattened: true, value: fitMembers(fitting, value, specs, place) }
}

/** The members that a value has of its own, for paths that lead into it. */
export function asObject(value: ValueMapping): ObjectMapping | undefined {
  if (value.kind === 'object') return value
  if (value.kind === 'array') return { kind: 'object', type: value.type, attributes: [], content: value.item }
  if (value.kind === 'polymorphic')
    return value.alternatives.find((alternative) => alternative.isDeclared)?.mapping
  return undefined
}

function fitRepeatedGroup(
  fitting: Fitting,
  {
    group,
    member,
    assigned,
    place,
  }: {
    readonly group: GroupMapping
    readonly member: Member
    readonly assigned: Assignment | undefined
    readonly place: Place
  },
): GroupMapping {
  const xsd = firstAt(group) ?? place.at
  if (assigned?.kind !== 'member') {
    if (fitting.direction === 'request' && place.certain && group.minOccurs > 0) {
      missing(fitting, `the repeated group ${member.name}`, xsd, place)
    }
    return { ...group, member: hidden(member) }
  }
  const { spec } = assigned
  if (!fitting.expectType(spec.view, 'array', xsd, 'the group repeats') || !spec.view.items) return group
  const items = fitting.view(spec.view.items)
  const specs = fitting.specs(items)
  const particles = group.particles.map((particle) => inTheirForm(particle, specs))
  const content: GroupMapping = { kind: group.kind, minOccurs: 1, maxOccurs: 1, particles }
  const shape = { attributes: [], content, label: `the group ${member.name}`, at: xsd }
  const assignments = assignmentsOf(fitting, shape, specs)
  const inside = { at: fitting.document.locate(items.pointer), certain: true }
  const fitted = fitGroup(fitting, content, assignments, inside)
  return { ...group, particles: fitted.particles, member: memberOf(spec) }
}

/** A choice of elements that hold nothing is a member that names one of them, or a flag each, as the contract says. */
function inTheirForm(content: ContentMapping, specs: readonly MemberSpec[]): ContentMapping {
  return withBranches(content, ({ name, member }) => specs.some((spec) => namesMember(spec, name, member)))
}

function namesMember(spec: MemberSpec, { localName }: ElementMapping['name'], member: Member): boolean {
  const [step] = spec.path ?? readSchemaAnnotation(spec.view).path
  if (step !== undefined) return step === localName
  const { xml } = spec.view
  return !xml.attribute && (xml.name === undefined ? spec.name === member.name : xml.name === localName)
}

/** Its name, for samples alone, cannot meet one of the contract. */
function hidden(member: Member): Member {
  return { ...member, name: `#${member.name}`, hidden: true }
}

function memberOf(spec: MemberSpec): Member {
  const { keywords, nullable } = spec.view
  const example = exampleIn(keywords)
  return {
    name: spec.key ?? spec.name,
    hidden: false,
    required: spec.required,
    nullable,
    ...(example !== undefined && { example: example as JsonValue }),
    ...(keywords.default !== undefined && { default: keywords.default as JsonValue }),
  }
}

function exampleIn({ example, examples, default: preset }: MemberSpec['view']['keywords']): unknown {
  if (example !== undefined) return example
  const listed = Array.isArray(examples) ? (examples as unknown[]) : []
  const first = listed.find((one) => one !== undefined)
  return first === undefined ? preset : first
}

function missing(fitting: Fitting, what: string, xsd: SourceLocation, place: Place): void {
  fitting.diagnostics.error(
    'member-missing',
    `The WSDL requires ${what}, which the contract never sends. Add a member, a parameter or a constant for it.`,
    place.at,
    [{ message: 'the XSD requires it here', at: xsd }],
  )
}

/** A member of the contract, and whether the XSD demands what it stands for. */
interface Demanded {
  readonly spec: MemberSpec
  readonly demanded: boolean
  readonly label: string
  readonly xsd: SourceLocation
}

/** What the XSD requires, a request must require (or give a default). */
function checkRequired(fitting: Fitting, { spec, demanded, label, xsd }: Demanded): void {
  const given = spec.required || spec.view.keywords.default !== undefined
  if (fitting.direction !== 'request' || !demanded || given) return
  fitting.mismatch(
    spec.schema.pointer,
    `The WSDL requires ${label}: the member ${spec.name} must be required, or have a default.`,
    xsd,
    'member-optional',
  )
}

/** A contract may promise what the XSD does not: a response without it is refused, so that the promise holds. */
function warnIfNarrowed(fitting: Fitting, { spec, demanded, label, xsd }: Demanded): void {
  if (fitting.direction !== 'response' || !spec.required || demanded) return
  fitting.diagnostics.warning(
    'member-narrowed',
    `The backend may leave out ${label}, but the contract requires ${spec.name}; such a response becomes a 502.`,
    fitting.document.locate(spec.schema.pointer),
    [{ message: 'the XSD declares it optional here', at: xsd }],
  )
}
