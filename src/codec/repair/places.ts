import { clark } from '../../base/qname.js'
import type {
  ContentMapping,
  ElementMapping,
  WildcardMapping,
} from '../../mapping/canonical/value-mapping.js'
import { internName } from '../../xml/names.js'
import { allows } from '../../xsd/model/wildcards.js'

/** Where the elements of a content model stand, by their names. */
export class Places {
  readonly #elements = new Map<string, { readonly mapping: ElementMapping; readonly order: number }>()
  readonly #wildcards: WildcardMapping[] = []
  /** Whether one order of the elements, and no other, is what the XSD wants. */
  isOrdered = true

  constructor(content: ContentMapping | undefined) {
    if (content) this.#add(content)
  }

  of(name: string): { readonly mapping: ElementMapping; readonly order: number } | undefined {
    return this.#elements.get(name)
  }

  /** May a wildcard take elements of the namespace? */
  isOpen(namespace: string): boolean {
    return this.#wildcards.some(({ wildcard }) => allows(wildcard.namespaces, namespace))
  }

  /** Names of elements without which the content is not complete; those of choices are not among them. */
  readonly required = new Set<string>()

  #add(content: ContentMapping, isRequired = true): void {
    switch (content.kind) {
      case 'any':
        this.#wildcards.push(content)
        this.isOrdered = false
        return
      case 'element': {
        if (content.branches) {
          this.#add(content.branches, false)
          return
        }
        const name = internName(clark(content.name))
        if (this.#elements.has(name)) this.isOrdered = false
        else this.#elements.set(name, { mapping: content, order: this.#elements.size })
        if (isRequired && content.minOccurs > 0) this.required.add(name)
        return
      }
      case 'sequence':
      case 'choice':
      case 'all': {
        if (content.maxOccurs > 1) this.isOrdered = false
        const isOwn = isRequired && content.minOccurs > 0 && content.kind !== 'choice'
        for (const particle of content.particles) this.#add(particle, isOwn)
        return
      }
    }
  }
}
