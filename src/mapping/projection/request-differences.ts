import { childrenOf } from '../canonical/content-walk.js'
import { formOfNil } from '../canonical/nil.js'
import type { ValueMapping } from '../canonical/value-mapping.js'

/**
 * Which values have another schema in requests than in responses: those that lead to an element that a response may
 * give as null and a request may not.
 */
export class RequestDifferences {
  readonly #known = new Map<ValueMapping, boolean>()

  has(value: ValueMapping): boolean {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    this.#judge(value)
    return this.#known.get(value) ?? false
  }

  /** All that a value leads to, without recursion: from what differs by itself back to what holds it. */
  #judge(root: ValueMapping): void {
    const holders = new Map<ValueMapping, ValueMapping[]>()
    const differing: ValueMapping[] = []
    const pending = [root]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const holder = next
      if (this.#known.has(holder)) continue
      this.#known.set(holder, false)
      for (const { value, element } of childrenOf(holder)) {
        const others = holders.get(value)
        if (others) others.push(holder)
        else holders.set(value, [holder])
        if (element?.member.nullable && formOfNil(value) === undefined) differing.push(holder)
        if (this.#known.get(value) === true) differing.push(holder)
        pending.push(value)
      }
    }
    for (let next = differing.pop(); next !== undefined; next = differing.pop()) {
      if (this.#known.get(next) === true) continue
      this.#known.set(next, true)
      differing.push(...(holders.get(next) ?? []))
    }
  }
}
