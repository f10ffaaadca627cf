import { XSD } from '../../base/namespaces.js'
import { clark, type QName } from '../../base/qname.js'
import { UniqueNames } from '../../base/unique-names.js'
import { internName } from '../../xml/names.js'
import { concreteTypes } from '../../xsd/model/derivation.js'
import { Inhabited } from '../../xsd/model/inhabited.js'
import type {
  Accessor,
  ComplexType,
  ElementDeclaration,
  ModelGroup,
  Particle,
  SchemaSet,
  XsdType,
} from '../../xsd/model/model.js'
import { asBranchName } from './branch-name.js'
import { partsOf } from './content-walk.js'
import { asFlag } from './flag.js'
import { memberName, schemaName } from './member-names.js'
import { MemberPlaces } from './member-places.js'
import { scalar } from './scalar.js'
import type {
  AccessorMapping,
  Alternative,
  ArrayMapping,
  AttributeMapping,
  ContentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ObjectMapping,
  PolymorphicMapping,
  ValueMapping,
} from './value-mapping.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The mapping that an XSD has by itself: every element and attribute under its canonical JSON name, every
 * type in its canonical form (docs/annotation.md, "What an XSD type may be in JSON"). Contracts are fitted
 * onto it, documents are projected from it, samples are drawn from it. The names in it are interned: messages about a
 * response may say them.
 */
export class CanonicalMappings {
  readonly #values = new Map<XsdType, ValueMapping>()
  readonly #objects = new Map<ComplexType, ObjectMapping>()
  readonly #constrained = new ByTypeAndText<ObjectMapping>()
  readonly #constrainedChoices = new ByTypeAndText<PolymorphicMapping>()
  readonly #inhabited: Inhabited
  /** What is left to fill in: types lead into one another as deep as a schema likes, so that none waits for another. */
  readonly #unfilled: (() => void)[] = []
  readonly #unnamed: (() => void)[] = []

  constructor(readonly schemas: SchemaSet) {
    this.#inhabited = Inhabited.of(schemas)
  }

  /** The mapping of a type wherever it stands; the same object for the same type. */
  value(type: XsdType): ValueMapping {
    return this.#filled(this.#value(type))
  }

  /** The mapping of a complex type as an object, also where `value` would make it an array or a choice of types. */
  object(type: ComplexType): ObjectMapping {
    return this.#filled(this.#object(type))
  }

  /** An element as it stands by itself: once, under its own name. */
  element(declaration: ElementDeclaration): ElementMapping {
    return this.#filled(this.#element(once(declaration), declaration, memberName(declaration.name.localName)))
  }

  #filled<T>(mapping: T): T {
    for (let fill = this.#unfilled.pop(); fill; fill = this.#unfilled.pop()) fill()
    for (let name = this.#unnamed.pop(); name; name = this.#unnamed.pop()) name()
    return mapping
  }

  #value(type: XsdType): ValueMapping {
    const known = this.#values.get(type)
    if (known) return known
    if (type.kind === 'simpleType') return this.#remember(type, scalar(type))
    const { content } = type
    if (content.kind === 'elements' && content.mixed) return this.#remember(type, { kind: 'xml', type })
    const derived = this.#derivedFrom(type)
    if (derived.length > 0) return this.#polymorphic(type, derived)
    if (content.kind === 'simple' && type.attributes.length === 0) {
      const value = scalar(content.type)
      return this.#remember(type, type.attributeWildcard ? { ...value, anyAttributes: true } : value)
    }
    const item = repeatedItem(type)
    if (item && this.#substitutes(item.declaration).length === 0 && this.#inhabited.has(item.declaration))
      return this.#array(type, item)
    return this.#remember(type, this.#object(type))
  }

  #object(type: ComplexType): ObjectMapping {
    const known = this.#objects.get(type)
    if (known) return known
    const mapping: Mutable<ObjectMapping> = { kind: 'object', type, attributes: [] }
    this.#objects.set(type, mapping)
    this.#unfilled.push(() => {
      this.#fill(mapping, type)
    })
    return mapping
  }

  /** The value of an element: where its text has attributes beside it, what the element says of the text is the text's. */
  #valueOf({ type, fixed, default: preset }: ElementDeclaration): ValueMapping {
    const value = this.#value(type)
    if (fixed === undefined && preset === undefined) return value
    if (value.kind === 'object') {
      return hasText(value.type) ? this.#constrainedObject(value.type, { fixed, default: preset }) : value
    }
    if (value.kind !== 'polymorphic' || !hasText(value.declared) || value.declared.encoded) return value
    // What is derived from a type with text has text.
    return this.#constrainedChoices.get(value.declared, { fixed, default: preset }, (held) =>
      this.#choiceOf(value.declared, value.alternatives, (type) => this.#constrainedObject(type, held)),
    )
  }

  #constrainedObject(type: ComplexType, held: HeldText): ObjectMapping {
    return this.#constrained.get(type, held, () => {
      const mapping: Mutable<ObjectMapping> = { kind: 'object', type, attributes: [] }
      this.#unfilled.push(() => {
        this.#fill(mapping, type)
        mapping.text = mapping.text && { ...mapping.text, ...held }
      })
      return mapping
    })
  }

  #fill(mapping: Mutable<ObjectMapping>, { attributes, content }: ComplexType): void {
    const places = new MemberPlaces()
    const { names } = places
    if (content.kind === 'elements')
      mapping.content = this.#content(content.particle, places, { certain: true })
    mapping.attributes = attributes.map((use): AttributeMapping => {
      internName(clark(use.attribute.name))
      const wanted = memberName(use.attribute.name.localName)
      return {
        member: member(names.take(wanted)),
        name: use.attribute.name,
        required: use.required,
        fixed: use.fixed,
        default: use.default,
        documentation: use.attribute.documentation,
        value: scalar(use.attribute.type),
        at: use.attribute.at,
      }
    })
    if (content.kind === 'simple') {
      mapping.text = { member: member(names.take('value')), value: scalar(content.type) }
    }
    places.finish()
  }

  #remember<T extends ValueMapping>(type: XsdType, mapping: T): T {
    this.#values.set(type, mapping)
    return mapping
  }

  #derivedFrom(type: ComplexType): readonly ComplexType[] {
    if (type.encoded) return type.encoded.derived
    return concreteTypes(type, this.schemas).filter(
      (derived) => derived !== type && this.#inhabited.allows(derived),
    )
  }

  #polymorphic(type: ComplexType, derived: readonly ComplexType[]): PolymorphicMapping {
    const values = new UniqueNames()
    const concrete = type.abstract || !this.#inhabited.allows(type) ? derived : [type, ...derived]
    const alternatives = concrete.map((candidate) => ({
      value: values.take(alternativeName(candidate.name)),
      typeName: candidate.name,
      isDeclared: candidate === type,
      mapping: { type: candidate },
    }))
    return this.#remember(
      type,
      this.#choiceOf(type, alternatives, (candidate) => this.#object(candidate)),
    )
  }

  /** @param mappingOf makes the mapping of each alternative's type */
  #choiceOf(
    declared: ComplexType,
    alternatives: readonly (Omit<Alternative, 'mapping'> & {
      readonly mapping: Pick<ObjectMapping, 'type'>
    })[],
    mappingOf: (type: ComplexType) => ObjectMapping,
  ): PolymorphicMapping {
    const mapping: Mutable<PolymorphicMapping> = {
      kind: 'polymorphic',
      declared,
      discriminator: 'type',
      alternatives: alternatives.map((each): Alternative => ({
        ...each,
        mapping: mappingOf(each.mapping.type),
      })),
    }
    this.#unnamed.push(() => {
      const taken = new Set(mapping.alternatives.flatMap((alternative) => memberNames(alternative.mapping)))
      mapping.discriminator =
        ['type', 'kind', 'typeName', 'xsiType'].find((name) => !taken.has(name)) ?? '@type'
    })
    return mapping
  }

  #array(type: ComplexType, item: { particle: Particle; declaration: ElementDeclaration }): ArrayMapping {
    const mapping = { kind: 'array' as const, type } as Mutable<ArrayMapping>
    this.#unfilled.push(() => {
      const { particle, declaration } = item
      mapping.item = this.#element(particle, declaration, memberName(declaration.name.localName))
    })
    return this.#remember(type, mapping)
  }

  /** @param certain false inside a choice or an optional group, where everything may be absent */
  #content(
    particle: Particle,
    places: MemberPlaces,
    { certain }: { readonly certain: boolean },
  ): ContentMapping {
    const { minOccurs, maxOccurs, term } = particle
    if (term.kind === 'any') {
      return { kind: 'any', minOccurs, maxOccurs, wildcard: term, member: member(places.names.take('any')) }
    }
    if (term.kind === 'element') {
      const substitutes = this.#substitutes(term)
      if (substitutes.length > 0) return this.#substitution(particle, term, substitutes, places)
      const element = this.#element(particle, term, places.element(particle, term))
      return certain && minOccurs > 0 ? element : (asFlag(element) ?? element)
    }
    const named = term.name ? memberName(term.name.localName) : undefined
    if (maxOccurs === 1) {
      const group = this.#group(particle, term, places, { certain: certain && minOccurs > 0 })
      return branchName(group, named ?? 'choice', places) ?? group
    }
    const own = places.names.take(named ?? 'items')
    const inner = new MemberPlaces()
    const group = this.#group(particle, term, inner, { certain: true })
    inner.finish()
    return { ...group, member: member(own) }
  }

  #group(
    { minOccurs, maxOccurs }: Particle,
    { kind, particles }: ModelGroup,
    places: MemberPlaces,
    { certain }: { readonly certain: boolean },
  ): GroupMapping {
    // What can never be there is left out where it need not be there.
    const possible = particles.filter(
      (inner) => (kind !== 'choice' && inner.minOccurs > 0) || this.#inhabited.hasTerm(inner.term),
    )
    const inside = { certain: certain && kind !== 'choice' }
    const visit = (inner: Particle): ContentMapping => this.#content(inner, places, inside)
    return {
      kind,
      minOccurs,
      maxOccurs,
      particles: kind === 'choice' ? places.branches(possible, visit) : possible.map(visit),
    }
  }

  #element(
    { minOccurs, maxOccurs }: Particle,
    declaration: ElementDeclaration,
    name: string,
  ): ElementMapping {
    internName(clark(declaration.name))
    // A fixed value cannot be nil (Part 1, 3.3.4, clause 3.2.2).
    const nillable = declaration.nillable && declaration.fixed === undefined
    return {
      kind: 'element',
      name: declaration.name,
      minOccurs,
      maxOccurs,
      nillable,
      fixed: declaration.fixed,
      default: declaration.default,
      member: member(name, { nullable: declaration.accessor?.nillable ?? nillable }),
      flattened: false,
      documentation: declaration.documentation,
      value: this.#valueOf(declaration),
      ...(!this.#inhabited.hasItself(declaration) && { impossible: true }),
      ...(declaration.accessor && { accessor: accessorOf(declaration.accessor, declaration.type) }),
      at: declaration.at,
    }
  }

  #substitutes(head: ElementDeclaration): readonly ElementDeclaration[] {
    if (!head.global) return []
    const members = this.schemas.substitutionGroups.get(clark(head.name)) ?? []
    return members.filter((substitute) => this.#inhabited.has(substitute))
  }

  /** A substitution group is a choice of its members (XML Schema Part 1, 2.2.2.2). */
  #substitution(
    { minOccurs, maxOccurs }: Particle,
    head: ElementDeclaration,
    substitutes: readonly ElementDeclaration[],
    places: MemberPlaces,
  ): ContentMapping {
    const choices = this.#inhabited.hasItself(head) ? [head, ...substitutes] : substitutes
    const inner = maxOccurs > 1 ? new MemberPlaces() : places
    const particles = inner.branches(choices, (choice) => {
      const element = this.#element(once(choice), choice, inner.element(once(choice), choice))
      return asFlag(element) ?? element
    })
    const group = { kind: 'choice' as const, minOccurs, maxOccurs, particles }
    if (maxOccurs === 1) return branchName(group, 'choice', places) ?? group
    inner.finish()
    return { ...group, member: member(places.names.take(memberName(head.name.localName))) }
  }
}

/** A choice that says no more than which of its elements is there, as one member. */
function branchName(choice: GroupMapping, wanted: string, places: MemberPlaces): ElementMapping | undefined {
  return asBranchName(choice, (unnamed) => {
    places.atLast(wanted, (name) => {
      unnamed.name = { ...unnamed.name, localName: name }
      unnamed.member = member(name)
    })
  })
}

function once(term: ElementDeclaration): Particle {
  return { minOccurs: 1, maxOccurs: 1, term }
}

/** XSD's own types keep their names: `int`, not `Int`. */
function alternativeName(name: QName | undefined): string {
  if (name?.namespace === XSD) return name.localName
  return schemaName(name?.localName ?? 'Type')
}

function accessorOf({ positional }: Accessor, type: XsdType): AccessorMapping {
  if (type.kind === 'complexType' && type.encoded?.array) {
    const { style, array } = type.encoded
    return { type: array.rank === 0 ? undefined : { namespace: style, localName: 'Array' }, positional }
  }
  return { type: namedTypeOf(type)?.name, positional }
}

/** The type, or where it has no name the nearest one that it restricts. */
function namedTypeOf(type: XsdType): XsdType | undefined {
  if (type.kind === 'complexType' || type.name) return type
  return type.variety === 'atomic' && type.base ? namedTypeOf(type.base) : undefined
}

function member(name: string, { nullable = false }: { readonly nullable?: boolean } = {}): Member {
  return { name, hidden: false, required: false, nullable }
}

/** All JSON names of an object, those of flattened groups included. */
export function memberNames(mapping: ObjectMapping): string[] {
  return [
    ...mapping.attributes.map((attribute) => attribute.member.name),
    ...(mapping.text ? [mapping.text.member.name] : []),
    ...partsOf(mapping.content).map((part) => part.member.name),
  ]
}

/** The one repeated element that is all of a type's content: `ArrayOfX`. */
function repeatedItem(
  type: ComplexType,
): { particle: Particle; declaration: ElementDeclaration } | undefined {
  if (type.content.kind !== 'elements' || type.attributes.length > 0) return undefined
  let particle = type.content.particle
  while (
    particle.maxOccurs === 1 &&
    (particle.term.kind === 'sequence' || particle.term.kind === 'choice' || particle.term.kind === 'all')
  ) {
    const [only, ...others] = particle.term.particles
    if (only === undefined || others.length > 0) return undefined
    particle = only
  }
  if (particle.maxOccurs <= 1 || particle.term.kind !== 'element') return undefined
  return { particle, declaration: particle.term }
}

/** `fixed` and `default` of an element, of which at most one is there. */
interface HeldText {
  readonly fixed: string | undefined
  readonly default: string | undefined
}

/** Mappings of types whose text an element constrains: one for each type and constraint. */
class ByTypeAndText<M> {
  readonly #all = new Map<ComplexType, Map<string, M>>()

  get(type: ComplexType, held: HeldText, make: (held: HeldText) => M): M {
    const ofType = this.#all.get(type) ?? new Map<string, M>()
    this.#all.set(type, ofType)
    const key = JSON.stringify([held.fixed, held.default])
    const mapping = ofType.get(key) ?? make(held)
    ofType.set(key, mapping)
    return mapping
  }
}

function hasText({ content }: ComplexType): boolean {
  return content.kind === 'simple'
}
