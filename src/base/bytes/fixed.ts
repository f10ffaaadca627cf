const WORD = 4

/** What {@link FixedOctets.writeTo} and {@link copyShort} may write beyond the octets that they are asked to write. */
export const COPY_SLACK = WORD - 1

/**
 * Octets that are looked for, and written, four at a time: at least one, and no zero among them, so that zeros after the last
 * one stand for none.
 */
export class FixedOctets {
  readonly length: number
  readonly #words: Int32Array
  readonly #last: number
  /** Which bits of the last word are of the octets. */
  readonly #mask: number
  readonly #lastAt: number

  constructor(text: string | Uint8Array) {
    const octets = Buffer.from(text)
    const padded = Buffer.concat([octets, Buffer.alloc(COPY_SLACK)])
    this.length = octets.length
    this.#lastAt = WORD * (Math.ceil(octets.length / WORD) - 1)
    this.#words = Int32Array.from({ length: this.#lastAt / WORD }, (_, i) => padded.readInt32LE(WORD * i))
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
    return p + this.length
  }

  /**
   * Writes them to `at`, and up to {@link COPY_SLACK} zeros after them.
   *
   * @returns the offset after them
   */
  writeTo(view: DataView, at: number): number {
    const words = this.#words
    for (let i = 0; i < words.length; i++) view.setInt32(at + WORD * i, words[i] ?? 0, true)
    view.setInt32(at + this.#lastAt, this.#last, true)
    return at + this.length
  }
}

/**
 * Copies what stands between two offsets four octets at a time, which for a few dozen takes less than a call of `set`, and with it
 * up to {@link COPY_SLACK} octets that stand after it, for which both views have room.
 *
 * @returns the offset after what was to be copied
 */
export function copyShort(to: DataView, at: number, from: DataView, start: number, end: number): number {
  const length = end - start
  for (let i = 0; i < length; i += WORD) to.setInt32(at + i, from.getInt32(start + i, true), true)
  return at + length
}
