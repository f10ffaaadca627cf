import { createHmac, randomBytes } from 'node:crypto'
import type { RateLimiterRes } from 'rate-limiter-flexible'
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import { RATE_LIMIT_TABLE } from '../counters/counter-tables.js'
import { type RateLimitPool, ReplicaLimiter } from '../counters/replica-limiter.js'
import { networkOf } from '../network.js'
import { type Limited, limited } from './verdict.js'

const WINDOW_S = 60

/**
 * Holds back who tries credentials (OWASP API2:2023), by the address that they come from. Behind it there may be a
 * proxy, and behind that whoever has good ones, so nobody is shut out for what others do: credentials that are known
 * good, or cost a hash, are checked as ever, and of the others one at a time. Only who fails is refused sooner.
 *
 * Addresses share 65,536 counters, whichever they are: that is all the memory there is to fill. Replicas count together where
 * there is a pool: a failure costs a query, and nothing else does.
 *
 * @example
 * ```ts
 * const failedAttempts = new FailedAttempts(20, () => {
 *   console.warn('an address sends wrong credentials')
 * })
 * ```
 */
export class FailedAttempts {
  /** What this process has counted or, of a count of all replicas, seen last. */
  readonly #seen: RateLimiterMemory
  readonly #shared: ReplicaLimiter | undefined
  readonly #pool: RateLimitPool | undefined
  /** By counters: where one of those who are over the limit is being checked. */
  readonly #busy = new Set<string>()
  /** So that nobody can choose whom to share a counter with. */
  readonly #salt = randomBytes(32)

  /**
   * @param perMinute attempts that may fail in a minute
   * @param onLimit told of an address when it goes beyond them, once a minute
   * @param options.pool where replicas count together; while it fails each counts by itself
   * @param options.name what is counted, where several are in one database
   */
  constructor(
    readonly perMinute: number,
    readonly onLimit: () => void = nothing,
    { pool, name = 'failed' }: { readonly pool?: RateLimitPool; readonly name?: string } = {},
  ) {
    const limits = { points: perMinute, duration: WINDOW_S }
    this.#seen = new RateLimiterMemory(limits)
    this.#pool = pool
    if (!pool) return
    const insuranceLimiter = new RateLimiterMemory(limits)
    this.#shared = new ReplicaLimiter(
      { ...limits, keyPrefix: name, insuranceLimiter },
      pool,
      RATE_LIMIT_TABLE,
    )
  }

  /**
   * Asks for the turn of a request whose credentials cost something to check.
   *
   * @returns what ends the turn; or a refusal, while others of its address, which is over the limit, have theirs
   */
  async enter(address: string | undefined): Promise<(() => void) | Limited> {
    const counter = this.#counter(address)
    const counted = await this.#seen.get(counter)
    if (!counted || counted.consumedPoints < this.perMinute) return nothing
    if (this.#busy.has(counter)) return this.#tooMany(counted)
    this.#busy.add(counter)
    return () => this.#busy.delete(counter)
  }

  /** Counts a request whose credentials were wrong. @returns a refusal beyond the limit */
  async count(address: string | undefined): Promise<Limited | undefined> {
    const counted = await this.#penalty(this.#counter(address))
    if (counted.consumedPoints <= this.perMinute) return undefined
    if (counted.consumedPoints === this.perMinute + 1) this.onLimit()
    return this.#tooMany(counted)
  }

  async #penalty(counter: string): Promise<RateLimiterRes> {
    if (!this.#shared) return this.#seen.penalty(counter)
    const counted = await this.#shared.penalty(counter)
    await this.#seen.set(counter, counted.consumedPoints, Math.max(1, Math.ceil(counted.msBeforeNext / 1000)))
    return counted
  }

  #tooMany({ msBeforeNext }: RateLimiterRes): Limited {
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
    const rateLimit = { policy: 'authentication', quota: this.perMinute, window: WINDOW_S, left: 0, seconds }
    const detail = `No more than ${this.perMinute} wrong credentials are taken from an address in a minute.`
    return limited(detail, rateLimit)
  }

  #counter(address = ''): string {
    return createHmac('sha256', this.#pool?.salt ?? this.#salt)
      .update(networkOf(address))
      .digest('hex')
      .slice(0, 4)
  }
}

const nothing = () => undefined
