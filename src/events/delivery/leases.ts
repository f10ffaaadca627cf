import type { ClaimedDelivery, Outbox } from '../../store/outbox/outbox.js'

/** How long no other process takes what one that lives holds; what a dead one held is taken by others after so long. */
export const LEASE_MS = 10_000

type Held = Pick<ClaimedDelivery, 'subscription'> & { readonly sequence: number; until: number }

/** The deliveries that this process holds. Their leases are short, and renewed for as long as the process lives. */
export class Leases {
  readonly #outbox: Pick<Outbox, 'renew'>
  readonly #owner: string
  readonly #onFailure: (error: unknown) => void
  readonly #leaseMs: number
  readonly #held = new Map<string, Held>()
  #timer: NodeJS.Timeout | undefined

  /** @param leaseMs for tests */
  constructor(
    outbox: Pick<Outbox, 'renew'>,
    {
      owner,
      onFailure,
      leaseMs = LEASE_MS,
    }: {
      readonly owner: string
      readonly onFailure: (error: unknown) => void
      readonly leaseMs?: number
    },
  ) {
    this.#leaseMs = leaseMs
    this.#outbox = outbox
    this.#owner = owner
    this.#onFailure = onFailure
  }

  start(): void {
    this.#timer = setInterval(() => void this.#renew(), this.#leaseMs / 4).unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /**
   * @param since when it was asked for, of performance.now()
   * @returns false where this process holds it already: its lease had lapsed while it was being sent
   */
  add({ subscription, event: { sequence } }: ClaimedDelivery, since: number): boolean {
    const key = keyOf(subscription, sequence)
    const until = since + this.#leaseMs
    const held = this.#held.get(key)
    if (held) held.until = until
    else this.#held.set(key, { subscription, sequence, until })
    return held === undefined
  }

  /** Is it still nobody else's? @param now of performance.now() */
  isHeld({ subscription, event: { sequence } }: ClaimedDelivery, now: number): boolean {
    return (this.#held.get(keyOf(subscription, sequence))?.until ?? 0) > now
  }

  release({ subscription, event: { sequence } }: ClaimedDelivery): void {
    this.#held.delete(keyOf(subscription, sequence))
  }

  /** Only of those that have been held for a while: most are settled before. */
  async #renew(): Promise<void> {
    const now = performance.now()
    const due = [...this.#held.values()].filter(({ until }) => until < now + (this.#leaseMs * 3) / 4)
    if (due.length === 0) return
    try {
      await this.#outbox.renew(due, this.#owner, this.#leaseMs)
      for (const held of due) held.until = now + this.#leaseMs
    } catch (error) {
      this.#onFailure(error)
    }
  }
}

function keyOf(subscription: string, sequence: number): string {
  return `${sequence} ${subscription}`
}
