import { Batches } from '../batches.js'
import { SqliteConnection, type Statement } from '../sqlite-connection.js'
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
import { ordersOf } from './settlement-orders.js'
import { dropDeliveries, giveUpDeliveries, redeliverDead } from './sqlite-portions.js'
import { migrations, statements } from './sqlite-tables.js'

type Prepared = Readonly<Record<keyof typeof statements, Statement>>

interface EventRow {
  readonly sequence: number
  readonly id: string
  readonly type: string
  readonly at: number
  readonly body: Uint8Array
}

interface ClaimedRow extends Omit<EventRow, 'at'> {
  readonly attempts: number
  readonly ordered_by: string | null
  readonly happened_at: number
}

const MOST_OF_A_BATCH = 1_000
const PURGED_AT_ONCE = 500

/**
 * A file of this machine. What arrives while a commit is made durable is written with the next one: how many events are kept
 * in a second does not depend on how fast the disk synchronises, and a commit does not hold up the event loop.
 */
export class SqliteOutbox implements Outbox {
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  readonly #write: Prepared
  readonly #read: Prepared
  readonly #appended: Batches<readonly NewEvent[], ReadonlySet<string>>
  readonly #settled: Batches<readonly Settlement[], void>

  private constructor(
    connections: { readonly writer: SqliteConnection; readonly reader: SqliteConnection },
    prepared: { readonly write: Prepared; readonly read: Prepared },
  ) {
    this.#writer = connections.writer
    this.#reader = connections.reader
    this.#write = prepared.write
    this.#read = prepared.read
    this.#appended = new Batches((all) => this.#append(all.flat()), MOST_OF_A_BATCH)
    this.#settled = new Batches((all) => this.#settle(all.flat()), MOST_OF_A_BATCH)
  }

  /** Opens the file, or creates it and its directory, and brings its tables up to date. */
  static async open(file: string): Promise<SqliteOutbox> {
    const writer = await SqliteConnection.open(file)
    try {
      await writer.migrate(migrations)
      const reader = await SqliteConnection.open(file)
      return new SqliteOutbox(
        { writer, reader },
        { write: await writer.prepared(statements), read: await reader.prepared(statements) },
      )
    } catch (error) {
      await writer.close()
      throw error
    }
  }

  append(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    return this.#appended.add(events)
  }

  async claim(
    rooms: readonly { readonly subscription: string; readonly places: number }[],
    owner: string,
    leaseMs: number,
  ): Promise<readonly ClaimedDelivery[]> {
    const due = await this.#dueOf(rooms)
    if (due.length === 0) return []
    return this.#writer.transaction(async () => {
      const now = Date.now()
      const claimed: ClaimedDelivery[] = []
      for (const { subscription, places } of due) {
        const values = [now + leaseMs, owner, subscription, now, places]
        const rows = (await this.#write.claim.all(values)) as readonly ClaimedRow[]
        for (const { attempts, ordered_by, happened_at: at, sequence, id, type, body } of rows) {
          const event = { sequence, id, type, at, body }
          claimed.push({ subscription, attempts, order: ordered_by ?? undefined, event })
        }
        await this.#writer.pause()
      }
      return claimed.sort((one, other) => one.event.sequence - other.event.sequence)
    }, 'soon')
  }

  renew(...[held, owner, leaseMs]: Parameters<Outbox['renew']>): Promise<void> {
    const given = JSON.stringify(held.map(({ subscription, sequence }) => [subscription, sequence]))
    return this.#writer.transaction(async () => {
      await this.#write.renew.all([given, Date.now() + leaseMs, owner])
    }, 'soon')
  }

  settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#settled.add(settlements)
  }

  nextDue(subscriptions: readonly string[]): Promise<number | undefined> {
    return this.#reader.read(async () => {
      let next: number | undefined
      for (const subscription of subscriptions) {
        next = Math.min(next ?? Infinity, this.#dueAt(subscription) ?? Infinity)
        await this.#reader.pause()
      }
      return next === undefined || next === Infinity ? undefined : Math.max(0, next - Date.now())
    })
  }

  after(sequence: number, types: readonly string[], limit: number): Promise<readonly StoredEvent[]> {
    const places = types.map(() => '?').join(', ')
    return this.#all<EventRow>(
      `SELECT sequence, id, type, at, body FROM event WHERE sequence > ? AND type IN (${places}) ORDER BY sequence LIMIT ?`,
      [sequence, ...types, limit],
    ).then((rows) => rows.map(storedOf))
  }

  last(): Promise<number> {
    return this.#reader.read(() => {
      const { sequence } = this.#read.last.get([]) as { readonly sequence: number | null }
      return Promise.resolve(sequence ?? 0)
    })
  }

  event(id: string): Promise<StoredEvent | undefined> {
    return this.#reader.read(() => {
      const row = this.#read.event.get([id]) as EventRow | undefined
      return Promise.resolve(row && storedOf(row))
    })
  }

  subscribe({ id, owner, state, reason, createdAt, config, types }: SubscriptionRecord): Promise<void> {
    return this.#writer.transaction(() => {
      this.#write.subscribe.run([id, owner, state, reason, createdAt, config])
      for (const type of types) this.#write.addType.run([type, id])
      return Promise.resolve()
    })
  }

  async subscriptions(): Promise<readonly SubscriptionRecord[]> {
    const rows = await this.#all<{
      readonly id: string
      readonly owner: string
      readonly state: SubscriptionRecord['state']
      readonly reason: string
      readonly created_at: number
      readonly config: Uint8Array
      readonly types: string | null
    }>(
      `SELECT id, owner, state, reason, created_at, config,
        (SELECT group_concat(type, ' ') FROM subscription_type WHERE subscription = id) AS types
      FROM subscription ORDER BY created_at, id`,
      [],
    )
    return rows.map(({ created_at: createdAt, types, ...row }) => ({
      ...row,
      createdAt,
      types: types?.split(' ') ?? [],
    }))
  }

  async change(id: string, { state, reason, config, types }: SubscriptionChange): Promise<boolean> {
    const isFound = await this.#writer.transaction(() => {
      const found = this.#write.change.get([state ?? null, reason ?? null, config ?? null, id])
      if (found && (types || state === 'ended')) this.#write.dropTypes.run([id])
      if (found && state !== 'ended') for (const type of types ?? []) this.#write.addType.run([type, id])
      return Promise.resolve(found !== undefined)
    })
    if (isFound && state === 'ended') await giveUpDeliveries(this.#writer, id)
    return isFound
  }

  async unsubscribe(id: string): Promise<boolean> {
    // Forgotten at the end: whoever was interrupted unsubscribes once more.
    await this.#writer.transaction(() => Promise.resolve(this.#write.dropTypes.run([id])))
    await dropDeliveries(this.#writer, id)
    return this.#writer.transaction(() => Promise.resolve(this.#write.unsubscribe.run([id]).changes > 0))
  }

  deliveries({
    subscription,
    eventId,
    state,
    before,
    limit,
  }: DeliveryQuery): Promise<readonly DeliveryRecord[]> {
    const conditions = [
      subscription === undefined ? 'd.subscription IN (SELECT id FROM subscription)' : 'd.subscription = ?',
      ...(eventId === undefined ? [] : ['e.id = ?']),
      // Not as a value: so the index of those of a state is found.
      ...(state === undefined ? [] : [`d.state = '${state}'`]),
      ...(before === undefined ? [] : ['d.sequence < ?']),
    ]
    return this.#all<DeliveryRecord>(
      `SELECT d.subscription, d.sequence, e.id AS eventId, e.type, d.state, d.attempts, d.status, d.reason, d.at
      FROM delivery AS d JOIN event AS e USING (sequence) WHERE ${conditions.join(' AND ')}
      ORDER BY d.sequence DESC LIMIT ?`,
      [...[subscription, eventId, before].filter((value) => value !== undefined), limit],
    )
  }

  redeliver({ subscription, eventId }: Pick<DeliveryQuery, 'subscription' | 'eventId'>): Promise<number> {
    if (eventId === undefined) return redeliverDead(this.#writer, subscription)
    const values = [Date.now(), eventId, subscription ?? null]
    return this.#writer.transaction(() => Promise.resolve(this.#write.redeliver.run(values).changes))
  }

  beginPoll(name: string, owner: string, leaseMs: number): Promise<PollTurn | undefined> {
    return this.#writer.transaction(() => {
      const now = Date.now()
      const row = this.#write.beginPoll.get([name, now + leaseMs, owner, now]) as
        { readonly generation: number; readonly cursor: Uint8Array | null } | undefined
      return Promise.resolve(row && { generation: row.generation, cursor: row.cursor ?? undefined })
    })
  }

  async polledItems(name: string): Promise<readonly PolledItem[]> {
    const rows = await this.#all<{ item: string; version: string; body: Uint8Array | null }>(
      'SELECT item, version, body FROM poll_item WHERE name = ?',
      [name],
    )
    return rows.map(({ body, ...row }) => ({ ...row, body: body ?? undefined }))
  }

  endPoll(
    name: string,
    owner: string,
    { dueInMs, cursor, seen, gone, keepMs, isAnswered }: PollResult,
  ): Promise<void> {
    return this.#writer.transaction(async () => {
      const now = Date.now()
      if (
        this.#write.endPoll.run([now + dueInMs, Number(isAnswered), cursor ?? null, name, owner]).changes ===
        0
      )
        return
      const expiresAt = keepMs === undefined ? null : now + keepMs
      for (const { item, version, body } of seen) {
        this.#write.seeItem.run([name, item, version, expiresAt, body ?? null])
        await this.#writer.pause()
      }
      for (const item of gone) this.#write.loseItem.run([name, item])
    })
  }

  state(): Promise<OutboxState> {
    return this.#reader.read(async () => {
      const [waiting] = (await this.#read.waiting.all([])) as { count: number; oldest: number | null }[]
      const [dead] = (await this.#read.dead.all([])) as { count: number }[]
      const oldest = waiting?.oldest ?? undefined
      const event =
        oldest === undefined ? undefined : (this.#read.at.get([oldest]) as { at: number } | undefined)
      return {
        waiting: waiting?.count ?? 0,
        dead: dead?.count ?? 0,
        oldestMs: event ? Math.max(0, Date.now() - event.at) : 0,
      }
    })
  }

  async purge(olderThanMs: number): Promise<Purged> {
    await this.#writer.transaction(() => this.#write.purgeItems.all([Date.now()]))
    for (const { id } of await this.#all<{ readonly id: string }>(statements.ended, [])) {
      // Of which the end was interrupted.
      await giveUpDeliveries(this.#writer, id)
    }
    let events = 0
    for (;;) {
      const gone = await this.#writer.transaction(() => this.#purgePortion(Date.now() - olderThanMs))
      events += gone
      if (gone === 0) return { events }
    }
  }

  async close(): Promise<void> {
    await this.#reader.close()
    await this.#writer.close()
  }

  /** Most looks find nothing: they cost no transaction. */
  #dueOf<Room extends { readonly subscription: string }>(rooms: readonly Room[]): Promise<readonly Room[]> {
    return this.#reader.read(async () => {
      const due: Room[] = []
      for (const room of rooms) {
        if ((this.#dueAt(room.subscription) ?? Infinity) <= Date.now()) due.push(room)
        await this.#reader.pause()
      }
      return due
    })
  }

  #dueAt(subscription: string): number | undefined {
    const { at } = this.#read.nextDue.get([subscription]) as { readonly at: number | null }
    return at ?? undefined
  }

  async #purgePortion(before: number): Promise<number> {
    const { sequence } = this.#write.oldEvents.get([before, PURGED_AT_ONCE]) as {
      readonly sequence: number | null
    }
    if (sequence === null) return 0
    const orders = (await this.#write.ordersUpTo.all([sequence])) as readonly {
      readonly subscription: string
      readonly ordered_by: string
    }[]
    await this.#write.purgeDeliveries.all([sequence])
    await this.#write.purgeEvents.all([sequence])
    const gone = await this.#writer.changes()
    // What waited for one that was never delivered.
    await this.#promote(orders.map(({ subscription, ordered_by }) => [subscription, ordered_by]))
    return gone
  }

  #append(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    const bodies = Buffer.concat(events.map(({ body }) => body))
    let begin = 1
    const given = events.map(({ id, type, body: { byteLength } }) => {
      begin += byteLength
      return [id, type, begin - byteLength, byteLength]
    })
    return this.#writer.transaction(async () => {
      const now = Date.now()
      const values = [JSON.stringify(given), now, bodies]
      const rows = (await this.#write.addEvents.all(values)) as readonly Pick<EventRow, 'sequence' | 'id'>[]
      const sequences = new Map(rows.map(({ id, sequence }) => [id, sequence]))
      await this.#write.addDeliveries.all([JSON.stringify(addedOf(events, sequences)), now])
      return new Set(sequences.keys())
    })
  }

  #settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#writer.transaction(async () => {
      const now = Date.now()
      const given = settlements.map(
        ({ subscription, sequence, owner, state, delayMs, isAttempt, status, reason }) => [
          ...[subscription, sequence, owner, state, now + delayMs, Number(isAttempt), status, reason],
        ],
      )
      await this.#write.settle.all([JSON.stringify(given), now])
      await this.#promote(ordersOf(settlements))
    }, 'soon')
  }

  async #promote(orders: readonly (readonly [subscription: string, order: string])[]): Promise<void> {
    if (orders.length > 0) await this.#write.promote.all([JSON.stringify(orders), Date.now()])
  }

  #all<Row>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#reader.read(async () => {
      const statement = await this.#reader.statement(sql)
      return (await statement.all(values)) as readonly Row[]
    })
  }
}

/** The deliveries of events that are new: of two with one id the first counts. */
function addedOf(
  events: readonly NewEvent[],
  sequences: ReadonlyMap<string, number>,
): readonly (readonly [sequence: number, order: string | null, type: string])[] {
  const left = new Map(sequences)
  return events.flatMap(({ id, order, type }) => {
    const sequence = left.get(id)
    left.delete(id)
    return sequence === undefined ? [] : [[sequence, order ?? null, type] as const]
  })
}

function storedOf({ sequence, id, type, at, body }: EventRow): StoredEvent {
  return { sequence, id, type, at, body }
}
