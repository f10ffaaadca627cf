import { type ClientBase, type Pool } from 'pg'
import { migrate } from './postgresql-migrations.js'
import { type Attempt, type Store, type StoredRequest } from './store.js'

const later = (parameter: string) => `clock_timestamp() + ${parameter} * interval '1 millisecond'`

const statements = {
  begin: `INSERT INTO soapstone_idempotency AS held (key, fingerprint, owner, state, begun_at, lease_until, expires_at)
    VALUES ($1, $2, $3, 'begun', clock_timestamp(), ${later('$4::float8')}, ${later('$5::float8')})
    ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner, state = 'begun',
      begun_at = excluded.begun_at, lease_until = excluded.lease_until, expires_at = excluded.expires_at, answer = NULL
    WHERE held.expires_at <= clock_timestamp()`,
  find: `SELECT fingerprint, owner, state, answer, state = 'begun' AND lease_until <= clock_timestamp() AS lapsed,
      (extract(epoch FROM clock_timestamp() - begun_at) * 1000)::float8 AS age
    FROM soapstone_idempotency WHERE key = $1 AND expires_at > clock_timestamp()`,
  renew: `UPDATE soapstone_idempotency SET lease_until = ${later('$3::float8')}
    WHERE key = $1 AND owner = $2 AND state = 'begun'`,
  finish: `UPDATE soapstone_idempotency SET state = 'answered', answer = $3
    WHERE key = $1 AND owner = $2 AND state <> 'answered'`,
  doubt:
    "UPDATE soapstone_idempotency SET state = 'unknown' WHERE key = $1 AND owner = $2 AND state = 'begun'",
  release: "DELETE FROM soapstone_idempotency WHERE key = $1 AND owner = $2 AND state = 'begun'",
  takeOver: `UPDATE soapstone_idempotency
    SET state = 'begun', owner = $3, begun_at = clock_timestamp(), lease_until = ${later('$4::float8')}
    WHERE key = $1 AND owner = $2
      AND (state = 'unknown' OR (state = 'begun' AND lease_until <= clock_timestamp()))`,
  purge: `DELETE FROM soapstone_idempotency WHERE key IN
    (SELECT key FROM soapstone_idempotency WHERE expires_at <= clock_timestamp() LIMIT 10000)`,
}

interface Row {
  readonly fingerprint: string
  readonly owner: string
  readonly state: StoredRequest['state']
  readonly answer: Uint8Array | null
  readonly lapsed: boolean
  readonly age: number
}

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 2_000
const QUERY_TIMEOUT_MS = 3_000

/** A database that any number of processes share. Times are the database's, so that clocks need not agree. */
export class PostgresqlStore implements Store {
  readonly #pool: Pool

  private constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Connects and brings the tables up to date. */
  static async open(url: string): Promise<PostgresqlStore> {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'soapstone',
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits; its types do not say so
      onConnect: insistOnDurability,
    })
    // An idle connection that breaks is replaced at the next use.
    pool.on('error', () => undefined)
    try {
      await migrate(pool)
    } catch (error) {
      await pool.end()
      throw error
    }
    return new PostgresqlStore(pool)
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    const { key, fingerprint, owner } = attempt
    for (;;) {
      if ((await this.#change('begin', [key, fingerprint, owner, leaseMs, ttlMs])) > 0) return undefined
      const found = await this.find(key)
      if (found) return found.owner === owner ? undefined : found
    }
  }

  async find(key: string): Promise<StoredRequest | undefined> {
    const { rows } = await this.#query('find', [key])
    const [row] = rows
    if (!row) return undefined
    const { fingerprint, owner, state, lapsed, age, answer } = row
    return { fingerprint, owner, state, lapsed, ageMs: age, answer: answer ?? undefined }
  }

  async renew(key: string, owner: string, leaseMs: number): Promise<void> {
    await this.#change('renew', [key, owner, leaseMs])
  }

  async finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    await this.#change('finish', [key, owner, Buffer.from(answer)])
  }

  async doubt(key: string, owner: string): Promise<void> {
    await this.#change('doubt', [key, owner])
  }

  async release(key: string, owner: string): Promise<void> {
    await this.#change('release', [key, owner])
  }

  async takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    if ((await this.#change('takeOver', [key, from, to, leaseMs])) > 0) return true
    // The first of two tries may have done it.
    return (await this.find(key))?.owner === to
  }

  purge(): Promise<number> {
    return this.#change('purge', [])
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #change(name: keyof typeof statements, values: readonly unknown[]): Promise<number> {
    return (await this.#query(name, values)).rowCount ?? 0
  }

  /** A connection that broke is no answer: what was asked may have been done, and asking again does no harm. */
  async #query(name: keyof typeof statements, values: readonly unknown[]) {
    const query = { name, text: statements[name], values: [...values] }
    try {
      return await this.#pool.query<Row>(query)
    } catch (error) {
      if (!isBroken(error)) throw error
      return await this.#pool.query<Row>(query)
    }
  }
}

/** What the server itself reports has an SQLSTATE; class 57P is the server going away (PostgreSQL, appendix A). */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : undefined
  return typeof code !== 'string' || code.startsWith('57P')
}

/** A role or a database may have commits return before they are on disk. */
async function insistOnDurability(client: ClientBase): Promise<void> {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  )
}
