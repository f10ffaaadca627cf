import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOutbox, outboxFile } from '../../../src/store/outbox/open.js'
import type {
  ClaimedDelivery,
  DeliveryState,
  NewEvent,
  Outbox,
  Settlement,
} from '../../../src/store/outbox/outbox.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../postgresql.js'

const MINUTE = 60_000
const key = Buffer.alloc(32, 7)

let directory: string
let database: TestDatabase
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-outbox-'))
  if (postgresqlIsMissing === undefined) database = await testDatabase()
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  if (postgresqlIsMissing === undefined) await database.drop()
})

const kinds = [
  ['SQLite', false, () => openOutbox({ storeFile: join(directory, 'data', 'store.db'), storeKeys: [key] })],
  [
    'PostgreSQL',
    postgresqlIsMissing !== undefined,
    () => openOutbox({ databaseUrl: database.url, storeFile: '', storeKeys: [key] }),
  ],
] as const

const event = (type: string, more: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type,
  order: undefined,
  body: Buffer.from('{"data":"canary of an event"}'),
  ...more,
})

const ended = (
  { subscription, order, event: { sequence } }: ClaimedDelivery,
  owner: string,
  how: Partial<Settlement> = {},
): Settlement => ({
  ...{
    owner,
    subscription,
    sequence,
    order,
    state: 'delivered',
    delayMs: 0,
    status: 204,
    reason: '',
    isAttempt: true,
  },
  ...how,
})

describe.each(kinds)('an outbox in %s', (_name, isMissing, open) => {
  describe.skipIf(isMissing)('keeps its contract:', () => {
    let outbox: Outbox
    beforeAll(async () => {
      outbox = await open()
    })
    afterAll(() => outbox.close())

    /** A subscription of one type that no other test has. */
    const subscribed = async (type: string): Promise<string> => {
      const id = randomUUID()
      const config = Buffer.from('{"url":"canary of a subscription"}')
      await outbox.subscribe({
        id,
        owner: 'o',
        state: 'active',
        types: [type],
        config,
        createdAt: 1_000,
        reason: '',
      })
      return id
    }
    const claim = (subscription: string, owner = 'me', places = 100, leaseMs = MINUTE) =>
      outbox.claim([{ subscription, places }], owner, leaseMs)

    it('an event is kept once, and goes to those who want it', async () => {
      const type = randomUUID()
      const [one, other] = [await subscribed(type), await subscribed(randomUUID())]
      const first = event(type)
      expect(await outbox.append([first, first, event(type)])).toHaveProperty('size', 2)
      expect(await outbox.append([{ ...first, body: Buffer.from('another') }])).toEqual(new Set())
      const claimed = await claim(one)
      expect(claimed).toHaveLength(2)
      expect(claimed[0]).toMatchObject({ subscription: one, attempts: 0, event: { id: first.id, type } })
      expect(Buffer.from(claimed[0]?.event.body ?? []).toString()).toBe('{"data":"canary of an event"}')
      expect(Math.abs(Date.now() - (claimed[0]?.event.at ?? 0))).toBeLessThan(MINUTE)
      expect(await claim(other)).toEqual([])
    })

    it('many at once are kept together, in their order', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const events = Array.from({ length: 300 }, () => event(type))
      const added = await Promise.all(events.map((each) => outbox.append([each])))
      expect(added.every((ids, index) => ids.has(events[index]?.id ?? ''))).toBe(true)
      const claimed = await claim(id, 'me', 1_000)
      expect(claimed.map((each) => each.event.id)).toEqual(events.map((each) => each.id))
    })

    it('what one process holds no other gets, until its lease is over', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      await outbox.append([event(type), event(type), event(type)])
      const [mine, yours] = await Promise.all([claim(id, 'me', 2), claim(id, 'you', 2)])
      expect(mine.length + yours.length).toBe(3)
      expect(new Set([...mine, ...yours].map((each) => each.event.id)).size).toBe(3)
      expect(await claim(id)).toEqual([])
      expect(await outbox.nextDue([id])).toBeGreaterThan(MINUTE / 2)
      const later = await subscribed(randomUUID())
      expect(await outbox.nextDue([later])).toBeUndefined()
    })

    it('a lease that is over is taken by another, and its first owner settles nothing', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      await outbox.append([event(type)])
      const [lost] = await claim(id, 'gone', 1, 0)
      const [taken] = await claim(id, 'here', 1)
      expect(taken?.event.id).toBe(lost?.event.id)
      if (!lost || !taken) throw new Error('nothing was claimed')
      await outbox.settle([ended(lost, 'gone')])
      const state = async () => (await outbox.deliveries({ subscription: id, limit: 1 }))[0]
      expect(await state()).toMatchObject({ state: 'pending', attempts: 0 })
      await outbox.settle([ended(taken, 'here')])
      expect(await state()).toMatchObject({
        state: 'delivered',
        attempts: 1,
        status: 204,
        eventId: lost.event.id,
      })
    })

    it('a lease is renewed by its owner, and by nobody else', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      await outbox.append([event(type), event(type)])
      const [held, other] = await claim(id, 'me', 2, 0)
      if (!held || !other) throw new Error('nothing was claimed')
      const of = ({ event: { sequence } }: ClaimedDelivery) => [{ subscription: id, sequence }]
      await outbox.renew(of(held), 'me', MINUTE)
      await outbox.renew(of(other), 'you', MINUTE)
      expect((await claim(id, 'you')).map((each) => each.event.id)).toEqual([other.event.id])
      await outbox.settle([ended(held, 'me'), ended(other, 'you')])
      await outbox.renew(of(held), 'me', 0)
      expect(await claim(id)).toEqual([])
    })

    it('what waits for one that is removed goes on', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const [first, second] = [event(type, { order: 'one' }), event(type, { order: 'one' })]
      await outbox.append([first])
      const { at = 0 } = (await outbox.event(first.id)) ?? {}
      // What is removed is told from what stays by their age, however late the store gets to it.
      await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(at + 1_500)
      await outbox.append([second])
      await outbox.purge(Date.now() - at - 10)
      expect(await outbox.event(first.id)).toBeUndefined()
      expect((await claim(id)).map((each) => each.event.id)).toEqual([second.id])
    })

    it('many deliveries are given up, sent again and forgotten', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const events = Array.from({ length: 2_500 }, (_, index) =>
        event(type, index % 2 === 0 ? { order: `o${index % 7}` } : {}),
      )
      await outbox.append(events)
      const inState = (state: DeliveryState) => outbox.deliveries({ subscription: id, state, limit: 10_000 })
      expect((await inState('queued')).length).toBeGreaterThan(1_000)
      await outbox.change(id, { state: 'ended', reason: 'gone' })
      expect(await inState('dead')).toHaveLength(2_500)
      expect(await outbox.redeliver({ subscription: id })).toBe(2_500)
      expect(await inState('pending')).toHaveLength(2_500)
      expect(await outbox.redeliver({ eventId: events[0]?.id ?? '' })).toBe(0)
      await outbox.purge(MINUTE)
      expect(await inState('dead'), 'what has ended is given up').toHaveLength(2_500)
      expect(await outbox.unsubscribe(id)).toBe(true)
      expect(await outbox.deliveries({ subscription: id, limit: 1 })).toEqual([])
    })

    it('a failed attempt is due later, a dead one when it is asked for', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      await outbox.append([event(type), event(type)])
      const [first, second] = await claim(id)
      if (!first || !second) throw new Error('nothing was claimed')
      await outbox.settle([
        ended(first, 'me', { state: 'pending', delayMs: 0, status: 500, reason: 'status' }),
        ended(second, 'me', { state: 'dead', status: 400, reason: 'status' }),
      ])
      expect((await claim(id)).map(({ attempts, event: { id: of } }) => [attempts, of])).toEqual([
        [1, first.event.id],
      ])
      const dead = await outbox.deliveries({ subscription: id, state: 'dead', limit: 10 })
      expect(dead).toMatchObject([{ eventId: second.event.id, status: 400, reason: 'status', attempts: 1 }])
      expect(await outbox.redeliver({ subscription: id })).toBe(1)
      expect((await claim(id)).map((each) => each.event.id)).toEqual([second.event.id])
    })

    it('events with the same order go one after another', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const order = randomUUID()
      const events = [
        event(type, { order }),
        event(type, { order }),
        event(type),
        event(type, { order: 'other' }),
      ]
      await outbox.append(events)
      const last = event(type, { order })
      await outbox.append([last])
      const ids = async () => {
        const claimed = await claim(id)
        return { claimed, ids: claimed.map((each) => each.event.id) }
      }
      const first = await ids()
      expect(first.ids).toEqual([events[0]?.id, events[2]?.id, events[3]?.id])
      const [head] = first.claimed
      if (!head) throw new Error('nothing was claimed')
      await outbox.settle([ended(head, 'me', { state: 'pending', delayMs: 0 })])
      const again = await ids()
      expect(again.ids).toEqual([events[0]?.id])
      await outbox.settle(again.claimed.map((each) => ended(each, 'me', { state: 'dead' })))
      const second = await ids()
      expect(second.ids).toEqual([events[1]?.id])
      await outbox.settle(second.claimed.map((each) => ended(each, 'me')))
      expect((await ids()).ids).toEqual([last.id])
    })

    it('settling and adding at the same time leaves nothing behind', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const events = Array.from({ length: 60 }, () => event(type, { order: 'one' }))
      const adds = { done: false }
      const adding = (async () => {
        for (const each of events) await outbox.append([each])
        adds.done = true
      })()
      const got: string[] = []
      for (let idle = 0; !(adds.done && idle > 1);) {
        const claimed = await claim(id)
        got.push(...claimed.map((each) => each.event.id))
        await outbox.settle(claimed.map((each) => ended(each, 'me')))
        idle = claimed.length === 0 ? idle + 1 : 0
      }
      await adding
      expect(got).toEqual(events.map((each) => each.id))
    })

    it('the log is read in its order, by type', async () => {
      const [type, other] = [randomUUID(), randomUUID()]
      const before = await outbox.last()
      const events = [event(type), event(other), event(type), event(type)]
      await outbox.append(events)
      const page = await outbox.after(before, [type], 2)
      expect(page.map(({ id }) => id)).toEqual([events[0]?.id, events[2]?.id])
      const rest = await outbox.after(page[1]?.sequence ?? 0, [type, other], 10)
      expect(rest.map(({ id }) => id)).toEqual([events[3]?.id])
      expect(await outbox.event(events[1]?.id ?? '')).toMatchObject({ type: other })
      expect(await outbox.event('none')).toBeUndefined()
    })

    it('a subscription is changed, ended and forgotten', async () => {
      const [type, other] = [randomUUID(), randomUUID()]
      const id = await subscribed(type)
      const find = async () => (await outbox.subscriptions()).find((each) => each.id === id)
      expect(await find()).toMatchObject({ owner: 'o', state: 'active', types: [type], createdAt: 1_000 })
      expect(Buffer.from((await find())?.config ?? []).toString()).toBe('{"url":"canary of a subscription"}')
      expect(await outbox.change(id, { types: [other], config: Buffer.from('new') })).toBe(true)
      expect(await find()).toMatchObject({ state: 'active', types: [other] })
      await outbox.append([event(type), event(other)])
      expect(await outbox.change(id, { state: 'ended', reason: 'gone' })).toBe(true)
      expect(await find()).toMatchObject({ state: 'ended', reason: 'gone' })
      await outbox.append([event(other)])
      expect(await outbox.deliveries({ subscription: id, limit: 9 })).toMatchObject([
        { state: 'dead', reason: 'ended' },
      ])
      expect(await outbox.unsubscribe(id)).toBe(true)
      expect(await outbox.unsubscribe(id)).toBe(false)
      expect(await outbox.change(id, { state: 'active' })).toBe(false)
      expect(await outbox.deliveries({ subscription: id, limit: 9 })).toEqual([])
    })

    it('one process polls at a time, and what it has seen is remembered', async () => {
      const name = randomUUID()
      const [one, two] = await Promise.all([
        outbox.beginPoll(name, 'one', MINUTE),
        outbox.beginPoll(name, 'two', MINUTE),
      ])
      expect([one, two].filter((turn) => turn)).toEqual([{ generation: 0, cursor: undefined }])
      const owner = one ? 'one' : 'two'
      const body = Buffer.from('canary of an item')
      const seen = [
        { item: 'a', version: '1', body },
        { item: 'b', version: '1', body: undefined },
      ]
      await outbox.endPoll(name, 'nobody', {
        dueInMs: 0,
        cursor: undefined,
        seen,
        gone: [],
        keepMs: undefined,
        isAnswered: true,
      })
      expect(await outbox.polledItems(name)).toEqual([])
      const cursor = Buffer.from('canary of a cursor')
      await outbox.endPoll(name, owner, {
        dueInMs: 0,
        cursor,
        seen,
        gone: [],
        keepMs: undefined,
        isAnswered: true,
      })
      const turn = await outbox.beginPoll(name, 'three', 0)
      expect(turn).toMatchObject({ generation: 1 })
      expect(Buffer.from(turn?.cursor ?? []).toString()).toBe('canary of a cursor')
      const change = [{ item: 'a', version: '2', body: undefined }]
      await outbox.endPoll(name, 'three', {
        dueInMs: MINUTE,
        cursor,
        seen: change,
        gone: ['b'],
        keepMs: 0,
        isAnswered: true,
      })
      expect(await outbox.polledItems(name)).toEqual([{ item: 'a', version: '2', body: undefined }])
      expect(await outbox.beginPoll(name, 'four', MINUTE)).toBeUndefined()
    })

    it('what is older than it need be is removed, with its deliveries', async () => {
      const type = randomUUID()
      const id = await subscribed(type)
      const old = event(type)
      await outbox.append([old])
      expect(await outbox.purge(MINUTE)).toEqual({ events: 0 })
      expect(await outbox.state()).toMatchObject({ waiting: expect.any(Number) as number })
      expect((await outbox.state()).waiting).toBeGreaterThan(0)
      expect((await outbox.purge(-MINUTE)).events).toBeGreaterThan(0)
      expect(await outbox.event(old.id)).toBeUndefined()
      expect(await outbox.deliveries({ subscription: id, limit: 9 })).toEqual([])
      expect(await outbox.state()).toEqual({ waiting: 0, dead: 0, oldestMs: 0 })
      expect(await outbox.append([old])).toEqual(new Set([old.id]))
    })

    it('is found again by the next process, and read by no other key', async () => {
      const type = randomUUID()
      const kept = event(type)
      await outbox.append([kept])
      const next = await open()
      try {
        expect(await next.event(kept.id)).toMatchObject({ type })
      } finally {
        await next.close()
      }
    })
  })
})

it('keeps its file to its owner, and nothing readable in it', async () => {
  const storeFile = join(directory, 'private', 'store.db')
  const outbox = await openOutbox({ storeFile, storeKeys: [] })
  await outbox.append([event('t')])
  await outbox.close()
  expect(outboxFile(storeFile)).toBe(join(directory, 'private', 'store-events.db'))
  expect(outboxFile('data.d/store')).toBe('data.d/store-events')
  expect(statSync(outboxFile(storeFile)).mode & 0o077).toBe(0)
  expect(readFileSync(outboxFile(storeFile)).includes('canary')).toBe(false)
})
