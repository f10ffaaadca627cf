import type { SqliteConnection } from './sqlite-connection.js'
import { PORTION, portions } from './sqlite-tables.js'

/** Gives up what a subscription that has ended has not got. */
export async function giveUpDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await inPortions(writer, portions.giveUpDue, () => [Date.now(), subscription])
  await inPortions(writer, portions.giveUpOrdered, () => [Date.now(), subscription])
}

/** Forgets the deliveries of a subscription. */
export async function dropDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await inPortions(writer, portions.drop, () => [subscription])
}

/** Has dead deliveries made again, those that are dead by now. @returns how many */
export function redeliverDead(writer: SqliteConnection, subscription: string | undefined): Promise<number> {
  const now = Date.now()
  return inPortions(writer, portions.redeliver, () => [Date.now(), subscription ?? null, now])
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
