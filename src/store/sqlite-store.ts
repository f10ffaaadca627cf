import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Attempt, type Store, type StoredRequest } from './store.js'

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
  doubt: "UPDATE idempotency SET state = 'unknown' WHERE key = ? AND owner = ? AND state = 'begun'",
  release: "DELETE FROM idempotency WHERE key = ? AND owner = ? AND state = 'begun'",
  takeOver: `UPDATE idempotency SET state = 'begun', owner = ?, begun_at = ?, lease_until = ?
    WHERE key = ? AND owner = ? AND (state = 'unknown' OR (state = 'begun' AND lease_until <= ?))`,
  purge: 'DELETE FROM idempotency WHERE expires_at <= ?',
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
 */
export class SqliteStore implements Store {
  readonly #database: Database
  #isOpen = true
  readonly #statements: Readonly<Record<keyof typeof statements, Statement>>

  private constructor(database: Database) {
    this.#database = database
    const prepared = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)])
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof statements, Statement>
  }

  /** Opens the file, or creates it and its directory, and brings its tables up to date. */
  static async open(file: string): Promise<SqliteStore> {
    const { default: Libsql } = await import('libsql')
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
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
      return new SqliteStore(database)
    } catch (error) {
      database.close()
      throw error
    }
  }

  async begin(attempt: Attempt, leaseMs: number, ttlMs: number): Promise<StoredRequest | undefined> {
    const { key, fingerprint, owner } = attempt
    for (;;) {
      const now = Date.now()
      const values = [key, fingerprint, owner, now, now + leaseMs, now + ttlMs]
      if (this.#run('begin', values) > 0) return undefined
      const found = await this.find(key)
      if (found) return found.owner === owner ? undefined : found
    }
  }

  find(key: string): Promise<StoredRequest | undefined> {
    return attempted(() => {
      const now = Date.now()
      const row = this.#statement('find').get([key, now]) as Row | undefined
      if (!row) return undefined
      const { fingerprint, owner, state, begun_at, lease_until, answer } = row
      const lapsed = state === 'begun' && lease_until <= now
      return { fingerprint, owner, state, lapsed, ageMs: now - begun_at, answer: answer ?? undefined }
    })
  }

  renew(key: string, owner: string, leaseMs: number): Promise<void> {
    return this.#change('renew', [Date.now() + leaseMs, key, owner])
  }

  finish(key: string, owner: string, answer: Uint8Array): Promise<void> {
    return this.#change('finish', [answer, key, owner])
  }

  doubt(key: string, owner: string): Promise<void> {
    return this.#change('doubt', [key, owner])
  }

  release(key: string, owner: string): Promise<void> {
    return this.#change('release', [key, owner])
  }

  takeOver(key: string, from: string, to: string, leaseMs: number): Promise<boolean> {
    const now = Date.now()
    return attempted(() => this.#run('takeOver', [to, now, now + leaseMs, key, from, now]) > 0)
  }

  purge(): Promise<number> {
    return attempted(() => this.#run('purge', [Date.now()]))
  }

  close(): Promise<void> {
    return attempted(() => {
      this.#isOpen = false
      this.#database.close()
    })
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
function migrate(database: Database): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const row = database.prepare('PRAGMA user_version').get([]) as { user_version: number }
    for (const migration of migrations.slice(row.user_version)) database.exec(migration)
    if (row.user_version < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
