import { createServer, type Server } from 'node:http'
import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { ContractError } from '../base/errors.js'
import type { Settings } from '../config/settings-table.js'
import type { Store } from '../store/store.js'
import { type AuditLog, openAuditLog } from '../telemetry/audit-log.js'
import { causeChain, type Logger } from '../telemetry/logger.js'
import { createMetrics, type Metrics } from '../telemetry/metrics.js'
import { type AppOptions, createApp, type FacadeApp } from './app.js'
import { authenticationOf } from './authentication/deployment.js'
import { FailedAttempts } from './authentication/failed-attempts.js'
import type { Contracts } from './contract/contracts.js'
import { MESSAGE_TABLE } from './counters/counter-tables.js'
import type { RateLimitPool } from './counters/replica-limiter.js'
import type { EventsFront } from './events/front.js'
import type { OpenFace } from './face-server.js'
import { limitConnections } from './limits/connections.js'
import { rateLimitsOf } from './limits/deployment.js'
import { measureLag } from './limits/overload.js'
import { observeStore } from './observed-store.js'
import { onFirstRequest } from './on-first-request.js'
import { type DeployedGuarantees, guaranteesOf, openAtStart } from './operations/guarantees-deployment.js'
import type { AdminOptions } from './pages/admin.js'
import type { Readiness } from './pages/health.js'
import { createListener, type Listener, serverOptions } from './sockets/listener.js'
import { adminHost, drain, isLoopback } from './sockets/listening.js'
import { SwitchableApp } from './switchable-app.js'

/** Everything between the sockets and the contracts. */
export interface Front {
  readonly app: FacadeApp
  readonly listener: Listener
  readonly admin: Server
  readonly store: () => Store | undefined
  /** @returns a promise of when nothing is done for the contracts before any more. @throws ContractError */
  replace(contracts: Contracts): Promise<{ readonly idle: Promise<void> }>
  openRateLimits(): Promise<void>
  close(graceMs: number): Promise<void>
}

export interface FrontOptions {
  readonly logger: Logger
  readonly readiness: Readiness
  /** The protocols beside REST, which serve the newest of the contracts. @throws ContractError */
  readonly facesOf: (contracts: Contracts) => Promise<readonly OpenFace[]>
  /** Whether `replace` will be called, for which requests are counted, and none is refused for want of time. */
  readonly isReplaceable: boolean
  /** An API key that the docs page offers to everybody. */
  readonly offeredKey?: string
  readonly events?: EventsFront
}

/** Long enough to get a certificate from whoever issues it. */
const EXPIRY_NOTICE_MS = 30 * 86_400_000

/**
 * @param serving what is served now; `replace` gives the next
 * @throws ContractError where files of the settings cannot be used
 */
export async function openFront(
  serving: { readonly contracts: Contracts },
  settings: Settings,
  { logger, readiness, facesOf, isReplaceable, offeredKey, events }: FrontOptions,
): Promise<Front> {
  const { contracts } = serving
  const backends = () => serving.contracts.backends()
  const metrics = createMetrics(backends)
  if (settings.authentication === 'off') {
    logger.warn('AUTHENTICATION is off: everybody may call every operation')
  }
  if (settings.adminToken === '' && !isLoopback(adminHost(settings))) {
    logger.warn('ADMIN_TOKEN is not set: whoever reaches the admin port sees the state of the service')
  }
  const rates = rateLimitsOf(settings, ({ alone, cause }) => {
    if (!alone) logger.info('requests and attempts are counted by all replicas together again')
    else {
      const causes = causeChain(new Error('', { cause }))
      logger.warn({ causes }, 'requests and attempts are counted by this process alone: the database fails')
    }
  })
  const authentication = await authenticationOf(
    settings,
    (change) => {
      if ('keys' in change) logger.info(change, 'API keys replaced')
      else logger.warn(change, 'API keys not replaced')
    },
    () => {
      logger.warn('an address has sent more wrong credentials in a minute than AUTH_FAILURES_PER_MINUTE')
    },
    rates.pool,
  )
  const audit = auditLogOf(settings, logger)
  share(contracts, rates.pool)
  metrics.addGauge(
    'shared_counters_alone',
    '1 while this process counts requests and attempts by itself because the database fails',
    () => Number(rates.isAlone()),
  )
  metrics.addGauge(
    'certificates_expiring',
    'certificates of backends, ours and theirs, that expire within 30 days or have expired',
    () => serving.contracts.certificatesExpiredBy(Date.now() + EXPIRY_NOTICE_MS),
  )
  const { authFailuresPerMinute: wrong, publicUrl, tlsCertFile } = settings
  events?.measure(metrics)
  events?.askForRoles((client) => authentication.apiKeys?.().rolesOf(client, Date.now()))
  const face = events?.face({
    ...{ logger, audit, publicUrl, tls: tlsCertFile !== '' },
    failedAttempts: wrong > 0 ? new FailedAttempts(wrong) : undefined,
  })
  const observed = (made: DeployedGuarantees) =>
    made.store && observeStore(made.store, settings, { logger, metrics })
  const own = guaranteesOf(contracts.operations(), settings)
  let store = observed(own)
  let guarantees = { ...own, store: store?.store }
  const meter = measureLag()
  const appOptions = {
    // Compiling a contract keeps the event loop busy, and would look like an overload.
    ...(!isReplaceable && { load: { ...settings, meter } }),
    logger,
    metrics,
    readiness,
    ...(audit && { audit }),
    limits: settings,
    docs: settings.docs,
    ...(offeredKey !== undefined && { offeredKey }),
    publicUrl: settings.publicUrl,
    streamFrom: settings.streamFromBytes,
    compressFrom: settings.compressFromBytes,
    authentication: settings.authentication === 'off' ? 'off' : authentication,
    rateLimits: rates.limits,
    corsOrigins: settings.corsOrigins,
    tls: settings.tlsCertFile !== '',
  } satisfies AppOptions
  const facesWithEvents = async (served: Contracts): Promise<readonly OpenFace[]> => [
    ...(await facesOf(served)),
    ...(face ? [() => face] : []),
  ]
  const first = createApp(contracts, {
    ...guarantees,
    ...appOptions,
    faces: await facesWithEvents(contracts),
  })
  const switchable = isReplaceable ? new SwitchableApp(first) : undefined
  const app = switchable?.listener ?? first
  const listener = createListener(
    settings,
    app,
    (problem, requestId) => {
      metrics.countProblem(problem.code)
      logger.info({ requestId, problem: problem.code, causes: causeChain(problem) }, 'broken request')
    },
    (failure) => {
      if (failure === undefined) logger.info('certificate replaced')
      else logger.warn(`certificate not replaced: ${failure.message}`)
    },
  )
  metrics.addCounter(
    {
      name: 'response_cache_requests_total',
      help: 'Requests of cached operations by how they were answered',
      label: 'result',
    },
    () => app.cacheState().answered,
  )
  metrics.addGauge(
    'response_cache_size_bytes',
    'What the cache of responses holds',
    () => app.cacheState().bytes,
  )
  metrics.addGauge('response_cache_entries', 'Responses in the cache', () => app.cacheState().entries)
  measure(contracts, metrics)
  listener.server.on('connection', () => {
    app.connected()
  })
  const { adminToken: token, authFailuresPerMinute: failures } = settings
  // Operators are counted apart from clients: both may come through one proxy.
  const onLimit = () => {
    logger.warn(
      'an address has sent more wrong tokens of operators in a minute than AUTH_FAILURES_PER_MINUTE',
    )
  }
  const adminOptions: AdminOptions = {
    ...{ metrics, readiness, backends, token },
    stores: () => ({
      ...(store && { store: store.state() }),
      ...(settings.databaseUrl !== '' && { counters: { shared: !rates.isAlone() } }),
    }),
    ...(failures > 0 && {
      failedAttempts: new FailedAttempts(failures, onLimit, {
        ...(rates.pool && { pool: rates.pool }),
        name: 'operators',
      }),
    }),
  }
  const admin = createServer(
    serverOptions(settings),
    onFirstRequest(async () => {
      const { createAdminApp } = await import('./pages/admin.js')
      return createAdminApp(adminOptions)
    }),
  )
  // How many are refused for want of places nobody knows.
  const waiting = () =>
    app.isFull() ? Infinity : backends().reduce((sum, { queued = 0 }) => sum + queued, 0)
  const limits = { ...settings, waiting }
  const clients = limitConnections(listener.server, limits)
  const operators = limitConnections(admin, { ...settings, maxConnections: ADMIN_CONNECTIONS })
  return {
    app,
    listener,
    admin,
    store: () => guarantees.store,
    replace: async (next) => {
      if (!switchable) throw new Error('the server was not started to be replaced')
      // One store for all contracts: what was promised under the one before still holds.
      const made = guarantees.store ? undefined : guaranteesOf(next.operations(), settings)
      const opened = made && observed(made)
      const promised = made ? { ...made, store: opened?.store } : guarantees
      if (opened) await openAtStart(opened.store, settings)
      const following = createApp(next, { ...promised, ...appOptions, faces: await facesWithEvents(next) })
      await following.judge()
      guarantees = promised
      store ??= opened
      measure(next, metrics)
      share(next, rates.pool)
      return { idle: switchable.replace(following) }
    },
    openRateLimits: () => rates.open(),
    close: async (graceMs) => {
      await drain(listener.server, clients, graceMs)
      await drain(admin, operators, 0)
      meter.close()
      authentication.close()
      listener.unwatch()
      await rates.close()
      audit?.close()
    },
  }
}

/** Operators and their tools are few; one that says nothing must not keep them out. */
const ADMIN_CONNECTIONS = 100

/** Without a database each process knows the signed messages that came to it. */
function share(contracts: Contracts, pool: RateLimitPool | undefined): void {
  if (pool) contracts.shareUses({ pool, table: MESSAGE_TABLE })
}

function measure(contracts: Contracts, metrics: Metrics): void {
  contracts.onCall((call) => {
    metrics.observeCall(call)
  })
  contracts.onBackendChange((change) => {
    metrics.countBreakerChange(change, change.breaker)
  })
}

/** @throws ContractError where the file cannot be appended to */
function auditLogOf({ auditLog, auditChain }: Settings, logger: Logger): AuditLog | undefined {
  if (auditLog === '') return undefined
  try {
    const onFailure = (error: unknown) => {
      logger.error({ causes: causeChain(new Error('', { cause: error })) }, 'audit line not written')
    }
    return openAuditLog({ destination: auditLog, chained: auditChain, onFailure })
  } catch {
    const diagnostics = new Diagnostics()
    diagnostics.error('setting-invalid', 'AUDIT_LOG must be stdout or name a file that can be appended to.')
    throw new ContractError(diagnostics.list)
  }
}
