import { resolve } from 'node:path'
import type { RestOperation } from '../../adapter/rest.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import type { Settings } from '../../config/settings-table.js'
import { openStore } from '../../store/open.js'
import type { Store } from '../../store/store.js'
import type { GuaranteeOptions } from './guarantees.js'

export type GuaranteeSettings = Pick<
  Settings,
  | 'databaseUrl'
  | 'storeFile'
  | 'storeKeys'
  | 'idempotencyTtlHours'
  | 'idempotencyWaitMs'
  | 'idempotencyLeaseMs'
  | 'cacheMaxBytes'
  | 'cacheMaxEntries'
>

export type DeployedGuarantees = Required<Omit<GuaranteeOptions, 'memory'>>

const MS_PER_HOUR = 3_600_000

/**
 * What the settings of a deployment make of the marks of a contract. A contract without `idempotency` has no store.
 *
 * @throws ContractError where answers would be stored in a database unencrypted
 */
export function guaranteesOf(
  operations: Iterable<RestOperation>,
  settings: GuaranteeSettings,
): DeployedGuarantees {
  const isMarked = [...operations].some(({ idempotency }) => idempotency)
  return {
    store: isMarked ? storeOf(settings) : undefined,
    idempotency: {
      ttlMs: settings.idempotencyTtlHours * MS_PER_HOUR,
      waitMs: settings.idempotencyWaitMs,
      leaseMs: settings.idempotencyLeaseMs,
    },
    cache: { maxBytes: settings.cacheMaxBytes, maxEntries: settings.cacheMaxEntries },
  }
}

/**
 * Opens the embedded store of a deployment; a database may come later.
 *
 * @throws ContractError where STORE_FILE cannot be used
 */
export async function openAtStart(
  store: Store | undefined,
  { databaseUrl, storeFile }: Pick<Settings, 'databaseUrl' | 'storeFile'>,
): Promise<void> {
  if (!store || databaseUrl !== '') return
  try {
    await store.purge()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const diagnostics = new Diagnostics()
    diagnostics.error(
      'setting-invalid',
      `The contract marks operations \`idempotency\`, and their store cannot be written: STORE_FILE is ${resolve(storeFile)} (${reason}). Name a file in a folder that this process may write, or set DATABASE_URL.`,
    )
    throw new ContractError(diagnostics.list)
  }
}

function storeOf({ databaseUrl, storeFile, storeKeys }: GuaranteeSettings): Store {
  if (databaseUrl !== '' && storeKeys.length === 0) {
    const diagnostics = new Diagnostics()
    diagnostics.error(
      'setting-invalid',
      'The contract marks operations `idempotency` and DATABASE_URL is set: STORE_ENCRYPTION_KEY must be set, too, so that answers are encrypted there. `openssl rand -base64 32` makes a key.',
    )
    throw new ContractError(diagnostics.list)
  }
  return openStore({
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    storeFile,
    storeKeys: storeKeys.map((key) => Buffer.from(key, 'base64')),
  })
}
