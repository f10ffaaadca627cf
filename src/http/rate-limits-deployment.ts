import { type QueryConfig, type Pool } from 'pg'
import { type Settings } from '../config/settings-table.js'
import { type RateLimitPool, RateLimits } from './rate-limits.js'

const CONNECTIONS = 5
const CONNECT_TIMEOUT_MS = 500
/** Every request waits for its count: better none than a late one. */
const QUERY_TIMEOUT_MS = 500

/** Connects at the first query, so that the driver is loaded only where it is needed. */
class LazyPool implements RateLimitPool {
  #pool: Promise<Pool> | undefined

  constructor(readonly url: string) {}

  async query(query: string | QueryConfig): Promise<unknown> {
    this.#pool ??= connect(this.url)
    return (await this.#pool).query(query)
  }

  async close(): Promise<void> {
    await (await this.#pool)?.end()
  }
}

async function connect(url: string): Promise<Pool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'soapstone-limits',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  })
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', () => undefined)
  return pool
}

/** The limits of a deployment: of all replicas together where there is a database. */
export function rateLimitsOf(settings: Settings): { limits: RateLimits; close(): Promise<void> } {
  const { databaseUrl, rateLimitRequests, rateLimitWindowS, rateLimitConcurrent } = settings
  const pool = databaseUrl === '' ? undefined : new LazyPool(databaseUrl)
  const limits = new RateLimits({
    requests: rateLimitRequests,
    window: rateLimitWindowS,
    concurrent: rateLimitConcurrent,
    ...(pool && { pool }),
  })
  return { limits, close: async () => pool?.close() }
}
