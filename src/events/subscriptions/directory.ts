import { isJsonObject } from '../../json/value.js'
import type { Outbox, SubscriptionChange, SubscriptionRecord } from '../../store/outbox/outbox.js'

/** A secret that signs, for ever or until it was replaced long enough ago. */
export interface SigningSecret {
  readonly secret: string
  /** Milliseconds since 1970. */
  readonly until?: number
}

/** What is kept of a subscription, encrypted. */
export interface SubscriptionConfig {
  readonly url: string
  /** The newest first. */
  readonly secrets: readonly SigningSecret[]
  readonly description?: string
  /** What its owner might have when they last said where events go, or which; absent: none. */
  readonly scopes?: readonly string[]
  /** The client whose API key they came with: then what its keys allow when an event is sent counts, and not `scopes`. */
  readonly apiKeyClient?: string
}

export interface Subscription extends Omit<SubscriptionRecord, 'config'> {
  readonly config: SubscriptionConfig
  readonly url: string
  /** Those that sign now. */
  readonly secrets: readonly string[]
}

/** The subscriptions of the outbox, as they were a moment ago: what replicas change is seen at the next look. */
export class SubscriptionDirectory {
  readonly #outbox: Outbox
  readonly #onFailure: (error: unknown) => void
  #known: ReadonlyMap<string, Subscription> = new Map()
  #timer: NodeJS.Timeout | undefined

  constructor(outbox: Outbox, onFailure: (error: unknown) => void) {
    this.#outbox = outbox
    this.#onFailure = onFailure
  }

  /** @param everyMs how often it looks for what others have changed */
  async open(everyMs: number): Promise<void> {
    await this.refresh()
    this.#timer = setInterval(() => void this.refresh().catch(this.#onFailure), everyMs).unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  all(): Iterable<Subscription> {
    return this.#known.values()
  }

  get(id: string): Subscription | undefined {
    return this.#known.get(id)
  }

  async refresh(): Promise<void> {
    const records = await this.#outbox.subscriptions()
    this.#known = new Map(
      records.flatMap((record) => {
        const config = configOf(record.config)
        if (!config) return []
        const now = Date.now()
        const secrets = config.secrets
          .filter(({ until = Infinity }) => until > now)
          .map(({ secret }) => secret)
        return [[record.id, { ...record, config, url: config.url, secrets }]]
      }),
    )
  }

  async add(record: Omit<SubscriptionRecord, 'config'>, config: SubscriptionConfig): Promise<void> {
    await this.#outbox.subscribe({ ...record, config: bytesOf(config) })
    await this.refresh()
  }

  async change(
    id: string,
    { config, ...change }: Omit<SubscriptionChange, 'config'> & { readonly config?: SubscriptionConfig },
  ): Promise<boolean> {
    const isKnown = await this.#outbox.change(id, { ...change, ...(config && { config: bytesOf(config) }) })
    await this.refresh()
    return isKnown
  }

  /** @param reason one of a few words */
  async end(id: string, reason: string): Promise<void> {
    await this.change(id, { state: 'ended', reason })
  }

  async remove(id: string): Promise<boolean> {
    const isKnown = await this.#outbox.unsubscribe(id)
    await this.refresh()
    return isKnown
  }
}

function bytesOf(config: SubscriptionConfig): Uint8Array {
  return Buffer.from(JSON.stringify(config))
}

function configOf(bytes: Uint8Array | undefined): SubscriptionConfig | undefined {
  if (!bytes) return undefined
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
  if (!isJsonObject(value) || typeof value.url !== 'string' || !Array.isArray(value.secrets)) return undefined
  return value as unknown as SubscriptionConfig
}
