import type { SqliteConnection } from '../sqlite-connection.js'
import { portions } from './sqlite-tables.js'

/** Gives up what a subscription that has ended has not got. */
export async function giveUpDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await writer.inPortions(portions.giveUpDue, () => [Date.now(), subscription])
  await writer.inPortions(portions.giveUpOrdered, () => [Date.now(), subscription])
}

/** Forgets the deliveries of a subscription. */
export async function dropDeliveries(writer: SqliteConnection, subscription: string): Promise<void> {
  await writer.inPortions(portions.drop, () => [subscription])
}

/** Has dead deliveries made again, those that are dead by now. @returns how many */
export function redeliverDead(writer: SqliteConnection, subscription: string | undefined): Promise<number> {
  const now = Date.now()
  return writer.inPortions(portions.redeliver, () => [Date.now(), subscription ?? null, now])
}
