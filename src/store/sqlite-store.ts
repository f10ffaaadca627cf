import { Batches } from './batches.js'
import { type MachineClock, machineClock } from './machine-clock.js'
import { PORTION, SqliteConnection, type Statement } from './sqlite-connection.js'
import type { Attempt, Store, StoredRequest } from './store.js'

/** Each brings the file from the version that is its index to the next. */
const migrations = [
  `CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'unknown', 'answered')),
    begun_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answer BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_expires_at ON idempotency (expires_at);`,
  `CREATE TABLE clock (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    boot TEXT NOT NULL,
    machine INTEGER NOT NULL,
    time INTEGER NOT NULL
  ) STRICT;`,
]

const statements = {
  begin: `INSERT INTO idempotency (key, fingerprint, owner, state, begun_at, lease_until, expires_at)
    VALUES (?, ?, ?, 'begun', ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner, state = 'begun',
      begun_at = excluded.begun_at, lease_until = excluded.lease_until, expires_at = excluded.expires_at, answer = NULL
    WHERE idempotency.expires_at <= excluded.begun_at`,
  find: 'SELECT fingerprint, owner, state, begun_at, lease_until, answer FROM idempotency WHERE key = ? AND expires_at > ?',
  renew: "UPDATE idempotency SET lease_until = ? WHERE key = ? AND owner = ? AND state = 'begun'",
  finish:
    "UPDATE idempotency SET state = 'answered', answer = ? WHERE key = ? AND owner = ? AND state <> 'answered'",
  markUnknown: "UPDATE idempotency SET state = 'unknown' WHERE key = ? AND owner = ? AND state = 'begun'",
  release: "DELETE FROM idempotency WHERE key = ? AND owner = ? AND state = 'begun'",
  takeOver: `UPDATE idempotency SET state = 'begun', owner = ?, begun_at = ?, lease_until = ?
    WHERE key = ? AND owner = ? AND (state = 'unknown' OR (state = 'begun' AND lease_until <= ?))`,
  keepTime: 'UPDATE clock SET machine = ?, time = ? WHERE boot = ? AND time < ?',
} as const

/** One run of it. */
const PURGE = `DELETE FROM idempotency WHERE key IN
  (SELECT key FROM idempotency INDEXED BY idempotency_expires_at WHERE expires_at <= ? LIMIT ${PORTION})`

type Prepared = Readonly<Record<keyof typeof statements, Statement>>

/** One statement and what it is given: values go in their order. */
interface Change {
  readonly name: Exclude<keyof typeof statements, 'find'>
  readonly values: readonly unknown[]
}

interface Row {
  readonly fingerprint: string
  readonly owner: string
  readonly state: StoredRequest['state']
  readonly begun_at: number
  readonly lease_until: number
  readonly answer: Uint8Array | null
}

/** How long a transaction waits for another process that writes the same file. */
const BUSY_TIMEOUT_MS = 2_000

const MOST_OF_A_BATCH = 1_000

/**
 * A file of this machine, written ahead and synchronised at each commit (SQLite, "Write-Ahead Logging" and
 * `PRAGMA synchronous`). What is changed while a commit is made durable is changed with the next one, in the order in which
 * it was asked for, and a commit does not hold up the event loop. Where a commit fails all of its changes are rejected, and
 * none is made.
 *
 * Times are those of a clock of its own, which the file keeps: it goes on with the clock of the machine and, when the
 * machine has started anew, from where it was. Setting the wall clock neither makes keys expire nor keeps them.
 */
export class SqliteStore implements Store {
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  readonly #write: Prepared
  readonly #find: Statement
  readonly #clock: MachineClock
  /** What the time of the store is ahead of the machine's clock. */
  readonly #aheadMs: number
  readonly #changes: Batches<Change, ReadonlyMap<Change, number>>
  #closing: Promise<void> | undefined

  private constructor(
    connections: { readonly writer: SqliteConnection; readonly reader: SqliteConnection },
    prepared: { readonly write: Prepared; readonly find: Statement },
    time: { readonly clock: MachineClock; readonly aheadMs: number },
  ) {
    this.#writer = connections.writer
    this.#reader = connections.reader
    this.#write = prepared.write
    this.#find = prepared.find
    this.#clock = time.clock
    this.#aheadMs = time.aheadMs
    this.#changes = new Batches((all) => this.#commit(all), MOST_OF_A_BATCH)
  }

  /** Opens the file, or creates it and its directory, both for their owner alone, and brings its tables up to date. */
  static async open(file: string, clock = machineClock()): Promise<SqliteStore> {
    const writer = await SqliteConnection.open(file, BUSY_TIMEOUT_MS)
    let reader: SqliteConnection | undefined
    try {
      await writer.migrate(migrations)
      const aheadMs = await writer.transaction(() => timeAhead(writer, clock))
      reader = await SqliteConnection.open(file, BUSY_TIMEOUT_MS)
      const prepared = {
        write: await writer.prepared(statements),
        find: await reader.statement(statements.find),
      }
      return new SqliteStore({ writer, reader }, prepared, { clock, aheadMs })
    } catch (error) {
      await reader?.close()
      await writer.close()
      throw error
    }
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    const { key, fingerprint, owner } = attempt
    for (;;) {
      const now = this.#now()
      const values = [key, fingerprint, owner, now, now + leaseMs, now + ttlMs]
      if ((await this.#change('begin', values)) > 0) return undefined
      const found = await this.find(key)
      if (found) return found.owner === owner ? undefined : found
    }
  }

  find(key: string): Promise<StoredRequest | undefined> {
    return this.#reader.read(() => {
      const now = this.#now()
      const row = this.#find.get([key, now]) as Row | undefined
      if (!row) return Promise.resolve(undefined)
      const { fingerprint, owner, state, begun_at, lease_until, answer } = row
      const lapsed = state === 'begun' && lease_until <= now
      return Promise.resolve({
        ...{ fingerprint, owner, state, lapsed },
        ...{ ageMs: now - begun_at, answer: answer ?? undefined },
      })
    })
  }

  async renew(key: string, owner: string, leaseMs: number): Promise<void> {
    await this.#change('renew', [this.#now() + leaseMs, key, owner])
  }

  async finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    await this.#change('finish', [answer, key, owner])
  }

  async markUnknown(key: string, owner: string): Promise<void> {
    await this.#change('markUnknown', [key, owner])
  }

  async release(key: string, owner: string): Promise<void> {
    await this.#change('release', [key, owner])
  }

  async takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    const now = this.#now()
    return (await this.#change('takeOver', [to, now, now + leaseMs, key, from, now])) > 0
  }

  async purge(): Promise<number> {
    await this.#keepTime()
    const now = this.#now()
    return this.#writer.inPortions(PURGE, () => [now])
  }

  /** What was asked for before is made durable first. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await this.#keepTime()
    } finally {
      await this.#reader.close()
      await this.#writer.close()
    }
  }

  #now(): number {
    return this.#clock.now() + this.#aheadMs
  }

  /** So that the time goes on from here when the machine starts anew. */
  async #keepTime(): Promise<void> {
    const now = this.#now()
    await this.#change('keepTime', [this.#clock.now(), now, this.#clock.boot, now])
  }

  /** @returns how many rows it has changed */
  async #change(name: Change['name'], values: readonly unknown[]): Promise<number> {
    const change = { name, values }
    return (await this.#changes.add(change)).get(change) ?? 0
  }

  #commit(changes: readonly Change[]): Promise<ReadonlyMap<Change, number>> {
    return this.#writer.transaction(async () => {
      const rows = new Map<Change, number>()
      for (const change of changes) {
        rows.set(change, this.#write[change.name].run(change.values).changes)
        await this.#writer.pause()
      }
      return rows
    })
  }
}

interface KeptTime {
  readonly boot: string
  readonly machine: number
  readonly time: number
}

/**
 * What the time of the store is ahead of the machine's clock. After a start of the machine it goes on from the latest
 * time that is known: how long the machine was off only the wall clock could tell. Whoever had begun anything is gone.
 */
async function timeAhead(connection: SqliteConnection, clock: MachineClock): Promise<number> {
  const { boot } = clock
  const asked = async (sql: string) => (await connection.statement(sql)).get([])
  const kept = (await asked('SELECT boot, machine, time FROM clock')) as KeptTime | undefined
  const machine = clock.now()
  if (kept?.boot === boot && machine >= kept.machine) return kept.time - kept.machine
  const latest = (await asked('SELECT max(begun_at) AS time FROM idempotency')) as { time: number | null }
  const time = Math.max(kept?.time ?? Date.now(), latest.time ?? 0)
  const keep = await connection.statement(
    'INSERT OR REPLACE INTO clock (id, boot, machine, time) VALUES (1, ?, ?, ?)',
  )
  keep.run([boot, machine, time])
  if (kept && kept.boot !== boot)
    await connection.exec("UPDATE idempotency SET lease_until = 0 WHERE state = 'begun'")
  return time - machine
}
