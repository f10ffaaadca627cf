import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.js'
import { fromLexical, hasSample, sampleScalar } from './sample-scalar.js'
import { sampleWildcard, sampleXml } from './sample-xml.js'
import {
  type ContentMapping,
  type ElementMapping,
  type GroupMapping,
  type Member,
  type ObjectMapping,
  type PolymorphicMapping,
  type ScalarMapping,
  type ValueMapping,
} from './value-mapping.js'

export interface SamplingOptions {
  readonly optionals: 'all' | 'none'
  /** Hidden members too, as the codec compiled `complete` wants them. */
  readonly complete: boolean
  /** A member of the object that is wanted even where it is optional. */
  readonly wanted?: string
}

type Members = Record<string, JsonValue>

/** Nothing valid can be made here without going round in a circle. */
const impossible = Symbol('impossible')
type Maybe<T> = T | typeof impossible

/** Optional parts are left out from here on, so that a sample of a large schema stays a sample. */
const maxValues = 2000

/** A valid value of an object mapping, the same at every call. */
export function sampleObject(mapping: ObjectMapping, options: SamplingOptions): JsonObject {
  const sampled = new Sampler(options).object(mapping)
  return sampled === impossible ? {} : sampled
}

class Sampler {
  readonly #open = new Set<ValueMapping>()
  #values = 0
  #filling = false
  /** Position in the innermost array: its items differ, since a key may have to. */
  #index = 0
  #ids = 0

  constructor(readonly options: SamplingOptions) {}

  value(mapping: ValueMapping, element: ElementMapping, example?: JsonValue): Maybe<JsonValue> {
    this.#values++
    if (mapping.kind === 'scalar') {
      if (element.minOccurs === 0 && !element.member.required && !hasSample(mapping)) return impossible
      return this.#scalar(mapping, example, element.fixed)
    }
    if (mapping.kind === 'xml') return sampleXml(element.name, mapping.type) ?? impossible
    if (this.#open.has(mapping)) return impossible
    this.#open.add(mapping)
    try {
      if (mapping.kind === 'object') return this.object(mapping)
      if (mapping.kind === 'array') return this.#items(mapping.item)
      return this.#polymorphic(mapping, element)
    } finally {
      this.#open.delete(mapping)
    }
  }

  #scalar(mapping: ScalarMapping, example: JsonValue | undefined, fixed?: string): JsonValue {
    if (fixed !== undefined) return fromLexical(mapping, fixed)
    const value = sampleScalar(mapping, example, this.#index)
    if (mapping.type.builtIn !== 'ID' || typeof value !== 'string') return value
    // An ID is not given twice in a document (XML Schema Part 2, 3.3.8).
    return this.#ids++ === 0 ? value : `${value}-${this.#ids}`
  }

  object(mapping: ObjectMapping, members: Members = {}): Maybe<Members> {
    for (const { member, required, fixed, value } of mapping.attributes) {
      if (!this.#isWanted(member, required)) continue
      members[member.name] = this.#scalar(value, member.example, fixed)
    }
    if (mapping.text && (!mapping.text.member.hidden || this.options.complete)) {
      members[mapping.text.member.name] = this.#scalar(mapping.text.value, mapping.text.member.example)
    }
    if (mapping.content && !this.#content(mapping.content, members)) return impossible
    const tooFew = Object.keys(members).length < (mapping.minMembers ?? 0) && !this.#filling
    return tooFew ? this.#filled(mapping) : members
  }

  /** With all that is optional, where the contract asks for some members but for none in particular. */
  #filled(mapping: ObjectMapping): Maybe<Members> {
    this.#filling = true
    try {
      return this.object(mapping)
    } finally {
      this.#filling = false
    }
  }

  #isWanted(member: Member, required: boolean): boolean {
    if (member.hidden && !this.options.complete) return false
    return required || member.required || this.#takesOptionals || member.name === this.options.wanted
  }

  get #takesOptionals(): boolean {
    return (this.#filling || this.options.optionals === 'all') && this.#values < maxValues
  }

  /** @returns false where the particle cannot be sampled */
  #content(content: ContentMapping, members: Members): boolean {
    if (content.kind === 'element') return this.#element(content, members)
    if (content.kind === 'any') {
      if (content.minOccurs === 0) return true
      const items = Array.from({ length: content.minOccurs }, () =>
        sampleWildcard(content.wildcard.namespaces),
      )
      if (!content.member.hidden)
        members[content.member.name] = content.maxOccurs > 1 ? items : (items[0] ?? '')
      return true
    }
    if (content.member) return this.#repeatedGroup(content, content.member, members)
    const wanted = content.minOccurs > 0 || this.#takesOptionals || this.#asksForMembers(content)
    if (!wanted) return true
    const trial: Members = {}
    if (!this.#group(content, trial)) return content.minOccurs === 0
    Object.assign(members, trial)
    return true
  }

  #group(group: GroupMapping, members: Members): boolean {
    if (group.kind !== 'choice') return group.particles.every((particle) => this.#content(particle, members))
    const byWorth = [...group.particles].sort((a, b) => worth(b) - worth(a))
    for (const branch of byWorth) {
      const trial: Members = {}
      if (!this.#content(required(branch), trial)) continue
      Object.assign(members, trial)
      return true
    }
    return group.particles.length === 0
  }

  /** Does the contract require a member of an optional part? */
  #asksForMembers(content: ContentMapping | undefined): boolean {
    if (content === undefined || content.kind === 'any') return false
    if (content.kind !== 'element') {
      return content.kind !== 'choice' && content.particles.some((particle) => this.#asksForMembers(particle))
    }
    if (content.flattened && content.value.kind === 'object')
      return this.#asksForMembers(content.value.content)
    return !content.member.hidden && (content.member.required || content.member.name === this.options.wanted)
  }

  #element(element: ElementMapping, members: Members): boolean {
    const needed = element.minOccurs > 0
    if (element.flattened && element.value.kind === 'object') {
      if (!needed && !this.#takesOptionals && !this.#asksForMembers(element.value.content)) return true
      const trial = this.object(element.value)
      if (trial === impossible) return !needed
      Object.assign(members, trial)
      return true
    }
    if (!this.#isWanted(element.member, needed)) return !needed || element.member.hidden
    const { name, example } = element.member
    const value = element.maxOccurs > 1 ? this.#items(element) : this.value(element.value, element, example)
    if (value === impossible) return this.#instead(element, members)
    members[name] = value
    return true
  }

  /** What stands where a value would never end: nothing, or nil. */
  #instead(element: ElementMapping, members: Members): boolean {
    if (element.minOccurs === 0) {
      if (element.maxOccurs > 1) members[element.member.name] = []
      return true
    }
    if (!element.nillable) return false
    members[element.member.name] = null
    return true
  }

  #items(element: ElementMapping): Maybe<JsonValue> {
    const wanted = this.#takesOptionals
      ? Math.max(element.minOccurs, Math.min(2, element.maxOccurs))
      : element.minOccurs
    const items: JsonValue[] = []
    const outer = this.#index
    for (let index = 0; index < wanted; index++) {
      this.#index = index
      const item = this.value(element.value, element, element.member.itemExample)
      this.#index = outer
      if (item === impossible) return index >= element.minOccurs ? items : impossible
      items.push(item)
    }
    return items
  }

  #repeatedGroup(group: GroupMapping, member: Member, members: Members): boolean {
    if (!this.#isWanted(member, group.minOccurs > 0)) return true
    const items: JsonValue[] = []
    for (let index = 0; index < Math.max(1, group.minOccurs); index++) {
      const item: Members = {}
      if (!this.#group(group, item)) break
      items.push(item)
    }
    members[member.name] = items
    return items.length >= group.minOccurs
  }

  #polymorphic(mapping: PolymorphicMapping, element: ElementMapping): Maybe<JsonValue> {
    const { alternatives, discriminator } = mapping
    const inOrder = this.options.optionals === 'all' ? [...alternatives].reverse() : alternatives
    for (const alternative of inOrder) {
      const value = this.value(alternative.mapping, element)
      if (isJsonObject(value)) return { [discriminator]: alternative.value, ...value }
    }
    return impossible
  }
}

/** A branch that is chosen is there, although it may be optional. */
function required(branch: ContentMapping): ContentMapping {
  return branch.minOccurs > 0 ? branch : { ...branch, minOccurs: 1 }
}

/** Branches that the contract knows come first. */
function worth(branch: ContentMapping): number {
  if (branch.kind === 'any') return -1
  if (branch.kind === 'element') return branch.member.hidden && !branch.flattened ? 0 : 1
  return branch.particles.some((particle) => worth(particle) > 0) ? 1 : 0
}
