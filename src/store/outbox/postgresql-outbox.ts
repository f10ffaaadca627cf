import type { Pool, PoolClient, QueryResult } from 'pg'
import { Batches } from '../batches.js'
import { migrate } from '../postgresql-migrations.js'
import { openDurablePool } from '../postgresql-session.js'
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
import { dropDeliveries, giveUpDeliveries, redeliverDead } from './postgresql-portions.js'
import { OUTBOX_TABLES, statements } from './postgresql-tables.js'
import { ordersOf } from './settlement-orders.js'

const CONNECTIONS = 6
/** The server gives up before we do. Counting and purging take longer than other statements. */
const SERVER_TIMEOUTS = { lockMs: 5_000, statementMs: 20_000 }
const QUERY_TIMEOUT_MS = 25_000
const MOST_OF_A_BATCH = 500

interface ClaimedRow extends StoredEvent {
  readonly subscription: string
  readonly attempts: number
  readonly ordered_by: string | null
}

/** Events that go one after another. */
type Order = readonly [subscription: string, order: string]

/** A statement of a transaction with its values. */
type Step = readonly [name: keyof typeof statements, values?: readonly unknown[]]

/** A database that any number of processes share. Times are the database's. */
export class PostgresqlOutbox implements Outbox {
  readonly #pool: Pool
  readonly #appended: Batches<readonly NewEvent[], ReadonlySet<string>>
  readonly #settled: Batches<readonly Settlement[], void>

  private constructor(pool: Pool) {
    this.#pool = pool
    this.#appended = new Batches((all) => this.#append(all.flat()), MOST_OF_A_BATCH)
    this.#settled = new Batches((all) => this.#settle(all.flat()), MOST_OF_A_BATCH)
  }

  /** Connects and brings the tables up to date. */
  static async open(url: string): Promise<PostgresqlOutbox> {
    const pool = await openDurablePool({
      ...{ url, name: 'soapstone events', connections: CONNECTIONS },
      ...{ queryTimeoutMs: QUERY_TIMEOUT_MS, serverTimeouts: SERVER_TIMEOUTS, pipeline: true },
    })
    try {
      await migrate(pool, OUTBOX_TABLES)
    } catch (error) {
      await pool.end()
      throw error
    }
    return new PostgresqlOutbox(pool)
  }

  append(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    return this.#appended.add(events)
  }

  async claim(
    rooms: readonly { readonly subscription: string; readonly places: number }[],
    owner: string,
    leaseMs: number,
  ): Promise<readonly ClaimedDelivery[]> {
    const values = [
      rooms.map(({ subscription }) => subscription),
      rooms.map(({ places }) => places),
      owner,
      leaseMs,
    ]
    const [, { rows } = { rows: [] }] = await this.#inOneTrip(['durableSoon'], ['claim', values])
    return (rows as readonly ClaimedRow[]).map(({ subscription, attempts, ordered_by, ...event }) => ({
      ...{ subscription, attempts, event, order: ordered_by ?? undefined },
    }))
  }

  async renew(...[held, owner, leaseMs]: Parameters<Outbox['renew']>): Promise<void> {
    const [subscriptions, sequences] = [
      held.map((each) => each.subscription),
      held.map((each) => each.sequence),
    ]
    await this.#inOneTrip(['durableSoon'], ['renew', [owner, leaseMs, subscriptions, sequences]])
  }

  settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#settled.add(settlements)
  }

  async nextDue(subscriptions: readonly string[]): Promise<number | undefined> {
    const [row] = await this.#query<{ readonly ms: number | null }>('nextDue', [subscriptions])
    return row?.ms === null || row === undefined ? undefined : Math.max(0, row.ms)
  }

  after(sequence: number, types: readonly string[], limit: number): Promise<readonly StoredEvent[]> {
    return this.#query<StoredEvent>('after', [sequence, types, limit])
  }

  async last(): Promise<number> {
    const [row] = await this.#query<{ readonly sequence: number }>('last', [])
    return row?.sequence ?? 0
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const [row] = await this.#query<StoredEvent>('event', [id])
    return row
  }

  subscribe({ id, owner, state, reason, createdAt, config, types }: SubscriptionRecord): Promise<void> {
    return this.#transaction(async (client) => {
      await client.query(statements.subscribe, [id, owner, state, reason, createdAt, config])
      await client.query(statements.addTypes, [id, types])
    })
  }

  async subscriptions(): Promise<readonly SubscriptionRecord[]> {
    const rows = await this.#query<
      Omit<SubscriptionRecord, 'types' | 'createdAt'> & {
        readonly created_at: number
        readonly types: readonly string[] | null
      }
    >('subscriptions', [])
    return rows.map(({ created_at: createdAt, types, ...row }) => ({ ...row, createdAt, types: types ?? [] }))
  }

  async change(id: string, { state, reason, config, types }: SubscriptionChange): Promise<boolean> {
    const isFound = await this.#transaction(async (client) => {
      const isEnded = state === 'ended'
      // So that nothing is added for it meanwhile.
      if (isEnded) await client.query(statements.lockLog)
      const values = [id, state ?? null, reason ?? null, bytes(config)]
      const { rowCount } = await client.query(statements.change, values)
      if (rowCount && (types || isEnded)) await client.query(statements.dropTypes, [id])
      if (rowCount && types && !isEnded) await client.query(statements.addTypes, [id, types])
      return rowCount === 1
    })
    if (isFound && state === 'ended') await giveUpDeliveries(this.#pool, id)
    return isFound
  }

  async unsubscribe(id: string): Promise<boolean> {
    await this.#transaction(async (client) => {
      await client.query(statements.lockLog)
      await client.query(statements.dropTypes, [id])
    })
    // Forgotten at the end: whoever was interrupted unsubscribes once more.
    await dropDeliveries(this.#pool, id)
    const { rowCount } = await this.#pool.query(statements.unsubscribe, [id])
    return rowCount === 1
  }

  deliveries(query: DeliveryQuery): Promise<readonly DeliveryRecord[]> {
    const { subscription, eventId, state, before, limit } = query
    const values = [subscription ?? null, eventId ?? null, state ?? null, before ?? null, limit]
    return this.#query<DeliveryRecord>('deliveries', values)
  }

  async redeliver({
    subscription,
    eventId,
  }: Pick<DeliveryQuery, 'subscription' | 'eventId'>): Promise<number> {
    if (eventId === undefined) return redeliverDead(this.#pool, subscription)
    const { rowCount } = await this.#pool.query(statements.redeliver, [eventId, subscription ?? null])
    return rowCount ?? 0
  }

  async beginPoll(name: string, owner: string, leaseMs: number): Promise<PollTurn | undefined> {
    const [row] = await this.#query<{ readonly generation: number; readonly cursor: Uint8Array | null }>(
      'beginPoll',
      [name, owner, leaseMs],
    )
    return row && { generation: row.generation, cursor: row.cursor ?? undefined }
  }

  async polledItems(name: string): Promise<readonly PolledItem[]> {
    const rows = await this.#query<{ item: string; version: string; body: Uint8Array | null }>(
      'polledItems',
      [name],
    )
    return rows.map(({ body, ...row }) => ({ ...row, body: body ?? undefined }))
  }

  endPoll(
    name: string,
    owner: string,
    { dueInMs, cursor, seen, gone, keepMs, isAnswered }: PollResult,
  ): Promise<void> {
    return this.#transaction(async (client) => {
      const { rowCount } = await client.query(statements.endPoll, [
        name,
        owner,
        dueInMs,
        bytes(cursor),
        Number(isAnswered),
      ])
      if (rowCount === 0) return
      if (seen.length > 0) {
        await client.query(statements.seeItems, [
          name,
          seen.map(({ item }) => item),
          seen.map(({ version }) => version),
          seen.map(({ body }) => bytes(body)),
          keepMs ?? null,
        ])
      }
      if (gone.length > 0) await client.query(statements.loseItems, [name, gone])
    })
  }

  async state(): Promise<OutboxState> {
    const [row] = await this.#query<{
      readonly waiting: number
      readonly dead: number
      readonly oldest: number | null
    }>('state', [])
    return { waiting: row?.waiting ?? 0, dead: row?.dead ?? 0, oldestMs: Math.max(0, row?.oldest ?? 0) }
  }

  async purge(olderThanMs: number): Promise<Purged> {
    await this.#pool.query(statements.purgeItems)
    for (const { id } of await this.#query<{ readonly id: string }>('ended', [])) {
      // Of which the end was interrupted.
      await giveUpDeliveries(this.#pool, id)
    }
    let events = 0
    for (;;) {
      const gone = await this.#transaction(async (client) => {
        await client.query(statements.lockLog)
        const { rows } = await client.query<{ sequence: string | null }>(statements.old, [olderThanMs])
        const sequence = rows[0]?.sequence ?? undefined
        if (sequence === undefined) return 0
        const orders = await client.query<{ readonly subscription: string; readonly ordered_by: string }>(
          statements.ordersUpTo,
          [sequence],
        )
        await client.query(statements.purgeDeliveries, [sequence])
        const { rowCount } = await client.query(statements.purgeEvents, [sequence])
        // What waited for one that was never delivered.
        const waiting = orders.rows.map(({ subscription, ordered_by }): Order => [subscription, ordered_by])
        if (waiting.length > 0) await client.query(statements.promote, promoted(waiting))
        return rowCount ?? 0
      })
      events += gone
      if (gone === 0) return { events }
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #append(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    const values = [
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ order }) => order ?? null),
      events.map(({ body }) => bytes(body)),
    ]
    const [, { rows } = { rows: [] }] = await this.#inOneTrip(['lockLog'], ['append', values])
    return new Set((rows as readonly { readonly id: string }[]).map(({ id }) => id))
  }

  async #settle(settlements: readonly Settlement[]): Promise<void> {
    const values = [
      settlements.map(({ subscription }) => subscription),
      settlements.map(({ sequence }) => sequence),
      settlements.map(({ state }) => state),
      settlements.map(({ delayMs }) => delayMs),
      settlements.map(({ isAttempt }) => Number(isAttempt)),
      settlements.map(({ status }) => status),
      settlements.map(({ reason }) => reason),
      settlements.map(({ owner }) => owner),
    ]
    const orders = ordersOf(settlements)
    // What is added at this moment waits for what is settled here. Locked first, as by all others: so nobody waits in a circle.
    if (orders.length === 0) await this.#inOneTrip(['durableSoon'], ['settle', values])
    else {
      const promote: Step = ['promote', promoted(orders)]
      await this.#inOneTrip(['durableSoon'], ['lockLog'], ['settle', values], promote)
    }
  }

  /** A transaction whose statements are sent together: one way to the server and back. @returns what each of them gave */
  async #inOneTrip(...steps: readonly Step[]): Promise<readonly QueryResult[]> {
    const client = await this.#pool.connect()
    try {
      const sent = ([['begin'], ...steps, ['commit']] as const).map(([name, values = []]) =>
        client.query({ name: `soapstone ${name}`, text: statements[name], values: [...values] }),
      )
      const [, ...results] = await Promise.all(sent)
      client.release()
      return results
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async #query<Row>(name: keyof typeof statements, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#pool.query({ name: `soapstone ${name}`, text: statements[name], values })
    return rows as Row[]
  }

  async #transaction<T>(task: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      const result = await task(client)
      await client.query('COMMIT')
      client.release()
      return result
    } catch (error) {
      client.release(true)
      throw error
    }
  }
}

/** Values of the statement. */
function promoted(orders: readonly Order[]): [readonly string[], readonly string[]] {
  return [orders.map(([subscription]) => subscription), orders.map(([, order]) => order)]
}

function bytes(value: Uint8Array | undefined): Buffer | null {
  return value === undefined ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
