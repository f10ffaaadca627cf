/** Below this a second copy does not matter. */
const WORTH_ALLOCATING = 65_536

/**
 * Puts the chunks of a body together. Where its length is known beforehand each chunk is copied to its place and let go,
 * so that the body is there once and not twice.
 */
export class ByteCollector {
  #chunks: Uint8Array[] = []
  #whole: Buffer | undefined
  #bytes = 0

  /** @param announced bytes, of Content-Length say; whoever announces must be held to a limit before */
  constructor(announced = 0) {
    if (announced >= WORTH_ALLOCATING) this.#whole = Buffer.allocUnsafeSlow(announced)
  }

  /** Bytes so far. */
  get byteLength(): number {
    return this.#bytes
  }

  add(chunk: Uint8Array): void {
    const whole = this.#whole
    if (whole && this.#chunks.length === 0 && this.#bytes + chunk.byteLength <= whole.byteLength) {
      whole.set(chunk, this.#bytes)
    } else this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
  }

  /** What has been added, in one piece; nothing is kept. */
  take(): Buffer {
    const chunks = this.#chunks
    this.#chunks = []
    const rest = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
    const start = this.#whole?.subarray(0, this.#bytes - rest)
    this.#bytes = 0
    this.#whole = undefined
    if (rest === 0) return start ?? Buffer.alloc(0)
    const [only] = chunks
    if (only && chunks.length === 1 && !start?.byteLength) {
      return Buffer.isBuffer(only) ? only : Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    }
    return Buffer.concat([...(start ? [start] : []), ...chunks])
  }
}
