import type { Pool, QueryConfig } from 'pg'
import { limitStatements } from '../../store/postgresql-session.js'
import { makeTables } from '../counters/counter-tables.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'

const CONNECTIONS = 5
const CONNECT_TIMEOUT_MS = 500
/** Every request waits for its count: better none than a late one. */
const QUERY_TIMEOUT_MS = 500
const SERVER_TIMEOUTS = { statementMs: 450, lockMs: 400 }
/** Between tries to reach a database that has failed, while no request waits for it. */
const RETRY_MS = 10_000

/** Told when this process begins to count alone, with why, and when it counts with the others again. */
export type AloneListener = (change: { readonly alone: boolean; readonly cause?: unknown }) => void

/**
 * The counters that replicas share in PostgreSQL. Once that has failed no request waits for it any more: each is refused
 * its count at once, so that this process counts alone, until PostgreSQL was reached again in the background.
 */
export class SharedCounters implements RateLimitPool {
  readonly #connect: () => Promise<Pick<Pool, 'query' | 'end'>>
  readonly #onChange: AloneListener
  #pool: Promise<Pick<Pool, 'query' | 'end'>> | undefined
  #alone = false
  #salt: Buffer | undefined
  #retrying: NodeJS.Timeout | undefined
  /** What ends the waits for counts that were asked for before the first failed. */
  readonly #waiting = new Set<(cause: unknown) => void>()

  /** @param connect is called at the first query, so that the driver is loaded only where it is needed */
  constructor(connect: () => Promise<Pick<Pool, 'query' | 'end'>>, onChange: AloneListener) {
    this.#connect = connect
    this.#onChange = onChange
  }

  /** Whether this process counts by itself. */
  get isAlone(): boolean {
    return this.#alone
  }

  /** What replicas hash addresses with; undefined until the database was reached. */
  get salt(): Buffer | undefined {
    return this.#salt
  }

  /** Makes the tables; where that fails this process counts alone until it can. */
  async open(): Promise<void> {
    await this.#prepare().catch((cause: unknown) => {
      this.#leave(cause)
    })
  }

  /** @throws Error at once while this process counts alone */
  query(query: string | QueryConfig): Promise<unknown> {
    if (this.#alone) return Promise.reject(new Error('This process counts alone.'))
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#ask(query).then(
        (result) => {
          this.#waiting.delete(reject)
          resolve(result)
        },
        (cause: unknown) => {
          this.#leave(cause)
          reject(cause instanceof Error ? cause : new Error(String(cause)))
        },
      )
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#retrying)
    await (await this.#pool)?.end()
  }

  async #prepare(): Promise<void> {
    this.#salt = await makeTables({ query: (query: string | QueryConfig) => this.#ask(query) })
  }

  async #ask(query: string | QueryConfig): Promise<unknown> {
    this.#pool ??= this.#connect()
    return (await this.#pool).query(query)
  }

  #leave(cause: unknown): void {
    for (const reject of this.#waiting) reject(cause)
    this.#waiting.clear()
    if (this.#alone) return
    this.#alone = true
    this.#onChange({ alone: true, cause })
    this.#retrying = setInterval(() => {
      this.#prepare().then(
        () => {
          this.#rejoin()
        },
        () => undefined,
      )
    }, RETRY_MS).unref()
  }

  #rejoin(): void {
    if (!this.#alone) return
    clearInterval(this.#retrying)
    this.#alone = false
    this.#onChange({ alone: false })
  }
}

/** Connections to the database of a deployment. */
export async function connectCounters(url: string): Promise<Pool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'soapstone-limits',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits; its types do not say so
    onConnect: limitStatements(SERVER_TIMEOUTS),
  })
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', () => undefined)
  return pool
}
