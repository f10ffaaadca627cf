import type { Settlement } from './outbox.js'

/** The orders of which the next event may go, since one has been delivered or given up; each once. */
export function ordersOf(
  settlements: readonly Settlement[],
): readonly (readonly [subscription: string, order: string])[] {
  const orders = new Map<string, readonly [string, string]>()
  for (const { subscription, order, state } of settlements) {
    if (order !== undefined && state !== 'pending')
      orders.set(`${subscription} ${order}`, [subscription, order])
  }
  return [...orders.values()]
}
