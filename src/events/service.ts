import type { RestOperation } from '../adapter/rest.js'
import type { WebhookSource } from '../adapter/webhook-source.js'
import type { NewEvent, Outbox, OutboxState } from '../store/outbox/outbox.js'
import { AddressGuard, type Resolve } from './delivery/address-guard.js'
import { Dispatcher } from './delivery/dispatcher.js'
import { Sender } from './delivery/sender.js'
import { EventScopes } from './event-scopes.js'
import { Feed } from './operations/feed-operations.js'
import type { OwnOperation } from './operations/own-operation.js'
import { subscriptionOperations } from './operations/subscription-operations.js'
import { Poller } from './poll/poller.js'
import type { SoapPort } from './receive/soap-port.js'
import { soapPorts } from './receive/soap-ports.js'
import { SubscriptionDirectory } from './subscriptions/directory.js'
import { applyFile, type FiledSubscription, isFiled } from './subscriptions/file.js'

export interface EventOptions {
  /** After each attempt that fails, in milliseconds. */
  readonly scheduleMs: readonly number[]
  readonly timeoutMs: number
  /** Messages to one subscriber at once. */
  readonly concurrency: number
  /** How long events are kept, delivered or not, in milliseconds. */
  readonly retentionMs: number
  /** Networks that subscribers may have although they are private. */
  readonly allowedNetworks: readonly string[]
  /** Of a file; undefined where clients subscribe themselves. */
  readonly filed: readonly FiledSubscription[] | undefined
  /** Whether nobody is asked who they are: then `scopes` of webhooks are not, either. */
  readonly isAuthenticationOff: boolean
  /** Whether other processes share the store. */
  readonly isShared: boolean
  /** Told where the store or a poll fails. */
  readonly onFailure: (what: string, error: unknown) => void
  /** Told of an attempt that was the last one. */
  readonly onDead?: (reason: string) => void
  /** For tests. */
  readonly resolve?: Resolve
}

/** The roles of all API keys that a client has now; undefined where it has none. */
export type RolesOfClient = (client: string) => ReadonlySet<string> | undefined

/** What has become of events since the start. */
export type EventCount =
  'received' | 'stored' | 'repeated' | 'delivered' | 'retried' | 'dead' | 'polled' | 'poll-failed'

const LOOK_MS = 1_000
const ALONE_LOOK_MS = 30_000
const REFRESH_MS = 2_000
const PURGE_MS = 600_000
const STATE_MS = 15_000

/** Everything that events go through in this process. */
export class EventService {
  readonly ports: readonly SoapPort[]
  readonly operations: readonly OwnOperation[]
  /** Of the events of the contract. */
  readonly types: readonly string[]
  readonly counts: Record<EventCount, number> = {
    ...{
      received: 0,
      stored: 0,
      repeated: 0,
      delivered: 0,
      retried: 0,
      dead: 0,
      polled: 0,
      'poll-failed': 0,
    },
  }
  state: OutboxState = { waiting: 0, dead: 0, oldestMs: 0 }
  /** Asked at each delivery to a client that has subscribed with an API key. */
  rolesOf: RolesOfClient = () => undefined
  readonly #outbox: Outbox
  readonly #options: EventOptions
  readonly #directory: SubscriptionDirectory
  readonly #sender: Sender
  readonly #dispatcher: Dispatcher
  readonly #feed: Feed
  readonly #pollers: readonly Poller[]
  readonly #timers: NodeJS.Timeout[] = []

  constructor(
    outbox: Outbox,
    sources: readonly WebhookSource[],
    operations: ReadonlyMap<string, RestOperation>,
    options: EventOptions,
  ) {
    const { scheduleMs, timeoutMs, concurrency, allowedNetworks, isShared, onFailure, resolve } = options
    this.#outbox = outbox
    this.#options = options
    const scopes = new EventScopes(new Map(sources.map(({ mapping }) => [mapping.name, mapping.scopes])), {
      isOff: options.isAuthenticationOff,
    })
    this.types = scopes.types
    const guard = new AddressGuard(allowedNetworks, resolve)
    this.#sender = new Sender(guard, { timeoutMs })
    const onStoreFailure = (error: unknown): void => {
      onFailure('store', error)
    }
    this.#directory = new SubscriptionDirectory(outbox, onStoreFailure)
    this.#dispatcher = new Dispatcher(outbox, this.#directory, this.#sender, {
      schedule: { delaysMs: scheduleMs, random: Math.random },
      concurrency,
      idleMs: isShared ? LOOK_MS : ALONE_LOOK_MS,
      mayHave: (subscription, type) => {
        if (isFiled(subscription) || options.isAuthenticationOff) return true
        const { scopes: held = [], apiKeyClient } = subscription.config
        if (apiKeyClient === undefined) return scopes.allows(type, held)
        const roles = this.rolesOf(apiKeyClient)
        return roles !== undefined && scopes.allows(type, [...roles])
      },
      onFailure: onStoreFailure,
      onSettled: (state, reason) => {
        this.counts[state === 'pending' ? 'retried' : state]++
        if (state === 'dead') options.onDead?.(reason)
      },
    })
    this.#feed = new Feed(outbox, scopes)
    const keep = (events: readonly NewEvent[]): Promise<void> => this.#keep(events)
    this.ports = soapPorts(sources, keep)
    this.#pollers = sources.flatMap(({ mapping }) => {
      const operation = mapping.kind === 'poll' ? operations.get(mapping.operationId) : undefined
      if (mapping.kind !== 'poll' || !operation) return []
      const onPoll = (name: string, outcome: 'asked' | 'failed', error?: unknown): void => {
        this.counts[outcome === 'asked' ? 'polled' : 'poll-failed']++
        if (outcome === 'failed') onFailure(`poll of ${name}`, error)
      }
      return [new Poller(mapping, operation, outbox, { keep, keepMs: options.retentionMs, onPoll })]
    })
    const context = {
      outbox,
      guard,
      directory: this.#directory,
      sender: this.#sender,
      scopes,
      wake: () => {
        this.#dispatcher.wake()
      },
    }
    this.operations = [
      ...(options.filed === undefined ? subscriptionOperations(context) : []),
      ...this.#feed.operations(),
    ]
  }

  /** Begins to deliver and to poll. @throws Error where the store cannot be read */
  async start(): Promise<void> {
    const { filed, isShared, retentionMs, onFailure } = this.#options
    await this.#directory.open(isShared ? REFRESH_MS : ALONE_LOOK_MS)
    if (filed) await applyFile(this.#directory, filed)
    this.#dispatcher.start()
    for (const poller of this.#pollers) poller.start()
    const regularly = (everyMs: number, task: () => Promise<unknown>): void => {
      const run = (): void => {
        task().catch((error: unknown) => {
          onFailure('store', error)
        })
      }
      this.#timers.push(setInterval(run, everyMs).unref())
      run()
    }
    regularly(PURGE_MS, () => this.#outbox.purge(retentionMs))
    regularly(STATE_MS, async () => {
      this.state = await this.#outbox.state()
    })
  }

  get openBreakers(): number {
    return this.#dispatcher.openBreakers
  }

  get readers(): number {
    return this.#feed.readers
  }

  /** Ends waits of readers, so that their connections can be closed. */
  endReaders(): void {
    this.#feed.close()
  }

  /** Waits for what is being sent and closes the store; what waits is delivered after the next start, or by others. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#feed.close()
    await Promise.all(this.#pollers.map((poller) => poller.close()))
    this.#directory.close()
    await this.#dispatcher.close()
    await this.#sender.close()
    await this.#outbox.close()
  }

  async #keep(events: readonly NewEvent[]): Promise<void> {
    this.counts.received += events.length
    const added = await this.#outbox.append(events)
    const own = events.filter(({ id }) => added.has(id)).length
    this.counts.stored += own
    this.counts.repeated += events.length - own
    this.#dispatcher.wake()
    this.#feed.wake()
  }
}
