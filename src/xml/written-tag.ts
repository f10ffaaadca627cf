import type { Namespace } from './namespace.js'

/** What a prefix meant where a tag stood. */
export interface Binding {
  /** Its id. */
  readonly prefix: number
  readonly namespace: Namespace
}

/**
 * A start tag as a document had it, octet for octet, and the end tag that belongs to it: where both stand again and their
 * prefixes mean the same, there is an element that differs in its content alone.
 */
export class WrittenTag {
  constructor(
    readonly start: Words,
    readonly end: Words,
    /** Of the prefixes in it. */
    readonly bindings: readonly Binding[],
    /** What its attributes say, to whoever has remembered it. */
    readonly meaning?: string,
  ) {}
}

const WORD = 4

/** Octets without a zero among them, to be looked for four at a time. */
export class Words {
  readonly #words: readonly number[]
  readonly #last: number
  /** Which bits of the last word are of the octets. */
  readonly #mask: number
  readonly #lastAt: number
  readonly #length: number

  constructor(text: string | Uint8Array) {
    const octets = Buffer.from(text)
    const padded = Buffer.concat([octets, Buffer.alloc(WORD - 1)])
    this.#length = octets.length
    this.#lastAt = WORD * (Math.ceil(octets.length / WORD) - 1)
    this.#words = Array.from({ length: this.#lastAt / WORD }, (_, i) => padded.readInt32LE(WORD * i))
    this.#last = padded.readInt32LE(this.#lastAt)
    this.#mask = -1 >>> (8 * (WORD - (octets.length - this.#lastAt)))
  }

  /**
   * @param view of octets that end with four zeros
   * @returns the offset after them, where they stand at `p`; -1 where something else does
   */
  after(view: DataView, p: number): number {
    const words = this.#words
    for (let i = 0; i < words.length; i++) {
      if (view.getInt32(p + WORD * i, true) !== words[i]) return -1
    }
    if ((view.getInt32(p + this.#lastAt, true) & this.#mask) !== this.#last) return -1
    return p + this.#length
  }
}
