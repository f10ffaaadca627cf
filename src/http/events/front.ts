import type { RestOperation } from '../../adapter/rest.js'
import type { WebhookSource } from '../../adapter/webhook-source.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import type { Settings } from '../../config/settings-table.js'
import { eventPaths } from '../../events/operations/paths.js'
import { EventService, type RolesOfClient } from '../../events/service.js'
import { type FiledSubscription, readSubscriptions } from '../../events/subscriptions/file.js'
import { isObject, type OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import { openOutbox } from '../../store/outbox/open.js'
import { causeChain, type Logger } from '../../telemetry/logger.js'
import type { Metrics } from '../../telemetry/metrics.js'
import type { Facade } from '../facade.js'
import { SoapFace, type SoapFaceOptions } from './soap-face.js'

/** A facade with webhooks. */
export type EventfulFacade = Facade & {
  readonly contract: OpenApiDocument
  readonly webhooks: readonly WebhookSource[]
}

const MS_PER_HOUR = 3_600_000

/** What the server needs of events. */
export interface EventsFront {
  /** The facade with the operations by which clients subscribe and read events. */
  facadeOf(facade: EventfulFacade): Facade
  face(options: Omit<SoapFaceOptions, 'onMessage'>): SoapFace
  measure(metrics: Metrics): void
  /** Says who knows what a client may have by its API keys, which may change while the service runs. */
  askForRoles(rolesOf: RolesOfClient): void
  start(): Promise<void>
  /** Lets connections of readers end. */
  endReaders(): void
  close(): Promise<void>
}

/**
 * Opens what a contract with webhooks needs; nothing is delivered or polled before `start`.
 *
 * @throws ContractError where the store or the file of subscriptions cannot be used
 */
export async function openEvents(
  facade: EventfulFacade,
  settings: Settings,
  logger: Logger,
): Promise<EventsFront> {
  const types = facade.webhooks.map(({ mapping }) => mapping.name)
  const filed = filedOf(settings, types)
  const outbox = await outboxOf(settings)
  const service = new EventService(outbox, facade.webhooks, facade.operations, {
    scheduleMs: settings.eventsScheduleSeconds.map((seconds) => Number(seconds) * 1_000),
    timeoutMs: settings.eventsTimeoutMs,
    concurrency: settings.eventsConcurrency,
    retentionMs: settings.eventsRetentionHours * MS_PER_HOUR,
    allowedNetworks: settings.eventsAllowNetworks,
    filed,
    isAuthenticationOff: settings.authentication === 'off',
    isShared: settings.databaseUrl !== '',
    onFailure: (what, error) => {
      logger.error({ what, causes: causeChain(new Error('', { cause: error })) }, 'events')
    },
    onDead: (reason) => {
      logger.warn({ reason }, 'event is dead')
    },
  })
  const messages = new Map<string, number>()
  return {
    facadeOf: (of) => withOperations(of, service.operations, filed === undefined),
    face: (options) =>
      new SoapFace(service.ports, {
        ...options,
        onMessage: (_, outcome) => messages.set(outcome, (messages.get(outcome) ?? 0) + 1),
      }),
    measure: (metrics) => {
      const { counts } = service
      metrics.addCounter(
        { name: 'events_total', help: 'Events by what has become of them', label: 'outcome' },
        () => counts,
      )
      const help = 'SOAP messages of backends by how they were answered'
      metrics.addCounter({ name: 'event_messages_total', help, label: 'outcome' }, () =>
        Object.fromEntries(messages),
      )
      metrics.addGauge('events_waiting', 'Deliveries that are still to be made', () => service.state.waiting)
      metrics.addGauge('events_dead', 'Deliveries that were given up', () => service.state.dead)
      metrics.addGauge(
        'events_oldest_seconds',
        'Age of the oldest event that is still to be delivered',
        () => service.state.oldestMs / 1_000,
      )
      metrics.addGauge(
        'event_endpoints_down',
        'Endpoints of subscribers that are left alone for a while, since they failed',
        () => service.openBreakers,
      )
      metrics.addGauge('event_readers', 'Readers that wait for events', () => service.readers)
    },
    askForRoles: (rolesOf) => {
      service.rolesOf = rolesOf
    },
    start: () => service.start(),
    endReaders: () => {
      service.endReaders()
    },
    close: () => service.close(),
  }
}

/**
 * The facade with operations of its own in its document.
 *
 * @throws ContractError where the contract has such a path already
 */
export function withOperations(
  facade: EventfulFacade,
  operations: readonly RestOperation[],
  isSelfService: boolean,
): Facade {
  const document = withEventPaths(facade, isSelfService)
  return {
    basePath: facade.basePath,
    document,
    contract: facade.contract.as(document),
    operations: new Map([
      ...facade.operations,
      ...operations.map((operation) => [operation.operationId, operation] as const),
    ]),
    backends: facade.backends,
    ...(facade.protocols && { protocols: facade.protocols }),
    warmUp: () => facade.warmUp?.(),
    onBackendChange: (listener) => facade.onBackendChange?.(listener) ?? (() => undefined),
    onLeniency: (listener) => facade.onLeniency?.(listener) ?? (() => undefined),
    onRevocationListFailure: (listener) => facade.onRevocationListFailure?.(listener) ?? (() => undefined),
    onCall: (listener) => facade.onCall?.(listener) ?? (() => undefined),
    shareUses: (shared) => facade.shareUses?.(shared),
    certificatesExpiredBy: (at) => facade.certificatesExpiredBy?.(at) ?? 0,
  }
}

/** The published document of a contract with webhooks. @throws ContractError */
export function withEventPaths(
  {
    document,
    contract,
    webhooks,
    eventSecurity,
  }: Pick<EventfulFacade, 'document' | 'contract' | 'webhooks' | 'eventSecurity'>,
  isSelfService: boolean,
): OpenApiObject {
  const added = eventPaths(new Map(webhooks.map(({ mapping }) => [mapping.name, mapping.scopes])), {
    security: eventSecurity,
    isSelfService,
  })
  const paths = isObject(document.paths) ? document.paths : {}
  const taken = Object.keys(added).find((path) => path in paths)
  if (taken !== undefined) {
    const diagnostics = new Diagnostics()
    const message = `The path ${taken} is where clients of a contract with webhooks subscribe: choose another.`
    diagnostics.error('webhook-source', message, contract.locate(`/paths/${taken.replaceAll('/', '~1')}`))
    throw new ContractError(diagnostics.list)
  }
  return { ...document, paths: { ...paths, ...added } }
}

function failed(message: string): ContractError {
  const diagnostics = new Diagnostics()
  diagnostics.error('setting-invalid', message)
  return new ContractError(diagnostics.list)
}

/** @throws ContractError */
function filedOf(
  { eventsSubscriptionsFile: file }: Settings,
  types: readonly string[],
): readonly FiledSubscription[] | undefined {
  if (file === '') return undefined
  try {
    return readSubscriptions(file, types)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw failed(`EVENTS_SUBSCRIPTIONS_FILE, ${file}: ${reason}.`)
  }
}

/** @throws ContractError */
async function outboxOf({ databaseUrl, storeFile, storeKeys }: Settings): ReturnType<typeof openOutbox> {
  if (databaseUrl !== '' && storeKeys.length === 0) {
    throw failed(
      'The contract has webhooks and DATABASE_URL is set: STORE_ENCRYPTION_KEY must be set, too, so that events are encrypted there. `openssl rand -base64 32` makes a key.',
    )
  }
  try {
    return await openOutbox({
      databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
      storeFile,
      storeKeys: storeKeys.map((key) => Buffer.from(key, 'base64')),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw failed(
      `The contract has webhooks, and their store cannot be opened (${reason}): see STORE_FILE and DATABASE_URL.`,
    )
  }
}
