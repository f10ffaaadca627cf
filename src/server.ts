import { keepFreedMemory } from './base/bytes/freed-memory.js'
import { Diagnostics } from './base/diagnostic/diagnostic.js'
import { ContractError } from './base/errors.js'
import type { Protocol } from './base/protocol.js'
import type { Settings } from './config/settings-table.js'
import { facesOf, protocolsOn } from './faces.js'
import { Contracts } from './http/contract/contracts.js'
import type { EventfulFacade, EventsFront } from './http/events/front.js'
import type { Facade } from './http/facade.js'
import { openFront } from './http/front.js'
import { openAtStart } from './http/operations/guarantees-deployment.js'
import { preloadLater } from './http/operations/preload.js'
import { Readiness } from './http/pages/health.js'
import { adminHost, listen, urlOf } from './http/sockets/listening.js'
import { causeChain, createLogger, type Logger } from './telemetry/logger.js'
import { flushSpans } from './telemetry/tracing.js'

export interface RunningServer {
  /** Without a path: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Of metrics and of the state of backends. */
  readonly adminUrl: string
  /** Those beside REST that are served. */
  readonly protocols: ReadonlySet<Protocol>
  /**
   * Lets other facades serve what comes from now on; requests that have begun end on those before, which are closed then.
   *
   * @throws ContractError where they cannot be served; those before stay
   */
  replace(facades: ClosableFacade | readonly ClosableFacade[]): Promise<void>
  /** Drains and closes; every call gives the same promise. */
  close(): Promise<void>
}

type ClosableFacade = Facade & { close(): Promise<void> }
type ClosableContracts = Contracts<ClosableFacade>

export interface ServerOptions {
  /** Default: JSON lines to stdout. */
  readonly logger?: Logger
  /** An API key that the docs page offers to everybody. */
  readonly offeredKey?: string
  /** Whether SIGTERM, SIGINT and SIGHUP drain the server and end the process with status 0. Default true. */
  readonly signals?: boolean
  /** Whether `replace` will be called, for which requests are counted, and none is refused for want of time. Default false. */
  readonly isReplaceable?: boolean
  /** Whether the contracts were found to be in order before, so that this need not be found out again. Default false. */
  readonly isJudged?: boolean
}

/**
 * Serves a facade. It listens at once, so that `/healthz` answers, and is ready when the contract has been judged; validators and codecs are
 * compiled when an operation is first called.
 *
 * @param facades one, or several beside each other: versions of an API
 * @throws ContractError where a schema of the contract cannot be compiled, callers cannot be checked as the contract
 *   asks, or files of the settings cannot be used, that of the store among them; nothing listens then
 */
export async function startServer(
  facades: ClosableFacade | readonly ClosableFacade[],
  settings: Settings,
  options: ServerOptions = {},
): Promise<RunningServer> {
  keepFreedMemory()
  const given = [facades].flat()
  const contracts = await orClose(closing(given), () => new Contracts(given))
  const logger = options.logger ?? createLogger(settings.logLevel)
  const readiness = new Readiness()
  const events = await orClose(closing(given), () => eventsOf(contracts, settings, logger))
  const withEventsIn = (of: ClosableContracts) =>
    new Contracts(of.all.map((each) => withEvents(events, each)))
  const serving = { contracts: withEventsIn(contracts) }
  const both = closing([...(events ? [events] : []), ...given])
  const front = await orClose(both, async () => {
    return openFront(serving, settings, {
      ...options,
      ...{ logger, readiness },
      facesOf: ({ newest }) => facesOf(settings, logger, protocolsOn(settings, newest.protocols)),
      isReplaceable: options.isReplaceable ?? false,
      ...(events && { events }),
    })
  })
  logChanges(contracts, logger)
  const { app, listener, admin } = front
  let cancelPreload = (): void => undefined
  const close = onlyOnce(async () => {
    readiness.state = 'draining'
    cancelPreload()
    logger.info('draining')
    await delay(settings.drainDelayMs)
    events?.endReaders()
    await front.close(settings.shutdownGraceMs)
    await events?.close()
    await closing(serving.contracts.all).close()
    await app.settled()
    await front.store()?.close()
    await flushSpans()
    logger.info('closed')
  })
  try {
    await openAtStart(front.store(), settings)
    await listen(listener.server, settings.listenPort, settings.host)
    await listen(admin, settings.adminPort, adminHost(settings))
  } catch (error) {
    // A port is taken, or the store cannot be written; the caller may try others with the same facade.
    await front.close(0)
    await events?.close()
    await front.store()?.close()
    throw error
  }
  try {
    if (!options.isJudged) await app.judge()
  } catch (error) {
    await close()
    throw error
  }
  // A database that fails has had its line in the log, and is tried until it can be used.
  await front
    .store()
    ?.purge()
    .catch(() => undefined)
  await front.openRateLimits()
  try {
    await events?.start()
  } catch (error) {
    await close()
    throw error
  }
  readiness.state = 'ready'
  const url = urlOf(listener.server, settings.host, { tls: listener.tls })
  const adminUrl = urlOf(admin, adminHost(settings), { tls: false })
  logger.info({ url, adminUrl, operations: serving.contracts.operationCount }, 'ready')
  cancelPreload = preloadLater((error) => {
    logger.error({ causes: causeChain(new Error('', { cause: error })) }, 'not prepared for the first call')
  })
  if (options.signals ?? true) closeOnSignals(close, logger)
  const replace = async (following: ClosableFacade | readonly ClosableFacade[]) => {
    const own = [following].flat()
    const next = await orClose(closing(own), () => withEventsIn(new Contracts(own)))
    const before = serving.contracts
    const { idle } = await orClose(closing(own), () => front.replace(next))
    serving.contracts = next
    logChanges(next, logger)
    logger.info({ operations: next.operationCount }, 'contract replaced')
    idle
      .then(() => closing(before.all).close())
      .catch((error: unknown) => {
        logger.error({ causes: causeChain(new Error('', { cause: error })) }, 'replaced contract not closed')
      })
  }
  return {
    url,
    adminUrl,
    get protocols() {
      return protocolsOn(settings, serving.contracts.newest.protocols)
    },
    replace,
    close,
  }
}

/** All of them, closed as one. */
function closing(all: readonly { close(): Promise<unknown> }[]): { close(): Promise<unknown> } {
  return { close: () => Promise.all(all.map((each) => each.close())) }
}

function logChanges(contracts: Contracts, logger: Logger): void {
  contracts.onBackendChange(({ name, api, endpoint, breaker, previous }) => {
    logger.warn({ api, backend: name, endpoint, breaker, previous }, 'breaker')
  })
  contracts.onLeniency(({ api, backend, kind }) => {
    logger.warn({ api, backend, kind }, 'lenient')
  })
  contracts.onRevocationListFailure(({ api, backend, index, why, cause }) => {
    const causes = causeChain(new Error('', { cause }))
    logger.warn({ api, backend, crl: index, why, causes }, 'revocation list')
  })
}

/**
 * Opens what webhooks need; contracts without any load nothing of it.
 *
 * @throws ContractError where several contracts have webhooks: events would be kept twice, and told apart by nobody
 */
async function eventsOf(
  contracts: ClosableContracts,
  settings: Settings,
  logger: Logger,
): Promise<EventsFront | undefined> {
  const [facade, other] = contracts.all.filter(hasEvents)
  if (other) {
    const diagnostics = new Diagnostics()
    const message = `Two contracts that are served beside each other have webhooks, ${facade?.basePath} and ${other.basePath}. Leave them to one, or serve each contract by a process of its own.`
    diagnostics.error('webhook-source', message, other.contract.locate('/webhooks'))
    throw new ContractError(diagnostics.list)
  }
  if (!facade) return undefined
  const { openEvents } = await import('./http/events/front.js')
  return openEvents(facade, settings, logger)
}

function hasEvents<T extends Facade>(facade: T): facade is T & EventfulFacade {
  return facade.contract !== undefined && facade.webhooks !== undefined && facade.webhooks.length > 0
}

/** Where events come from is read at the start; of a contract that replaces it the operations are served. */
function withEvents(events: EventsFront | undefined, facade: ClosableFacade): ClosableFacade {
  if (!events || !hasEvents(facade)) return facade
  return { ...events.facadeOf(facade), close: () => facade.close() }
}

async function orClose<T>(facade: { close(): Promise<unknown> }, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    await facade.close()
    throw error
  }
}

const SAME_SIGNAL_MS = 1_000

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

function onlyOnce<T>(task: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => (started ??= task())
}

function delay(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
