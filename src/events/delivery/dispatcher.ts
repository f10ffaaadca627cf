import { randomUUID } from 'node:crypto'
import type { ClaimedDelivery, Outbox, Settlement } from '../../store/outbox/outbox.js'
import type { Subscription, SubscriptionDirectory } from '../subscriptions/directory.js'
import { EndpointHealth } from './endpoint-health.js'
import { LEASE_MS, Leases } from './leases.js'
import { nextDelay, type Schedule } from './schedule.js'
import type { Sender, Sent } from './sender.js'

export interface DispatcherOptions {
  readonly schedule: Schedule
  /** Messages to one subscriber at once. */
  readonly concurrency: number
  /** How long nothing new is looked for where nobody says that there is something, in milliseconds. */
  readonly idleMs: number
  /** May it have events of this type? */
  readonly mayHave: (subscription: Subscription, type: string) => boolean
  /** Told of each attempt that ended. */
  readonly onSettled: (state: Settlement['state'], reason: string) => void
  /** Told where the store fails. */
  readonly onFailure: (error: unknown) => void
}

/** Between two looks for deliveries, so that they are taken several at a time. */
const LOOK_MS = 4
/** After the store has failed. */
const STORE_AGAIN_MS = 500
/** How long what has been delivered is tried to be recorded while the service ends. */
const LAST_RECORDS_MS = 10_000
/** Of all subscribers together. */
const MOST_AT_ONCE = 512

/** How an attempt ended, whatever it was of. */
type Ending = Omit<Settlement, 'subscription' | 'sequence' | 'order'>

/** What one subscriber has of this process. */
interface Lane {
  readonly waiting: ClaimedDelivery[]
  readonly health: EndpointHealth
  sending: number
}

/**
 * Delivers what the outbox holds. Each subscriber has places of its own: one that is slow, or down, takes them and no others.
 * What was claimed and is not settled, since the process has died, is delivered by another when its lease is over.
 */
export class Dispatcher {
  readonly #outbox: Outbox
  readonly #directory: SubscriptionDirectory
  readonly #sender: Pick<Sender, 'send'>
  readonly #options: DispatcherOptions
  readonly #owner = randomUUID()
  readonly #leases: Leases
  readonly #lanes = new Map<string, Lane>()
  /** Attempts and records that have not ended. */
  readonly #underWay = new Set<Promise<void>>()
  #sending = 0
  #wake: (() => void) | undefined
  #isAwake = false
  /** Whether more may be due than there were places for, so that a place that is free again is told of. */
  #isShort = true
  #isClosed = false
  #running: Promise<void> | undefined

  constructor(
    outbox: Outbox,
    directory: SubscriptionDirectory,
    sender: Pick<Sender, 'send'>,
    options: DispatcherOptions,
  ) {
    this.#outbox = outbox
    this.#directory = directory
    this.#sender = sender
    this.#options = options
    this.#leases = new Leases(outbox, { owner: this.#owner, onFailure: options.onFailure })
  }

  /** Endpoints that are left alone for a while. */
  get openBreakers(): number {
    return [...this.#lanes.values()].filter(({ health }) => health.isOpen).length
  }

  start(): void {
    this.#leases.start()
    this.#running = this.#run()
  }

  /** There is something to deliver, or a place to deliver it in. */
  wake(): void {
    this.#isAwake = true
    this.#wake?.()
  }

  /** Takes nothing more, and waits for what is being sent. What waits goes back. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.wake()
    await this.#running
    for (const lane of this.#lanes.values()) this.#giveBack(lane)
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    this.#leases.close()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isAwake = false
      let pauseMs = LOOK_MS
      try {
        const rooms = this.#rooms()
        const since = performance.now()
        this.#isShort = true
        const claimed = rooms.length === 0 ? [] : await this.#outbox.claim(rooms, this.#owner, LEASE_MS)
        this.#isShort = this.#leavesMore(rooms, claimed)
        for (const delivery of claimed) {
          if (this.#leases.add(delivery, since)) this.#lane(delivery.subscription).waiting.push(delivery)
        }
        for (const { subscription } of claimed) this.#fill(subscription)
        if (claimed.length === 0) pauseMs = await this.#idleMs(rooms.map(({ subscription }) => subscription))
      } catch (error) {
        this.#options.onFailure(error)
        await this.#pause(STORE_AGAIN_MS, { isDeaf: true })
        continue
      }
      await this.#pause(pauseMs, { isDeaf: pauseMs === LOOK_MS })
    }
  }

  async #idleMs(subscriptions: readonly string[]): Promise<number> {
    const due = subscriptions.length === 0 ? undefined : await this.#outbox.nextDue(subscriptions)
    const now = performance.now()
    const breakers = [...this.#lanes.values()].flatMap(({ health }) =>
      health.isOpen ? [health.waitMs(now)] : [],
    )
    return Math.max(
      LOOK_MS,
      Math.min(this.#options.idleMs, due ?? Infinity, ...breakers.filter((ms) => ms > 0)),
    )
  }

  /** @param isDeaf whether nobody wakes it */
  async #pause(ms: number, { isDeaf }: { readonly isDeaf: boolean }): Promise<void> {
    if (this.#isClosed || (this.#isAwake && !isDeaf)) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      if (isDeaf) return
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }

  #rooms(): readonly { readonly subscription: string; readonly places: number }[] {
    const now = performance.now()
    const { concurrency } = this.#options
    let left = MOST_AT_ONCE - this.#sending
    const rooms: { subscription: string; places: number }[] = []
    for (const { id, state } of this.#directory.all()) {
      if (state !== 'active') continue
      const { waiting, sending, health } = this.#lane(id)
      // As many wait here as are being sent, so that none of the places is empty while the store is asked.
      const most = health.isOpen ? 1 : 2 * concurrency
      const places = Math.min(health.places(most, now) - waiting.length - sending, left)
      if (places <= 0) continue
      rooms.push({ subscription: id, places })
      left -= places
      if (left <= 0) break
    }
    return rooms
  }

  #leavesMore(
    rooms: readonly { readonly subscription: string; readonly places: number }[],
    claimed: readonly ClaimedDelivery[],
  ): boolean {
    const asked = new Set(rooms.map(({ subscription }) => subscription))
    for (const { id, state } of this.#directory.all()) if (state === 'active' && !asked.has(id)) return true
    const taken = new Map<string, number>()
    for (const { subscription } of claimed) taken.set(subscription, (taken.get(subscription) ?? 0) + 1)
    return rooms.some(({ subscription, places }) => (taken.get(subscription) ?? 0) >= places)
  }

  #lane(subscription: string): Lane {
    let lane = this.#lanes.get(subscription)
    if (!lane) {
      lane = { waiting: [], health: new EndpointHealth(), sending: 0 }
      this.#lanes.set(subscription, lane)
    }
    return lane
  }

  #fill(subscription: string): void {
    const lane = this.#lane(subscription)
    while (lane.waiting.length > 0 && !this.#isClosed) {
      const now = performance.now()
      if (lane.sending >= lane.health.places(this.#options.concurrency, now)) {
        if (lane.health.isOpen) this.#giveBack(lane)
        return
      }
      const delivery = lane.waiting.shift()
      if (!delivery) return
      if (!this.#leases.isHeld(delivery, now)) {
        // The store was away: by now another may have it.
        this.#leases.release(delivery)
        continue
      }
      lane.sending++
      this.#sending++
      const sending = this.#send(delivery, lane).finally(() => {
        this.#underWay.delete(sending)
        lane.sending--
        this.#sending--
        this.#fill(subscription)
        if (this.#isShort) this.wake()
      })
      this.#underWay.add(sending)
    }
  }

  /** What waits here may be sent by others, or later. */
  #giveBack(lane: Lane): void {
    for (const delivery of lane.waiting.splice(0)) void this.#settle(delivery, back(this.#owner))
  }

  async #send(delivery: ClaimedDelivery, lane: Lane): Promise<void> {
    const { event } = delivery
    const subscription = this.#directory.get(delivery.subscription)
    if (subscription?.state !== 'active') {
      void this.#settle(delivery, back(this.#owner))
      return
    }
    if (!event.body) {
      // No key opens it any more.
      void this.#settle(delivery, { ...back(this.#owner), state: 'dead', reason: 'unreadable' })
      return
    }
    if (!this.#options.mayHave(subscription, event.type)) {
      void this.#settle(delivery, { ...back(this.#owner), state: 'dead', reason: 'scope' })
      return
    }
    const sent = await this.#sender.send(subscription, { id: event.id, body: event.body })
    if (sent.reason === '') lane.health.taken()
    else lane.health.failed(performance.now())
    await this.#judge(delivery, subscription, sent)
  }

  async #judge(delivery: ClaimedDelivery, { id }: Subscription, sent: Sent): Promise<void> {
    const { status, reason } = sent
    const attempted = { owner: this.#owner, status, reason, delayMs: 0, isAttempt: true }
    if (reason === '') {
      void this.#settle(delivery, { ...attempted, state: 'delivered' })
      return
    }
    if (status === 410) {
      await this.#settle(delivery, { ...attempted, state: 'dead' })
      await this.#directory.end(id, 'gone').catch(this.#options.onFailure)
      return
    }
    const delayMs = nextDelay(this.#options.schedule, delivery.attempts + 1, sent.retryAfterMs)
    if (delayMs === undefined) void this.#settle(delivery, { ...attempted, state: 'dead' })
    else void this.#settle(delivery, { ...attempted, state: 'pending', delayMs })
  }

  #settle(delivery: ClaimedDelivery, how: Ending): Promise<void> {
    if (how.isAttempt || how.state === 'dead') this.#options.onSettled(how.state, how.reason)
    const { subscription, order, event } = delivery
    const settling = this.#settled({ ...how, subscription, order, sequence: event.sequence }).finally(() => {
      this.#leases.release(delivery)
      this.#underWay.delete(settling)
      // The next event of its order may go, or it itself once more.
      if (this.#isShort || order !== undefined || how.state === 'pending') this.wake()
    })
    this.#underWay.add(settling)
    return settling
  }

  /** What was delivered is not to be delivered again for a store that was away: its lease is kept until it is recorded. */
  async #settled(settlement: Settlement): Promise<void> {
    let endsAt: number | undefined
    for (;;) {
      try {
        await this.#outbox.settle([settlement])
        return
      } catch (error) {
        this.#options.onFailure(error)
        if (this.#isClosed) endsAt ??= performance.now() + LAST_RECORDS_MS
        if (endsAt !== undefined && performance.now() > endsAt) return
        await new Promise((resolve) => setTimeout(resolve, STORE_AGAIN_MS))
      }
    }
  }
}

function back(owner: string): Ending {
  return { owner, state: 'pending', delayMs: 0, status: 0, reason: '', isAttempt: false }
}
