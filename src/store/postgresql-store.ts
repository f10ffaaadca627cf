import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, QueryConfig, QueryResult } from 'pg'
import { inPortions } from './in-portions.js'
import { migrate } from './postgresql-migrations.js'
import { openDurablePool } from './postgresql-session.js'
import type { Attempt, Store, StoredRequest } from './store.js'

const later = (parameter: string) => `clock_timestamp() + ${parameter} * interval '1 millisecond'`

/** Rows of one statement, which has its time: the rest has others, until nothing is left. */
const PURGED_AT_ONCE = 10_000

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
  markUnknown:
    "UPDATE soapstone_idempotency SET state = 'unknown' WHERE key = $1 AND owner = $2 AND state = 'begun'",
  release: "DELETE FROM soapstone_idempotency WHERE key = $1 AND owner = $2 AND state = 'begun'",
  takeOver: `UPDATE soapstone_idempotency
    SET state = 'begun', owner = $3, begun_at = clock_timestamp(), lease_until = ${later('$4::float8')}
    WHERE key = $1 AND owner = $2
      AND (state = 'unknown' OR (state = 'begun' AND lease_until <= clock_timestamp()))`,
  purge: `DELETE FROM soapstone_idempotency WHERE key IN
    (SELECT key FROM soapstone_idempotency WHERE expires_at <= clock_timestamp() LIMIT ${PURGED_AT_ONCE})`,
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
/** The server gives up before we do: then it says itself that nothing was done. */
const SERVER_TIMEOUTS = { lockMs: 2_000, statementMs: 2_500 }
const QUERY_TIMEOUT_MS = 3_000
/** Whoever has not released an attempt by then will not. */
const FORGET_UNSETTLED_MS = 600_000

/** A database that any number of processes share. Times are the database's, so that clocks need not agree. */
export class PostgresqlStore implements Store {
  readonly #pool: Pool
  /** Owners whose `begin` may still be carried out by the server, and until when at the latest, by performance.now(). */
  readonly #unsettled = new Map<string, number>()

  private constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Connects and brings the tables up to date. */
  static async open(url: string): Promise<PostgresqlStore> {
    const pool = await openDurablePool({
      ...{ url, name: 'soapstone', connections: CONNECTIONS },
      ...{ queryTimeoutMs: QUERY_TIMEOUT_MS, serverTimeouts: SERVER_TIMEOUTS },
    })
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
      const values = [key, fingerprint, owner, leaseMs, ttlMs]
      const { rowCount } = await this.#query('begin', values, () => {
        this.#leaveUnsettled(owner)
      })
      if (rowCount === 1) return undefined
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

  async markUnknown(key: string, owner: string): Promise<void> {
    await this.#change('markUnknown', [key, owner])
  }

  async release(key: string, owner: string): Promise<void> {
    const settledAt = this.#unsettled.get(owner)
    if (settledAt !== undefined) await delay(Math.max(0, settledAt - performance.now()))
    await this.#change('release', [key, owner])
    this.#unsettled.delete(owner)
  }

  async takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    if ((await this.#change('takeOver', [key, from, to, leaseMs])) > 0) return true
    // The first of two tries may have done it.
    return (await this.find(key))?.owner === to
  }

  purge(): Promise<number> {
    return inPortions(() => this.#change('purge', []), PURGED_AT_ONCE)
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #change(name: keyof typeof statements, values: readonly unknown[]): Promise<number> {
    return (await this.#query(name, values)).rowCount ?? 0
  }

  #leaveUnsettled(owner: string): void {
    const now = performance.now()
    for (const [other, settledAt] of this.#unsettled) {
      if (settledAt + FORGET_UNSETTLED_MS > now) break
      this.#unsettled.delete(other)
    }
    this.#unsettled.set(owner, now + SERVER_TIMEOUTS.statementMs)
  }

  /**
   * A connection that broke is no response: what was asked may have been done, and asking again does no harm. What took
   * too long is not asked again.
   *
   * @param onBroken called where the server may still carry out what was asked
   */
  async #query(
    name: keyof typeof statements,
    values: readonly unknown[],
    onBroken: () => void = () => undefined,
  ): Promise<QueryResult<Row>> {
    const query = { name, text: statements[name], values: [...values] }
    const startedAt = performance.now()
    try {
      return await this.#ask(query, onBroken)
    } catch (error) {
      if (!(error instanceof BrokenConnection)) throw error
      if (performance.now() - startedAt >= QUERY_TIMEOUT_MS) throw error.cause
      return await this.#ask(query, onBroken)
    }
  }

  /** @throws BrokenConnection where it is not known what became of the statement; else nothing was done */
  async #ask(query: QueryConfig, onBroken: () => void): Promise<QueryResult<Row>> {
    const client = await this.#pool.connect()
    try {
      const result = await client.query<Row>(query)
      client.release()
      return result
    } catch (error) {
      client.release(true)
      if (!isBroken(error)) throw error
      onBroken()
      throw new BrokenConnection('The connection to the database broke.', { cause: error })
    }
  }
}

class BrokenConnection extends Error {}

/** What the server itself reports has an SQLSTATE; class 57P is the server going away (PostgreSQL, appendix A). */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : undefined
  return typeof code !== 'string' || code.startsWith('57P')
}
