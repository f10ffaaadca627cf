import { keyBeside, type StoreSettings } from '../open.js'
import { Sealer } from '../sealer.js'
import type { Outbox } from './outbox.js'
import { SealedOutbox } from './sealed-outbox.js'

/**
 * Opens the outbox of the settings: in the database, or in a file beside the embedded store, so that neither waits while the
 * other is written.
 *
 * @throws Error where it cannot be opened, or a database is given and no key
 */
export async function openOutbox({ databaseUrl, storeFile, storeKeys }: StoreSettings): Promise<Outbox> {
  const [first, ...others] = storeKeys
  const sealer = first && new Sealer([first, ...others])
  if (databaseUrl === undefined) {
    const { SqliteOutbox } = await import('./sqlite-outbox.js')
    const own = sealer ?? new Sealer([await keyBeside(storeFile)])
    return new SealedOutbox(await SqliteOutbox.open(outboxFile(storeFile)), own)
  }
  if (!sealer) throw new Error('A store in a database needs a key.')
  const { PostgresqlOutbox } = await import('./postgresql-outbox.js')
  return new SealedOutbox(await PostgresqlOutbox.open(databaseUrl), sealer)
}

/** `data/soapstone.db` has its events in `data/soapstone-events.db`. */
export function outboxFile(storeFile: string): string {
  return /\.[^./\\]+$/.test(storeFile)
    ? storeFile.replace(/(\.[^./\\]+)$/, '-events$1')
    : `${storeFile}-events`
}
