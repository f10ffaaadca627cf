import { randomBytes } from 'node:crypto'
import type { RateLimitPool } from './replica-limiter.js'

/** Where replicas count requests and failed attempts. */
export const RATE_LIMIT_TABLE = 'soapstone_rate_limit'
/** Requests that are under way, by client and operation: a row for each, in which each process has a count. */
export const UNDER_WAY_TABLE = 'soapstone_under_way'
/** Proofs of possession that were used. */
export const PROOF_TABLE = 'soapstone_dpop_proof'
/** Signed messages that were taken. */
export const MESSAGE_TABLE = 'soapstone_signed_message'
const SALT_TABLE = 'soapstone_salt'

/** Any number that nobody else locks by. */
const TABLE_LOCK = 7_405_926_135n

/**
 * Makes the tables that replicas share.
 *
 * @returns what all of them hash addresses with, so that nobody can choose whom to share a counter with
 * @throws Error where PostgreSQL fails
 */
export async function makeTables(pool: RateLimitPool): Promise<Buffer | undefined> {
  // One transaction: replicas that start together would both make the tables.
  const results = await pool.query(
    [
      `SELECT pg_advisory_xact_lock(${TABLE_LOCK})`,
      `CREATE TABLE IF NOT EXISTS "${RATE_LIMIT_TABLE}" (key VARCHAR(255) PRIMARY KEY, points INTEGER NOT NULL DEFAULT 0, expire BIGINT)`,
      `CREATE TABLE IF NOT EXISTS "${UNDER_WAY_TABLE}" (key TEXT PRIMARY KEY, holders JSONB NOT NULL, seen TIMESTAMPTZ NOT NULL)`,
      ...[PROOF_TABLE, MESSAGE_TABLE].flatMap((table) => [
        `CREATE TABLE IF NOT EXISTS "${table}" (digest TEXT PRIMARY KEY, expires TIMESTAMPTZ NOT NULL)`,
        `CREATE INDEX IF NOT EXISTS "${table}_expires" ON "${table}" (expires)`,
      ]),
      `CREATE TABLE IF NOT EXISTS "${SALT_TABLE}" (id INTEGER PRIMARY KEY, salt TEXT NOT NULL)`,
      `INSERT INTO "${SALT_TABLE}" VALUES (1, '${randomBytes(32).toString('hex')}') ON CONFLICT DO NOTHING`,
      `SELECT salt FROM "${SALT_TABLE}" WHERE id = 1`,
    ].join('; '),
  )
  const last: unknown = Array.isArray(results) ? results.at(-1) : undefined
  const salt = (last as { readonly rows?: readonly { readonly salt: string }[] } | undefined)?.rows?.[0]?.salt
  return salt === undefined ? undefined : Buffer.from(salt, 'hex')
}
