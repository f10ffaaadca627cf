import type { Store } from '../../store/store.js'

const FIRST_PAUSE_MS = 500
const LAST_PAUSE_MS = 10_000
/** Keys beyond that are left to their leases: then they count as sent. */
const MOST = 10_000

/**
 * Frees the keys of requests that were never sent. While the store cannot be reached they are kept here and tried again:
 * a key that nobody frees would count as sent once its lease has run out.
 */
export class UnsentKeys {
  /** By owner. */
  readonly #pending = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #pause = FIRST_PAUSE_MS

  constructor(readonly store: Store) {}

  /** Whether the attempt of an owner is known to be free as soon as the store hears of it. */
  has(owner: string): boolean {
    return this.#pending.has(owner)
  }

  /** Frees a key now or, where the store fails, later. @returns whether it is free already */
  async free(key: string, owner: string): Promise<boolean> {
    try {
      await this.store.release(key, owner)
      this.#pending.delete(owner)
      return true
    } catch {
      if (this.#pending.size < MOST) this.#pending.set(owner, key)
      this.#tryLater()
      return false
    }
  }

  /** Tries all once more and stops: what is left is left to its lease. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#round
    await this.#tryAll()
  }

  #tryLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#round = this.#tryAll().then(() => {
        this.#round = undefined
        if (this.#timer === undefined) return
        this.#timer = undefined
        this.#pause = this.#pending.size === 0 ? FIRST_PAUSE_MS : Math.min(2 * this.#pause, LAST_PAUSE_MS)
        if (this.#pending.size > 0) this.#tryLater()
      })
    }, this.#pause).unref()
  }

  /** One after the other, until the store fails. */
  async #tryAll(): Promise<void> {
    for (const [owner, key] of this.#pending) {
      try {
        await this.store.release(key, owner)
        this.#pending.delete(owner)
      } catch {
        return
      }
    }
  }
}
