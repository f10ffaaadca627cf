import type { Sealer } from '../sealer.js'
import type {
  ClaimedDelivery,
  DeliveryQuery,
  DeliveryRecord,
  NewEvent,
  Outbox,
  OutboxState,
  PolledItem,
  PollResult,
  PollTurn,
  Purged,
  Settlement,
  StoredEvent,
  SubscriptionChange,
  SubscriptionRecord,
} from './outbox.js'

/** Encrypts what an outbox keeps of events, subscriptions and polls; ids, types, times and states stay readable. */
export class SealedOutbox implements Outbox {
  readonly #outbox: Outbox
  readonly #sealer: Sealer

  constructor(outbox: Outbox, sealer: Sealer) {
    this.#outbox = outbox
    this.#sealer = sealer
  }

  append(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    return this.#outbox.append(
      events.map((event) => ({ ...event, body: this.#sealer.seal(event.body, `event ${event.id}`) })),
    )
  }

  async claim(...of: Parameters<Outbox['claim']>): Promise<readonly ClaimedDelivery[]> {
    const claimed = await this.#outbox.claim(...of)
    return claimed.map((delivery) => ({ ...delivery, event: this.#opened(delivery.event) }))
  }

  renew(...of: Parameters<Outbox['renew']>): Promise<void> {
    return this.#outbox.renew(...of)
  }

  settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#outbox.settle(settlements)
  }

  nextDue(subscriptions: readonly string[]): Promise<number | undefined> {
    return this.#outbox.nextDue(subscriptions)
  }

  async after(sequence: number, types: readonly string[], limit: number): Promise<readonly StoredEvent[]> {
    return (await this.#outbox.after(sequence, types, limit)).map((event) => this.#opened(event))
  }

  last(): Promise<number> {
    return this.#outbox.last()
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const event = await this.#outbox.event(id)
    return event && this.#opened(event)
  }

  subscribe(record: SubscriptionRecord): Promise<void> {
    return this.#outbox.subscribe({
      ...record,
      config: this.#seal(record.config, `subscription ${record.id}`),
    })
  }

  async subscriptions(): Promise<readonly SubscriptionRecord[]> {
    const records = await this.#outbox.subscriptions()
    return records.map((record) => ({
      ...record,
      config: this.#open(record.config, `subscription ${record.id}`),
    }))
  }

  change(id: string, { config, ...change }: SubscriptionChange): Promise<boolean> {
    const sealed = this.#seal(config, `subscription ${id}`)
    return this.#outbox.change(id, { ...change, ...(sealed && { config: sealed }) })
  }

  unsubscribe(id: string): Promise<boolean> {
    return this.#outbox.unsubscribe(id)
  }

  deliveries(query: DeliveryQuery): Promise<readonly DeliveryRecord[]> {
    return this.#outbox.deliveries(query)
  }

  redeliver(query: Parameters<Outbox['redeliver']>[0]): Promise<number> {
    return this.#outbox.redeliver(query)
  }

  async beginPoll(name: string, owner: string, leaseMs: number): Promise<PollTurn | undefined> {
    const turn = await this.#outbox.beginPoll(name, owner, leaseMs)
    return turn && { ...turn, cursor: this.#open(turn.cursor, `cursor ${name}`) }
  }

  async polledItems(name: string): Promise<readonly PolledItem[]> {
    const items = await this.#outbox.polledItems(name)
    return items.map((each) => ({ ...each, body: this.#open(each.body, `item ${name} ${each.item}`) }))
  }

  endPoll(name: string, owner: string, result: PollResult): Promise<void> {
    return this.#outbox.endPoll(name, owner, {
      ...result,
      cursor: this.#seal(result.cursor, `cursor ${name}`),
      seen: result.seen.map((each) => ({
        ...each,
        body: this.#seal(each.body, `item ${name} ${each.item}`),
      })),
    })
  }

  state(): Promise<OutboxState> {
    return this.#outbox.state()
  }

  purge(olderThanMs: number): Promise<Purged> {
    return this.#outbox.purge(olderThanMs)
  }

  close(): Promise<void> {
    return this.#outbox.close()
  }

  #opened(event: StoredEvent): StoredEvent {
    return { ...event, body: this.#open(event.body, `event ${event.id}`) }
  }

  #seal(plain: Uint8Array | undefined, context: string): Uint8Array | undefined {
    return plain && this.#sealer.seal(plain, context)
  }

  #open(sealed: Uint8Array | undefined, context: string): Uint8Array | undefined {
    return sealed && this.#sealer.open(sealed, context)
  }
}
