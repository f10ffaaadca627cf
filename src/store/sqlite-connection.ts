import { resolve } from 'node:path'
import { makePrivate } from './private-file.js'

/** What is used of the driver, whose `exec` and `all` run beside the event loop. */
interface Driver {
  exec(sql: string): Promise<unknown>
  prepare(sql: string): Promise<Statement>
  close(): unknown
}

/** Values go as one array: a lone Buffer would be taken for a map of names. */
export interface Statement {
  run(values: readonly unknown[]): { readonly changes: number }
  get(values: readonly unknown[]): unknown
  all(values: readonly unknown[]): Promise<readonly unknown[]>
}

const BUSY_TIMEOUT_MS = 5_000

/** Rows of one transaction: others get their turn in between. */
export const PORTION = 1_000

/** How long statements may keep the event loop to themselves. */
const TURN_MS = 2

/**
 * When a commit is on disk: as it returns, or with the next one that is (SQLite, `PRAGMA synchronous`, FULL and NORMAL). It
 * outlives the process in either case.
 */
export type Durability = 'at-once' | 'soon'

const SYNCHRONOUS: Readonly<Record<Durability, string>> = { 'at-once': 'FULL', soon: 'NORMAL' }

/**
 * A connection to an SQLite file that is written ahead. Commits, and statements that are run by `all`, happen beside the event
 * loop. Transactions follow each other.
 */
export class SqliteConnection {
  readonly #driver: Driver
  readonly #file: string
  readonly #statements = new Map<string, Promise<Statement>>()
  #last: Promise<unknown> = Promise.resolve()
  #durability: Durability | undefined
  #turnEndsAt = 0
  #isOpen = true

  private constructor(driver: Driver, file: string) {
    this.#driver = driver
    this.#file = resolve(file)
  }

  /**
   * Opens the file, or creates it and its directory, both for their owner alone.
   *
   * @param busyTimeoutMs how long a transaction waits for another process that writes the same file
   */
  static async open(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): Promise<SqliteConnection> {
    const { default: Libsql } = await import('libsql/promise')
    makePrivate(file)
    const connection = new SqliteConnection(new Libsql(file, {}), file)
    try {
      for (const pragma of [`busy_timeout = ${busyTimeoutMs}`, 'journal_mode = WAL', 'secure_delete = ON']) {
        await connection.#driver.exec(`PRAGMA ${pragma}`)
      }
      return connection
    } catch (error) {
      connection.#driver.close()
      throw error
    }
  }

  /** Runs a task in a transaction of its own, after those that were asked for before. */
  transaction<T>(task: () => Promise<T>, durability: Durability = 'at-once'): Promise<T> {
    return this.#inTurn(() => afterOtherWriters(this.#file, () => this.#transaction(task, durability)))
  }

  /** Runs a task that only reads, after those that were asked for before. */
  read<T>(task: () => Promise<T>): Promise<T> {
    return this.#inTurn(task)
  }

  statement(sql: string): Promise<Statement> {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#driver.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Statements by name, prepared. */
  async prepared<Name extends string>(
    statements: Readonly<Record<Name, string>>,
  ): Promise<Readonly<Record<Name, Statement>>> {
    const entries: [string, Statement][] = []
    for (const [name, sql] of Object.entries<string>(statements))
      entries.push([name, await this.statement(sql)])
    return Object.fromEntries(entries) as Record<Name, Statement>
  }

  /** @param migrations each brings the file from the version that is its index to the next */
  migrate(migrations: readonly string[]): Promise<void> {
    return this.transaction(async () => {
      const row = (await this.statement('PRAGMA user_version')).get([]) as { readonly user_version: number }
      for (const migration of migrations.slice(row.user_version)) await this.exec(migration)
      if (row.user_version < migrations.length) await this.exec(`PRAGMA user_version = ${migrations.length}`)
    })
  }

  /**
   * Repeats a statement that changes {@link PORTION} rows at most, each time in a transaction of its own, until it finds no more.
   *
   * @returns how many rows it has changed
   */
  async inPortions(sql: string, values: () => readonly unknown[]): Promise<number> {
    let changed = 0
    for (;;) {
      const portion = await this.transaction(async () => {
        await (await this.statement(sql)).all(values())
        return this.changes()
      })
      changed += portion
      if (portion < PORTION) return changed
    }
  }

  /** Lets others have the event loop where this has had it long enough. */
  async pause(): Promise<void> {
    if (performance.now() < this.#turnEndsAt) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#turnEndsAt = performance.now() + TURN_MS
  }

  /** Rows that the last statement of this connection has changed. */
  async changes(): Promise<number> {
    const [row] = (await (await this.statement('SELECT changes() AS count')).all([])) as readonly {
      readonly count: number
    }[]
    return row?.count ?? 0
  }

  exec(sql: string): Promise<unknown> {
    return this.#driver.exec(sql)
  }

  async close(): Promise<void> {
    await this.#inTurn(() => {
      if (this.#isOpen) this.#driver.close()
      this.#isOpen = false
      return Promise.resolve()
    }).catch(() => undefined)
  }

  async #transaction<T>(task: () => Promise<T>, durability: Durability): Promise<T> {
    // Another process may be writing: waiting for it is done beside the event loop.
    await this.#begin(durability)
    try {
      const result = await task()
      await this.#driver.exec('COMMIT')
      return result
    } catch (error) {
      await this.#driver.exec('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  /** In one trip to the thread of the driver. */
  async #begin(durability: Durability): Promise<void> {
    const isSet = this.#durability === durability
    // Where it fails it is not known which of the two is set.
    this.#durability = undefined
    await this.#driver.exec(
      `${isSet ? '' : `PRAGMA synchronous = ${SYNCHRONOUS[durability]}; `}BEGIN IMMEDIATE`,
    )
    this.#durability = durability
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      if (!this.#isOpen) throw new Error('The store is closed.')
      this.#turnEndsAt = performance.now() + TURN_MS
      return task()
    }
    const done = this.#last.then(run, run)
    this.#last = done.catch(() => undefined)
    return done
  }
}

/** Transactions of this process by file, the last of each. */
const writers = new Map<string, Promise<unknown>>()

/**
 * The driver has as many threads as the machine has cores, and one that waits for a file keeps its thread: if connections of one
 * process waited for each other there, the commit that they wait for could find no thread, and all would wait until they give up.
 */
function afterOtherWriters<T>(file: string, task: () => Promise<T>): Promise<T> {
  const done = (writers.get(file) ?? Promise.resolve()).then(task)
  const last: Promise<unknown> = done
    .catch(() => undefined)
    .then(() => {
      if (writers.get(file) === last) writers.delete(file)
    })
  writers.set(file, last)
  return done
}
