import { type SourceLocation } from '../base/diagnostic.js'
import { type JsonValue } from '../json/value.js'
import { type Claim, type Claims, claimsOf } from './claims.js'
import { checkHeld } from './constant.js'
import { type Fitting } from './fitting.js'
import { type MemberSpec } from './member-spec.js'
import {
  type AttributeMapping,
  type ContentMapping,
  type ElementMapping,
  elementsOf,
  type GroupMapping,
  type Member,
  type ObjectMapping,
  type ScalarMapping,
  type ValueMapping,
} from './value-mapping.js'

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
  const { type, attributes, text, content } = canonical
  const label = type.name?.localName ?? 'its XSD type'
  const claims = claimsOf(fitting, { attributes, text, content, label, at: type.at }, specs)
  return {
    kind: 'object',
    type,
    attributes: attributes.map((attribute) => fitAttribute(fitting, attribute, claims.get(attribute), place)),
    ...(text && { text: fitText(fitting, text, claims.get('text'), canonical.type.at, place) }),
    ...(content && { content: fitContent(fitting, content, claims, place) }),
  }
}

function fitText(
  fitting: Fitting,
  text: NonNullable<ObjectMapping['text']>,
  claimed: Claim | undefined,
  xsd: SourceLocation,
  place: Place,
): NonNullable<ObjectMapping['text']> {
  if (claimed?.kind !== 'member') {
    if (fitting.direction === 'request' && place.certain)
      missing(fitting, 'the text of its element', xsd, place)
    return { ...text, member: hidden(text.member) }
  }
  const { spec } = claimed
  checkRequired(fitting, spec, place.certain, 'the text of its element', xsd)
  const value = fitAsScalar(fitting, text.value, spec, xsd)
  checkDefault(fitting, spec, value)
  return { member: memberOf(spec), value }
}

function fitAttribute(
  fitting: Fitting,
  attribute: AttributeMapping,
  claimed: Claim | undefined,
  place: Place,
): AttributeMapping {
  const label = `the attribute ${attribute.name.localName}`
  if (claimed?.kind !== 'member') {
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
  const { spec } = claimed
  checkRequired(fitting, spec, place.certain && attribute.required, label, attribute.at)
  warnIfNarrowed(fitting, spec, attribute.required, label, attribute.at)
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
  return fitted.kind === 'scalar' ? fitted : canonical
}

function fitContent(fitting: Fitting, content: ContentMapping, claims: Claims, place: Place): ContentMapping {
  const claimed = claims.get(content)
  if (content.kind === 'element') return fitElement(fitting, content, claimed, place)
  if (content.kind === 'any') {
    return {
      ...content,
      member: claimed?.kind === 'member' ? memberOf(claimed.spec) : hidden(content.member),
    }
  }
  if (content.member) return fitRepeatedGroup(fitting, content, content.member, claimed, place)
  return fitGroup(fitting, content, claims, place)
}

function fitGroup(fitting: Fitting, content: GroupMapping, claims: Claims, place: Place): GroupMapping {
  const certain = place.certain && content.minOccurs > 0
  const inside = { ...place, certain: certain && content.kind !== 'choice' }
  const particles = content.particles.map((particle) => fitContent(fitting, particle, claims, inside))
  const choices = content.kind === 'choice' && certain && fitting.direction === 'request'
  if (choices && particles.length > 0 && !particles.some(isWritable)) {
    const names = [...elementsOf(content)].map((element) => element.name.localName)
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
  element: ElementMapping,
  claimed: Claim | undefined,
  place: Place,
): ElementMapping {
  const label = `the element ${element.name.localName}`
  const demanded = place.certain && element.minOccurs > 0
  if (claimed === undefined) {
    if (fitting.direction === 'request' && demanded && element.fixed === undefined) {
      missing(fitting, label, element.at, place)
    }
    return { ...element, member: hidden(element.member) }
  }
  if (claimed.kind === 'flattened')
    return flatten(fitting, element, claimed.specs, { ...place, certain: demanded })
  const { spec } = claimed
  if (element.maxOccurs > 1) {
    if (!fitting.expectType(spec.view, 'array', element.at, `${element.name.localName} repeats`))
      return element
    checkRequired(fitting, spec, demanded, label, element.at)
    const fitted = spec.view.items ? fitting.item(element, spec.view.items) : element
    return { ...fitted, member: { ...memberOf(spec), nullable: fitted.member.nullable } }
  }
  checkRequired(fitting, spec, demanded, label, element.at)
  if (fitting.direction === 'response' && spec.required && !place.certain) {
    fitting.mismatch(
      spec.schema.pointer,
      `The member ${spec.name} cannot be required: the XSD has ${label} in a choice or an optional group.`,
      element.at,
    )
  }
  warnIfNarrowed(fitting, spec, demanded || element.value.kind === 'array', label, element.at)
  fitting.checkNull(element, spec.view)
  const value = fitting.value(element.value, spec.schema, element.at)
  checkDefault(fitting, spec, value)
  return { ...element, member: memberOf(spec), value }
}

/** Defaults of answers are never used. */
function checkDefault(fitting: Fitting, spec: MemberSpec, value: ValueMapping): void {
  if (fitting.direction !== 'request') return
  checkHeld(fitting, spec, value, spec.view.keywords.default, `The default of ${spec.name}`)
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
  group: GroupMapping,
  member: Member,
  claimed: Claim | undefined,
  place: Place,
): GroupMapping {
  const xsd = firstAt(group) ?? place.at
  if (claimed?.kind !== 'member') {
    if (fitting.direction === 'request' && place.certain && group.minOccurs > 0) {
      missing(fitting, `the repeated group ${member.name}`, xsd, place)
    }
    return { ...group, member: hidden(member) }
  }
  const { spec } = claimed
  if (!fitting.expectType(spec.view, 'array', xsd, 'the group repeats') || !spec.view.items) return group
  const items = fitting.view(spec.view.items)
  const content: GroupMapping = { kind: group.kind, minOccurs: 1, maxOccurs: 1, particles: group.particles }
  const shape = { attributes: [], content, label: `the group ${member.name}`, at: xsd }
  const claims = claimsOf(fitting, shape, fitting.specs(items))
  const inside = { at: fitting.document.locate(items.pointer), certain: true }
  const { particles } = fitGroup(fitting, content, claims, inside)
  return { ...group, particles, member: memberOf(spec) }
}

/** Its name, for samples alone, cannot meet one of the contract. */
function hidden(member: Member): Member {
  return { ...member, name: `#${member.name}`, hidden: true }
}

function memberOf(spec: MemberSpec): Member {
  const { keywords, nullable } = spec.view
  const examples = keywords.examples
  const candidates: unknown[] = [
    keywords.example,
    ...(Array.isArray(examples) ? (examples as unknown[]) : []),
    keywords.default,
  ]
  const example = candidates.find((candidate) => candidate !== undefined)
  return {
    name: spec.key ?? spec.name,
    hidden: false,
    required: spec.required,
    nullable,
    ...(example !== undefined && { example: example as JsonValue }),
    ...(keywords.default !== undefined && { default: keywords.default as JsonValue }),
  }
}

function missing(fitting: Fitting, what: string, xsd: SourceLocation, place: Place): void {
  fitting.diagnostics.error(
    'member-missing',
    `The WSDL requires ${what}, which the contract never sends. Add a member, a parameter or a constant for it.`,
    place.at,
    [{ message: 'the XSD requires it here', at: xsd }],
  )
}

/** What the XSD requires, a request must require (or give a default). */
function checkRequired(
  fitting: Fitting,
  spec: MemberSpec,
  demanded: boolean,
  label: string,
  xsd: SourceLocation,
): void {
  const given = spec.required || spec.view.keywords.default !== undefined
  if (fitting.direction !== 'request' || !demanded || given) return
  fitting.mismatch(
    spec.schema.pointer,
    `The WSDL requires ${label}: the member ${spec.name} must be required, or have a default.`,
    xsd,
    'member-optional',
  )
}

/** A contract may promise what the XSD does not: an answer without it is refused, so that the promise holds. */
function warnIfNarrowed(
  fitting: Fitting,
  spec: MemberSpec,
  demanded: boolean,
  label: string,
  xsd: SourceLocation,
): void {
  if (fitting.direction !== 'response' || !spec.required || demanded) return
  fitting.diagnostics.warning(
    'member-narrowed',
    `The backend may leave out ${label}, but the contract requires ${spec.name}; such an answer becomes a 502.`,
    fitting.document.locate(spec.schema.pointer),
    [{ message: 'the XSD declares it optional here', at: xsd }],
  )
}
