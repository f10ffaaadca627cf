/** The stores that are measured, and those whose commits reach no disk: what a store has more than one of those is of its commits. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file system in memory. */
const MEMORY = '/dev/shm'

/**
 * @param progress told what is not measured, and why
 * @returns by name, what gives settings for it: `SQLite`, and `PostgreSQL` where DATABASE_URL is set
 */
export function storesIn(directory, progress = () => undefined) {
  const database = process.env.DATABASE_URL
  if (!database) progress('PostgreSQL is skipped: DATABASE_URL is not set')
  return {
    SQLite: () => ({ STORE_FILE: fileIn(directory) }),
    ...(database && { PostgreSQL: () => ({ DATABASE_URL: database }) }),
  }
}

/** @returns settings of a store of the same name whose commits cost nothing; undefined where there is none */
export function freeStore(name, progress = () => undefined) {
  if (name === 'SQLite') {
    if (existsSync(MEMORY)) return { STORE_FILE: fileIn(MEMORY) }
    progress(`SQLite in memory is skipped: there is no ${MEMORY}`)
    return undefined
  }
  const url = process.env.FREE_DATABASE_URL
  if (url) return { DATABASE_URL: url }
  progress('PostgreSQL without fsync is skipped: FREE_DATABASE_URL is not set')
  return undefined
}

/** Removes what a free store has left. */
export function dropFreeStore(settings) {
  if (settings?.STORE_FILE) rmSync(dirname(settings.STORE_FILE), { recursive: true })
}

export async function connectedTo({ DATABASE_URL }) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  return client
}

function fileIn(directory) {
  return join(mkdtempSync(join(directory, 'soapstone-store-')), 'store.db')
}
