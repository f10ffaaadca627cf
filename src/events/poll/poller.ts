import { randomUUID } from 'node:crypto'
import type { RestOperation, RestRequest } from '../../adapter/rest.js'
import { bytesOf } from '../../base/bytes/source.js'
import { parseWritten } from '../../json/parse.js'
import {
  ExactNumber,
  isJsonObject,
  isJsonScalar,
  type JsonValue,
  scalarText,
  setMember,
} from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { PolledWebhook } from '../../mapping/operation/webhook/polled.js'
import type { NewEvent, Outbox, PolledItem } from '../../store/outbox/outbox.js'
import { eventBody } from '../event-body.js'
import { digestOf, eventId } from '../event-id.js'

export interface PollerOptions {
  /** Keeps events; they are durable when it resolves. */
  readonly keep: (events: readonly NewEvent[]) => Promise<unknown>
  /** How long items below a cursor are remembered, in milliseconds. */
  readonly keepMs: number
  /** Told of each poll. */
  readonly onPoll: (name: string, outcome: 'asked' | 'failed', error?: unknown) => void
}

/** An answer may take so long; then another process may ask. */
const LEASE_MS = 120_000
const MOST_ITEMS = 100_000
const LOOK_MS = 1_000

/** Asks for a list again and again, and makes events of what is new, changed or gone. One process asks at a time. */
export class Poller {
  readonly #webhook: PolledWebhook
  readonly #operation: RestOperation
  readonly #outbox: Outbox
  readonly #options: PollerOptions
  readonly #owner = randomUUID()
  #timer: NodeJS.Timeout | undefined
  #asking: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(webhook: PolledWebhook, operation: RestOperation, outbox: Outbox, options: PollerOptions) {
    this.#webhook = webhook
    this.#operation = operation
    this.#outbox = outbox
    this.#options = options
  }

  start(): void {
    const everyMs = Math.min(this.#webhook.everyMs, LOOK_MS)
    const look = (): void => {
      if (this.#isClosed) return
      this.#asking = this.ask().finally(() => {
        this.#timer = setTimeout(look, everyMs).unref()
      })
    }
    look()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#asking
  }

  /** Asks where it is due, and nobody else does. Never rejects. */
  async ask(): Promise<void> {
    const { name, everyMs } = this.#webhook
    try {
      const turn = await this.#outbox.beginPoll(name, this.#owner, LEASE_MS)
      if (!turn) return
      try {
        await this.#poll(turn.generation, turn.cursor && Buffer.from(turn.cursor).toString('utf8'))
        this.#options.onPoll(name, 'asked')
      } catch (error) {
        this.#options.onPoll(name, 'failed', error)
        const nothing = { seen: [], gone: [], keepMs: undefined, cursor: turn.cursor, isAnswered: false }
        await this.#outbox.endPoll(name, this.#owner, { ...nothing, dueInMs: everyMs })
      }
    } catch (error) {
      this.#options.onPoll(name, 'failed', error)
    }
  }

  async #poll(generation: number, cursor: string | undefined): Promise<void> {
    const { name, everyMs, changes, cursor: asks } = this.#webhook
    const items = itemsOf(this.#webhook, await this.#answer(cursor))
    const known = new Map((await this.#outbox.polledItems(name)).map((each) => [each.item, each]))
    const events: NewEvent[] = []
    const seen: PolledItem[] = []
    const keepsBody = changes.includes('vanished')
    // What is there at the first poll is where things stand, and no event.
    const isFirst = generation === 0
    for (const item of items.values()) {
      const before = known.get(item.key)
      if (before?.version === item.version) continue
      seen.push({
        item: item.key,
        version: item.version,
        body: keepsBody ? Buffer.from(item.text) : undefined,
      })
      const change = before ? 'changed' : 'new'
      if (!isFirst && changes.includes(change)) {
        events.push(this.#event(`${change} ${item.version} ${generation}`, item))
      }
    }
    const gone = asks ? [] : [...known.values()].filter(({ item }) => !items.has(item))
    if (keepsBody) {
      for (const { item: key, body } of gone) {
        if (body)
          events.push(
            this.#event(`vanished ${generation}`, {
              key,
              text: Buffer.from(body).toString('utf8'),
              order: undefined,
            }),
          )
      }
    }
    // Kept before they are remembered: where this ends in between, the same events are found again, with the same ids.
    if (events.length > 0) await this.#options.keep(events)
    const greatest = asks
      ? greatestOf(
          [...items.values()].map((item) => item.cursor),
          cursor,
        )
      : undefined
    await this.#outbox.endPoll(name, this.#owner, {
      dueInMs: everyMs,
      cursor: greatest === undefined ? undefined : Buffer.from(greatest),
      seen,
      gone: gone.map(({ item }) => item),
      isAnswered: true,
      keepMs: asks ? this.#options.keepMs : undefined,
    })
  }

  #event(change: string, { key, text, order }: Pick<Item, 'key' | 'text' | 'order'>): NewEvent {
    const { name } = this.#webhook
    return {
      id: eventId(name, key, change),
      type: name,
      order: order === undefined ? undefined : digestOf(name, order),
      body: eventBody(name, Date.now(), text),
    }
  }

  async #answer(cursor: string | undefined): Promise<JsonValue> {
    const { parameters, cursor: asks } = this.#webhook
    const given = asks && cursor !== undefined ? { ...parameters, [asks.parameter]: cursor } : parameters
    const request: {
      path: Record<string, string>
      query: Record<string, string>
      headers: Record<string, string>
    } = { path: {}, query: {}, headers: {} }
    for (const [parameter, value] of Object.entries(given)) {
      const [place = '', ...rest] = parameter.split('.')
      const of = rest.join('.')
      if (place === 'header') setMember(request.headers, of.toLowerCase(), value)
      else setMember(place === 'path' ? request.path : request.query, of, value)
    }
    const response = await this.#operation.invoke(request satisfies RestRequest)
    if (response.status < 200 || response.status > 299) {
      throw new Error(`${this.#webhook.operationId} answered ${response.status}.`)
    }
    const { body } = response
    return parseWritten(typeof body === 'string' ? body : bytesOf(body).toString('utf8'))
  }
}

interface Item {
  /** A hash of its id. */
  readonly key: string
  /** A hash. */
  readonly version: string
  readonly text: string
  readonly order: string | undefined
  readonly cursor: string | undefined
}

/** By their keys; of several with one id the last one counts. */
function itemsOf(webhook: PolledWebhook, body: JsonValue): ReadonlyMap<string, Item> {
  const list = at(body, webhook.items)
  if (!Array.isArray(list)) return new Map()
  if (list.length > MOST_ITEMS) throw new Error(`The list has more than ${MOST_ITEMS} items.`)
  return new Map(
    list.flatMap((value: JsonValue): [string, Item][] => {
      const id = scalarAt(value, webhook.id)
      if (id === undefined) return []
      const text = jsonText(value)
      const key = digestOf(id)
      const version = webhook.version ? (scalarAt(value, webhook.version) ?? '') : text
      const item: Item = {
        key,
        version: digestOf(version),
        text,
        order: webhook.order && scalarAt(value, webhook.order),
        cursor: webhook.cursor && scalarAt(value, webhook.cursor.value),
      }
      return [[key, item]]
    }),
  )
}

function at(value: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  let here = value
  for (const step of steps) here = isJsonObject(here) ? here[step] : undefined
  return here
}

function scalarAt(value: JsonValue, steps: readonly string[]): string | undefined {
  const found = at(value, steps)
  return isJsonScalar(found) && found !== null ? scalarText(found) : undefined
}

/** Numbers by their size, everything else as texts: times of RFC 3339 in one zone are in order as texts. */
function greatestOf(values: readonly (string | undefined)[], before: string | undefined): string | undefined {
  let greatest = before
  for (const value of values) {
    if (value !== undefined && (greatest === undefined || isLess(greatest, value))) greatest = value
  }
  return greatest
}

function isLess(left: string, right: string): boolean {
  const digits = /^\d+$/
  if (!digits.test(left) || !digits.test(right)) return left < right
  return BigInt(left) < BigInt(right)
}

/** Every digit as it was. */
function jsonText(value: JsonValue): string {
  if (value instanceof ExactNumber) return value.source
  if (typeof value === 'string') return quote(value)
  if (isJsonScalar(value))
    return typeof value === 'object' && value !== null ? quote(value.toString()) : String(value)
  if (!isJsonObject(value)) return `[${value.map(jsonText).join(',')}]`
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${quote(name)}:${jsonText(member)}`],
  )
  return `{${members.join(',')}}`
}
