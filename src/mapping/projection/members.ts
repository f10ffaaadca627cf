import { ownElementsOf } from '../canonical/content-walk.js'
import { memberName } from '../canonical/member-names.js'
import type { AttributeMapping, ElementMapping, ObjectMapping } from '../canonical/value-mapping.js'
import type { MemberNaming } from './schema-source.js'

export interface NamedMember {
  readonly name: string
  /** The OpenAPI xml object that leads back, where the name alone does not. */
  readonly xml: Readonly<Record<string, unknown>> | undefined
}

/** JSON names of the members of one object. */
export class MemberNames {
  readonly #locals = new Map<string, Set<string>>()

  constructor(
    readonly naming: MemberNaming,
    mapping: Pick<ObjectMapping, 'attributes' | 'content'>,
    readonly rename: ReadonlyMap<string, string> = new Map(),
  ) {
    for (const element of ownElementsOf(mapping.content))
      this.#add(element.name.localName, element.member.name)
    for (const attribute of mapping.attributes)
      this.#add(attribute.name.localName, `@${attribute.member.name}`)
  }

  element({ name, member }: ElementMapping): NamedMember {
    return this.#named(name.localName, member.name, { attribute: false })
  }

  attribute({ name, member }: AttributeMapping): NamedMember {
    return this.#named(name.localName, member.name, { attribute: true })
  }

  #add(local: string, member: string): void {
    const known = this.#locals.get(local)
    if (known) known.add(member)
    else this.#locals.set(local, new Set([member]))
  }

  /** Where several members have one XML name, only their canonical names tell them apart. */
  #named(local: string, member: string, { attribute }: { readonly attribute: boolean }): NamedMember {
    const unique = this.#locals.get(local)?.size === 1
    const name = this.rename.get(member) ?? (this.naming === 'preserve' && unique ? local : member)
    const follows = name === member && (member === memberName(local) || !unique)
    const xml = { ...(!follows && { name: local }), ...(attribute && { attribute: true }) }
    return { name, xml: Object.keys(xml).length === 0 ? undefined : xml }
  }
}
