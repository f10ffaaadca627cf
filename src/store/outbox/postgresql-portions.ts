import type { Pool } from 'pg'
import { inPortions } from '../in-portions.js'

/** Rows of one statement: it ends long before the server gives up, and holds locks for a moment only. */
const PORTION = 5_000

const statements = {
  giveUp: `UPDATE soapstone_delivery SET state = 'dead', reason = 'ended', owner = NULL, at = clock_timestamp()
    WHERE subscription = $1 AND state IN ('pending', 'queued') AND sequence IN (SELECT sequence FROM soapstone_delivery
      WHERE subscription = $1 AND state IN ('pending', 'queued') LIMIT ${PORTION})`,
  drop: `DELETE FROM soapstone_delivery WHERE subscription = $1 AND sequence IN
    (SELECT sequence FROM soapstone_delivery WHERE subscription = $1 LIMIT ${PORTION})`,
  redeliver: `UPDATE soapstone_delivery SET state = 'pending', attempts = 0, due_at = clock_timestamp(), reason = '', owner = NULL
    WHERE state = 'dead' AND (subscription, sequence) IN (SELECT subscription, sequence FROM soapstone_delivery
      WHERE state = 'dead' AND at <= $2 AND ($1::text IS NULL OR subscription = $1) ORDER BY sequence LIMIT ${PORTION})`,
} as const

/** Gives up what a subscription that has ended has not got. */
export async function giveUpDeliveries(pool: Pool, subscription: string): Promise<void> {
  await repeated(pool, statements.giveUp, [subscription])
}

/** Forgets the deliveries of a subscription. */
export async function dropDeliveries(pool: Pool, subscription: string): Promise<void> {
  await repeated(pool, statements.drop, [subscription])
}

/** Has dead deliveries made again, those that are dead by now. @returns how many */
export async function redeliverDead(pool: Pool, subscription: string | undefined): Promise<number> {
  const { rows } = await pool.query<{ now: string }>('SELECT clock_timestamp()::text AS now')
  return repeated(pool, statements.redeliver, [subscription ?? null, rows[0]?.now])
}

/** Repeats a statement until it changes nothing. @returns how many rows it has changed */
function repeated(pool: Pool, sql: string, values: unknown[]): Promise<number> {
  return inPortions(async () => (await pool.query(sql, values)).rowCount ?? 0)
}
