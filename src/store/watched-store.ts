import type { Attempt, Store, StoredRequest } from './store.js'

/** What is asked of a store. */
export type StoreOperation = Exclude<keyof Store, 'close'>

/** One use of a store that is over. */
export interface StoreUse {
  readonly operation: StoreOperation
  readonly outcome: 'success' | 'failure'
  readonly seconds: number
}

export interface StoreListeners {
  readonly onUse: (use: StoreUse) => void
  /** Told when the store begins to fail, with why, and when it can be used again. */
  readonly onChange: (change: { readonly isUsable: boolean; readonly cause?: unknown }) => void
}

/** Between looks at a store that has failed, while nobody else uses it. */
const LOOK_MS = 10_000

/** Tells how each use of a store ends, and whether it can be used; one that has failed is tried until it can. */
export class WatchedStore implements Store {
  readonly #store: Store
  readonly #listeners: StoreListeners
  #isUsable: boolean | undefined
  #looking: NodeJS.Timeout | undefined

  constructor(store: Store, listeners: StoreListeners) {
    this.#store = store
    this.#listeners = listeners
  }

  /** As its last use has shown; undefined before the first. */
  get isUsable(): boolean | undefined {
    return this.#isUsable
  }

  begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    return this.#watched('begin', this.#store.begin(attempt, leaseMs, ttlMs))
  }

  find(key: string): Promise<StoredRequest | undefined> {
    return this.#watched('find', this.#store.find(key))
  }

  renew(key: string, owner: string, leaseMs: number): Promise<void> {
    return this.#watched('renew', this.#store.renew(key, owner, leaseMs))
  }

  finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    return this.#watched('finish', this.#store.finish(key, owner, answer))
  }

  markUnknown(key: string, owner: string): Promise<void> {
    return this.#watched('markUnknown', this.#store.markUnknown(key, owner))
  }

  release(key: string, owner: string): Promise<void> {
    return this.#watched('release', this.#store.release(key, owner))
  }

  takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    return this.#watched('takeOver', this.#store.takeOver(key, from, to, leaseMs))
  }

  purge(): Promise<number> {
    return this.#watched('purge', this.#store.purge())
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    await this.#store.close()
  }

  async #watched<T>(operation: StoreOperation, use: Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const tell = (outcome: StoreUse['outcome']) => {
      this.#listeners.onUse({ operation, outcome, seconds: (performance.now() - startedAt) / 1000 })
    }
    try {
      const result = await use
      tell('success')
      this.#succeed()
      return result
    } catch (cause) {
      tell('failure')
      this.#fail(cause)
      throw cause
    }
  }

  #succeed(): void {
    const before = this.#isUsable
    this.#isUsable = true
    clearInterval(this.#looking)
    if (before === false) this.#listeners.onChange({ isUsable: true })
  }

  #fail(cause: unknown): void {
    const before = this.#isUsable
    this.#isUsable = false
    if (before === false) return
    this.#looking = setInterval(() => {
      this.purge().catch(() => undefined)
    }, LOOK_MS).unref()
    this.#listeners.onChange({ isUsable: false, cause })
  }
}
