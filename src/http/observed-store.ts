import { resolve } from 'node:path'
import type { Settings } from '../config/settings-table.js'
import type { Store } from '../store/store.js'
import { type StoreUse, WatchedStore } from '../store/watched-store.js'
import { causeChain, type Logger } from '../telemetry/logger.js'
import type { Metrics } from '../telemetry/metrics.js'
import type { StoreStates } from './pages/admin.js'

export interface ObservedStore {
  readonly store: Store
  /** For operators. */
  state(): NonNullable<StoreStates['store']>
}

/**
 * The store of a deployment, whose failures are in the log and in the metrics. A line names the setting that says where the
 * store is, and the place.
 */
export function observeStore(
  store: Store,
  settings: Pick<Settings, 'databaseUrl' | 'storeFile'>,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
): ObservedStore {
  const where = placeOf(settings)
  const watched = new WatchedStore(store, {
    onUse: (use: StoreUse) => {
      count(use)
    },
    onChange: ({ isUsable, cause }) => {
      if (isUsable) logger.info(where, 'the store of idempotency keys can be used again')
      else {
        const causes = causeChain(new Error('', { cause }))
        logger.error({ ...where, causes }, 'the store of idempotency keys fails')
      }
    },
  })
  const count = metrics.addStore(() => watched.isUsable ?? true)
  return {
    store: watched,
    state: () => {
      const { isUsable } = watched
      return { ...where, state: isUsable === undefined ? 'unused' : isUsable ? 'usable' : 'failing' }
    },
  }
}

/** Where the store is: a file, or a database without what a login needs. */
function placeOf({
  databaseUrl,
  storeFile,
}: Pick<Settings, 'databaseUrl' | 'storeFile'>): Omit<NonNullable<StoreStates['store']>, 'state'> {
  if (databaseUrl === '') return { setting: 'STORE_FILE', place: resolve(storeFile) }
  if (!URL.canParse(databaseUrl)) return { setting: 'DATABASE_URL', place: 'the database' }
  const { host, pathname } = new URL(databaseUrl)
  return { setting: 'DATABASE_URL', place: host + pathname }
}
