import { clark } from '../../base/qname.js'
import type { JsonObject, JsonValue } from '../../json/value.js'
import { matchContent } from '../../mapping/canonical/content-walk.js'
import { flagsOf } from '../../mapping/canonical/flag.js'
import type { ContentMapping, GroupMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { type ContentCodec, EncodeError, memberOf, mismatch, together, type XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { type Leaf, Leaves } from '../leaves/leaf.js'
import type { Plan } from '../plan.js'

/** xs:sequence that occurs at most once: its particles in schema order. */
export class SequenceCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  protected readonly leaves: Leaves

  constructor(
    readonly mapping: GroupMapping,
    readonly particles: readonly ContentCodec[],
  ) {
    this.emptiable = mapping.minOccurs === 0 || particles.every((particle) => particle.emptiable)
    this.members = particles.flatMap((particle) => particle.members)
    this.leaves = new Leaves(leavesOf(particles))
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    for (const particle of this.particles) {
      if (particle.starts(reader, plan)) return true
      if (!particle.emptiable) return false
    }
    return false
  }

  isPresent(object: JsonObject): boolean {
    return this.particles.some((particle) => particle.isPresent(object))
  }

  isComplete(object: JsonObject): boolean {
    if (this.mapping.minOccurs === 0 && !this.isPresent(object)) return true
    return this.particles.every((particle) => particle.isComplete(object))
  }

  encode(object: JsonObject, out: XmlText): void {
    if (this.mapping.minOccurs === 0 && !this.isPresent(object)) return
    let wrong: EncodeError | undefined
    for (const particle of this.particles) {
      try {
        particle.encode(object, out)
      } catch (error) {
        wrong = together(wrong, error)
      }
    }
    if (wrong) throw wrong
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    if (this.mapping.minOccurs === 0 && !(more && this.starts(reader, plan))) {
      this.decodeAbsent(out)
      return more
    }
    let next = more
    let index = 0
    for (;;) {
      if (next && !plan) {
        const after = this.leaves.decode(reader, out, index)
        if (after > index) {
          index = after
          next = reader.nextElement()
          continue
        }
      }
      const particle = this.particles[index++]
      if (!particle) return next
      next = particle.decode(reader, out, next, plan)
    }
  }

  decodeAbsent(out: JsonText): void {
    for (const particle of this.particles) particle.decodeAbsent(out)
  }
}

/** One for each particle; a name that several have is no leaf, since which of them it is takes the particles to tell. */
function leavesOf(particles: readonly ContentCodec[]): (Leaf | undefined)[] {
  const leaves = particles.map(({ leaf }) => leaf)
  const isOnly = ({ name }: Leaf): boolean => leaves.filter((leaf) => leaf?.name === name).length === 1
  return leaves.map((leaf) => (leaf && isOnly(leaf) ? leaf : undefined))
}

/** xs:all: each particle at most once, in any order; written in schema order. */
export class AllCodec extends SequenceCodec {
  /** Whether a name tells which particle an element belongs to, wherever it is looked for first. */
  readonly #isTold: boolean

  constructor(mapping: GroupMapping, particles: readonly ContentCodec[]) {
    super(mapping, particles)
    this.#isTold = areTold(mapping.particles)
  }

  override starts(reader: XmlReader, plan?: Plan): boolean {
    return this.particles.some((particle) => particle.starts(reader, plan))
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    const taken = new Array<boolean>(this.particles.length).fill(false)
    const isTold = this.#isTold && !plan
    let next = more
    let expected = 0
    while (next) {
      const found = isTold ? this.#found(reader, expected) : this.#first(reader, plan)
      const particle = this.particles[found]
      if (!particle) break
      if (taken[found]) throw mismatch(reader, `${safeSubject(reader.localName)} occurs twice.`)
      const after = isTold ? this.leaves.decode(reader, out, found, taken) : found
      taken[found] = true
      next = after > found ? reader.nextElement() : particle.decode(reader, out, true, plan)
      expected = Math.max(after, found + 1)
    }
    if (this.mapping.minOccurs === 0 && !taken.includes(true)) return next
    this.particles.forEach((particle, i) => {
      if (!taken[i]) particle.decode(reader, out, false)
    })
    return next
  }

  /** The particle that begins with the element that the reader stands on, looked for from one on: most come in schema order. */
  #found(reader: XmlReader, from: number): number {
    const { particles } = this
    for (let i = 0; i < particles.length; i++) {
      const index = (from + i) % particles.length
      if (particles[index]?.starts(reader) === true) return index
    }
    return -1
  }

  #first(reader: XmlReader, plan: Plan | undefined): number {
    return this.particles.findIndex((particle) => particle.starts(reader, plan))
  }
}

/** xs:choice that occurs at most once: one branch, in both directions. */
export class ChoiceCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #distinct: readonly string[]
  readonly #flags: ReadonlySet<string>
  readonly #has = new Map<ContentCodec, ReadonlySet<string>>()

  constructor(
    readonly mapping: GroupMapping,
    readonly branches: readonly ContentCodec[],
  ) {
    this.emptiable = mapping.minOccurs === 0 || branches.some((branch) => branch.emptiable)
    this.members = branches.flatMap((branch) => branch.members)
    this.#distinct = [...new Set(this.members)]
    this.#flags = new Set(flagsOf(mapping))
    for (const branch of branches) this.#has.set(branch, new Set(branch.members))
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return this.branches.some((branch) => branch.starts(reader, plan))
  }

  isPresent(object: JsonObject): boolean {
    return this.branches.some((branch) => branch.isPresent(object))
  }

  isComplete(object: JsonObject): boolean {
    const branch = this.#chosen(object)
    return branch ? branch.isComplete(object) : this.mapping.minOccurs === 0 && !this.isPresent(object)
  }

  encode(object: JsonObject, out: XmlText): void {
    const branch = this.#chosen(object)
    if (branch) branch.encode(object, out)
    else if (this.isPresent(object))
      throw new EncodeError(`may have only one of ${this.#distinct.join(', ')}`)
    else if (this.mapping.minOccurs > 0) throw new EncodeError(`needs one of ${this.#distinct.join(', ')}`)
  }

  /** Branches may share members: the one that has a place for all that is there, and is there as a whole. */
  #chosen(object: JsonObject): ContentCodec | undefined {
    const present = this.branches.filter((branch) => branch.isPresent(object))
    if (present.length === 0) {
      if (this.mapping.minOccurs === 0) return undefined
      return (
        this.branches.find((branch) => branch.emptiable) ??
        this.branches.find((branch) => branch.isComplete(object))
      )
    }
    const given = this.#distinct.filter((member) => {
      const value = memberOf(object, member)
      return isGiven(value) && !(value === false && this.#flags.has(member))
    })
    const covering = present.filter((branch) => given.every((member) => this.#has.get(branch)?.has(member)))
    return covering.length === 1
      ? covering[0]
      : (covering.find((branch) => branch.isComplete(object)) ?? covering[0])
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    if (more) {
      for (const branch of this.branches)
        if (branch.starts(reader, plan)) return branch.decode(reader, out, true, plan)
    }
    if (!this.emptiable) throw mismatch(reader, `One of a choice is missing; the WSDL requires it here.`)
    return more
  }

  decodeAbsent(): void {
    // Nothing: which branch is left out cannot be said.
  }
}

/** An empty array is nothing. */
function isGiven(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}

/** Whether no element can begin two of the particles. */
function areTold(particles: readonly ContentMapping[]): boolean {
  const seen = new Set<string>()
  const isNew = (content: ContentMapping): boolean =>
    matchContent(content, {
      element: ({ name, branches, accessor }) => {
        const key = clark(name)
        if (branches !== undefined || accessor?.positional === true || seen.has(key)) return false
        seen.add(key)
        return true
      },
      any: () => false,
      group: ({ particles: inner }) => inner.every(isNew),
      repeatedGroup: ({ particles: inner }) => inner.every(isNew),
    })
  return particles.every(isNew)
}
