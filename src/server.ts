import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Settings } from './config/settings-table.js'
import { createApp } from './http/app.js'
import { type Facade } from './http/facade.js'
import { Readiness } from './http/health.js'
import { createLogger, type Logger } from './telemetry/logger.js'
import { createMetrics } from './telemetry/metrics.js'

export interface RunningServer {
  /** Without a path: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Drains and closes; every call gives the same promise. */
  close(): Promise<void>
}

export interface ServerOptions {
  /** Default: JSON lines to stdout. */
  readonly logger?: Logger
  /** Whether SIGTERM and SIGINT drain the server and end the process with status 0. Default true. */
  readonly signals?: boolean
}

/**
 * Serves a facade. It listens at once, so that `/healthz` answers, and is ready when every validator is compiled.
 *
 * @throws ContractError where a schema of the contract cannot be compiled; nothing listens then
 */
export async function startServer(
  facade: Facade & { close(): Promise<void> },
  settings: Settings,
  options: ServerOptions = {},
): Promise<RunningServer> {
  const logger = options.logger ?? createLogger(settings.logLevel)
  const readiness = new Readiness()
  const metrics = createMetrics(facade.backends)
  const app = createApp(facade, { logger, metrics, readiness, limits: settings, docs: settings.docs })
  const server = createServer(
    {
      maxHeaderSize: settings.maxHeaderBytes,
      headersTimeout: settings.headersTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(settings.headersTimeoutMs, settings.requestTimeoutMs, 5_000),
    },
    app,
  )
  facade.onBackendChange?.(({ name, breaker, previous }) => {
    logger.warn({ backend: name, breaker, previous }, 'breaker')
  })
  const close = onlyOnce(async () => {
    readiness.state = 'draining'
    logger.info('draining')
    await delay(settings.drainDelayMs)
    await drain(server, settings.shutdownGraceMs)
    await facade.close()
    logger.info('closed')
  })
  server.listen(settings.listenPort, settings.host)
  await once(server, 'listening')
  try {
    await app.warmUp()
  } catch (error) {
    await close()
    throw error
  }
  readiness.state = 'ready'
  const url = urlOf(server, settings.host)
  logger.info({ url, operations: facade.operations.size }, 'ready')
  if (options.signals ?? true) closeOnSignals(close, logger)
  return { url, close }
}

const IDLE_CHECK_MS = 50
const SAME_SIGNAL_MS = 1_000

/** Stops listening, lets requests in flight finish, and cuts those that outlast the grace. */
async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that was busy when listening ended becomes idle, and would be kept alive, after its answer.
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, IDLE_CHECK_MS)
  const timer = setTimeout(() => {
    server.closeAllConnections()
  }, graceMs)
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
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function onlyOnce<T>(task: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => (started ??= task())
}

function delay(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
