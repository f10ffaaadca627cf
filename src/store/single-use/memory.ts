import { hash } from 'node:crypto'

/** How much is remembered at once. */
export interface UseBounds {
  /** Of all keys together. */
  readonly most?: number
  /** Of one key, so that no client can take the room of the others. */
  readonly mostOfKey?: number
}

/** In each half: more than one process can serve in the time. */
const MOST = 250_000
const MOST_OF_KEY = 10_000
const DIGEST_BYTES = 16

/** Names what is used, among what belongs to all keys. */
export function digestOf(key: string, id: string): Buffer {
  return hash('sha256', JSON.stringify([key, id]), 'buffer').subarray(0, DIGEST_BYTES)
}

/**
 * What may be used once – proofs of possession, signed messages – and was used, by its hash, until nobody would take it any
 * more. Nothing is forgotten early, so that nobody can make it forget: where it is full, or full of what belongs to one
 * key, it says so. Ages are measured by the monotonic clock. Setting the wall clock back makes nothing good again: what is
 * not newer than what was forgotten counts as used.
 */
export class UseMemory {
  readonly #most: number
  readonly #mostOfKey: number
  #current = new Set<string>()
  #previous = new Set<string>()
  /** Of the current half, by key. */
  #counts = new Map<string, number>()
  #since = performance.now()
  /** The latest time at which something of each half was made, in seconds since 1970, and of all that was forgotten. */
  #newest = { current: -Infinity, previous: -Infinity, forgotten: -Infinity }

  /** @param lifetimeMs after which what was used is refused for its age */
  constructor(
    readonly lifetimeMs: number,
    { most = MOST, mostOfKey = MOST_OF_KEY }: UseBounds = {},
  ) {
    this.#most = most
    this.#mostOfKey = mostOfKey
  }

  /** So many uses of one key in so many seconds. */
  get share(): { readonly quota: number; readonly window: number } {
    return { quota: this.#mostOfKey, window: Math.ceil(this.lifetimeMs / 1000) }
  }

  /** Seconds until there is room again where there was none; at least one. */
  get secondsToRoom(): number {
    return Math.max(1, Math.ceil((this.#since + this.lifetimeMs - performance.now()) / 1000))
  }

  /**
   * Notes a use, where it is a new one.
   *
   * @param key names the key that it was made with
   * @param id its name, which is its own among those of the key
   * @param issuedAt when it was made, in seconds since 1970
   */
  use(key: string, id: string, issuedAt: number): 'new' | 'used' | 'full' | 'share used up' {
    this.#turn()
    const digest = digestOf(key, id).toString('latin1')
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

  /** Takes a use back: what it was for has failed on our side, and is to be tried again. */
  release(key: string, id: string): void {
    const digest = digestOf(key, id).toString('latin1')
    if (this.#current.delete(digest)) {
      const left = (this.#counts.get(key) ?? 1) - 1
      if (left > 0) this.#counts.set(key, left)
      else this.#counts.delete(key)
    }
    this.#previous.delete(digest)
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
