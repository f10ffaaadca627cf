/** Whoever sends the bytes of a stream. */
export interface ByteSender {
  /** Sends no more until `resume` is called. */
  pause(): void
  resume(): void
  /** Nobody wants the rest. */
  cancel(): void
}

/** So many bytes, in so many pieces, may wait for their reader before the sender is told to pause. */
const MOST_WAITING = 262_144
const MOST_PIECES = 1_024

/**
 * Bytes that are read while they arrive, by one reader, who closes them in the end. What the reader has not taken yet is
 * bounded: its sender has to wait.
 */
export class ByteStream implements AsyncIterable<Uint8Array> {
  /** Resolves when its sender has sent all of it, or sends no more. */
  readonly sent: Promise<void>
  /** Resolves when its reader is done with it, with what was wrong. */
  readonly over: Promise<Error | undefined>
  readonly #sender: ByteSender
  readonly #waiting: Uint8Array[] = []
  #bytes = 0
  #isPaused = false
  #hasEnded = false
  #broke: Error | undefined
  #conclude: () => void = () => undefined
  #settle: (error: Error | undefined) => void = () => undefined
  #wake: () => void = () => undefined

  constructor(sender: ByteSender) {
    this.#sender = sender
    this.sent = new Promise((resolve) => {
      this.#conclude = resolve
    })
    this.over = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  /** Whether the sender waits for the reader. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Why the sender could not send all of it. */
  get broke(): Error | undefined {
    return this.#broke
  }

  push(chunk: Uint8Array): void {
    if (this.#hasEnded) return
    this.#waiting.push(chunk)
    this.#bytes += chunk.byteLength
    const isFull = this.#bytes >= MOST_WAITING || this.#waiting.length >= MOST_PIECES
    if (!this.#isPaused && isFull) {
      this.#isPaused = true
      this.#sender.pause()
    }
    this.#wake()
  }

  /** All of it has been sent; what has not been pushed yet is on its way. */
  arrive(): void {
    this.#conclude()
  }

  /** @param error where it breaks off; the reader gets what came before it, and then the error */
  end(error?: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#broke = error
    this.#conclude()
    this.#wake()
  }

  /** Its reader is done with it, whether or not it has ended. @param error what the reader found wrong */
  close(error?: Error): void {
    this.#settle(error)
    if (this.#hasEnded) return
    this.end()
    this.#waiting.length = 0
    this.#sender.cancel()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const chunk = this.#waiting.shift()
      if (chunk) {
        this.#bytes -= chunk.byteLength
        yield chunk
      } else if (this.#hasEnded) {
        if (this.#broke) throw this.#broke
        return
      } else await this.#more()
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (!this.#isPaused) return
      this.#isPaused = false
      this.#sender.resume()
    })
  }
}
