import { childrenOf, matchContent, matchValue, occurrenceOf, partsOf } from '../canonical/content-walk.js'
import { formOfNil } from '../canonical/nil.js'
import type {
  ContentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ValueMapping,
} from '../canonical/value-mapping.js'
import { scalarDemand } from './scalar.js'

/** The least that a valid value takes; `Infinity` where there is none. */
export interface Demand {
  /** How many JSON values, long texts counted for several. */
  readonly values: number
  /** How deep they stand within each other. */
  readonly depth: number
}

const nothing: Demand = { values: 0, depth: 0 }
const without: Demand = { values: Infinity, depth: Infinity }
const one: Demand = { values: 1, depth: 0 }

/**
 * The least that valid values take, of all that a value leads to: worked out from the leaves up, again where types contain
 * themselves until nothing changes, so that it takes time in proportion to the schema and not to what can be made of it; and
 * once for all samples.
 */
export class Demands {
  readonly #known = new WeakMap<ValueMapping, Demand>()

  /** @param complete whether hidden members are part of samples, too */
  private constructor(private readonly complete: boolean) {}

  static readonly #ofComplete = new Demands(true)
  static readonly #ofVisible = new Demands(false)

  /** @param complete whether hidden members are part of samples, too */
  static of({ complete }: { readonly complete: boolean }): Demands {
    return complete ? Demands.#ofComplete : Demands.#ofVisible
  }

  isLeftOut(member: Member): boolean {
    return member.hidden && !this.complete
  }

  value(value: ValueMapping): Demand {
    if (!this.#known.has(value)) this.#explore(value)
    return this.#known.get(value) ?? without
  }

  #explore(root: ValueMapping): void {
    const order = leavesFirst(root, (value) => this.#known.has(value))
    for (const value of order) this.#known.set(value, without)
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false
      for (const value of order) {
        const demand = this.#demandOf(value)
        if (demand.values >= this.value(value).values) continue
        this.#known.set(value, demand)
        hasChanged = true
      }
    }
  }

  /** Of a part of a content model, where it is there. */
  content(content: ContentMapping): Demand {
    return matchContent(content, {
      element: (element) => this.#element(element),
      any: ({ minOccurs, member }) =>
        this.isLeftOut(member) ? nothing : { values: minOccurs + 1, depth: 1 },
      group: (group) => this.#group(group),
      repeatedGroup: (group) =>
        this.isLeftOut(group.member)
          ? nothing
          : deeper(times(this.#group(occurrenceOf(group)), Math.max(1, group.minOccurs)), 2),
    })
  }

  /** The same, where it need not be there. */
  #least(content: ContentMapping): Demand {
    return this.isNeeded(content) ? this.content(content) : nothing
  }

  /** Of one item. */
  item({ value, nillable, member }: ElementMapping): Demand {
    const demand = this.value(value)
    const mayBeNull = nillable && member.nullable && formOfNil(value) !== undefined
    return demand.values > 1 && mayBeNull ? one : demand
  }

  /**
   * Whether a part is there in each sample: because of the XSD, or because of a member that the contract requires.
   *
   * @param wanted a member that counts as required
   */
  isNeeded(content: ContentMapping, wanted?: string): boolean {
    if (content.minOccurs > 0) return true
    const asks = (member: Member): boolean =>
      !this.isLeftOut(member) && (member.required || member.name === wanted)
    const isPartNeeded = (part: ContentMapping): boolean => this.isNeeded({ ...part, minOccurs: 0 }, wanted)
    return matchContent(content, {
      element: ({ flattened, value, member }) =>
        flattened && value.kind === 'object' ? partsOf(value.content).some(isPartNeeded) : asks(member),
      any: ({ member }) => asks(member),
      group: ({ kind, particles }) => kind !== 'choice' && particles.some(isPartNeeded),
      repeatedGroup: ({ member }) => asks(member),
    })
  }

  #element(element: ElementMapping): Demand {
    const { member, flattened, maxOccurs, minOccurs, impossible } = element
    if (flattened && element.value.kind === 'object') return this.value(element.value)
    if (this.isLeftOut(member)) return nothing
    if (impossible === true) return without
    const item = this.item(element)
    return maxOccurs > 1 ? deeper(times(item, minOccurs), 2) : deeper(item, 1)
  }

  #group({ kind, particles }: GroupMapping): Demand {
    if (kind !== 'choice') return sum(particles.map((particle) => this.#least(particle)))
    return particles.length === 0 ? nothing : cheapest(particles.map((particle) => this.content(particle)))
  }

  #demandOf(value: ValueMapping): Demand {
    return matchValue<Demand>(value, {
      scalar: scalarDemand,
      xml: () => one,
      document: ({ root }) => deeper(this.item(root), 1),
      array: ({ item }) => deeper(times(this.item(item), item.minOccurs), 1),
      polymorphic: ({ alternatives }) =>
        deeper(cheapest(alternatives.map(({ mapping }) => this.value(mapping))), 0),
      object: ({ attributes, text, content }) =>
        sum([
          ...attributes
            .filter(({ required, member }) => required && !this.isLeftOut(member))
            .map((attribute) => scalarDemand(attribute.value)),
          ...(text && !this.isLeftOut(text.member) ? [scalarDemand(text.value)] : []),
          ...(content ? [this.#least(content)] : []),
        ]),
    })
  }
}

/**
 * What a value contains before the value itself, as far as types do not contain themselves.
 *
 * @param isKnown of which values nothing is asked
 */
function leavesFirst(root: ValueMapping, isKnown: (value: ValueMapping) => boolean): ValueMapping[] {
  const order: ValueMapping[] = []
  const seen = new Set<ValueMapping>()
  const pending: { value: ValueMapping; isEntered: boolean }[] = [{ value: root, isEntered: false }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, isEntered } = next
    if (isEntered) order.push(value)
    else if (!seen.has(value) && !isKnown(value)) {
      seen.add(value)
      pending.push({ value, isEntered: true })
      for (const child of childrenOf(value)) pending.push({ value: child.value, isEntered: false })
    }
  }
  return order
}

function sum(demands: readonly Demand[]): Demand {
  let values = 1
  let depth = 0
  for (const demand of demands) {
    values += demand.values
    depth = Math.max(depth, demand.depth)
  }
  return { values, depth }
}

function times({ values, depth }: Demand, count: number): Demand {
  return count === 0 ? nothing : { values: values * count, depth }
}

function deeper({ values, depth }: Demand, levels: number): Demand {
  return { values: values + 1, depth: depth + levels }
}

function cheapest(demands: readonly Demand[]): Demand {
  return demands.reduce((best, demand) => (demand.values < best.values ? demand : best), without)
}
