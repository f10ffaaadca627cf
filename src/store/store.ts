/** A request with an Idempotency-Key that is about to be sent to the backend. */
export interface Attempt {
  /** Names operation, client and key; a hash. */
  readonly key: string
  /** Of the request; a hash. */
  readonly fingerprint: string
  /** Names this attempt among all processes. */
  readonly owner: string
}

/** What is known of the request that a key was first sent with. */
export interface StoredRequest {
  readonly fingerprint: string
  readonly owner: string
  /** `begun`: it may be on its way. `unknown`: it was sent and its response was lost. */
  readonly state: 'begun' | 'unknown' | 'answered'
  /** Begun, and its owner has not been heard of for the length of its lease. */
  readonly lapsed: boolean
  /** Since it was begun, in milliseconds. */
  readonly ageMs: number
  /** Present once it is answered. */
  readonly answer: Uint8Array | undefined
}

/**
 * Where it is remembered which requests were begun and how they ended, for all processes that share it.
 *
 * Every change is durable when its promise resolves, and can be repeated by its owner without harm, so that a
 * connection that breaks in the middle costs no more than a second try. When the store cannot be reached
 * every function rejects.
 */
export interface Store {
  /**
   * Records an attempt unless its key has a request already.
   *
   * @param leaseMs how long the attempt counts as under way without a sign of its owner
   * @param ttlMs how long the key is remembered
   * @returns the request that the key has; undefined where the attempt is now recorded
   */
  begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined>
  find(key: string): Promise<StoredRequest | undefined>
  /** A sign of the owner. */
  renew(key: string, owner: string, leaseMs: number): Promise<void>
  /** Keeps the response, unless the owner has one already or the attempt has gone to another. */
  finish(key: string, owner: string, answer: Uint8Array): Promise<void>
  /** Notes that the attempt was sent and its response will not come. */
  markUnknown(key: string, owner: string): Promise<void>
  /**
   * Forgets the attempt: nothing was sent. Where its `begin` was rejected, it resolves only when that can no longer be
   * carried out.
   */
  release(key: string, owner: string): Promise<void>
  /**
   * Makes an unanswered attempt over to another owner.
   *
   * @returns whether it was still `from`'s, and unknown or lapsed
   */
  takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean>
  /** Removes what has expired. @returns how many requests that were */
  purge(): Promise<number>
  close(): Promise<void>
}
