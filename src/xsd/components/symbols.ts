import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { clark, type QName } from '../../base/qname.js'
import type { XmlElement } from '../../xml/tree.js'
import type { ComponentKind, Definition, Unavailable } from './schema-document.js'

/** All global definitions of a schema set, in document order. */
export class Symbols {
  readonly unavailable: Unavailable[] = []
  readonly #definitions = new Map<string, Definition>()
  readonly #namespaces = new Set<string>()

  constructor(private readonly diagnostics: Diagnostics) {}

  get(kind: ComponentKind, name: QName): Definition | undefined {
    return this.#definitions.get(key(kind, name))
  }

  all(): IterableIterator<Definition> {
    return this.#definitions.values()
  }

  hasNamespace(namespace: string): boolean {
    return this.#namespaces.has(namespace)
  }

  /** The first of a name stands; a second one that says something else is reported. */
  add(definition: Definition): void {
    const at = key(definition.kind, definition.name)
    const first = this.#definitions.get(at)
    this.#namespaces.add(definition.name.namespace)
    if (!first) {
      this.#definitions.set(at, definition)
      return
    }
    if (first.redefines || sameMarkup(first.node, definition.node)) return
    this.diagnostics.warning(
      'xsd-duplicate',
      `${definition.kind} ${clark(definition.name)} is defined a second time and differently; the first one is used.`,
      definition.node.at,
      [{ message: 'The first definition.', at: first.node.at }],
    )
  }

  /** Puts a redefinition in the place of what it redefines (Part 1, 4.2.2). */
  redefine(definition: Definition): void {
    const at = key(definition.kind, definition.name)
    const original = this.#definitions.get(at)
    if (original) this.#definitions.set(at, { ...definition, redefines: original })
    else {
      this.diagnostics.error(
        'xsd-redefine',
        `There is no ${definition.kind} ${clark(definition.name)} to redefine.`,
        definition.node.at,
      )
    }
  }
}

function key(kind: ComponentKind, name: QName): string {
  return `${kind} ${clark(name)}`
}

function sameMarkup(a: XmlElement, b: XmlElement): boolean {
  if (clark(a.name) !== clark(b.name) || a.attributes.size !== b.attributes.size) return false
  for (const [name, value] of a.attributes) if (b.attributes.get(name) !== value) return false
  const [left, right] = [significant(a), significant(b)]
  return left.length === right.length && left.every((child, i) => sameAs(child, right[i]))
}

function sameAs(a: XmlElement, b: XmlElement | undefined): boolean {
  return b !== undefined && sameMarkup(a, b)
}

function significant(node: XmlElement): XmlElement[] {
  return node.children.filter((child) => child.name.localName !== 'annotation')
}
