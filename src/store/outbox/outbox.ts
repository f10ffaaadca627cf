/** An event that is about to be kept. */
export interface NewEvent {
  /** The `webhook-id`: one that is kept already is not kept again. */
  readonly id: string
  readonly type: string
  /** Names what events keep their order by; a hash. */
  readonly order: string | undefined
  /** What is delivered, octet by octet. */
  readonly body: Uint8Array
}

export interface StoredEvent {
  /** Its place in the log: later events have greater ones, and none appears below one that was read. */
  readonly sequence: number
  readonly id: string
  readonly type: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Undefined where no key opens it any more. */
  readonly body: Uint8Array | undefined
}

/** An event on its way to one subscription, held by one process. */
export interface ClaimedDelivery {
  readonly subscription: string
  readonly event: StoredEvent
  /** What its event keeps its order by. */
  readonly order: string | undefined
  /** Attempts before this one. */
  readonly attempts: number
}

/** How an attempt ended. */
export interface Settlement {
  /** Who has claimed it; where another has by now, nothing is recorded. */
  readonly owner: string
  readonly subscription: string
  readonly sequence: number
  /** As it was claimed: the next event of the same order may go when this one is delivered or dead. */
  readonly order: string | undefined
  readonly state: 'delivered' | 'pending' | 'dead'
  /** Until the next attempt, in milliseconds, where it is pending. */
  readonly delayMs: number
  /** HTTP status of the answer; 0 where there was none. */
  readonly status: number
  /** One of a few words. */
  readonly reason: string
  /** Whether it counts as an attempt. */
  readonly isAttempt: boolean
}

export type DeliveryState = 'pending' | 'queued' | 'delivered' | 'dead'

export interface DeliveryRecord {
  readonly subscription: string
  readonly sequence: number
  readonly eventId: string
  readonly type: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly status: number
  readonly reason: string
  /** Of the last change, milliseconds since 1970. */
  readonly at: number
}

export type SubscriptionState = 'active' | 'paused' | 'ended'

export interface SubscriptionRecord {
  readonly id: string
  /** Whose it is; a hash. */
  readonly owner: string
  readonly state: SubscriptionState
  readonly types: readonly string[]
  /** Address, secrets, description. Undefined where no key opens it any more. */
  readonly config: Uint8Array | undefined
  readonly createdAt: number
  /** Why it has ended, in one of a few words. */
  readonly reason: string
}

/** What is changed of a subscription; the rest stays. */
export type SubscriptionChange = Partial<
  Pick<SubscriptionRecord, 'state' | 'types' | 'reason'> & { readonly config: Uint8Array }
>

/** A poll that is this process's turn. */
export interface PollTurn {
  /** Counts the polls that were ended. */
  readonly generation: number
  readonly cursor: Uint8Array | undefined
}

export interface PolledItem {
  /** A hash. */
  readonly item: string
  /** A hash. */
  readonly version: string
  readonly body: Uint8Array | undefined
}

export interface PollResult {
  /** Whether there was an answer; else the poll does not count. */
  readonly isAnswered: boolean
  readonly dueInMs: number
  readonly cursor: Uint8Array | undefined
  /** New or changed. */
  readonly seen: readonly PolledItem[]
  readonly gone: readonly string[]
  /** How long what was seen is remembered without being seen again; for ever by default. */
  readonly keepMs: number | undefined
}

export interface OutboxState {
  /** Deliveries that are still to be made, to subscriptions that are not paused. */
  readonly waiting: number
  readonly dead: number
  /** Age of the oldest event that is still to be delivered; 0 without any. */
  readonly oldestMs: number
}

export interface Purged {
  readonly events: number
}

export interface DeliveryQuery {
  /** Of all subscriptions by default. */
  readonly subscription?: string
  readonly eventId?: string
  readonly state?: DeliveryState
  /** Only those below this place in the log. */
  readonly before?: number
  readonly limit: number
}

/**
 * Events from when they were received until they are delivered, for all processes that share it.
 *
 * What is written is durable when its promise resolves, but for `claim`, `renew` and `settle`: these outlive the process and are
 * on disk a moment later. A machine or a database that fails in that moment has events sent once more, with their ids. When the
 * store cannot be reached every function rejects.
 */
export interface Outbox {
  /** Keeps events, with a delivery for each subscription that wants them. @returns the ids of those that are new */
  append(events: readonly NewEvent[]): Promise<ReadonlySet<string>>
  /**
   * Takes deliveries that are due, oldest first.
   *
   * @param rooms how many of each subscription
   * @param leaseMs how long no other process takes them
   */
  claim(
    rooms: readonly { readonly subscription: string; readonly places: number }[],
    owner: string,
    leaseMs: number,
  ): Promise<readonly ClaimedDelivery[]>
  /** Holds deliveries longer, those that are still their owner's. @param leaseMs from now */
  renew(
    held: readonly { readonly subscription: string; readonly sequence: number }[],
    owner: string,
    leaseMs: number,
  ): Promise<void>
  /** Records how attempts ended, of those that are still their owner's. */
  settle(settlements: readonly Settlement[]): Promise<void>
  /** Milliseconds until the next delivery of these subscriptions is due; undefined without any. */
  nextDue(subscriptions: readonly string[]): Promise<number | undefined>

  /** Events of the log in its order. */
  after(sequence: number, types: readonly string[], limit: number): Promise<readonly StoredEvent[]>
  /** The last place in the log; 0 of an empty one. */
  last(): Promise<number>
  event(id: string): Promise<StoredEvent | undefined>

  /** Does nothing where there is one with this id. */
  subscribe(record: SubscriptionRecord): Promise<void>
  subscriptions(): Promise<readonly SubscriptionRecord[]>
  /** What an ended subscription has not got is given up. @returns whether there is such a subscription */
  change(id: string, change: SubscriptionChange): Promise<boolean>
  /** Forgets a subscription with its deliveries. @returns whether there was one */
  unsubscribe(id: string): Promise<boolean>

  /** Latest first. */
  deliveries(query: DeliveryQuery): Promise<readonly DeliveryRecord[]>
  /** Has dead, or named, deliveries made again. @returns how many */
  redeliver(query: Pick<DeliveryQuery, 'subscription' | 'eventId'>): Promise<number>

  /** @returns undefined where the poll is not due, or another process has it */
  beginPoll(name: string, owner: string, leaseMs: number): Promise<PollTurn | undefined>
  polledItems(name: string): Promise<readonly PolledItem[]>
  endPoll(name: string, owner: string, result: PollResult): Promise<void>

  state(): Promise<OutboxState>
  /** Removes events that are older, with their deliveries, and what polls need not remember. */
  purge(olderThanMs: number): Promise<Purged>
  close(): Promise<void>
}
