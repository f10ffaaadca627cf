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
  /** Ids of those that have been told of. */
  readonly #unreadable = new Set<string>()
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
        const config = this.#configOf(record)
        if (!config) return []
        const now = Date.now()
        const secrets = config.secrets
          .filter(({ until = Infinity }) => until > now)
          .map(({ secret }) => secret)
        return [[record.id, { ...record, config, url: config.url, secrets }]]
      }),
    )
  }

  /** One that cannot be read gets nothing; that is told once. */
  #configOf({ id, config }: SubscriptionRecord): SubscriptionConfig | undefined {
    const read = config && parsedConfig(Buffer.from(config).toString('utf8'))
    if (read) {
      this.#unreadable.delete(id)
      return read
    }
    if (!this.#unreadable.has(id)) {
      const why = config
        ? 'it is not what this version keeps of one'
        : 'STORE_ENCRYPTION_KEY has no key for it'
      this.#onFailure(new Error(`The subscription ${id} gets nothing: ${why}.`))
    }
    this.#unreadable.add(id)
    return undefined
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

/** @returns undefined where a member is missing, or is of another type */
function parsedConfig(text: string): SubscriptionConfig | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  const { url, secrets, description, scopes, apiKeyClient } = value
  if (typeof url !== 'string' || !Array.isArray(secrets) || !secrets.every(isSigningSecret)) return undefined
  if (!isTextOrAbsent(description) || !isTextOrAbsent(apiKeyClient)) return undefined
  if (scopes !== undefined && !(Array.isArray(scopes) && scopes.every(isText))) return undefined
  return {
    ...{ url, secrets },
    ...(description !== undefined && { description }),
    ...(scopes && { scopes }),
    ...(apiKeyClient !== undefined && { apiKeyClient }),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || isText(value)
}

function isSigningSecret(value: unknown): value is SigningSecret {
  return isJsonObject(value) && isText(value.secret) && ['number', 'undefined'].includes(typeof value.until)
}
