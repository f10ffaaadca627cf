import type { Settings } from '../../config/settings-table.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'
import { RateLimits } from './rate-limits.js'
import { type AloneListener, connectCounters, SharedCounters } from './shared-counters.js'

export interface DeployedRateLimits {
  readonly limits: RateLimits
  /** Where replicas count together; undefined without a database. */
  readonly pool: RateLimitPool | undefined
  /** Whether there is a database and this process counts without it. */
  isAlone(): boolean
  /** Makes the table that replicas count in; where that fails each counts alone until it can. */
  open(): Promise<void>
  close(): Promise<void>
}

type RateLimitSettings = Pick<
  Settings,
  'databaseUrl' | 'rateLimitRequests' | 'rateLimitWindowS' | 'rateLimitConcurrent'
>

/** The limits of a deployment: of all replicas together where there is a database. */
export function rateLimitsOf(settings: RateLimitSettings, onAlone: AloneListener): DeployedRateLimits {
  const { databaseUrl, rateLimitRequests, rateLimitWindowS, rateLimitConcurrent } = settings
  const pool =
    databaseUrl === '' ? undefined : new SharedCounters(() => connectCounters(databaseUrl), onAlone)
  const limits = new RateLimits({
    requests: rateLimitRequests,
    window: rateLimitWindowS,
    concurrent: rateLimitConcurrent,
    ...(pool && { pool }),
  })
  return {
    limits,
    pool,
    isAlone: () => pool?.isAlone ?? false,
    open: async () => pool?.open(),
    close: async () => pool?.close(),
  }
}
