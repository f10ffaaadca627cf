import type { SqliteConnection } from './sqlite-connection.js'

/** Rows of one transaction: others get their turn in between. */
const PORTION = 1_000

/**
 * Rows are found by an index and changed by their key. Not by one statement with the same condition: libsql 0.5 ends the process
 * where an update takes rows out of the partial index that it scans.
 */
const updates = {
  giveUpDue: `UPDATE delivery SET state = 'dead', reason = 'ended', owner = NULL, at = ?1 WHERE subscription = ?2 AND sequence IN
    (SELECT sequence FROM delivery INDEXED BY delivery_due WHERE subscription = ?2 AND state = 'pending' LIMIT ${PORTION})`,
  giveUpOrdered: `UPDATE delivery SET state = 'dead', reason = 'ended', owner = NULL, at = ?1 WHERE subscription = ?2 AND sequence IN
    (SELECT sequence FROM delivery INDEXED BY delivery_order WHERE subscription = ?2 AND ordered_by IS NOT NULL
      AND state IN ('pending', 'queued') LIMIT ${PORTION})`,
  drop: `DELETE FROM delivery WHERE subscription = ?1 AND sequence IN
    (SELECT sequence FROM delivery WHERE subscription = ?1 LIMIT ${PORTION})`,
  redeliver: `UPDATE delivery SET state = 'pending', attempts = 0, due_at = ?1, reason = '', owner = NULL
    WHERE (subscription, sequence) IN (SELECT subscription, sequence FROM delivery INDEXED BY delivery_dead
      WHERE state = 'dead' AND at <= ?3 AND (?2 IS NULL OR subscription = ?2) ORDER BY sequence LIMIT ${PORTION})`,
} as const

/** Gives up what a subscription that has ended has not got. */
export async function giveUpDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await inPortions(writer, updates.giveUpDue, () => [Date.now(), subscription])
  await inPortions(writer, updates.giveUpOrdered, () => [Date.now(), subscription])
}

/** Forgets the deliveries of a subscription. */
export async function dropDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await inPortions(writer, updates.drop, () => [subscription])
}

/** Has dead deliveries made again, those that are dead by now. @returns how many */
export function redeliverDead(writer: SqliteConnection, subscription: string | undefined): Promise<number> {
  const now = Date.now()
  return inPortions(writer, updates.redeliver, () => [Date.now(), subscription ?? null, now])
}

/** Repeats a statement, each time in a transaction of its own, until it changes nothing. @returns how many rows it has changed */
async function inPortions(
  writer: SqliteConnection,
  sql: string,
  values: () => readonly unknown[],
): Promise<number> {
  let changed = 0
  for (;;) {
    const portion = await writer.transaction(async () => {
      await (await writer.statement(sql)).all(values())
      return writer.changes()
    })
    changed += portion
    if (portion < PORTION) return changed
  }
}
