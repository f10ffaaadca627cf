import type { ClientBase, Pool } from 'pg'

/** How long the server works on a statement, and how much of that it waits for a lock; milliseconds. */
export interface ServerTimeouts {
  readonly statementMs: number
  readonly lockMs: number
}

/**
 * Has the server end what its client no longer waits for (PostgreSQL, 20.11.1): else a statement that waits for a lock
 * would be carried out long after its client was told that it was not. A role or a database that has shorter times
 * keeps them. They are set by a statement: poolers such as PgBouncer refuse them as parameters of the connection.
 *
 * @returns for `onConnect` of a pool
 */
export function limitStatements({
  statementMs,
  lockMs,
}: ServerTimeouts): (client: ClientBase) => Promise<void> {
  return async (client) => {
    await client.query(
      `SELECT set_config(name, asked.ms::text, false)
      FROM pg_settings JOIN (VALUES ('statement_timeout', $1::int), ('lock_timeout', $2::int)) AS asked (name, ms) USING (name)
      WHERE setting::int = 0 OR setting::int > asked.ms`,
      [statementMs, lockMs],
    )
  }
}

/** What pools of stores differ in. */
export interface PoolOptions {
  readonly url: string
  /** What the server calls the sessions. */
  readonly name: string
  readonly connections: number
  /** How long a client waits for an answer, in milliseconds: longer than the server works. */
  readonly queryTimeoutMs: number
  readonly serverTimeouts: ServerTimeouts
  /** Whether statements that are asked of one client together are sent together (PostgreSQL, 34.5). */
  readonly pipeline?: boolean
}

const CONNECT_TIMEOUT_MS = 2_000

/** Connections whose commits are on disk when they return, and whose statements end. Connects at the first use. */
export async function openDurablePool({
  url,
  name,
  connections,
  queryTimeoutMs,
  serverTimeouts,
  pipeline = false,
}: PoolOptions): Promise<Pool> {
  const { default: pg } = await import('pg')
  const limit = limitStatements(serverTimeouts)
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    pipeline,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits; its types do not say so
    onConnect: async (client: ClientBase) => {
      await commitDurably(client)
      await limit(client)
    },
  })
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', () => undefined)
  // One that breaks while it is used tells so where it is used.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A role or a database may have commits return before they are on disk. */
async function commitDurably(client: ClientBase): Promise<void> {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  )
}
