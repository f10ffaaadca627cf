import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LazyStore } from './lazy-store.js'
import { makePrivateFolder } from './private-file.js'
import { SealedStore } from './sealed-store.js'
import { KEY_BYTES, Sealer } from './sealer.js'
import type { Store } from './store.js'

/** Where the store is and how what it holds is protected. */
export interface StoreSettings {
  /** Of a PostgreSQL database: `postgres://…`. */
  readonly databaseUrl?: string | undefined
  /** Of the embedded database, where there is no URL. */
  readonly storeFile: string
  /** Of {@link KEY_BYTES} each; the first encrypts, all decrypt. A database needs one. */
  readonly storeKeys: readonly Buffer[]
}

/**
 * The store of the settings, opened at its first use; no driver is loaded before that.
 *
 * Without keys the embedded store makes one, in a file beside its own.
 *
 * @throws Error where a database is given and no key
 */
export function openStore({ databaseUrl, storeFile, storeKeys }: StoreSettings): Store {
  const [first, ...others] = storeKeys
  const sealer = first && new Sealer([first, ...others])
  if (databaseUrl === undefined) {
    return new LazyStore(async () => {
      const { SqliteStore } = await import('./sqlite-store.js')
      const own = sealer ?? new Sealer([await keyBeside(storeFile)])
      return new SealedStore(await SqliteStore.open(storeFile), own)
    })
  }
  if (!sealer) throw new Error('A store in a database needs a key.')
  return new LazyStore(async () => {
    const { PostgresqlStore } = await import('./postgresql-store.js')
    return new SealedStore(await PostgresqlStore.open(databaseUrl), sealer)
  })
}

/** The key of an embedded store, made when it is first asked for. */
export async function keyBeside(storeFile: string): Promise<Buffer> {
  const path = `${storeFile}.key`
  const draft = `${path}.${randomUUID()}`
  makePrivateFolder(dirname(path))
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    // Whole or not at all, and only where there is none.
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64')
  if (key.length !== KEY_BYTES) throw new Error(`${path} holds no key of ${KEY_BYTES} bytes in base64`)
  return key
}
