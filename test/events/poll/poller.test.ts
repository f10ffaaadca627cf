import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RestOperation, RestRequest } from '../../../src/adapter/rest.js'
import { Poller } from '../../../src/events/poll/poller.js'
import type { PolledWebhook } from '../../../src/mapping/operation/webhook/polled.js'
import { openOutbox } from '../../../src/store/outbox/open.js'
import type { NewEvent, Outbox } from '../../../src/store/outbox/outbox.js'

let directory: string
let outbox: Outbox
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-poll-'))
  outbox = await openOutbox({ storeFile: join(directory, 'store.db'), storeKeys: [] })
})
afterAll(async () => {
  await outbox.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A list that is polled as often as it is asked for. */
function polled(more: Partial<PolledWebhook> = {}) {
  const webhook: PolledWebhook = {
    ...{ kind: 'poll', name: randomUUID(), scopes: [], operationId: 'list', everyMs: 0 },
    parameters: { 'path.id': '7' },
    ...{ items: ['items'], id: ['id'], version: undefined, order: undefined, cursor: undefined },
    ...{ changes: ['new', 'changed', 'vanished'], at: { file: 'openapi.yaml', line: 1 } },
    ...more,
  }
  const list = { items: '[]', failure: undefined as Error | undefined, requests: [] as RestRequest[] }
  const events: NewEvent[] = []
  const outcomes: string[] = []
  const operation = {
    invoke: (request: RestRequest) => {
      list.requests.push(request)
      if (list.failure) return Promise.reject(list.failure)
      return Promise.resolve({ status: 200, headers: {}, body: `{"items":${list.items}}` })
    },
  } as unknown as RestOperation
  const keep = { failure: undefined as Error | undefined }
  const poller = new Poller(webhook, operation, outbox, {
    keep: (kept) => {
      events.push(...kept)
      return keep.failure ? Promise.reject(keep.failure) : Promise.resolve()
    },
    keepMs: 60_000,
    onPoll: (_, outcome) => outcomes.push(outcome),
  })
  const ask = async (items: string) => {
    list.items = items
    events.length = 0
    await poller.ask()
    return events.map(({ body }) => /"data":(.*)\}$/.exec(Buffer.from(body).toString())?.[1])
  }
  return { webhook, list, events, outcomes, keep, ask, operation, poller }
}

const [a1, a2, b, c] = ['{"id":"a","n":1.10}', '{"id":"a","n":2}', '{"id":9007199254740993}', '{"id":"c"}']

describe('a list that is polled', () => {
  it('makes events of what is new, changed and gone since the first time, with every digit', async () => {
    const { ask, list } = polled()
    expect(await ask(`[${a1},${b}]`)).toEqual([])
    expect(await ask(`[${a1},${b}]`)).toEqual([])
    expect(await ask(`[${a2},${b},${c}]`)).toEqual([a2, c])
    expect(await ask(`[${a1},${c}]`)).toEqual([a1, b])
    expect(await ask(`[${a2},${c}]`)).toEqual([a2])
    expect(await ask(`[${a2},${c},${b}]`)).toEqual([b])
    expect(list.requests[0]).toEqual({ path: { id: '7' }, query: {}, headers: {} })
  })

  it('tells only what is asked for, and by the version where there is one', async () => {
    const { ask } = polled({ changes: ['changed'], version: ['n'] })
    await ask(`[${a1}]`)
    expect(await ask(`[{"id":"a","n":1.10,"other":1},${c}]`)).toEqual([])
    expect(await ask(`[${a2}]`)).toEqual([a2])
  })

  it('finds the same events again where they could not be kept, with the same ids', async () => {
    const { ask, events, keep, outcomes } = polled()
    await ask(`[${a1}]`)
    keep.failure = new Error('the disk is full')
    await ask(`[${a2}]`)
    const [first] = events.map(({ id }) => id)
    expect(outcomes).toEqual(['asked', 'failed'])
    keep.failure = undefined
    await ask(`[${a2}]`)
    expect(events.map(({ id }) => id)).toEqual([first])
  })

  it('asks from the greatest value on, and forgets nothing that it no longer gets', async () => {
    const cursor = { parameter: 'query.from', value: ['n'] }
    const { ask, list } = polled({ cursor, changes: ['new'] })
    await ask('[{"id":"a","n":9}]')
    expect(await ask('[{"id":"b","n":10},{"id":"a","n":9}]')).toEqual(['{"id":"b","n":10}'])
    expect(await ask('[]')).toEqual([])
    expect(await ask('[{"id":"a","n":9}]')).toEqual([])
    expect(list.requests.map(({ query }) => query)).toEqual([
      {},
      { from: '9' },
      { from: '10' },
      { from: '10' },
    ])
  })

  it('is asked by one process at a time', async () => {
    const { webhook, operation, list } = polled({ everyMs: 60_000 })
    const others = Array.from({ length: 4 }, () => {
      const options = { keep: () => Promise.resolve(), keepMs: 0, onPoll: () => undefined }
      return new Poller(webhook, operation, outbox, options)
    })
    await Promise.all(others.map((each) => each.ask()))
    expect(list.requests).toHaveLength(1)
  })

  it('that fails is asked again', async () => {
    const { ask, list, outcomes } = polled()
    list.failure = new Error('away')
    await ask('[]')
    list.failure = undefined
    expect(await ask(`[${a1}]`)).toEqual([])
    expect(await ask(`[${a2}]`)).toEqual([a2])
    expect(outcomes).toEqual(['failed', 'asked', 'asked'])
  })
})
