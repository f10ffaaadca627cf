import { createHmac, randomBytes } from 'node:crypto'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { networkOf } from '../network.js'
import { limited, type Limited } from './verdict.js'

const WINDOW_S = 60

/**
 * Holds back who tries credentials (OWASP API2:2023), by the address that they come from. Behind it there may be a
 * proxy, and behind that whoever has good ones, so nobody is shut out for what others do: credentials that are known
 * good, or cost a hash, are checked as ever, and of the others one at a time. Only who fails is refused sooner.
 *
 * Addresses share 65,536 counters, whichever they are: that is all the memory there is to fill.
 */
export class FailedAttempts {
  readonly #limiter: RateLimiterMemory
  /** By counters: where one of those who are over the limit is being checked. */
  readonly #busy = new Set<string>()
  /** So that nobody can choose whom to share a counter with. */
  readonly #salt = randomBytes(32)

  /**
   * @param perMinute attempts that may fail in a minute
   * @param onLimit told of an address when it goes beyond them, once a minute
   */
  constructor(
    readonly perMinute: number,
    readonly onLimit: () => void = nothing,
  ) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S })
  }

  /**
   * Asks for the turn of a request whose credentials cost something to check.
   *
   * @returns what ends the turn; or a refusal, while others of its address, which is over the limit, have theirs
   */
  async enter(address: string | undefined): Promise<(() => void) | Limited> {
    const counter = this.#counter(address)
    const counted = await this.#limiter.get(counter)
    if (!counted || counted.consumedPoints < this.perMinute) return nothing
    if (this.#busy.has(counter)) return this.#tooMany(counted)
    this.#busy.add(counter)
    return () => this.#busy.delete(counter)
  }

  /** Counts a request whose credentials were wrong. @returns a refusal beyond the limit */
  async count(address: string | undefined): Promise<Limited | undefined> {
    const counted = await this.#limiter.penalty(this.#counter(address))
    if (counted.consumedPoints <= this.perMinute) return undefined
    if (counted.consumedPoints === this.perMinute + 1) this.onLimit()
    return this.#tooMany(counted)
  }

  #tooMany({ msBeforeNext }: RateLimiterRes): Limited {
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
    const rateLimit = { policy: 'authentication', quota: this.perMinute, window: WINDOW_S, left: 0, seconds }
    const detail = `No more than ${this.perMinute} wrong credentials are taken from an address in a minute.`
    return limited(detail, rateLimit)
  }

  #counter(address = ''): string {
    return createHmac('sha256', this.#salt).update(networkOf(address)).digest('hex').slice(0, 4)
  }
}

const nothing = () => undefined
