import { XSI } from '../../base/namespaces.js'
import { strongComponents } from '../../base/strong-components.js'
import type { ContentMapping, ElementMapping, ValueMapping } from '../canonical/value-mapping.js'
import type { BodyMapping } from './mapping.js'

/** A value, as far as names matter. */
interface Naming {
  /** Those of its own names. */
  readonly own: string[]
  /** What it leads to, where that has names; filled when it is first asked for. */
  readonly successors: Naming[]
  /** Those of all names that it leads to, its own included, once they are known. */
  all: ReadonlySet<string> | undefined
}

/**
 * The namespaces that messages may use in names. They are asked for each operation, and in large contracts every operation
 * leads to nearly every type: what a type leads to is found out once.
 */
export class MessageNamespaces {
  readonly #complete: boolean
  readonly #namings = new Map<ValueMapping, Naming>()
  /** Those whose own names have not been looked at. */
  readonly #unread = new Map<Naming, ValueMapping>()

  /** @param complete whether hidden members are written, too */
  constructor({ complete }: { readonly complete: boolean }) {
    this.#complete = complete
  }

  /** All that messages of the mappings may use, that of xsi:type among them. */
  of(...bodies: readonly BodyMapping[]): ReadonlySet<string> {
    const found = new Set([XSI])
    for (const { wrapper, object } of bodies) {
      if (wrapper) found.add(wrapper.namespace)
      for (const namespace of this.#within(object)) found.add(namespace)
    }
    found.delete('')
    return found
  }

  #within(value: ValueMapping): ReadonlySet<string> {
    const naming = this.#namingOf(value)
    if (naming.all) return naming.all
    for (const group of strongComponents([naming], (each) => this.#unknownAfter(each))) {
      const all = together(group)
      for (const each of group) each.all = all
    }
    return this.#namingOf(value).all ?? NONE
  }

  #namingOf(value: ValueMapping): Naming {
    const known = this.#namings.get(value)
    if (known) return known
    const naming: Naming = { own: [], successors: [], all: undefined }
    this.#namings.set(value, naming)
    this.#unread.set(naming, value)
    return naming
  }

  #unknownAfter(naming: Naming): readonly Naming[] {
    const value = this.#unread.get(naming)
    if (value) {
      this.#unread.delete(naming)
      this.#read(value, naming)
    }
    return naming.successors.filter(({ all }) => all === undefined)
  }

  #read(value: ValueMapping, naming: Naming): void {
    if (value.kind === 'object' || value.kind === 'array') {
      const { encoded } = value.type
      if (encoded?.array) naming.own.push(encoded.style, encoded.array.itemType.namespace)
    }
    if (value.kind === 'object') {
      for (const { name } of value.attributes) addTo(naming, name.namespace)
      this.#readContent(value.content, naming)
    } else if (value.kind === 'array') this.#readContent(value.item, naming)
    else if (value.kind === 'polymorphic') {
      for (const { typeName, mapping } of value.alternatives) {
        if (typeName) addTo(naming, typeName.namespace)
        naming.successors.push(this.#namingOf(mapping))
      }
    }
  }

  #readContent(content: ContentMapping | undefined, naming: Naming): void {
    if (content === undefined || content.kind === 'any') return
    if (content.kind !== 'element') for (const each of content.particles) this.#readContent(each, naming)
    else if (content.branches) this.#readContent(content.branches, naming)
    else if (this.#isWritten(content)) {
      const { name, accessor, value } = content
      addTo(naming, name.namespace)
      if (accessor?.type) addTo(naming, accessor.type.namespace)
      if (value.kind === 'object' || value.kind === 'array' || value.kind === 'polymorphic')
        naming.successors.push(this.#namingOf(value))
    }
  }

  #isWritten({ member, flattened, fixed }: ElementMapping): boolean {
    return !member.hidden || flattened || fixed !== undefined || this.#complete
  }
}

/** Nearly always there are few. */
function addTo({ own }: Naming, namespace: string): void {
  if (!own.includes(namespace)) own.push(namespace)
}

/** Most types lead to the same namespaces as one that they lead to, whose set does for them, too. */
function together(group: readonly Naming[]): ReadonlySet<string> {
  const found = new Set<string>()
  const reached = new Set<ReadonlySet<string>>()
  for (const { own, successors } of group) {
    for (const namespace of own) found.add(namespace)
    for (const { all } of successors) if (all) reached.add(all)
  }
  let largest = NONE
  for (const all of reached) {
    for (const namespace of all) found.add(namespace)
    if (all.size > largest.size) largest = all
  }
  return found.size === largest.size ? largest : found
}

const NONE: ReadonlySet<string> = new Set()
