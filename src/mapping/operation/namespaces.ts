import { XSI } from '../../base/namespaces.js'
import { strongComponents } from '../../base/strong-components.js'
import type { ContentMapping, ValueMapping } from '../canonical/value-mapping.js'
import type { BodyMapping } from './mapping.js'

/** What the names of a value by itself have, and the values that it leads to. */
interface Own {
  readonly namespaces: Set<string>
  readonly values: ValueMapping[]
}

/**
 * The namespaces that messages may use in names. They are asked for each operation, and in large contracts every operation
 * leads to nearly every type: what a type leads to is found out once.
 */
export class MessageNamespaces {
  readonly #complete: boolean
  readonly #known = new Map<ValueMapping, ReadonlySet<string>>()

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
    const owns = new Map<ValueMapping, Own>()
    const own = (each: ValueMapping): Own => {
      const made = owns.get(each) ?? this.#own(each)
      owns.set(each, made)
      return made
    }
    const leadsTo = (each: ValueMapping): readonly ValueMapping[] =>
      own(each).values.filter((next) => !this.#known.has(next))
    for (const group of this.#known.has(value) ? [] : strongComponents([value], leadsTo)) {
      const together = this.#together(group.map(own))
      for (const each of group) this.#known.set(each, together)
    }
    return this.#known.get(value) ?? NONE
  }

  /** Most types lead to the same namespaces as one that they lead to, whose set does for them, too. */
  #together(group: readonly Own[]): ReadonlySet<string> {
    const reached = new Set(
      group.flatMap(({ values }) => values.flatMap((next) => this.#known.get(next) ?? [])),
    )
    let largest = NONE
    for (const each of reached) if (each.size > largest.size) largest = each
    const others = [...group.map(({ namespaces }) => namespaces), ...reached]
    const missing = others.flatMap((each) => [...each].filter((namespace) => !largest.has(namespace)))
    return missing.length === 0 ? largest : new Set([...largest, ...missing])
  }

  #own(value: ValueMapping): Own {
    const own: Own = { namespaces: new Set(), values: [] }
    if (value.kind === 'object' || value.kind === 'array') {
      const { encoded } = value.type
      if (encoded?.array) own.namespaces.add(encoded.style).add(encoded.array.itemType.namespace)
    }
    if (value.kind === 'object') {
      for (const { name } of value.attributes) own.namespaces.add(name.namespace)
      this.#addContent(own, value.content)
    } else if (value.kind === 'array') this.#addContent(own, value.item)
    else if (value.kind === 'polymorphic') {
      for (const { typeName, mapping } of value.alternatives) {
        if (typeName) own.namespaces.add(typeName.namespace)
        own.values.push(mapping)
      }
    }
    return own
  }

  #addContent(own: Own, content: ContentMapping | undefined): void {
    if (content === undefined || content.kind === 'any') return
    if (content.kind !== 'element') for (const each of content.particles) this.#addContent(own, each)
    else if (content.branches) this.#addContent(own, content.branches)
    else if (this.#isWritten(content)) {
      own.namespaces.add(content.name.namespace)
      if (content.accessor?.type) own.namespaces.add(content.accessor.type.namespace)
      own.values.push(content.value)
    }
  }

  #isWritten({ member, flattened, fixed }: Extract<ContentMapping, { kind: 'element' }>): boolean {
    return !member.hidden || flattened || fixed !== undefined || this.#complete
  }
}

const NONE: ReadonlySet<string> = new Set()
