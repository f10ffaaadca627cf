import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js'
import { callerName } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import type { ResponseHead } from '../answer/head.js'
import { setRateLimitFields } from '../answer/rate-limit-fields.js'
import type { Caller } from '../authentication/authenticator.js'
import { RATE_LIMIT_TABLE } from '../counters/counter-tables.js'
import { type RateLimitPool, ReplicaLimiter } from '../counters/replica-limiter.js'
import { networkOf } from '../network.js'
import { UnderWay } from './under-way.js'

/**
 * @example
 * ```ts
 * const options: RateLimitOptions = { requests: 600, window: 60, concurrent: 0 }
 * ```
 */
export interface RateLimitOptions {
  /** Requests in each window; 0: as many as they like. */
  readonly requests: number
  /** Seconds. */
  readonly window: number
  /** Requests at the same time; 0: as many as they like. */
  readonly concurrent: number
  /** Where replicas count together; without it each counts by itself. */
  readonly pool?: RateLimitPool
}

/** Seconds after which a request may fit in again, where too many are under way. */
const CONCURRENT_RETRY = 1

/**
 * Holds each client to its share of each operation (OWASP API4:2023). A client is an application and its user
 * together; whoever is not known is their address. Limits of an API key go before those of the deployment.
 *
 * @example
 * ```ts
 * const rateLimits = new RateLimits({ requests: 600, window: 60, concurrent: 20 })
 * app.use(adapter.router({ authentication: 'off', rateLimits }))
 * ```
 */
export class RateLimits {
  readonly #limiters = new Map<string, RateLimiterAbstract>()
  readonly #underWay: UnderWay

  constructor(readonly options: RateLimitOptions) {
    this.#underWay = new UnderWay(options.pool)
  }

  /**
   * Counts a request in, and out again when its response is over.
   *
   * @returns undefined where nothing is limited
   * @param operation by the base path and the `operationId`, which is unique within a document only
   * @throws AdapterError `rate-limited`
   */
  admit(
    operation: { readonly basePath: string; readonly operationId: string },
    caller: Caller | undefined,
    req: IncomingMessage,
    head: ResponseHead,
  ): Promise<void> | undefined {
    const limits = caller?.limits ? { ...this.options, ...caller.limits } : this.options
    return limits.requests === 0 && limits.concurrent === 0
      ? undefined
      : this.#admit(operation, limits, caller, { req, head })
  }

  async #admit(
    { basePath, operationId }: { readonly basePath: string; readonly operationId: string },
    { requests, window, concurrent }: RateLimitOptions,
    caller: Caller | undefined,
    { req, head }: { readonly req: IncomingMessage; readonly head: ResponseHead },
  ): Promise<void> {
    const key = `${nameOf(caller, req)} ${basePath} ${operationId}`
    // Nobody would count it out again.
    if (head.destroyed)
      throw new AdapterError('client-closed', 'The client went away before the request was served.')
    const name = this.options.pool ? hash('sha256', key) : key
    if (concurrent > 0) await this.#begin(name, concurrent, head)
    if (requests > 0) await this.#count(name, requests, window, head)
  }

  async #begin(key: string, most: number, head: ResponseHead): Promise<void> {
    const isWithin = await this.#underWay.begin(key, most)
    if (!isWithin) {
      const message = `No more than ${most} requests of a client to this operation are served at the same time.`
      throw new AdapterError('rate-limited', message, { retryAfter: CONCURRENT_RETRY })
    }
    const end = () => {
      this.#underWay.end(key)
    }
    // It went while the others were asked, and nobody will be told again.
    if (head.destroyed) {
      end()
      throw new AdapterError('client-closed', 'The client went away before the request was served.')
    }
    head.once('close', end)
  }

  async #count(key: string, requests: number, window: number, head: ResponseHead): Promise<void> {
    const { allowed, left, seconds } = await this.#consume(key, requests, window)
    setRateLimitFields(head, { policy: 'client', quota: requests, window, left, seconds })
    if (allowed) return
    const message = `No more than ${requests} requests of a client to this operation are served in ${window} s.`
    throw new AdapterError('rate-limited', message, { retryAfter: seconds })
  }

  async #consume(
    key: string,
    requests: number,
    window: number,
  ): Promise<{ allowed: boolean; left: number; seconds: number }> {
    const limiter = this.#limiter(requests, window)
    const [result, allowed] = await limiter.consume(key).then(
      (consumed) => [consumed, true] as const,
      (refusal: unknown) => {
        if (refusal instanceof RateLimiterRes) return [refusal, false] as const
        throw refusal
      },
    )
    return {
      allowed,
      left: Math.max(0, result.remainingPoints),
      seconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    }
  }

  #limiter(points: number, duration: number): RateLimiterAbstract {
    const name = `${points}/${duration}`
    let limiter = this.#limiters.get(name)
    if (!limiter) {
      const own = new RateLimiterMemory({ points, duration, keyPrefix: name })
      const { pool } = this.options
      limiter = pool
        ? // While the database is away each replica counts by itself: it fails towards serving.
          new ReplicaLimiter(
            { points, duration, keyPrefix: name, insuranceLimiter: own },
            pool,
            RATE_LIMIT_TABLE,
          )
        : own
      this.#limiters.set(name, limiter)
    }
    return limiter
  }
}

function nameOf(caller: Caller | undefined, { socket }: IncomingMessage): string {
  const { client, subject } = caller?.identity ?? {}
  if (caller && (client ?? subject) !== undefined) return `client ${callerName(caller.identity)}`
  return `address ${networkOf(socket.remoteAddress ?? '')}`
}
