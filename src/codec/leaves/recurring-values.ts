import { FixedOctets } from '../../base/bytes/fixed.js'
import { standsAt } from '../../xml/names.js'

const SLOTS = 64
const MOST_OCTETS = 32
/** So many more values that are new than values that are known, and nothing is looked for any more. */
const PATIENCE = 256

/**
 * The values of one place that come again and again, words of an enumeration or codes of a pattern, with the JSON that
 * they have become: it is copied, and neither is judged again.
 */
export class RecurringValues {
  /** A value is in the slot of its octets or, if another has come after it, in the one beside that. */
  readonly #slots = new Array<Known | undefined>(SLOTS).fill(undefined)
  #patience = PATIENCE

  /** @returns JSON text of the value that stands between two offsets, undefined where it is not known */
  find(octets: Uint8Array, start: number, end: number): FixedOctets | undefined {
    if (this.#patience === 0) return undefined
    const slot = slotOf(octets, start, end)
    const known = this.#knownAt(slot, octets, start, end) ?? this.#knownAt(slot ^ 1, octets, start, end)
    if (known && this.#patience < PATIENCE) this.#patience++
    return known?.json
  }

  /** @param json what the value has become */
  keep(octets: Uint8Array, [start, end]: readonly [number, number], json: string): void {
    if (this.#patience === 0) return
    // Of values that hardly recur, as personal ones are, none is kept.
    if (--this.#patience === 0) this.#slots.fill(undefined)
    if (this.#patience === 0 || end - start > MOST_OCTETS || json.length > 2 * MOST_OCTETS) return
    const lexical = Uint8Array.from(octets.subarray(start, end))
    const slot = slotOf(octets, start, end)
    this.#slots[slot ^ 1] = this.#slots[slot]
    this.#slots[slot] = { lexical, json: new FixedOctets(json) }
  }

  #knownAt(slot: number, octets: Uint8Array, start: number, end: number): Known | undefined {
    const known = this.#slots[slot]
    return known?.lexical.length === end - start && standsAt(octets, start, known.lexical) ? known : undefined
  }
}

interface Known {
  readonly lexical: Uint8Array
  readonly json: FixedOctets
}

function slotOf(octets: Uint8Array, start: number, end: number): number {
  const first = octets[start] ?? 0
  const middle = octets[(start + end) >> 1] ?? 0
  const last = octets[end - 1] ?? 0
  return (first + 7 * middle + 31 * last + 3 * (end - start)) % SLOTS
}
