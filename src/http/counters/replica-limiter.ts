import type { RateLimiterPostgres } from 'rate-limiter-flexible'
import postgresLimiter from 'rate-limiter-flexible/lib/RateLimiterPostgres.js'
import type { QueryPool } from '../../base/query-pool.js'

/** The pool that counters share. */
export interface RateLimitPool extends QueryPool {
  /** What all replicas hash addresses with; undefined as long as that is not known. */
  readonly salt?: Buffer | undefined
}

/** Milliseconds since 1970 by the clock of the database, the same throughout a statement. */
const NOW = 'floor(extract(epoch from statement_timestamp()) * 1000)::bigint'
const KEPT_MS = 3_600_000

interface Row {
  readonly points: number
  readonly left: string
}

/** By the types of the package: those of its single file are known here, and not where this package is installed. */
const PostgresLimiter: typeof RateLimiterPostgres = postgresLimiter

/**
 * Counts in PostgreSQL by its clock. The library's own statements go by that of each replica: one that is ahead would end the
 * windows of all others early, and an hour ahead throw away their counts.
 */
export class ReplicaLimiter extends PostgresLimiter {
  readonly #pool: RateLimitPool
  readonly #table: string

  /** @param table exists */
  constructor(
    options: Pick<
      ConstructorParameters<typeof RateLimiterPostgres>[0],
      'points' | 'duration' | 'keyPrefix' | 'insuranceLimiter'
    >,
    pool: RateLimitPool,
    table: string,
  ) {
    super({ ...options, storeClient: pool, storeType: 'pool', tableName: table, tableCreated: true })
    this.#pool = pool
    this.#table = `"${table}"`
  }

  /** Replaces a method of the library, for a window that was begun or is now. @throws Error where PostgreSQL fails */
  async _upsert(key: string, points: number, durationMs: number): Promise<{ rows: readonly unknown[] }> {
    const table = this.#table
    const isOver = `${table}.expire <= ${NOW}`
    const { rows } = (await this.#pool.query({
      name: 'soapstone-rate-limit',
      text: `INSERT INTO ${table} VALUES ($1, $2, ${NOW} + $3::bigint)
ON CONFLICT (key) DO UPDATE SET
  points = CASE WHEN ${isOver} THEN $2 ELSE ${table}.points + $2 END,
  expire = CASE WHEN ${isOver} THEN ${NOW} + $3::bigint ELSE ${table}.expire END
RETURNING points, expire - ${NOW} AS "left"`,
      values: [key, points, durationMs],
    })) as { readonly rows: readonly Row[] }
    // The library takes what is left of the window from an instant of this process.
    return { rows: rows.map((row) => ({ points: row.points, expire: Date.now() + Number(row.left) })) }
  }

  /** Replaces a method of the library, which calls it now and then. */
  async clearExpired(): Promise<boolean> {
    return this.#pool.query(`DELETE FROM ${this.#table} WHERE expire < ${NOW} - ${KEPT_MS}`).then(
      () => true,
      () => false,
    )
  }
}
