import { hash } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible'
import { AdapterError } from '../base/errors.js'
import { networkOf } from './network.js'
import { setRateLimitFields } from './rate-limit-fields.js'
import { type Caller } from './security/authenticator.js'

export interface RateLimitOptions {
  /** Requests in each window; 0: as many as they like. */
  readonly requests: number
  /** Seconds. */
  readonly window: number
  /** Requests at the same time in this process; 0: as many as they like. */
  readonly concurrent: number
  /** Where replicas count together; without it each counts by itself. */
  readonly pool?: RateLimitPool
}

/** What is needed of a connection pool of PostgreSQL. */
export interface RateLimitPool {
  query(text: string): Promise<unknown>
}

const TABLE = 'soapstone_rate_limit'
/** Any number that nobody else locks by. */
const TABLE_LOCK = 7_405_926_135n
/** Seconds after which a request may fit in again, where too many are under way. */
const CONCURRENT_RETRY = 1

/**
 * Holds each client to its share of each operation (OWASP API4:2023). A client is an application and its user
 * together; whoever is not known is their address. Limits of an API key go before those of the deployment.
 */
export class RateLimits {
  readonly #limiters = new Map<string, RateLimiterAbstract>()
  readonly #underWay = new Map<string, number>()

  constructor(readonly options: RateLimitOptions) {}

  /** Makes the table that replicas count in. @throws Error where PostgreSQL fails */
  async open(): Promise<void> {
    const { pool } = this.options
    if (!pool) return
    // One transaction: replicas that start together would both make the table.
    await pool.query(
      `SELECT pg_advisory_xact_lock(${TABLE_LOCK}); CREATE TABLE IF NOT EXISTS "${TABLE}" (key VARCHAR(255) PRIMARY KEY, points INTEGER NOT NULL DEFAULT 0, expire BIGINT)`,
    )
  }

  /**
   * Counts a request in, and out again when its answer is over.
   *
   * @throws AdapterError `rate-limited`
   */
  async admit(
    operationId: string,
    caller: Caller | undefined,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const { requests, window, concurrent } = { ...this.options, ...caller?.limits }
    if (requests === 0 && concurrent === 0) return
    const key = `${nameOf(caller, req)} ${operationId}`
    // Nobody would count it out again.
    if (res.destroyed)
      throw new AdapterError('client-closed', 'The client went away before the request was served.')
    if (concurrent > 0) this.#begin(key, concurrent, res)
    if (requests > 0) await this.#count(this.options.pool ? hash('sha256', key) : key, requests, window, res)
  }

  #begin(key: string, most: number, res: ServerResponse): void {
    const before = this.#underWay.get(key) ?? 0
    if (before >= most) {
      const message = `No more than ${most} requests of a client to this operation are served at the same time.`
      throw new AdapterError('rate-limited', message, { retryAfter: CONCURRENT_RETRY })
    }
    this.#underWay.set(key, before + 1)
    res.once('close', () => {
      const left = (this.#underWay.get(key) ?? 1) - 1
      if (left === 0) this.#underWay.delete(key)
      else this.#underWay.set(key, left)
    })
  }

  async #count(key: string, requests: number, window: number, res: ServerResponse): Promise<void> {
    const { allowed, left, seconds } = await this.#consume(key, requests, window)
    setRateLimitFields(res, { policy: 'client', quota: requests, window, left, seconds })
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
        ? new RateLimiterPostgres({
            points,
            duration,
            keyPrefix: name,
            storeClient: pool,
            storeType: 'pool',
            tableName: TABLE,
            tableCreated: true,
            // While the database is away each replica counts by itself: it fails towards serving.
            insuranceLimiter: own,
          })
        : own
      this.#limiters.set(name, limiter)
    }
    return limiter
  }
}

function nameOf(caller: Caller | undefined, { socket }: IncomingMessage): string {
  const { client, subject } = caller?.identity ?? {}
  if (client !== undefined || subject !== undefined) return `client ${client ?? ''} ${subject ?? ''}`
  return `address ${networkOf(socket.remoteAddress ?? '')}`
}
