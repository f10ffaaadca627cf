/** Writes what comes while something is being written together, so that one commit makes all of it durable. */
export class Batches<T, R> {
  readonly #write: (items: readonly T[]) => Promise<R>
  readonly #most: number
  #waiting: {
    readonly item: T
    readonly resolve: (result: R) => void
    readonly reject: (error: unknown) => void
  }[] = []
  #isWriting = false

  /** @param most items of a batch */
  constructor(write: (items: readonly T[]) => Promise<R>, most: number) {
    this.#write = write
    this.#most = most
  }

  /** @returns what writing its batch gave */
  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (this.#isWriting) return
      this.#isWriting = true
      // Those of the same turn of the event loop go together.
      setImmediate(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#most)
      try {
        const result = await this.#write(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve(result)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#isWriting = false
  }
}
