import type { Sealer } from './sealer.js'
import type { Attempt, Store, StoredRequest } from './store.js'

/** Encrypts answers on their way into a store, each bound to its key. */
export class SealedStore implements Store {
  readonly #store: Store
  readonly #sealer: Sealer

  constructor(store: Store, sealer: Sealer) {
    this.#store = store
    this.#sealer = sealer
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    return this.#opened(attempt.key, await this.#store.begin(attempt, leaseMs, ttlMs))
  }

  async find(key: string): Promise<StoredRequest | undefined> {
    return this.#opened(key, await this.#store.find(key))
  }

  finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    return this.#store.finish(key, owner, this.#sealer.seal(answer, key))
  }

  renew(key: string, owner: string, leaseMs: number): Promise<void> {
    return this.#store.renew(key, owner, leaseMs)
  }

  markUnknown(key: string, owner: string): Promise<void> {
    return this.#store.markUnknown(key, owner)
  }

  release(key: string, owner: string): Promise<void> {
    return this.#store.release(key, owner)
  }

  takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    return this.#store.takeOver(key, from, to, leaseMs)
  }

  purge(): Promise<number> {
    return this.#store.purge()
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  /** A response that no key opens any more is as good as lost. */
  #opened(key: string, request: StoredRequest | undefined): StoredRequest | undefined {
    if (!request?.answer) return request
    const answer = this.#sealer.open(request.answer, key)
    return { ...request, answer }
  }
}
