import { PROOF_TABLE } from '../counters/counter-tables.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'
import { digestOf, type ProofBounds, ProofMemory } from './proof-memory.js'

const PURGE_MS = 60_000
const PURGED_AT_ONCE = 10_000

/**
 * Proofs that were used, in this process and, where there is a pool, in all replicas: one query for each proof that is new
 * here. While the database fails, each replica knows its own.
 */
export class Proofs {
  readonly memory: ProofMemory
  readonly #pool: RateLimitPool | undefined
  #purgedAt = performance.now()

  constructor(lifetimeMs: number, bounds: ProofBounds, pool?: RateLimitPool) {
    this.memory = new ProofMemory(lifetimeMs, bounds)
    this.#pool = pool
  }

  /** Notes a proof, where it is a new one; as {@link ProofMemory.use}. */
  async use(key: string, jti: string, issuedAt: number): Promise<ReturnType<ProofMemory['use']>> {
    const own = this.memory.use(key, jti, issuedAt)
    if (own !== 'new' || !this.#pool) return own
    return (await this.#isNew(this.#pool, digestOf(key, jti).toString('base64url'))) ? 'new' : 'used'
  }

  async #isNew(pool: RateLimitPool, digest: string): Promise<boolean> {
    this.#purge(pool)
    try {
      const result = await pool.query({
        name: 'soapstone-dpop-proof',
        text: `INSERT INTO "${PROOF_TABLE}" VALUES ($1, statement_timestamp() + $2::float8 * interval '1 millisecond') ON CONFLICT DO NOTHING RETURNING 1`,
        values: [digest, this.memory.lifetimeMs],
      })
      return (result as { readonly rows: readonly unknown[] }).rows.length > 0
    } catch {
      // The process knows, and has logged, that it counts alone.
      return true
    }
  }

  /** Nobody takes a proof any more that has expired. */
  #purge(pool: RateLimitPool): void {
    const now = performance.now()
    if (now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    pool
      .query(
        `DELETE FROM "${PROOF_TABLE}" WHERE digest IN (SELECT digest FROM "${PROOF_TABLE}" WHERE expires < statement_timestamp() LIMIT ${PURGED_AT_ONCE})`,
      )
      .catch(() => undefined)
  }
}
