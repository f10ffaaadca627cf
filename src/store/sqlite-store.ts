import { type MachineClock, machineClock } from './machine-clock.js'
import { makePrivate } from './private-file.js'
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
  purge: 'DELETE FROM idempotency WHERE expires_at <= ?',
  keepTime: 'UPDATE clock SET machine = ?, time = ? WHERE boot = ? AND time < ?',
}

/** What is used of the driver, which has the interface of better-sqlite3. */
interface Database {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  close(): unknown
}

interface Statement {
  /** Values go as one array: a lone Buffer would be taken for a map of names. */
  run(values: readonly unknown[]): { readonly changes: number }
  get(values: readonly unknown[]): unknown
}

interface Row {
  readonly fingerprint: string
  readonly owner: string
  readonly state: StoredRequest['state']
  readonly begun_at: number
  readonly lease_until: number
  readonly answer: Uint8Array | null
}

/** How long a statement waits for another process that writes the same file. */
const BUSY_TIMEOUT_MS = 2_000

/**
 * A file of this machine, written ahead and synchronised at each commit (SQLite, "Write-Ahead Logging" and
 * `PRAGMA synchronous`). Statements run on the calling thread, each as long as the disk takes to make it durable.
 *
 * Times are those of a clock of its own, which the file keeps: it goes on with the clock of the machine and, when the
 * machine has started anew, from where it was. Setting the wall clock neither makes keys expire nor keeps them.
 */
export class SqliteStore implements Store {
  readonly #database: Database
  #isOpen = true
  readonly #clock: MachineClock
  /** What the time of the store is ahead of the machine's clock. */
  readonly #aheadMs: number
  readonly #statements: Readonly<Record<keyof typeof statements, Statement>>

  private constructor(database: Database, clock: MachineClock) {
    this.#database = database
    this.#clock = clock
    this.#aheadMs = inTransaction(database, () => timeAhead(database, clock))
    const prepared = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)])
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof statements, Statement>
  }

  /** Opens the file, or creates it and its directory, both for their owner alone, and brings its tables up to date. */
  static async open(file: string, clock = machineClock()): Promise<SqliteStore> {
    const { default: Libsql } = await import('libsql')
    makePrivate(file)
    const database: Database = new Libsql(file)
    try {
      for (const pragma of [
        `busy_timeout = ${BUSY_TIMEOUT_MS}`,
        'journal_mode = WAL',
        'synchronous = FULL',
        'secure_delete = ON',
      ]) {
        database.exec(`PRAGMA ${pragma}`)
      }
      migrate(database)
      return new SqliteStore(database, clock)
    } catch (error) {
      database.close()
      throw error
    }
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    const { key, fingerprint, owner } = attempt
    for (;;) {
      const now = this.#now()
      const values = [key, fingerprint, owner, now, now + leaseMs, now + ttlMs]
      if (this.#run('begin', values) > 0) return undefined
      const found = await this.find(key)
      if (found) return found.owner === owner ? undefined : found
    }
  }

  find(key: string): Promise<StoredRequest | undefined> {
    return attempted(() => {
      const now = this.#now()
      const row = this.#statement('find').get([key, now]) as Row | undefined
      if (!row) return undefined
      const { fingerprint, owner, state, begun_at, lease_until, answer } = row
      const lapsed = state === 'begun' && lease_until <= now
      return { fingerprint, owner, state, lapsed, ageMs: now - begun_at, answer: answer ?? undefined }
    })
  }

  renew(key: string, owner: string, leaseMs: number): Promise<void> {
    return this.#change('renew', [this.#now() + leaseMs, key, owner])
  }

  finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    return this.#change('finish', [answer, key, owner])
  }

  markUnknown(key: string, owner: string): Promise<void> {
    return this.#change('markUnknown', [key, owner])
  }

  release(key: string, owner: string): Promise<void> {
    return this.#change('release', [key, owner])
  }

  takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    const now = this.#now()
    return attempted(() => this.#run('takeOver', [to, now, now + leaseMs, key, from, now]) > 0)
  }

  purge(): Promise<number> {
    return attempted(() => {
      this.#keepTime()
      return this.#run('purge', [this.#now()])
    })
  }

  close(): Promise<void> {
    return attempted(() => {
      if (this.#isOpen) this.#keepTime()
      this.#isOpen = false
      this.#database.close()
    })
  }

  #now(): number {
    return this.#clock.now() + this.#aheadMs
  }

  /** So that the time goes on from here when the machine starts anew. */
  #keepTime(): void {
    const now = this.#now()
    this.#run('keepTime', [this.#clock.now(), now, this.#clock.boot, now])
  }

  #change(name: keyof typeof statements, values: readonly unknown[]): Promise<void> {
    return attempted(() => {
      this.#run(name, values)
    })
  }

  #run(name: keyof typeof statements, values: readonly unknown[]): number {
    return this.#statement(name).run(values).changes
  }

  /** The driver itself would go on with statements that were prepared before it was closed. */
  #statement(name: keyof typeof statements): Statement {
    if (!this.#isOpen) throw new Error('The store is closed.')
    return this.#statements[name]
  }
}

/** The driver is synchronous; what it throws becomes a rejection. */
function attempted<T>(task: () => T): Promise<T> {
  return Promise.resolve().then(task)
}

/** Under the lock that a write transaction takes (SQLite, "BEGIN IMMEDIATE"). */
function inTransaction<T>(database: Database, task: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = task()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function migrate(database: Database): void {
  inTransaction(database, () => {
    const row = database.prepare('PRAGMA user_version').get([]) as { user_version: number }
    for (const migration of migrations.slice(row.user_version)) database.exec(migration)
    if (row.user_version < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`)
  })
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
function timeAhead(database: Database, clock: MachineClock): number {
  const { boot } = clock
  const kept = database.prepare('SELECT boot, machine, time FROM clock').get([]) as KeptTime | undefined
  const machine = clock.now()
  if (kept?.boot === boot && machine >= kept.machine) return kept.time - kept.machine
  const latest = database.prepare('SELECT max(begun_at) AS time FROM idempotency').get([]) as {
    time: number | null
  }
  const time = Math.max(kept?.time ?? Date.now(), latest.time ?? 0)
  database
    .prepare('INSERT OR REPLACE INTO clock (id, boot, machine, time) VALUES (1, ?, ?, ?)')
    .run([boot, machine, time])
  if (kept && kept.boot !== boot)
    database.prepare("UPDATE idempotency SET lease_until = 0 WHERE state = 'begun'").run([])
  return time - machine
}
