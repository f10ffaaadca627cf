import type { Attempt, Store, StoredRequest } from './store.js'

/** How often what has expired is removed. */
const PURGE_INTERVAL_MS = 600_000

/**
 * Opens a store when it is first used. Where that fails the next use tries again, so that a service can start before
 * its database.
 */
export class LazyStore implements Store {
  readonly #open: () => Promise<Store>
  #opening: Promise<Store> | undefined
  #purging: NodeJS.Timeout | undefined

  constructor(open: () => Promise<Store>) {
    this.#open = open
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    return (await this.#store()).begin(attempt, leaseMs, ttlMs)
  }

  async find(key: string): Promise<StoredRequest | undefined> {
    return (await this.#store()).find(key)
  }

  async renew(key: string, owner: string, leaseMs: number): Promise<void> {
    return (await this.#store()).renew(key, owner, leaseMs)
  }

  async finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    return (await this.#store()).finish(key, owner, answer)
  }

  async markUnknown(key: string, owner: string): Promise<void> {
    return (await this.#store()).markUnknown(key, owner)
  }

  async release(key: string, owner: string): Promise<void> {
    return (await this.#store()).release(key, owner)
  }

  async takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    return (await this.#store()).takeOver(key, from, to, leaseMs)
  }

  async purge(): Promise<number> {
    return (await this.#store()).purge()
  }

  /** Closes what was opened; a later use opens again. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    clearInterval(this.#purging)
    const store = await opening?.catch(() => undefined)
    await store?.close()
  }

  #store(): Promise<Store> {
    this.#opening ??= this.#start()
    return this.#opening
  }

  async #start(): Promise<Store> {
    try {
      const store = await this.#open()
      // Expired keys count for nothing, so that one purge that fails matters little.
      const purge = () => void store.purge().catch(() => undefined)
      this.#purging = setInterval(purge, PURGE_INTERVAL_MS).unref()
      return store
    } catch (error) {
      this.#opening = undefined
      throw error
    }
  }
}
