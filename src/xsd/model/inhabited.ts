import { clark } from '../../base/qname.js'
import { isBuiltIn } from './built-in-types.js'
import { concreteTypes } from './derivation.js'
import type { ComplexType, ElementDeclaration, Particle, SchemaSet, Term, XsdType } from './model.js'
import { contentTypes, elementsWithin, typesWithin } from './type-walk.js'

const known = new WeakMap<SchemaSet, Inhabited>()

/**
 * Tells what can never stand in a message: an abstract type from which nothing concrete derives, an abstract element that
 * nothing substitutes, and whatever requires one of them (XML Schema Part 1, 3.4.4 and 3.3.4).
 */
export class Inhabited {
  readonly #empty = new Set<XsdType>()

  constructor(private readonly schemas: SchemaSet) {
    const types: ComplexType[] = []
    let hasAbstract = false
    for (const element of schemas.elements.values()) hasAbstract ||= element.abstract
    for (const type of typesWithin([...schemas.types.values(), ...contentTypes(schemas.elements.values())])) {
      if (type.kind !== 'complexType') continue
      types.push(type)
      hasAbstract ||= type.abstract
    }
    if (hasAbstract) this.#spread(types)
  }

  /** What a schema set has nothing concrete of; found out once. */
  static of(schemas: SchemaSet): Inhabited {
    const found = known.get(schemas) ?? new Inhabited(schemas)
    known.set(schemas, found)
    return found
  }

  /** Whether an element can have exactly this type. */
  allows(type: XsdType): boolean {
    return type.kind === 'simpleType' || (!type.abstract && !this.#empty.has(type))
  }

  /** Whether an element of this declaration can stand under its own name. */
  hasItself({ abstract, type }: ElementDeclaration): boolean {
    return !abstract && this.#hasType(type)
  }

  /** The same, or under the name of one that substitutes it. */
  has(declaration: ElementDeclaration): boolean {
    if (this.hasItself(declaration)) return true
    if (!declaration.global) return false
    const substitutes = this.schemas.substitutionGroups.get(clark(declaration.name)) ?? []
    return substitutes.some((substitute) => this.hasItself(substitute))
  }

  hasTerm(term: Term): boolean {
    switch (term.kind) {
      case 'any':
        return true
      case 'element':
        return this.has(term)
      case 'choice':
        return term.particles.length === 0 || term.particles.some((inner) => this.#hasParticle(inner))
      case 'sequence':
      case 'all':
        return term.particles.every((inner) => this.#hasParticle(inner))
    }
  }

  #hasParticle({ minOccurs, term }: Particle): boolean {
    return minOccurs === 0 || this.hasTerm(term)
  }

  #hasType(type: XsdType): boolean {
    if (type.kind === 'simpleType' || type.encoded || this.allows(type)) return true
    return concreteTypes(type, this.schemas).some((concrete) => this.allows(concrete))
  }

  /** Types are taken for possible until something that they require is not; then those that use them are asked again. */
  #spread(types: readonly ComplexType[]): void {
    const users = this.#usersOf(types)
    const pending: ComplexType[] = []
    const judge = (type: ComplexType): void => {
      const { content } = type
      if (type.abstract || this.#empty.has(type) || content.kind !== 'elements') return
      if (this.#hasParticle(content.particle)) return
      this.#empty.add(type)
      pending.push(type)
    }
    types.forEach(judge)
    for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
      // Whoever asks for a base can be given it.
      for (const base of typeAndBases(type)) for (const user of users.get(keyOf(base)) ?? []) judge(user)
    }
  }

  /** The types whose content has elements of a type, or elements that such substitute. */
  #usersOf(types: readonly ComplexType[]): Map<string | XsdType, Set<ComplexType>> {
    const users = new Map<string | XsdType, Set<ComplexType>>()
    for (const user of types) {
      if (user.content.kind !== 'elements') continue
      for (const element of elementsWithin(user.content.particle)) {
        const substitutes = this.schemas.substitutionGroups.get(clark(element.name)) ?? []
        for (const { type } of element.global ? [element, ...substitutes] : [element]) {
          const known = users.get(keyOf(type))
          if (known) known.add(user)
          else users.set(keyOf(type), new Set([user]))
        }
      }
    }
    return users
  }
}

/** A type that a redefinition builds upon has the name of that, and what derives from the one derives from the other. */
function keyOf(type: XsdType): string | XsdType {
  return type.name ? clark(type.name) : type
}

function* typeAndBases(type: XsdType | undefined): Generator<XsdType> {
  for (let base = type; base && !isBuiltIn(base); base = base.base) yield base
}
