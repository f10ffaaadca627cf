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

/** Names a proof, among those of all keys. */
export function digestOf(key: string, jti: string): Buffer {
  return hash('sha256', JSON.stringify([key, jti]), 'buffer').subarray(0, DIGEST_BYTES)
}

/**
 * Proofs that were used, by their hashes, until nobody would take them any more. Nothing is forgotten early, so that
 * nobody can make it forget: where it is full, or full of the proofs of one key, it says so. Ages are measured by the
 * monotonic clock. Setting the wall clock back makes no proof good again: what is not newer than those that were
 * forgotten counts as used.
 */
export class ProofMemory {
  readonly #most: number
  readonly #mostOfKey: number
  #current = new Set<string>()
  #previous = new Set<string>()
  /** Of the current half, by the keys that they were made with. */
  #counts = new Map<string, number>()
  #since = performance.now()
  /** The latest time at which a proof of each half was made, in seconds since 1970, and of all that were forgotten. */
  #newest = { current: -Infinity, previous: -Infinity, forgotten: -Infinity }

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
   * @param issuedAt when it was made, in seconds since 1970
   */
  use(key: string, jti: string, issuedAt: number): 'new' | 'used' | 'full' | 'share used up' {
    this.#turn()
    const digest = digestOf(key, jti).toString('latin1')
    if (this.#current.has(digest) || this.#previous.has(digest)) return 'used'
    if (issuedAt <= this.#newest.forgotten) return 'used'
    const count = this.#counts.get(key) ?? 0
    if (count >= this.#mostOfKey) return 'share used up'
    if (this.#current.size >= this.#most) return 'full'
    this.#current.add(digest)
    this.#newest.current = Math.max(this.#newest.current, issuedAt)
    this.#counts.set(key, count + 1)
    return 'new'
  }

  /** Each half is kept for as long as it was filled, and as long again. */
  #turn(): void {
    const age = performance.now() - this.#since
    if (age < this.lifetimeMs) return
    const isKept = age < 2 * this.lifetimeMs
    const { current, previous, forgotten } = this.#newest
    this.#newest = {
      current: -Infinity,
      previous: isKept ? current : -Infinity,
      forgotten: Math.max(forgotten, previous, isKept ? -Infinity : current),
    }
    this.#previous = isKept ? this.#current : new Set()
    this.#current = new Set()
    this.#counts = new Map()
    this.#since = performance.now()
  }
}
