import { type Pool, type PoolClient } from 'pg'

/** Each brings the tables from the version that is its index to the next. */
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

/** Of our own choice; other users of the database take other numbers. */
const LOCK = 7_305_812_206_411

/**
 * Brings the tables up to date. Of several processes that start at once one does it and the others wait
 * (PostgreSQL, 13.3.5, "Advisory Locks"). Where nothing is to be done, the right to create tables is not needed.
 */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const version = await versionOf(client)
    for (const migration of migrations.slice(version)) await client.query(migration)
    if (version < migrations.length) {
      await client.query('INSERT INTO soapstone_migration (version) VALUES ($1)', [migrations.length])
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function versionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('soapstone_migration') AS found",
  )
  if (typeof rows[0]?.found !== 'string') {
    await client.query(
      'CREATE TABLE soapstone_migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    )
  }
  const versions = await client.query<{ version: number | null }>(
    'SELECT max(version) AS version FROM soapstone_migration',
  )
  return versions.rows[0]?.version ?? 0
}
