import { clark, type QName } from '../base/qname.js'
import { XSD } from '../base/namespaces.js'
import {
  type Accessor,
  type ComplexType,
  type ElementDeclaration,
  type ModelGroup,
  type Particle,
  type SchemaSet,
  type SimpleType,
  type XsdType,
} from '../xsd/model.js'
import { memberName, NameSpace, schemaName } from './names.js'
import {
  type AccessorMapping,
  type Alternative,
  type ArrayMapping,
  type AttributeMapping,
  type ContentMapping,
  type ElementMapping,
  type Member,
  type ObjectMapping,
  type PolymorphicMapping,
  type ScalarForm,
  type ScalarMapping,
  type ValueMapping,
} from './value-mapping.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The mapping that an XSD has by itself: every element and attribute under its canonical JSON name, every
 * type in its canonical form (docs/annotation.md, "What an XSD type may be in JSON"). Contracts are fitted
 * onto it, documents are projected from it, samples are drawn from it.
 */
export class CanonicalMappings {
  readonly #values = new Map<XsdType, ValueMapping>()
  readonly #objects = new Map<ComplexType, ObjectMapping>()

  constructor(readonly schemas: SchemaSet) {}

  /** The mapping of a type wherever it stands; the same object for the same type. */
  value(type: XsdType): ValueMapping {
    const known = this.#values.get(type)
    if (known) return known
    if (type.kind === 'simpleType') return this.#remember(type, scalar(type))
    const { content } = type
    if (content.kind === 'elements' && content.mixed) return this.#remember(type, { kind: 'xml', type })
    const derived = this.#derivedFrom(type)
    if (derived.length > 0) return this.#polymorphic(type, derived)
    if (content.kind === 'simple' && type.attributes.length === 0) {
      return this.#remember(type, scalar(content.type))
    }
    const item = repeatedItem(type)
    if (item && this.#substitutes(item.declaration).length === 0) return this.#array(type, item)
    const mapping = this.object(type)
    this.#values.set(type, mapping)
    return mapping
  }

  /** The mapping of a complex type as an object, also where `value` would make it an array or a choice of types. */
  object(type: ComplexType): ObjectMapping {
    const known = this.#objects.get(type)
    if (known) return known
    const mapping: Mutable<ObjectMapping> = { kind: 'object', type, attributes: [] }
    this.#objects.set(type, mapping)
    const names = new NameSpace()
    if (type.content.kind === 'elements') {
      mapping.content = this.#content(type.content.particle, names, new Map())
    }
    mapping.attributes = type.attributes.map((use): AttributeMapping => {
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
    if (type.content.kind === 'simple') {
      mapping.text = { member: member(names.take('value')), value: scalar(type.content.type) }
    }
    return mapping
  }

  /** An element as it stands by itself: once, under its own name. */
  element(declaration: ElementDeclaration): ElementMapping {
    return this.#element({ minOccurs: 1, maxOccurs: 1, term: declaration }, declaration, new NameSpace())
  }

  #remember<T extends ValueMapping>(type: XsdType, mapping: T): T {
    this.#values.set(type, mapping)
    return mapping
  }

  #derivedFrom(type: ComplexType): readonly ComplexType[] {
    if (type.encoded) return type.encoded.derived
    if (type.name === undefined || (type.name.namespace === XSD && type.name.localName === 'anyType'))
      return []
    const derived = this.schemas.derivedTypes.get(clark(type.name)) ?? []
    return derived.filter(
      (candidate): candidate is ComplexType => candidate.kind === 'complexType' && !candidate.abstract,
    )
  }

  #polymorphic(type: ComplexType, derived: readonly ComplexType[]): PolymorphicMapping {
    const mapping: Mutable<PolymorphicMapping> = {
      kind: 'polymorphic',
      declared: type,
      discriminator: 'type',
      alternatives: [],
    }
    this.#values.set(type, mapping)
    const values = new NameSpace()
    const concrete = type.abstract ? derived : [type, ...derived]
    mapping.alternatives = concrete.map((candidate): Alternative => ({
      value: values.take(alternativeName(candidate.name)),
      typeName: candidate.name,
      isDeclared: candidate === type,
      mapping: this.object(candidate),
    }))
    const taken = new Set(mapping.alternatives.flatMap((alternative) => memberNames(alternative.mapping)))
    mapping.discriminator =
      ['type', 'kind', 'typeName', 'xsiType'].find((name) => !taken.has(name)) ?? '@type'
    return mapping
  }

  #array(type: ComplexType, item: { particle: Particle; declaration: ElementDeclaration }): ArrayMapping {
    const mapping = { kind: 'array' as const, type } as Mutable<ArrayMapping>
    this.#values.set(type, mapping)
    mapping.item = this.#element(item.particle, item.declaration, new NameSpace())
    return mapping
  }

  #content(
    particle: Particle,
    names: NameSpace,
    siblings: Map<string, { readonly name: string; readonly branch: object }>,
    branch: object = particle,
  ): ContentMapping {
    const { minOccurs, maxOccurs, term } = particle
    if (term.kind === 'any') {
      return { kind: 'any', minOccurs, maxOccurs, wildcard: term, member: member(names.take('any')) }
    }
    if (term.kind === 'element') {
      const substitutes = this.#substitutes(term)
      if (substitutes.length > 0)
        return this.#substitution(particle, term, substitutes, names, siblings, branch)
      return this.#named(particle, term, names, siblings, branch)
    }
    if (maxOccurs > 1) return this.#repeated(particle, term, names)
    return {
      kind: term.kind,
      minOccurs,
      maxOccurs,
      particles: term.particles.map((inner) =>
        this.#content(inner, names, siblings, term.kind === 'choice' ? inner : branch),
      ),
    }
  }

  /** The same element in two branches of a choice is one member; twice in a sequence it is two. */
  #named(
    particle: Particle,
    declaration: ElementDeclaration,
    names: NameSpace,
    siblings: Map<string, { readonly name: string; readonly branch: object }>,
    branch: object,
  ): ElementMapping {
    const key = `${clark(declaration.name)} ${particle.maxOccurs > 1} ${declaration.nillable}`
    const twin = siblings.get(key)
    if (twin && twin.branch !== branch) return this.#element(particle, declaration, names, twin.name)
    const element = this.#element(particle, declaration, names)
    siblings.set(key, { name: element.member.name, branch })
    return element
  }

  #element(
    { minOccurs, maxOccurs }: Particle,
    declaration: ElementDeclaration,
    names: NameSpace,
    name = names.take(memberName(declaration.name.localName)),
  ): ElementMapping {
    return {
      kind: 'element',
      name: declaration.name,
      minOccurs,
      maxOccurs,
      nillable: declaration.nillable,
      fixed: declaration.fixed,
      default: declaration.default,
      member: member(name, declaration.accessor?.nillable ?? declaration.nillable),
      flattened: false,
      documentation: declaration.documentation,
      value: this.value(declaration.type),
      ...(declaration.accessor && { accessor: accessorOf(declaration.accessor, declaration.type) }),
      at: declaration.at,
    }
  }

  #repeated(particle: Particle, group: ModelGroup, names: NameSpace): ContentMapping {
    const inner = new NameSpace()
    const siblings = new Map<string, { readonly name: string; readonly branch: object }>()
    return {
      kind: group.kind,
      minOccurs: particle.minOccurs,
      maxOccurs: particle.maxOccurs,
      particles: group.particles.map((p) =>
        this.#content(p, inner, siblings, group.kind === 'choice' ? p : particle),
      ),
      member: member(names.take(group.name ? memberName(group.name.localName) : 'items')),
    }
  }

  #substitutes(head: ElementDeclaration): readonly ElementDeclaration[] {
    if (!head.global) return []
    return this.schemas.substitutionGroups.get(clark(head.name)) ?? []
  }

  /** A substitution group is a choice of its members (XML Schema Part 1, 2.2.2.2). */
  #substitution(
    particle: Particle,
    head: ElementDeclaration,
    substitutes: readonly ElementDeclaration[],
    names: NameSpace,
    siblings: Map<string, { readonly name: string; readonly branch: object }>,
    branch: object,
  ): ContentMapping {
    const once = (term: ElementDeclaration): Particle => ({ minOccurs: 1, maxOccurs: 1, term })
    const choices = (head.abstract ? substitutes : [head, ...substitutes]).map(once)
    const repeated = particle.maxOccurs > 1
    const inner = repeated ? new NameSpace() : names
    return {
      kind: 'choice',
      minOccurs: particle.minOccurs,
      maxOccurs: particle.maxOccurs,
      particles: choices.map((choice) =>
        this.#named(
          choice,
          choice.term as ElementDeclaration,
          inner,
          repeated ? new Map<string, { readonly name: string; readonly branch: object }>() : siblings,
          branch,
        ),
      ),
      ...(repeated && { member: member(names.take(memberName(head.name.localName))) }),
    }
  }
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

function member(name: string, nullable = false): Member {
  return { name, hidden: false, required: false, nullable }
}

/** All JSON names of an object, those of flattened groups included. */
export function memberNames(mapping: ObjectMapping): string[] {
  const names = mapping.attributes.map((attribute) => attribute.member.name)
  if (mapping.text) names.push(mapping.text.member.name)
  const pending: (ContentMapping | undefined)[] = [mapping.content]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.member) names.push(next.member.name)
    else if (next.kind !== 'element' && next.kind !== 'any') pending.push(...next.particles)
  }
  return names
}

const numbers = new Set(
  (
    'integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong ' +
    'unsignedInt unsignedShort unsignedByte positiveInteger float double'
  ).split(' '),
)

/** The canonical form of a simple type. */
export function scalar(type: SimpleType): ScalarMapping {
  if (type.variety === 'list' && type.itemType) {
    return { kind: 'scalar', type, form: 'list', item: scalar(type.itemType) }
  }
  return { kind: 'scalar', type, form: atomicForm(type) }
}

function atomicForm(type: SimpleType): ScalarForm {
  if (type.variety !== 'atomic') return 'string'
  if (type.builtIn === 'boolean') return 'boolean'
  if (type.builtIn === 'date') return 'day'
  return numbers.has(type.builtIn) ? 'number' : 'string'
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
