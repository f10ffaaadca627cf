/**
 * Events: how many are kept in a second, and go from a SOAP message to a subscriber; what commits cost reads, what a subscriber that
 * hangs costs another, and what many that wait cost. DATABASE_URL adds PostgreSQL: its tables named soapstone_… are emptied. Reads
 * are measured alone, beside events whose commits reach no disk (SQLite in memory; PostgreSQL at FREE_DATABASE_URL, a server with
 * `fsync = off`), and beside those whose do: what the third has more than the second is of the commits.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ACCOUNTS, byTurns, EventService, KEY, p99Of, pause, timesOf } from './event-service.mjs'
import { median } from './load.mjs'
import { readFigures, readRound, STEADY, startReader } from './reads.mjs'
import { connectedTo, dropFreeStore, freeStore, storesIn } from './stores.mjs'

const BODY = Buffer.from(JSON.stringify({ type: 'booked', data: { text: 'x'.repeat(200) } }))
const EVENTS_OF_LARGE_MESSAGES = 10
/** What is read. */
const LOG = '/v1/events?after=0&limit=1'
const FREE = 'beside events whose commits cost nothing'
const WATCHED_MS = 10_000

/** @param options `{ stored, warm, delivered, waiting, rounds, roundMs }`: how many events of each kind, and rounds by turns */
export async function measureEvents({ stored, waiting, directory, progress, ...served }) {
  const results = { stored: {}, delivered: {}, beside: {}, waiting: {} }
  for (const [name, settings] of Object.entries(storesIn(directory, progress))) {
    progress(`events: ${stored} kept in ${name}`)
    results.stored[name] = await measureStored(settings, stored)
    const tell = (what) => progress(`events: ${name}, ${what}`)
    const { delivered, beside } = await measureServed(settings, { ...served, tell })
    for (const [what, figures] of Object.entries(delivered)) results.delivered[`${name}, ${what}`] = figures
    for (const [what, figures] of Object.entries(beside)) results.beside[`${name}, ${what}`] = figures
    progress(`events: ${waiting} wait in ${name}`)
    results.waiting[name] = await measureWaiting(settings, waiting)
  }
  return results
}

/** @param options `{ warm, rounds, roundMs }` */
export async function measureReadsBesideEvents({ directory, progress, ...options }) {
  const results = {}
  for (const [name, settings] of Object.entries(storesIn(directory, progress))) {
    progress(`reads beside events: ${name}`)
    const ways = await measureReads(settings, freeStore(name, progress), options)
    for (const [way, figures] of Object.entries(ways)) results[`${name}, ${way}`] = figures
  }
  return results
}

async function openOutbox({ DATABASE_URL, STORE_FILE = '' }) {
  const { openOutbox: open } = await import('../dist/store/outbox/open.js')
  return open({ databaseUrl: DATABASE_URL, storeFile: STORE_FILE, storeKeys: [KEY] })
}

async function emptied(settings) {
  const chosen = settings()
  if (chosen.DATABASE_URL) {
    await (await openOutbox(chosen)).close()
    const client = await connectedTo(chosen)
    await client.query('TRUNCATE soapstone_event, soapstone_delivery, soapstone_subscription CASCADE')
    await client.end()
  }
  return chosen
}

/** Many at once, each durable when it is answered, and what that does to the event loop. */
async function measureStored(settings, count) {
  const outbox = await openOutbox(await emptied(settings))
  await outbox.subscribe(subscription('one'))
  const loop = monitorEventLoopDelay({ resolution: 1 })
  let next = 0
  const keep = async () => {
    while (next < count) {
      const number = next++
      await outbox.append([
        { id: `event-${number}`, type: 'booked', order: `account-${number % ACCOUNTS}`, body: BODY },
      ])
    }
  }
  loop.enable()
  const start = performance.now()
  await Promise.all(Array.from({ length: 200 }, keep))
  const seconds = (performance.now() - start) / 1000
  loop.disable()
  await outbox.close()
  return { eventsPerSecond: count / seconds, loopP99Ms: loop.percentile(99) / 1e6, loopMaxMs: loop.max / 1e6 }
}

function subscription(id) {
  const config = Buffer.from('{"url":"https://nowhere.example/","secrets":[]}')
  return { id, owner: 'o', state: 'paused', types: ['booked'], config, createdAt: 0, reason: '' }
}

/** One process, from when it has compiled what it runs often. */
async function measureServed(settings, { warm, delivered: count, rounds, roundMs, tell }) {
  const service = await EventService.start(await emptied(settings))
  await service.subscribe('/taking')
  tell('warming up')
  await service.run(warm, 1)
  tell('delivered')
  const delivered = {
    'one a message': await service.run(count, 1),
    [`${EVENTS_OF_LARGE_MESSAGES} a message`]: await service.run(count, EVENTS_OF_LARGE_MESSAGES),
  }
  tell('deliveries beside one that hangs')
  const hanging = await service.subscribe('/hanging')
  const deliveries = (state) => async () => {
    await service.set(hanging, state)
    return service.steady(STEADY, roundMs)
  }
  const others = await byTurns(rounds, { paused: deliveries('paused'), active: deliveries('active') })
  await service.stop()
  const [alone, beside] = [others.paused.map(p99Of), others.active.map(p99Of)]
  return {
    delivered,
    beside: {
      'deliveries beside one that hangs': {
        ...{ aloneP99Ms: median(alone), besideP99Ms: median(beside), ratio: timesOf(beside, alone) },
      },
    },
  }
}

/** @param free settings of a store whose commits cost nothing, if there is one */
async function measureReads(settings, free, { warm, rounds, roundMs }) {
  const durable = await Reading.start(await emptied(settings), warm)
  const costless = free && (await Reading.start(await emptied(() => free), warm))
  const figures = await byTurns(rounds, {
    alone: () => durable.round(roundMs),
    ...(costless && { [FREE]: () => costless.round(roundMs, STEADY) }),
    'beside events on disk': () => durable.round(roundMs, STEADY),
  })
  await Promise.all([durable, costless].map((each) => each?.stop()))
  dropFreeStore(free)
  return readFigures(figures, { alone: 'alone', free: FREE })
}

/** A service that has compiled what it runs often, and what reads from it. */
class Reading {
  static async start(settings, warm) {
    const service = await EventService.start(settings)
    await service.subscribe('/taking')
    await service.run(warm, 1)
    const reading = new Reading(service, await startReader(service.service.ready.url, LOG))
    await reading.round(1_000, STEADY)
    return reading
  }

  constructor(service, reader) {
    this.service = service
    this.reader = reader
  }

  /** @param perSecond events that are received and delivered meanwhile; none by default */
  round(milliseconds, perSecond) {
    const beside = perSecond && (() => this.service.steady(perSecond, milliseconds))
    return readRound(this.service.service, this.reader, milliseconds, beside)
  }

  async stop() {
    await Promise.all([this.service.stop(), this.reader.stop()])
  }
}

/** Events that were written by a script, so that it does not take as long as their arrival would. */
async function measureWaiting(settings, count) {
  const chosen = await emptied(settings)
  const service = await EventService.start(chosen)
  const { rss: none } = await service.usage()
  await service.subscribe('/hanging')
  await service.stop()
  await fill(chosen, count)
  const again = await EventService.start(chosen)
  const before = await again.usage()
  await pause(WATCHED_MS)
  const after = await again.usage()
  const { readyMs } = again.service.ready
  await again.stop()
  return {
    rssNoneMb: none / 2 ** 20,
    rssMb: after.rss / 2 ** 20,
    readyMs,
    cpuShare: (after.cpuMicros - before.cpuMicros) / (WATCHED_MS * 1000),
  }
}

async function fill(chosen, count) {
  const outbox = await openOutbox(chosen)
  const last = await outbox.last()
  await outbox.append([{ id: 'first', type: 'booked', order: undefined, body: BODY }])
  await outbox.close()
  if (chosen.DATABASE_URL) {
    const client = await connectedTo(chosen)
    await client.query(`INSERT INTO soapstone_event (id, type, at, body)
      SELECT 'filled-' || n, type, at, body FROM soapstone_event, generate_series(1, ${count}) AS n WHERE id = 'first'`)
    await client.query(`INSERT INTO soapstone_delivery (subscription, sequence, ordered_by, state, due_at, at)
      SELECT s.id, e.sequence, 'account-' || e.sequence % ${ACCOUNTS}, CASE WHEN row_number() OVER (ORDER BY e.sequence) <= ${ACCOUNTS} THEN 'pending' ELSE 'queued' END, e.at, e.at
      FROM soapstone_event e, soapstone_subscription s WHERE e.id LIKE 'filled-%'`)
    await client.query('ANALYZE soapstone_event, soapstone_delivery')
    await client.end()
    return
  }
  const { default: Database } = await import('libsql')
  const database = new Database(chosen.STORE_FILE.replace('.db', '-events.db'))
  database.exec(`WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${count})
    INSERT INTO event (id, type, at, body) SELECT 'filled-' || n, type, at, body FROM c, event WHERE id = 'first';
    INSERT INTO delivery (subscription, sequence, ordered_by, state, due_at, at)
    SELECT s.id, e.sequence, 'account-' || e.sequence % ${ACCOUNTS}, CASE WHEN e.sequence <= ${last + 1 + ACCOUNTS} THEN 'pending' ELSE 'queued' END, e.at, e.at
    FROM event AS e, subscription AS s WHERE e.id LIKE 'filled-%'`)
  // Else the service would begin with what the script has left in its log.
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  database.close()
}
