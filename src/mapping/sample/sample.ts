import { isJsonObject, type JsonObject, type JsonValue } from '../../json/value.js'
import { matchContent, matchValue, occurrenceOf } from '../canonical/content-walk.js'
import { jsonOf } from '../canonical/json-value.js'
import { formOfNil } from '../canonical/nil.js'
import type {
  ContentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ObjectMapping,
  PolymorphicMapping,
  ScalarMapping,
  ValueMapping,
  WildcardMapping,
} from '../canonical/value-mapping.js'
import { type Demand, Demands } from './demand.js'
import { hasSample, sampleScalar } from './scalar.js'
import { sampleWildcard, sampleXml } from './xml.js'

export interface SamplingOptions {
  readonly optionals: 'all' | 'none'
  /** Hidden members too, as the codec compiled `complete` wants them. */
  readonly complete: boolean
  /** A member of the object that is wanted even where it is optional. */
  readonly wanted?: string
}

type Members = Record<string, JsonValue>

/** No valid value is small enough, or none ends at all. */
const impossible = Symbol('impossible')
type Maybe<T> = T | typeof impossible

/** Optional parts are left out from here on, so that a sample of a large schema stays a sample. */
const MAX_VALUES = 2000
/** What the XSD requires may take more, but not more than this. */
const MAX_REQUIRED = 10_000
/** As deep as requests may be, with room for what they stand in. */
const MAX_DEPTH = 56

/** Why there is no sample, for messages. */
export const NO_SAMPLE = `the XSD has no valid content, or none of at most ${MAX_REQUIRED} values that are at most ${MAX_DEPTH} deep`

/**
 * A valid value of an object mapping, the same at every call.
 *
 * @returns undefined where the XSD allows none, or none with at most 10,000 values that are at most 56 deep
 */
export function sampleObject(mapping: ObjectMapping, options: SamplingOptions): JsonObject | undefined {
  const sampled = new Sampler(mapping, options).root()
  return sampled === impossible ? undefined : sampled
}

class Sampler {
  readonly #demands: Demands
  readonly #open = new Set<ValueMapping>()
  #values = 0
  #depth = 0
  #filling = false
  /** While the object itself is made. */
  #wanted: string | undefined
  /** Position in the innermost array: its items differ, since a key may have to. */
  #index = 0
  #ids = 0

  constructor(
    readonly mapping: ObjectMapping,
    readonly options: SamplingOptions,
  ) {
    this.#demands = Demands.of(options)
    this.#wanted = options.wanted
  }

  root(): Maybe<Members> {
    return this.#fits(this.#demands.value(this.mapping), MAX_REQUIRED)
      ? this.#object(this.mapping)
      : impossible
  }

  #fits({ values, depth }: Demand, most: number): boolean {
    return values <= most && depth + this.#depth <= MAX_DEPTH
  }

  /** What may be added that need not be there. */
  get #room(): number {
    return MAX_VALUES - this.#values
  }

  #value(mapping: ValueMapping, element: ElementMapping, example?: JsonValue): Maybe<JsonValue> {
    this.#values++
    if (mapping.kind === 'scalar') {
      if (element.minOccurs === 0 && !element.member.required && !hasSample(mapping)) return impossible
      return this.#scalar(mapping, example, element.fixed)
    }
    const isOuter = !this.#open.has(mapping)
    const wanted = this.#wanted
    this.#wanted = undefined
    this.#open.add(mapping)
    this.#depth++
    try {
      return matchValue<Maybe<JsonValue>>(mapping, {
        scalar: (scalar) => this.#scalar(scalar, example, element.fixed),
        xml: ({ type }) => sampleXml(element.name, type) ?? impossible,
        object: (object) => this.#object(object),
        array: ({ item }) => this.#items(item),
        polymorphic: (choice) => this.#polymorphic(choice, element),
        document: ({ root }) => this.#item(root, example),
      })
    } finally {
      this.#depth--
      this.#wanted = wanted
      if (isOuter) this.#open.delete(mapping)
    }
  }

  #scalar(mapping: ScalarMapping, example: JsonValue | undefined, fixed?: string): JsonValue {
    if (fixed !== undefined) return jsonOf(mapping, fixed)
    const value = sampleScalar(mapping, example, this.#index)
    if (mapping.type.builtIn !== 'ID' || typeof value !== 'string') return value
    // An ID is not given twice in a document (XML Schema Part 2, 3.3.8).
    return this.#ids++ === 0 ? value : `${value}-${this.#ids}`
  }

  #object(mapping: ObjectMapping, members: Members = {}): Maybe<Members> {
    for (const { member, required, fixed, value } of mapping.attributes) {
      if (!this.#isWanted(member, { required })) continue
      members[member.name] = this.#scalar(value, member.example, fixed)
    }
    if (mapping.text && !this.#isLeftOut(mapping.text.member)) {
      members[mapping.text.member.name] = this.#scalar(
        mapping.text.value,
        mapping.text.member.example,
        mapping.text.fixed,
      )
    }
    if (mapping.content && !this.#content(mapping.content, members)) return impossible
    const tooFew = Object.keys(members).length < (mapping.minMembers ?? 0) && !this.#filling
    return tooFew ? this.#filled(mapping) : members
  }

  /** With all that is optional, where the contract asks for some members but for none in particular. */
  #filled(mapping: ObjectMapping): Maybe<Members> {
    this.#filling = true
    try {
      return this.#object(mapping)
    } finally {
      this.#filling = false
    }
  }

  #isLeftOut(member: Member): boolean {
    return this.#demands.isLeftOut(member)
  }

  #isWanted(member: Member, { required }: { readonly required: boolean }): boolean {
    if (this.#isLeftOut(member)) return false
    return required || member.required || this.#takesOptionals || member.name === this.#wanted
  }

  get #takesOptionals(): boolean {
    return (this.#filling || this.options.optionals === 'all') && this.#room > 0
  }

  /** @returns false where the particle must be there and cannot */
  #content(content: ContentMapping, members: Members): boolean {
    if (!this.#isThere(content)) return true
    const isMade = matchContent<boolean>(content, {
      element: (element) => this.#element(element, members),
      any: (wildcard) => this.#wildcard(wildcard, members),
      group: (group) => this.#group(group, members),
      repeatedGroup: (group) => this.#repeatedGroup(group, group.member, members),
    })
    return isMade || content.minOccurs === 0
  }

  /** Whether a particle has a part in the sample: it must, or it may and has room. */
  #isThere(content: ContentMapping): boolean {
    if (this.#demands.isNeeded(content, this.#wanted)) return true
    if (content.kind === 'any' || !this.#takesOptionals) return false
    return this.#fits(this.#demands.content(content), this.#room)
  }

  #wildcard({ minOccurs, maxOccurs, wildcard, member }: WildcardMapping, members: Members): boolean {
    if (this.#isLeftOut(member)) return true
    const items = Array.from({ length: Math.max(1, minOccurs) }, () => sampleWildcard(wildcard.namespaces))
    this.#values += items.length
    members[member.name] = maxOccurs > 1 ? items : (items[0] ?? '')
    return true
  }

  #group(group: GroupMapping, members: Members): boolean {
    if (group.kind !== 'choice') return group.particles.every((particle) => this.#content(particle, members))
    const branch = this.#branch(group.particles)
    if (!branch) return group.particles.length === 0
    return this.#content(branch.minOccurs > 0 ? branch : { ...branch, minOccurs: 1 }, members)
  }

  /** The first branch that the contract knows and that has room; within a type that is begun already the smallest. */
  #branch(branches: readonly ContentMapping[]): ContentMapping | undefined {
    const sized = branches.map((branch) => ({
      branch,
      demand: this.#demands.content(branch),
      worth: worth(branch),
    }))
    const possible = sized.filter(({ demand }) => demand.values < Infinity)
    const most = Math.max(this.#room, MAX_VALUES / 2)
    const first = possible
      .toSorted((a, b) => b.worth - a.worth)
      .find(({ branch, demand }) => this.#fits(demand, most) && !this.#goesRound(branch))
    if (first) return first.branch
    return possible.toSorted((a, b) => a.demand.values - b.demand.values)[0]?.branch
  }

  /** Whether a branch leads into a value that is being made. */
  #goesRound(branch: ContentMapping): boolean {
    const inGroup = ({ kind, particles }: GroupMapping): boolean =>
      kind !== 'choice' && particles.some((particle) => particle.minOccurs > 0 && this.#goesRound(particle))
    return matchContent<boolean>(branch, {
      element: ({ value, flattened }) => !flattened && this.#open.has(value),
      any: () => false,
      group: inGroup,
      repeatedGroup: inGroup,
    })
  }

  #element(element: ElementMapping, members: Members): boolean {
    const { member, minOccurs, maxOccurs, value } = element
    const needed = minOccurs > 0
    if (element.flattened && value.kind === 'object') {
      const trial = this.#object(value)
      if (trial === impossible) return !needed
      Object.assign(members, trial)
      return true
    }
    if (this.#isLeftOut(member)) return true
    const made =
      this.#open.has(value) && !needed && !member.required
        ? impossible
        : maxOccurs > 1
          ? this.#items(element)
          : this.#item(element, element.flag && needed ? true : member.example)
    if (made !== impossible) members[member.name] = made
    else if (needed || member.required) return false
    else if (maxOccurs > 1) members[member.name] = []
    return true
  }

  /** What stands where a value would never end: nil, where it may. */
  #item(element: ElementMapping, example: JsonValue | undefined): Maybe<JsonValue> {
    const { value, nillable, member } = element
    const mayBeNull = nillable && member.nullable && formOfNil(value) !== undefined
    // Within itself, a value ends where it can.
    if (mayBeNull && this.#open.has(value)) return null
    const isPossible = this.#fits(this.#demands.value(value), MAX_REQUIRED)
    const made = isPossible ? this.#value(value, element, example) : impossible
    return made === impossible && mayBeNull ? null : made
  }

  #items(element: ElementMapping): Maybe<JsonValue> {
    const { minOccurs, maxOccurs, member } = element
    const more = this.#takesOptionals && this.#fits(this.#demands.item(element), this.#room / 2)
    const wanted = more ? Math.max(minOccurs, Math.min(2, maxOccurs)) : minOccurs
    const items: JsonValue[] = []
    const outer = this.#index
    for (let index = 0; index < wanted; index++) {
      this.#index = index
      const item = this.#item(element, member.itemExample)
      this.#index = outer
      if (item === impossible) return index >= minOccurs ? items : impossible
      items.push(item)
    }
    return items
  }

  #repeatedGroup(group: GroupMapping, member: Member, members: Members): boolean {
    if (this.#isLeftOut(member)) return true
    const once = occurrenceOf(group)
    const items: JsonValue[] = []
    const wanted = this.#wanted
    this.#wanted = undefined
    for (let index = 0; index < Math.max(1, group.minOccurs); index++) {
      const item: Members = {}
      this.#values++
      if (!this.#group(once, item)) break
      items.push(item)
    }
    this.#wanted = wanted
    members[member.name] = items
    return items.length >= group.minOccurs
  }

  #polymorphic(
    { alternatives, discriminator }: PolymorphicMapping,
    element: ElementMapping,
  ): Maybe<JsonValue> {
    const possible = alternatives.filter(({ mapping }) =>
      this.#fits(this.#demands.value(mapping), Math.max(this.#room, MAX_VALUES / 2)),
    )
    const inOrder = this.options.optionals === 'all' ? possible.toReversed() : possible
    const smallest = alternatives.toSorted(
      (a, b) => this.#demands.value(a.mapping).values - this.#demands.value(b.mapping).values,
    )
    const chosen = inOrder.find(({ mapping }) => !this.#open.has(mapping)) ?? smallest[0]
    const value = chosen ? this.#value(chosen.mapping, element) : impossible
    return chosen && isJsonObject(value) ? { [discriminator]: chosen.value, ...value } : impossible
  }
}

/** Branches that the contract knows come first. */
function worth(branch: ContentMapping): number {
  const ofGroup = ({ particles }: GroupMapping): number =>
    particles.some((particle) => worth(particle) > 0) ? 1 : 0
  return matchContent<number>(branch, {
    element: ({ member, flattened }) => (member.hidden && !flattened ? 0 : 1),
    any: () => -1,
    group: ofGroup,
    repeatedGroup: ofGroup,
  })
}
