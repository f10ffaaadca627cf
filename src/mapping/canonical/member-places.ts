import { clark } from '../../base/qname.js'
import { UniqueNames } from '../../base/unique-names.js'
import type { ElementDeclaration, Particle, XsdType } from '../../xsd/model/model.js'
import { memberName } from './member-names.js'

/**
 * Gives the elements of a content model their JSON members. One name in several places is one member only where no two
 * of the places can both have an element: where the nearest group that holds both is a choice.
 */
export class MemberPlaces {
  readonly #members = new Map<string, { readonly type: XsdType; readonly name: string }[]>()
  /** Members of the places before this one that may have an element beside it. */
  readonly #inUse = new Set<string>()
  readonly #order: string[] = []

  readonly #later: (() => void)[] = []

  constructor(readonly names = new UniqueNames()) {}

  /** Gives a name when all elements and attributes of the object have theirs, so that it takes none of them. */
  atLast(wanted: string, use: (name: string) => void): void {
    this.#later.push(() => {
      use(this.names.take(wanted))
    })
  }

  /** Gives the names that were to wait. */
  finish(): void {
    for (const give of this.#later.splice(0)) give()
  }

  /** The member of a place. */
  element({ maxOccurs }: Particle, { name, type, nillable }: ElementDeclaration): string {
    const key = `${clark(name)} ${maxOccurs > 1} ${nillable}`
    const known = this.#members.get(key) ?? []
    const free = known.find((twin) => twin.type === type && !this.#inUse.has(twin.name))
    const member = free?.name ?? this.names.take(memberName(name.localName))
    if (!free) known.push({ type, name: member })
    this.#members.set(key, known)
    this.#use(member)
    return member
  }

  /** Visits the branches of a choice: what one of them has, the others do not. */
  branches<T, R>(branches: readonly T[], visit: (branch: T) => R): R[] {
    const used = new Set<string>()
    const visited = branches.map((branch) => {
      const start = this.#order.length
      const result = visit(branch)
      for (const member of this.#order.splice(start)) {
        this.#inUse.delete(member)
        used.add(member)
      }
      return result
    })
    for (const member of used) this.#use(member)
    return visited
  }

  #use(member: string): void {
    this.#inUse.add(member)
    this.#order.push(member)
  }
}
