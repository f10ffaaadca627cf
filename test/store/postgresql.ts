import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A server whose superuser may log in without a password, as development machines and CI have one. */
const server = process.env.TEST_POSTGRESQL ?? 'postgres://root@127.0.0.1:5432/postgres'

export interface TestDatabase {
  readonly url: string
  /** Runs SQL in it, past the store. */
  query(sql: string): Promise<Record<string, unknown>[]>
  drop(): Promise<void>
}

let reason: string | undefined
try {
  await onServer((client) => client.query('SELECT 1'))
} catch (error) {
  reason = `no PostgreSQL at ${server}: ${error instanceof Error ? error.message : 'it cannot be reached'}`
  console.log(`skipped: ${reason}`)
}

/** Why tests that need PostgreSQL are skipped; undefined where they are not. */
export const postgresqlIsMissing = reason

/** A new database of its own. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `soapstone_test_${randomBytes(6).toString('hex')}`
  await onServer((client) => client.query(`CREATE DATABASE ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    query: async (sql) => (await on(url.href, (client) => client.query<Record<string, unknown>>(sql))).rows,
    drop: async () => {
      await onServer((client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    },
  }
}

function onServer<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
  return on(server, task)
}

async function on<T>(url: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    return await task(client)
  } finally {
    await client.end()
  }
}
