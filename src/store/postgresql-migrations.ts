import type { Pool, PoolClient } from 'pg'

/** Tables that are brought up to date together. */
export interface TableSet {
  /** The table that holds their version. */
  readonly versions: string
  /** Each brings the tables from the version that is its index to the next. */
  readonly migrations: readonly string[]
}

const migrations = [
  `CREATE TABLE soapstone_idempotency (
    key text PRIMARY KEY,
    fingerprint text NOT NULL,
    owner text NOT NULL,
    state text NOT NULL CHECK (state IN ('begun', 'unknown', 'answered')),
    begun_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answer bytea
  );
  CREATE INDEX soapstone_idempotency_expires_at ON soapstone_idempotency (expires_at)`,
]

const IDEMPOTENCY: TableSet = { versions: 'soapstone_migration', migrations }

/** Of our own choice; other users of the database take other numbers. */
const LOCK = 7_305_812_206_411

/**
 * Brings the tables up to date. Of several processes that start at once one does it and the others wait
 * (PostgreSQL, 13.3.5, "Advisory Locks"). Where nothing is to be done, the right to create tables is not needed.
 */
export async function migrate(pool: Pool, set: TableSet = IDEMPOTENCY): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const version = await versionOf(client, set.versions)
    for (const migration of set.migrations.slice(version)) await client.query(migration)
    if (version < set.migrations.length) {
      await client.query(`INSERT INTO ${set.versions} (version) VALUES ($1)`, [set.migrations.length])
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function versionOf(client: PoolClient, table: string): Promise<number> {
  const { rows } = await client.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [table])
  if (typeof rows[0]?.found !== 'string') {
    await client.query(
      `CREATE TABLE ${table} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
  }
  const versions = await client.query<{ version: number | null }>(
    `SELECT max(version) AS version FROM ${table}`,
  )
  return versions.rows[0]?.version ?? 0
}
