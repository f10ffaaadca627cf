import { hash } from 'node:crypto'

export interface ProofBounds {
  /** Of all keys together. */
  readonly most?: number
  /** Of one key, so that no client can take the room of the others. */
  readonly mostOfKey?: number
}

/** In each half: more than one process can serve in the time. */
const MOST = 250_000
const MOST_OF_KEY = 10_000
const DIGEST_BYTES = 16

/**
 * Proofs that were used, by their hashes, until nobody would take them any more. Nothing is forgotten early, so that
 * nobody can make it forget: where it is full, or full of the proofs of one key, it says so.
 */
export class ProofMemory {
  readonly #most: number
  readonly #mostOfKey: number
  #current = new Set<string>()
  #previous = new Set<string>()
  /** Of the current half, by the keys that they were made with. */
  #counts = new Map<string, number>()
  #since = performance.now()

  /** @param lifetimeMs after which a proof is refused for its age */
  constructor(
    readonly lifetimeMs: number,
    { most = MOST, mostOfKey = MOST_OF_KEY }: ProofBounds = {},
  ) {
    this.#most = most
    this.#mostOfKey = mostOfKey
  }

  /** So many proofs of one key in so many seconds. */
  get share(): { readonly quota: number; readonly window: number } {
    return { quota: this.#mostOfKey, window: Math.ceil(this.lifetimeMs / 1000) }
  }

  /** Seconds until there is room again where there was none; at least one. */
  get secondsToRoom(): number {
    return Math.max(1, Math.ceil((this.#since + this.lifetimeMs - performance.now()) / 1000))
  }

  /**
   * Notes a proof, where it is a new one.
   *
   * @param key the thumbprint of the key that it was made with
   * @param jti its name, which is its own among those of the key
   */
  use(key: string, jti: string): 'new' | 'used' | 'full' | 'share used up' {
    this.#turn()
    const digest = hash('sha256', JSON.stringify([key, jti]), 'buffer').toString('latin1', 0, DIGEST_BYTES)
    if (this.#current.has(digest) || this.#previous.has(digest)) return 'used'
    const count = this.#counts.get(key) ?? 0
    if (count >= this.#mostOfKey) return 'share used up'
    if (this.#current.size >= this.#most) return 'full'
    this.#current.add(digest)
    this.#counts.set(key, count + 1)
    return 'new'
  }

  /** Each half is kept for as long as it was filled, and as long again. */
  #turn(): void {
    const age = performance.now() - this.#since
    if (age < this.lifetimeMs) return
    this.#previous = age < 2 * this.lifetimeMs ? this.#current : new Set()
    this.#current = new Set()
    this.#counts = new Map()
    this.#since = performance.now()
  }
}
