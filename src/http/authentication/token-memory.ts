import { hash } from 'node:crypto'

interface Remembered<T> {
  readonly value: T
  /** By performance.now(), which nobody sets back. */
  readonly until: number
}

/** Tokens that are remembered; the oldest goes first. */
const MOST = 10_000

/** What was found out about tokens, for a while. It is kept by their hashes: a dump of the memory has no tokens in it. */
export class TokenMemory<T> {
  readonly #remembered = new Map<string, Remembered<T>>()

  get(token: string): T | undefined {
    const known = this.#remembered.get(keyOf(token))
    return known && performance.now() < known.until ? known.value : undefined
  }

  /** @param forMs how long it is remembered */
  set(token: string, value: T, forMs: number): void {
    const key = keyOf(token)
    this.#remembered.delete(key)
    this.#remembered.set(key, { value, until: performance.now() + forMs })
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > MOST && oldest !== undefined) this.#remembered.delete(oldest)
  }

  clear(): void {
    this.#remembered.clear()
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64url')
}
