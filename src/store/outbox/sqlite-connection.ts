import { makePrivate } from '../private-file.js'

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
  readonly #statements = new Map<string, Promise<Statement>>()
  #last: Promise<unknown> = Promise.resolve()
  #durability: Durability | undefined
  #turnEndsAt = 0
  #isOpen = true

  private constructor(driver: Driver) {
    this.#driver = driver
  }

  /** Opens the file, or creates it and its directory, both for their owner alone. */
  static async open(file: string): Promise<SqliteConnection> {
    const { default: Libsql } = await import('libsql/promise')
    makePrivate(file)
    const connection = new SqliteConnection(new Libsql(file, {}))
    try {
      for (const pragma of [
        `busy_timeout = ${BUSY_TIMEOUT_MS}`,
        'journal_mode = WAL',
        'secure_delete = ON',
      ]) {
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
    return this.#inTurn(async () => {
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
    })
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
