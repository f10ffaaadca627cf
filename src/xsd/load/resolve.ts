import type { Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { clark, type QName } from '../../base/qname.js'
import { attributeOf, type XmlElement } from '../../xml/tree.js'
import { trimXml } from '../../xml/white-space.js'
import { buildGlobalAttribute, readAttributes } from '../components/attributes.js'
import { complexTypeShell, fillComplexType, linkBase, type Shell } from '../components/complex-types.js'
import type { AttributeSet, Components } from '../components/components.js'
import { buildGlobalElement } from '../components/elements.js'
import { buildGroup } from '../components/model-groups.js'
import {
  type ComponentKind,
  type Definition,
  isXsd,
  type Place,
  placeOf,
  referenceIn,
} from '../components/schema-document.js'
import { buildSimpleType } from '../components/simple-types.js'
import type { Symbols } from '../components/symbols.js'
import { anySimpleType, anyType, findBuiltIn } from '../model/built-in-types.js'
import { derivedTypes, substitutionGroups } from '../model/derivation.js'
import type {
  AttributeDeclaration,
  ComplexType,
  ElementDeclaration,
  ModelGroup,
  SchemaSet,
  SimpleType,
  XsdType,
} from '../model/model.js'
import { addWellKnown } from '../well-known/schemas.js'
import { Corners } from './corners.js'

/** How deep references may lead from one another while they are built, and how long a chain of bases may be. */
const MAX_DESCENT = 400
const MAX_DERIVATIONS = 200

/**
 * Links the definitions of a schema set to one another (XML Schema Part 1, 5.3). What cannot be linked is reported,
 * all of it. It is left out of the set, with everything that needs it, and nothing else is.
 */
export function resolveSchemas(symbols: Symbols, diagnostics: Diagnostics): SchemaSet {
  return new Resolution(symbols, diagnostics).run()
}

/** A complex type whose content is still to come. */
interface Incomplete {
  readonly shell: Shell
  readonly node: XmlElement
  readonly place: Place
}

class Resolution implements Components {
  readonly #elements = new Map<Definition, ElementDeclaration>()
  readonly #attributes = new Map<Definition, AttributeDeclaration>()
  readonly #types = new Map<Definition, XsdType>()
  readonly #groups = new Map<Definition, ModelGroup>()
  readonly #attributeGroups = new Map<Definition, AttributeSet>()
  /** Definitions that are being built: one that needs itself is circular. */
  readonly #building = new Set<Definition>()
  readonly #incomplete = new Map<XsdType, Incomplete>()
  readonly #derivations = new WeakMap<XsdType, number>()
  readonly #corners: Corners
  readonly diagnostics: Diagnostics
  #depth = 0

  constructor(
    private readonly symbols: Symbols,
    diagnostics: Diagnostics,
  ) {
    this.#corners = new Corners(diagnostics)
    this.diagnostics = this.#corners.diagnostics
  }

  run(): SchemaSet {
    const elements = new Map<string, ElementDeclaration>()
    const attributes = new Map<string, AttributeDeclaration>()
    const types = new Map<string, XsdType>()
    // Well-known schemas join in while references to them are met, so this also visits those.
    for (const definition of this.symbols.all()) {
      const name = clark(definition.name)
      if (definition.kind === 'element') elements.set(name, this.element(definition))
      else if (definition.kind === 'attribute') attributes.set(name, this.attribute(definition))
      else if (definition.kind === 'type') types.set(name, this.#type(definition))
      else if (definition.kind === 'group') this.group(definition)
      else this.attributeGroup(definition)
      for (const type of this.#incomplete.keys()) this.#complete(type)
    }
    const unusable = {
      elements: new Map<string, Diagnostic>(),
      types: new Map<string, Diagnostic>(),
    }
    for (const [{ kind, name }, reason] of this.#corners.unusable()) {
      const key = clark(name)
      if (kind === 'element') take(elements, key, reason, unusable.elements)
      else if (kind === 'type') take(types, key, reason, unusable.types)
    }
    return {
      elements,
      attributes,
      types,
      substitutionGroups: substitutionGroups(elements),
      derivedTypes: derivedTypes(types),
      unusable,
    }
  }

  refer(kind: ComponentKind, node: XmlElement, attribute: string, place: Place): Definition | undefined {
    const lexical = attributeOf(node, attribute)
    if (lexical === undefined) {
      this.diagnostics.error('xsd-reference', `xs:${node.name.localName} must have a ${attribute}.`, node.at)
      return undefined
    }
    const name = this.#name(node, lexical, place)
    return name && this.#find(kind, name, node, place)
  }

  referType(node: XmlElement, lexical: string, place: Place): XsdType | undefined {
    const name = this.#name(node, lexical, place)
    const builtIn = name && findBuiltIn(name)
    if (!name || builtIn) return builtIn
    const definition = this.#find('type', name, node, place)
    return definition && this.#type(definition)
  }

  mention(kind: ComponentKind, name: QName, place: Place): void {
    const found = this.symbols.get(kind, name)
    if (found) this.#corners.needs(place.definition, found)
  }

  element(definition: Definition): ElementDeclaration {
    return this.#once(
      this.#elements,
      definition,
      () => buildGlobalElement(definition, this),
      () => ({ ...unresolvedElement(definition), substitutionGroup: undefined }),
    )
  }

  attribute(definition: Definition): AttributeDeclaration {
    return this.#once(
      this.#attributes,
      definition,
      () => buildGlobalAttribute(definition, this),
      () => ({ kind: 'attribute', name: definition.name, type: anySimpleType, at: definition.node.at }),
    )
  }

  group(definition: Definition): ModelGroup {
    return this.#once(
      this.#groups,
      definition,
      () => buildGroup(definition, this),
      () => ({ kind: 'sequence', particles: [], name: definition.name, at: definition.node.at }),
    )
  }

  attributeGroup(definition: Definition): AttributeSet {
    return this.#once(
      this.#attributeGroups,
      definition,
      () => readAttributes(definition.node, placeOf(definition), this),
      () => ({ uses: [], prohibited: new Set() }),
    )
  }

  simpleType(node: XmlElement, place: Place): SimpleType {
    return this.descend(
      node,
      () => buildSimpleType(node, place, undefined, this),
      () => anySimpleType,
    )
  }

  complexType(node: XmlElement, place: Place): ComplexType {
    return this.#shell(node, place, undefined)
  }

  /** Fills in a type, and before it those that it derives from. */
  #complete(type: XsdType): void {
    const chain: Incomplete[] = []
    const linked = new Set<XsdType>()
    for (let job = this.#incomplete.get(type); job;) {
      this.#incomplete.delete(job.shell)
      chain.push(job)
      linked.add(job.shell)
      job = this.#incomplete.get(this.#link(job, linked))
    }
    for (const job of chain.reverse()) {
      this.#corners.within(job.place.definition, () => {
        this.#fill(job)
      })
    }
  }

  /** Links a type to its base, which it returns. */
  #link({ shell, node, place }: Incomplete, linked: ReadonlySet<XsdType>): XsdType {
    return this.#corners.within(place.definition, () => {
      const base = linkBase(shell, node, place, this)
      if (!linked.has(base)) return base
      this.#circular(node, 'The type derives from itself.')
      return (shell.base = anyType)
    })
  }

  #fill({ shell, node, place }: Incomplete): void {
    const derivations = (this.#derivations.get(shell.base) ?? 0) + 1
    this.#derivations.set(shell, derivations)
    if (derivations > MAX_DERIVATIONS) {
      this.#tooDeep(node)
      shell.base = anyType
      this.#derivations.delete(shell)
    } else fillComplexType(shell, node, place, this)
  }

  descend<T>(node: XmlElement, step: () => T, otherwise: () => T): T {
    if (this.#depth >= MAX_DESCENT) {
      this.#tooDeep(node)
      return otherwise()
    }
    this.#depth++
    try {
      return step()
    } finally {
      this.#depth--
    }
  }

  #type(definition: Definition): XsdType {
    const { node, name } = definition
    if (isXsd(node, 'complexType')) {
      const type = this.#types.get(definition) ?? this.#shell(node, placeOf(definition), name)
      this.#types.set(definition, type)
      return type
    }
    return this.#once(
      this.#types,
      definition,
      () => buildSimpleType(node, placeOf(definition), name, this),
      () => anySimpleType,
    )
  }

  #shell(node: XmlElement, place: Place, name: QName | undefined): ComplexType {
    const shell = complexTypeShell(node, name)
    this.#incomplete.set(shell, { shell, node, place })
    return shell
  }

  #once<T>(built: Map<Definition, T>, definition: Definition, build: () => T, otherwise: () => T): T {
    const known = built.get(definition)
    if (known !== undefined) return known
    if (this.#building.has(definition)) {
      this.#corners.within(definition, () => {
        this.#circular(
          definition.node,
          `The ${definition.kind} ${clark(definition.name)} is defined by itself.`,
        )
      })
      return otherwise()
    }
    this.#building.add(definition)
    const component = this.#corners.within(definition, () => this.descend(definition.node, build, otherwise))
    this.#building.delete(definition)
    built.set(definition, component)
    return component
  }

  #name(node: XmlElement, lexical: string, place: Place): QName | undefined {
    const name = referenceIn(node, lexical, place.document)
    if (!name) {
      this.diagnostics.error(
        'xsd-reference',
        `"${trimXml(lexical)}" is not a qualified name whose prefix is declared here.`,
        node.at,
      )
    }
    return name
  }

  #find(kind: ComponentKind, name: QName, node: XmlElement, place: Place): Definition | undefined {
    const found = this.#look(kind, name, node, place)
    if (found) this.#corners.needs(place.definition, found)
    return found
  }

  #look(kind: ComponentKind, name: QName, node: XmlElement, place: Place): Definition | undefined {
    const own = place.definition
    if (own?.redefines && own.kind === kind && clark(own.name) === clark(name)) return own.redefines
    const found = this.symbols.get(kind, name)
    if (found) return found
    addWellKnown(this.symbols, name.namespace)
    const wellKnown = this.symbols.get(kind, name)
    if (!wellKnown) this.#unresolved(kind, name, node)
    return wellKnown
  }

  #unresolved(kind: ComponentKind, name: QName, node: XmlElement): void {
    const missing = this.symbols.unavailable.filter((u) => u.namespace === name.namespace)
    this.diagnostics.error(
      'xsd-unresolved',
      `There is no ${kind} ${clark(name)} in the schemas that could be read.`,
      node.at,
      missing.map(({ location, at }) => ({ message: `"${location}" was not read.`, at })),
    )
  }

  #circular(node: XmlElement, message: string): void {
    this.diagnostics.error('xsd-circular', message, node.at)
  }

  #tooDeep(node: XmlElement): void {
    this.diagnostics.error('xsd-too-deep', 'Definitions lead too deep into one another here.', node.at)
  }
}

/** Takes a component out of the set, and says why it is not in it. */
function take<T>(
  components: Map<string, T>,
  key: string,
  reason: Diagnostic,
  unusable: Map<string, Diagnostic>,
): void {
  components.delete(key)
  unusable.set(key, reason)
}

function unresolvedElement({ name, node }: Definition): ElementDeclaration {
  return { kind: 'element', name, type: anyType, nillable: false, abstract: false, global: true, at: node.at }
}
