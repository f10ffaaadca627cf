import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, Server as TcpServer } from 'node:net'
import { Diagnostics } from './base/diagnostic.js'
import { ContractError } from './base/errors.js'
import { type Settings } from './config/settings-table.js'
import { createAdminApp } from './http/admin.js'
import { createApp, type FacadeApp } from './http/app.js'
import { type Facade } from './http/facade.js'
import { guaranteesOf } from './http/guarantees-deployment.js'
import { Readiness } from './http/health.js'
import { measureLag } from './http/overload.js'
import { createListener, type Listener } from './http/listener.js'
import { rateLimitsOf } from './http/rate-limits-deployment.js'
import { authenticationOf } from './http/security/deployment.js'
import { FailedAttempts } from './http/security/failed-attempts.js'
import { type Store } from './store/store.js'
import { type AuditLog, openAuditLog } from './telemetry/audit-log.js'
import { causeChain, createLogger, type Logger } from './telemetry/logger.js'
import { createMetrics } from './telemetry/metrics.js'

export interface RunningServer {
  /** Without a path: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Of metrics and of the state of backends. */
  readonly adminUrl: string
  /** Drains and closes; every call gives the same promise. */
  close(): Promise<void>
}

export interface ServerOptions {
  /** Default: JSON lines to stdout. */
  readonly logger?: Logger
  /** Whether SIGTERM, SIGINT and SIGHUP drain the server and end the process with status 0. Default true. */
  readonly signals?: boolean
}

/**
 * Serves a facade. It listens at once, so that `/healthz` answers, and is ready when every validator is compiled.
 *
 * @throws ContractError where a schema of the contract cannot be compiled, callers cannot be checked as the contract
 *   asks, or files of the settings cannot be used; nothing listens then
 */
export async function startServer(
  facade: Facade & { close(): Promise<void> },
  settings: Settings,
  options: ServerOptions = {},
): Promise<RunningServer> {
  const logger = options.logger ?? createLogger(settings.logLevel)
  const readiness = new Readiness()
  const front = await orClose(facade, () => openFront(facade, settings, logger, readiness))
  facade.onBackendChange?.(({ name, endpoint, breaker, previous }) => {
    logger.warn({ backend: name, endpoint, breaker, previous }, 'breaker')
  })
  const { app, listener, admin } = front
  const close = onlyOnce(async () => {
    readiness.state = 'draining'
    logger.info('draining')
    await delay(settings.drainDelayMs)
    await front.close(settings.shutdownGraceMs)
    await facade.close()
    await app.settled()
    await front.store?.close()
    logger.info('closed')
  })
  try {
    await listen(listener.server, settings.listenPort, settings.host)
    await listen(admin, settings.adminPort, adminHost(settings))
  } catch (error) {
    // A port is taken; the caller may try another one with the same facade.
    await front.close(0)
    throw error
  }
  try {
    await app.warmUp(COMPILED_AT_START)
  } catch (error) {
    await close()
    throw error
  }
  await front.store?.purge().catch((error: unknown) => {
    logger.error({ causes: causeChain(new Error('', { cause: error })) }, 'idempotency store not opened')
  })
  await front.openRateLimits().catch((error: unknown) => {
    logger.error(
      { causes: causeChain(new Error('', { cause: error })) },
      'requests are counted by this process alone',
    )
  })
  readiness.state = 'ready'
  const url = urlOf(listener.server, settings.host, listener.tls)
  const adminUrl = urlOf(admin, adminHost(settings), false)
  logger.info({ url, adminUrl, operations: facade.operations.size }, 'ready')
  if (options.signals ?? true) closeOnSignals(close, logger)
  return { url, adminUrl, close }
}

interface Front {
  readonly app: FacadeApp
  readonly listener: Listener
  readonly admin: Server
  readonly store: Store | undefined
  openRateLimits(): Promise<void>
  close(graceMs: number): Promise<void>
}

/** Everything between the sockets and the facade. */
function openFront(facade: Facade, settings: Settings, logger: Logger, readiness: Readiness): Front {
  const metrics = createMetrics(facade.backends)
  if (settings.authentication === 'off') {
    logger.warn('AUTHENTICATION is off: everybody may call every operation')
  }
  if (settings.adminToken === '' && !isLoopback(adminHost(settings))) {
    logger.warn('ADMIN_TOKEN is not set: whoever reaches the admin port sees the state of the service')
  }
  const authentication = authenticationOf(
    settings,
    (change) => {
      if ('keys' in change) logger.info(change, 'API keys replaced')
      else logger.error(change, 'API keys not replaced')
    },
    () => {
      logger.warn('an address has sent more wrong credentials in a minute than AUTH_FAILURES_PER_MINUTE')
    },
  )
  const audit = auditLogOf(settings, logger)
  const rates = rateLimitsOf(settings)
  const guarantees = guaranteesOf(facade.operations.values(), settings)
  const meter = measureLag()
  const app = createApp(facade, {
    ...guarantees,
    load: { ...settings, meter },
    logger,
    metrics,
    readiness,
    ...(audit && { audit }),
    limits: settings,
    docs: settings.docs,
    streamFrom: settings.streamFromBytes,
    authentication: settings.authentication === 'off' ? 'off' : authentication,
    rateLimits: rates.limits,
    corsOrigins: settings.corsOrigins,
    tls: settings.tlsCertFile !== '',
  })
  const listener = createListener(
    settings,
    app,
    (problem, requestId) => {
      metrics.countProblem(problem.code)
      logger.info({ requestId, problem: problem.code, causes: causeChain(problem) }, 'broken request')
    },
    (failure) => {
      if (failure === undefined) logger.info('certificate replaced')
      else logger.error('certificate not replaced: TLS_CERT_FILE and TLS_KEY_FILE do not fit together')
    },
  )
  const { adminToken: token, authFailuresPerMinute: failures } = settings
  // Operators are counted apart from clients: both may come through one proxy.
  const onLimit = () => {
    logger.warn(
      'an address has sent more wrong tokens of operators in a minute than AUTH_FAILURES_PER_MINUTE',
    )
  }
  const admin = createServer(
    createAdminApp({
      ...{ metrics, readiness, backends: facade.backends, token },
      ...(failures > 0 && { failedAttempts: new FailedAttempts(failures, onLimit) }),
    }),
  )
  return {
    app,
    listener,
    admin,
    store: guarantees.store,
    openRateLimits: () => rates.limits.open(),
    close: async (graceMs) => {
      await drain(listener.server, graceMs)
      await drain(admin, 0)
      meter.close()
      authentication.close()
      listener.unwatch()
      await rates.close()
      audit?.close()
    },
  }
}

async function orClose<T>(facade: { close(): Promise<void> }, open: () => T): Promise<T> {
  try {
    return open()
  } catch (error) {
    await facade.close()
    throw error
  }
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

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

/** Without a token the state of the service is for this machine alone, unless ADMIN_HOST says otherwise. */
function adminHost({ adminHost: own, adminToken, host }: Settings): string {
  if (own !== '') return own
  return adminToken !== '' || isLoopback(host) ? host : '127.0.0.1'
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Larger contracts are ready before everything is compiled; `soapstone check` always compiles all. */
const COMPILED_AT_START = 100

const IDLE_CHECK_MS = 50
/** For requests that are under way on connections that look idle: longer than a packet takes around the world. */
const LINGER_MS = 500
const SAME_SIGNAL_MS = 1_000

/**
 * Stops listening, lets requests in flight finish, and cuts those that outlast the grace. Requests that arrive on open
 * connections are answered, and their connections closed (RFC 9112, section 9.6).
 */
async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  // Node's own `close` cuts idle connections at once, and whatever a client has just sent on them is lost.
  TcpServer.prototype.close.call(server)
  await Promise.race([closed, delay(Math.min(LINGER_MS, graceMs))])
  server.close()
  // A connection that was busy when listening ended becomes idle, and would be kept alive, after its answer.
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, IDLE_CHECK_MS)
  const timer = setTimeout(
    () => {
      server.closeAllConnections()
    },
    Math.max(0, graceMs - LINGER_MS),
  )
  await closed
  clearInterval(idle)
  clearTimeout(timer)
}

function closeOnSignals(close: () => Promise<void>, logger: Logger): void {
  let askedAt: number | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (askedAt !== undefined) {
      // A terminal and npm both pass Ctrl-C on; only a second one that a person sends means "at once".
      if (now - askedAt > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    askedAt = now
    logger.info({ signal }, 'signal')
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('SIGHUP', onSignal)
}

function urlOf(server: Server, host: string, tls: boolean): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function onlyOnce<T>(task: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => (started ??= task())
}

function delay(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
