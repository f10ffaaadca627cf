import { bytesOf, type Octets, Pieces } from './source.js'

/**
 * Reads bytes by their positions, whether they are in one piece or in several. It remembers the piece that it looked at last, so
 * that going through all bytes takes time proportional to them, however they are cut.
 */
export class PieceScanner {
  readonly byteLength: number
  readonly #pieces: readonly Uint8Array[]
  /** Where each piece begins. */
  readonly #starts: readonly number[]
  #current = 0

  constructor(octets: Octets) {
    const pieces = octets instanceof Uint8Array ? [octets] : [...octets]
    this.#pieces = pieces.filter(({ byteLength }) => byteLength > 0)
    let start = 0
    this.#starts = this.#pieces.map(({ byteLength }) => (start += byteLength) - byteLength)
    this.byteLength = start
  }

  /** @returns undefined before the first byte and after the last */
  at(position: number): number | undefined {
    if (position < 0 || position >= this.byteLength) return undefined
    const { piece, start } = this.#seek(position)
    return piece[position - start]
  }

  /**
   * @param needle at least one byte
   * @returns where the first such bytes begin, at `from` or later; -1 where there are none
   */
  indexOf(needle: Uint8Array, from: number): number {
    for (let position = from; position < this.byteLength;) {
      const { piece, start } = this.#seek(position)
      const found = bytesOf(piece).indexOf(needle, position - start)
      if (found !== -1) return start + found
      const end = start + piece.byteLength
      const seam = Math.max(position, end - needle.byteLength + 1)
      const across = bytesOf(this.slice(seam, end + needle.byteLength - 1)).indexOf(needle)
      if (across !== -1) return seam + across
      position = end
    }
    return -1
  }

  /** Views of the bytes, in as many pieces as they are in; `end` may be after the last. */
  slice(start: number, end: number): Octets {
    const views = this.views(start, end)
    const [only = Buffer.alloc(0)] = views
    return views.length > 1 ? new Pieces(views) : only
  }

  /** The same, none of the pieces empty. */
  views(start: number, end: number): Uint8Array[] {
    const views: Uint8Array[] = []
    const last = Math.min(end, this.byteLength)
    for (let position = start; position < last;) {
      const { piece, start: offset } = this.#seek(position)
      views.push(piece.subarray(position - offset, last - offset))
      position = offset + piece.byteLength
    }
    return views
  }

  /** The piece that a byte is in. @param position of a byte that there is */
  #seek(position: number): { readonly piece: Uint8Array; readonly start: number } {
    while (position < this.#startOf(this.#current)) this.#current -= 1
    while (position >= this.#startOf(this.#current + 1)) this.#current += 1
    return { piece: this.#pieces[this.#current] ?? Buffer.alloc(0), start: this.#startOf(this.#current) }
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? this.byteLength
  }
}
