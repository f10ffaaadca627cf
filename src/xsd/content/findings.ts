import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { clark } from '../../base/qname.js'
import { concreteTypes } from '../model/derivation.js'
import { Inhabited } from '../model/inhabited.js'
import type { ComplexType, ElementDeclaration, Particle, SchemaSet, XsdType } from '../model/model.js'
import { elementsWithin, matchTerm, typesWithin } from '../model/type-walk.js'
import { COMPETES, conflictsOf, hasOwnNames, type ParticleShape } from './attribution.js'
import type { ContentModel } from './model.js'

/**
 * Warns of content models that messages use and that are not what their author thought: where a child may belong to two
 * particles (XML Schema Part 1, 3.8.6), and where nothing concrete can stand.
 *
 * @param elements of messages
 */
export function judgeContents(
  elements: readonly ElementDeclaration[],
  schemas: SchemaSet,
  diagnostics: Diagnostics,
): void {
  new Judge(schemas, diagnostics).run(elements)
}

class Judge {
  readonly #inhabited: Inhabited
  readonly #names = new Map<ElementDeclaration, readonly string[]>()

  constructor(
    private readonly schemas: SchemaSet,
    private readonly diagnostics: Diagnostics,
  ) {
    this.#inhabited = Inhabited.of(schemas)
  }

  run(elements: readonly ElementDeclaration[]): void {
    const roots = elements.flatMap((element) => [element, ...this.#substitutes(element)])
    const types = typesWithin(
      roots.map(({ type }) => type),
      (type) => this.#beside(type),
    )
    for (const type of types)
      if (type.kind === 'complexType' && type.content.kind === 'elements' && !type.content.mixed)
        this.#judge(type, type.content.particle)
  }

  /** What may stand in the place of a type, or in its content. */
  #beside(type: XsdType): XsdType[] {
    if (type.kind === 'simpleType') return []
    const { substitutionGroups } = this.schemas
    const hasHeads = type.content.kind === 'elements' && substitutionGroups.size > 0
    const heads = hasHeads ? elementsWithin(type.content.particle) : []
    return [
      ...concreteTypes(type, this.schemas),
      ...heads.flatMap((head) => this.#substitutes(head)).map((substitute) => substitute.type),
    ]
  }

  #substitutes(head: ElementDeclaration): readonly ElementDeclaration[] {
    return head.global ? (this.schemas.substitutionGroups.get(clark(head.name)) ?? []) : []
  }

  #judge(type: ComplexType, particle: Particle): void {
    for (const element of elementsWithin(particle))
      if (!this.#inhabited.has(element)) this.#cannotStand(element)
    if (hasOwnNames(particle, this.#shapeOf)) return
    const conflict = conflictsOf(this.#model(particle)).find(({ kind }) => kind === 'particles')
    if (!conflict) return
    const { first, second } = conflict
    this.diagnostics.warning(
      'xsd-ambiguous',
      `In the content model of ${type.name?.localName ?? 'a type without a name'} a child element may belong to ${labelOf(first)} or to ${labelOf(second)}, which XML Schema 1.0 forbids. Declared elements go before xs:any, and each takes as many as leave room for what must follow. Ask the provider what is meant.`,
      type.at,
      [
        { message: 'the one', at: first.term.at },
        { message: 'the other', at: second.term.at },
      ],
    )
  }

  readonly #shapeOf = ({ term, maxOccurs }: Particle): ParticleShape<Particle> =>
    matchTerm<ParticleShape<Particle>>(term, {
      element: (element) =>
        this.#substitutes(element).length > 0 ? COMPETES : { names: [element.name.localName] },
      any: () => COMPETES,
      group: ({ particles }) => ({ maxOccurs, parts: particles }),
    })

  #cannotStand({ name, abstract, type, at }: ElementDeclaration): void {
    const typeName = type.name?.localName ?? 'its type'
    const why = abstract
      ? 'it is abstract and no element of the schemas substitutes it'
      : type.kind === 'complexType' && type.abstract
        ? `its type ${typeName} is abstract and no concrete type of the schemas derives from it`
        : `${typeName} requires an element of which that is true`
    this.diagnostics.warning(
      'xsd-abstract',
      `The element ${name.localName} cannot stand in a message: ${why}. It is left out; add the schema that has what is missing.`,
      at,
    )
  }

  #model(particle: Particle): ContentModel<Particle> {
    const { minOccurs, maxOccurs, term } = particle
    const common = { minOccurs, maxOccurs, source: particle }
    return matchTerm<ContentModel<Particle>>(term, {
      element: (element) => ({ kind: 'leaf', ...common, names: this.#namesOf(element) }),
      any: ({ namespaces }) => ({ kind: 'leaf', ...common, names: namespaces }),
      group: ({ kind, particles }) => ({
        kind,
        ...common,
        parts: particles.map((inner) => this.#model(inner)),
      }),
    })
  }

  #namesOf(element: ElementDeclaration): readonly string[] {
    const known = this.#names.get(element)
    if (known) return known
    const names = [element, ...this.#substitutes(element)].map(({ name }) => clark(name))
    this.#names.set(element, names)
    return names
  }
}

function labelOf({ term }: Particle): string {
  return matchTerm(term, {
    element: ({ name }) => `the element ${name.localName}`,
    any: () => 'xs:any',
    group: ({ kind }) => `xs:${kind}`,
  })
}
