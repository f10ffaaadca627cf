import type { Connection } from './receiver.js'

/** An event that a subscriber has taken; times are of performance.now(). */
export interface Taking {
  readonly name: string
  readonly at: number
  /** The connection that it came by: a process that is killed closes its connections. */
  readonly connection: Connection
}

/** A connection of a process that was killed closes at once. */
const CLOSED_WITHIN_MS = 1_000
/** By when a process that lives has recorded that an event was taken. */
const RECORDED_WITHIN_MS = 3_000

/**
 * @param orders names of events that go one after another
 * @param killedAt when processes were killed
 */
export function judgeTakings(
  takings: readonly Taking[],
  orders: readonly (readonly string[])[],
  killedAt: readonly number[],
): { readonly takenTwice: number; readonly takenTwiceFromLiving: number; readonly outOfOrder: number } {
  const first = new Map<string, Taking>()
  const twice = new Set<string>()
  let fromLiving = 0
  for (const taking of takings) {
    const earlier = first.get(taking.name)
    if (!earlier) {
      first.set(taking.name, taking)
      continue
    }
    twice.add(taking.name)
    const { closedAt = Infinity } = earlier.connection
    const wasKilled =
      closedAt - earlier.at < RECORDED_WITHIN_MS &&
      killedAt.some((at) => at <= closedAt && closedAt - at < CLOSED_WITHIN_MS)
    if (!wasKilled) fromLiving++
  }
  let outOfOrder = 0
  for (const names of orders) {
    let latest = 0
    for (const name of names) {
      const at = first.get(name)?.at ?? latest
      if (at < latest) outOfOrder++
      latest = Math.max(latest, at)
    }
  }
  return { takenTwice: twice.size, takenTwiceFromLiving: fromLiving, outOfOrder }
}
