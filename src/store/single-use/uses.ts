import type { QueryPool } from '../../base/query-pool.js'
import { inPortions } from '../in-portions.js'
import { digestOf, type UseBounds, UseMemory } from './memory.js'

/** Where replicas remember uses together. */
export interface SharedUses {
  /** A query fails at once while the database cannot be reached. */
  readonly pool: QueryPool
  /** Has the columns `digest`, its key, and `expires`. */
  readonly table: string
}

const PURGE_MS = 60_000
const PURGED_AT_ONCE = 10_000

/**
 * What was used once, in this process and, where replicas share a table, in all of them: one query for each use that is new
 * here. While the database fails, each replica knows its own.
 */
export class SingleUses {
  readonly memory: UseMemory
  #shared: SharedUses | undefined
  #purgedAt = performance.now()
  #isPurging = false

  constructor(lifetimeMs: number, bounds: UseBounds = {}, shared?: SharedUses) {
    this.memory = new UseMemory(lifetimeMs, bounds)
    this.#shared = shared
  }

  /** From now on replicas know what is used here. */
  share(shared: SharedUses): void {
    this.#shared = shared
  }

  /** Notes a use, where it is a new one; as {@link UseMemory.use}. */
  async use(key: string, id: string, issuedAt: number): Promise<ReturnType<UseMemory['use']>> {
    const own = this.memory.use(key, id, issuedAt)
    if (own !== 'new' || !this.#shared) return own
    return (await this.#isNew(this.#shared, nameOf(key, id))) ? 'new' : 'used'
  }

  /** Takes a use back, as {@link UseMemory.release}. Where the database fails it stays with the replicas: better that than a second use. */
  async release(key: string, id: string): Promise<void> {
    this.memory.release(key, id)
    if (!this.#shared) return
    const { pool, table } = this.#shared
    await pool
      .query({
        name: `${table}-release`,
        text: `DELETE FROM "${table}" WHERE digest = $1`,
        values: [nameOf(key, id)],
      })
      .catch(() => undefined)
  }

  async #isNew({ pool, table }: SharedUses, digest: string): Promise<boolean> {
    this.#purge({ pool, table })
    try {
      const result = await pool.query({
        name: `${table}-use`,
        text: `INSERT INTO "${table}" VALUES ($1, statement_timestamp() + $2::float8 * interval '1 millisecond') ON CONFLICT DO NOTHING RETURNING 1`,
        values: [digest, this.memory.lifetimeMs],
      })
      return (result as { readonly rows: readonly unknown[] }).rows.length > 0
    } catch {
      // The process knows, and has logged, that it counts alone.
      return true
    }
  }

  /** Nobody takes any more what has expired; however much that is, it goes in portions that hold up nothing else for long. */
  #purge({ pool, table }: SharedUses): void {
    const now = performance.now()
    if (this.#isPurging || now - this.#purgedAt < PURGE_MS) return
    this.#purgedAt = now
    this.#isPurging = true
    void purged(pool, table).finally(() => (this.#isPurging = false))
  }
}

/** Where the database fails, the next purge finds what is left. */
async function purged(pool: QueryPool, table: string): Promise<void> {
  const text = `DELETE FROM "${table}" WHERE digest IN (SELECT digest FROM "${table}" WHERE expires < statement_timestamp() LIMIT ${PURGED_AT_ONCE})`
  try {
    await inPortions(async () => {
      const { rowCount } = (await pool.query(text)) as { readonly rowCount?: number | null }
      return rowCount ?? 0
    }, PURGED_AT_ONCE)
  } catch {
    // The process knows, and has logged, that it counts alone.
  }
}

function nameOf(key: string, id: string): string {
  return digestOf(key, id).toString('base64url')
}
