import type { Identity, InvokeOptions, RestRequest, RestResponse } from '../../adapter/rest.js'
import type { Cancellation } from '../../backend/resilience/cancellation.js'
import { AdapterError } from '../../base/errors.js'
import type { Outbox, StoredEvent } from '../../store/outbox/outbox.js'
import type { EventScopes } from '../event-scopes.js'
import { OwnOperation, textOf } from './own-operation.js'

/** Readers that wait at once; they cost a connection and no more, but connections are not endless. */
const MOST_READERS = 1_000
/** What other processes have kept is seen at the next look. */
const LOOK_MS = 1_000
const HEARTBEAT_MS = 15_000
const PAGE = 100

/** Lets readers of the log wait for what comes. */
export class Feed {
  readonly #outbox: Outbox
  readonly #scopes: EventScopes
  readonly #waiting = new Set<() => void>()
  #readers = 0
  #isClosed = false

  constructor(outbox: Outbox, scopes: EventScopes) {
    this.#outbox = outbox
    this.#scopes = scopes
  }

  get readers(): number {
    return this.#readers
  }

  /** Something was kept. */
  wake(): void {
    for (const resolve of [...this.#waiting]) resolve()
  }

  /** Ends all waits. */
  close(): void {
    this.#isClosed = true
    this.wake()
  }

  operations(): readonly OwnOperation[] {
    return [
      new OwnOperation({
        operationId: 'listEvents',
        method: 'get',
        path: '/events',
        run: (request, options) => this.#list(request, options),
      }),
      new OwnOperation({
        operationId: 'streamEvents',
        method: 'get',
        path: '/events/stream',
        run: (request, options) => this.#stream(request, options),
      }),
    ]
  }

  async #list({ query }: RestRequest, { signal, identity }: InvokeOptions): Promise<RestResponse> {
    const types = this.#typesOf(query.types, identity)
    const limit = Number(textOf(query.limit) ?? 50)
    const after = await this.#start(textOf(query.after))
    const endsAt = performance.now() + Number(textOf(query.wait) ?? 0) * 1_000
    let found = await this.#outbox.after(after, types, limit)
    const isOver = (): boolean =>
      found.length > 0 || this.#isClosed || (signal?.aborted ?? false) || performance.now() >= endsAt
    if (!isOver()) {
      await this.#reading(async () => {
        while (!isOver()) {
          await this.#wait(Math.min(LOOK_MS, endsAt - performance.now()), signal)
          found = await this.#outbox.after(after, types, limit)
        }
      })
    }
    const next = found.at(-1)?.sequence ?? after
    const items = found.flatMap((event) => itemOf(event) ?? [])
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"items":[${items.join(',')}],"next":"${next}"}`,
    }
  }

  async #stream({ query, headers }: RestRequest, { signal, identity }: InvokeOptions): Promise<RestResponse> {
    const types = this.#typesOf(query.types, identity)
    const after = await this.#start(textOf(headers['last-event-id']) ?? textOf(query.after))
    const end = { isCancelled: false }
    this.#enter()
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      body: ': events\n\n',
      rest: {
        bodies: this.#eventsFrom(after, types, end, signal),
        cancel: () => {
          if (!end.isCancelled) this.#readers--
          end.isCancelled = true
          this.wake()
        },
      },
    }
  }

  async *#eventsFrom(
    start: number,
    types: readonly string[],
    end: { readonly isCancelled: boolean },
    signal: Cancellation | undefined,
  ): AsyncGenerator<string, void> {
    let after = start
    let beatAt = performance.now() + HEARTBEAT_MS
    while (!end.isCancelled && !this.#isClosed) {
      const found = await this.#outbox.after(after, types, PAGE)
      after = found.at(-1)?.sequence ?? after
      const text = found.map(asServerSent).join('')
      if (text !== '') yield text
      else if (performance.now() >= beatAt) yield ': \n\n'
      else {
        await this.#wait(LOOK_MS, signal)
        continue
      }
      beatAt = performance.now() + HEARTBEAT_MS
    }
  }

  async #reading(task: () => Promise<void>): Promise<void> {
    this.#enter()
    try {
      await task()
    } finally {
      this.#readers--
    }
  }

  #enter(): void {
    if (this.#readers >= MOST_READERS) {
      throw new AdapterError('overloaded', `${MOST_READERS} readers wait for events already.`, {
        retryAfter: 5,
      })
    }
    this.#readers++
  }

  /** Until something is kept, nobody waits any longer, or the time is over. */
  #wait(ms: number, signal: Cancellation | undefined): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(settle)
        signal?.removeEventListener('abort', settle)
        resolve()
      }
      const timer = setTimeout(settle, Math.max(0, ms))
      this.#waiting.add(settle)
      signal?.addEventListener('abort', settle)
      if (signal?.aborted) settle()
    })
  }

  #start(after: string | undefined): Promise<number> {
    return after === undefined ? this.#outbox.last() : Promise.resolve(Number(after))
  }

  /** @throws AdapterError `forbidden` */
  #typesOf(asked: string | readonly string[] | undefined, identity: Identity | undefined): readonly string[] {
    const lists = typeof asked === 'string' ? [asked] : asked
    return this.#scopes.granted(
      lists?.flatMap((text) => text.split(',')),
      identity,
    )
  }
}

/** The message with its id; undefined where no key opens it any more. */
function itemOf({ id, body }: StoredEvent): string | undefined {
  return body && `{"id":${JSON.stringify(id)},${Buffer.from(body).toString('utf8').slice(1)}`
}

/** HTML, 9.2.6: JSON text has no line breaks. */
function asServerSent({ sequence, id, type, body }: StoredEvent): string {
  const item = itemOf({ sequence, id, type, body, at: 0 })
  return item === undefined ? '' : `id: ${sequence}\nevent: ${type}\ndata: ${item}\n\n`
}
