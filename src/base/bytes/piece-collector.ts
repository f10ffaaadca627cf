import { type Octets, Pieces } from './source.js'

/** Smaller chunks are copied, and go together: each that is kept costs memory beside its own. */
const WORTH_KEEPING = 16_384
const ROOM = 65_536

/**
 * Keeps the chunks of a body as they come, for those who pass them on: a copy in one piece would be held beside chunks that wait
 * for a collection. Chunks that are given belong to the collector.
 */
export class PieceCollector {
  #pieces: Uint8Array[] = []
  #bytes = 0
  /** What has been copied and is no piece yet, at the begin of its room. */
  #room = Buffer.alloc(0)
  #used = 0

  /** Bytes so far. */
  get byteLength(): number {
    return this.#bytes
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength
    // A view keeps all of its memory.
    if (chunk.byteLength >= WORTH_KEEPING && 2 * chunk.byteLength >= chunk.buffer.byteLength) {
      this.#close()
      this.#pieces.push(chunk)
    } else this.#copy(chunk)
  }

  /** What has been added; nothing is kept. */
  take(): Octets {
    this.#close()
    const pieces = this.#pieces
    this.#pieces = []
    this.#bytes = 0
    this.#room = Buffer.alloc(0)
    const [only = this.#room] = pieces
    return pieces.length > 1 ? new Pieces(pieces) : only
  }

  #copy(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.byteLength;) {
      if (this.#used === this.#room.byteLength) {
        this.#close()
        this.#room = Buffer.allocUnsafeSlow(Math.min(ROOM, Math.max(4 * chunk.byteLength, this.#bytes)))
      }
      const some = chunk.subarray(from, from + this.#room.byteLength - this.#used)
      this.#room.set(some, this.#used)
      this.#used += some.byteLength
      from += some.byteLength
    }
  }

  /** Makes a piece of what has been copied; what is left of its room takes what comes next. */
  #close(): void {
    if (this.#used > 0) this.#pieces.push(this.#room.subarray(0, this.#used))
    this.#room = this.#room.subarray(this.#used)
    this.#used = 0
  }
}
