import { type JsonObject } from '../json/value.js'
import { type GroupMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { toldSubject } from '../xml/told-name.js'
import {
  type ContentCodec,
  EncodeError,
  type JsonText,
  memberOf,
  mismatch,
  together,
  type XmlText,
} from './codec.js'

/** xs:sequence that occurs at most once: its particles in schema order. */
export class SequenceCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]

  constructor(
    readonly mapping: GroupMapping,
    readonly particles: readonly ContentCodec[],
  ) {
    this.emptiable = mapping.minOccurs === 0 || particles.every((particle) => particle.emptiable)
    this.members = particles.flatMap((particle) => particle.members)
  }

  starts(reader: XmlReader): boolean {
    for (const particle of this.particles) {
      if (particle.starts(reader)) return true
      if (!particle.emptiable) return false
    }
    return false
  }

  isPresent(object: JsonObject): boolean {
    return this.particles.some((particle) => particle.isPresent(object))
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

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (this.mapping.minOccurs === 0 && !(more && this.starts(reader))) {
      this.decodeAbsent(out)
      return more
    }
    let next = more
    for (const particle of this.particles) next = particle.decode(reader, out, next)
    return next
  }

  decodeAbsent(out: JsonText): void {
    for (const particle of this.particles) particle.decodeAbsent(out)
  }
}

/** xs:all: each particle at most once, in any order; written in schema order. */
export class AllCodec extends SequenceCodec {
  override starts(reader: XmlReader): boolean {
    return this.particles.some((particle) => particle.starts(reader))
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    const left = new Set(this.particles)
    let next = more
    while (next) {
      const found = this.particles.find((particle) => particle.starts(reader))
      if (!found) break
      if (!left.delete(found)) throw mismatch(reader, `${toldSubject(reader.localName)} occurs twice.`)
      next = found.decode(reader, out, true)
    }
    if (left.size === this.particles.length && this.mapping.minOccurs === 0) return next
    for (const particle of left) particle.decode(reader, out, false)
    return next
  }
}

/** xs:choice that occurs at most once: one branch, in both directions. */
export class ChoiceCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]

  constructor(
    readonly mapping: GroupMapping,
    readonly branches: readonly ContentCodec[],
  ) {
    this.emptiable = mapping.minOccurs === 0 || branches.some((branch) => branch.emptiable)
    this.members = branches.flatMap((branch) => branch.members)
  }

  starts(reader: XmlReader): boolean {
    return this.branches.some((branch) => branch.starts(reader))
  }

  isPresent(object: JsonObject): boolean {
    return this.branches.some((branch) => branch.isPresent(object))
  }

  encode(object: JsonObject, out: XmlText): void {
    const present = this.branches.filter((branch) => branch.isPresent(object))
    if (present.length > 1) {
      this.#covering(object, present).encode(object, out)
    } else if (present[0]) {
      present[0].encode(object, out)
    } else if (this.mapping.minOccurs > 0) {
      const empty = this.branches.find((branch) => branch.emptiable)
      if (!empty) throw new EncodeError(`needs one of ${unique(this.members)}`)
      empty.encode(object, out)
    }
  }

  /** Branches may share members: the one that has a place for all that is there. */
  #covering(object: JsonObject, present: readonly ContentCodec[]): ContentCodec {
    const given = [...new Set(this.members)].filter((member) => memberOf(object, member) !== undefined)
    const covering = present.find((branch) => given.every((member) => branch.members.includes(member)))
    if (!covering) throw new EncodeError(`may have only one of ${unique(this.members)}`)
    return covering
  }

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (more) {
      for (const branch of this.branches) if (branch.starts(reader)) return branch.decode(reader, out, true)
    }
    if (!this.emptiable) throw mismatch(reader, `One of a choice is missing; the WSDL requires it here.`)
    return more
  }

  decodeAbsent(): void {
    // Nothing: which branch is left out cannot be said.
  }
}

function unique(members: readonly string[]): string {
  return [...new Set(members)].join(', ')
}
