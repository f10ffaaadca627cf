/**
 * Events: how many are kept in a second, and go from a SOAP message to a subscriber; what a subscriber that hangs costs another,
 * and what many that wait cost. DATABASE_URL adds PostgreSQL: its tables named soapstone_… are emptied.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'

import { apiKeys, credentials } from './api-key.mjs'
import { Process } from './process.mjs'

const contract = fileURLToPath(new URL('contract/events.yaml', import.meta.url))
const KEY = Buffer.alloc(32, 7)
const SENDERS = 8
const ACCOUNTS = 500
const BODY = Buffer.from(JSON.stringify({ type: 'booked', data: { text: 'x'.repeat(200) } }))

/** @param options `{ stored, delivered, waiting }`: how many events of each kind */
export async function measureEvents({ stored, delivered, waiting, directory, progress }) {
  const results = { stored: {}, delivered: {}, waiting: {} }
  for (const [name, settings] of Object.entries(storesIn(directory))) {
    progress(`events: ${stored} kept in ${name}`)
    results.stored[name] = await measureStored(settings, stored)
    for (const [kind, hanging] of [
      ['', 0],
      [', one of two hangs', 1],
    ]) {
      progress(`events: ${delivered} delivered from ${name}${kind}`)
      results.delivered[name + kind] = await measureDelivered(settings, { count: delivered, hanging })
    }
    progress(`events: ${waiting} wait in ${name}`)
    results.waiting[name] = await measureWaiting(settings, waiting)
  }
  return results
}

function storesIn(directory) {
  const database = process.env.DATABASE_URL
  const file = () => join(mkdtempSync(join(directory, 'events-')), 'store.db')
  return {
    SQLite: () => ({ STORE_FILE: file() }),
    ...(database && { PostgreSQL: () => ({ DATABASE_URL: database }) }),
  }
}

async function openOutbox({ DATABASE_URL, STORE_FILE = '' }) {
  const { openOutbox: open } = await import('../dist/store/outbox/open.js')
  return open({ databaseUrl: DATABASE_URL, storeFile: STORE_FILE, storeKeys: [KEY] })
}

async function emptied(settings) {
  const chosen = settings()
  if (chosen.DATABASE_URL) {
    await (await openOutbox(chosen)).close()
    const client = await postgresql(chosen)
    await client.query('TRUNCATE soapstone_event, soapstone_delivery, soapstone_subscription CASCADE')
    await client.end()
  }
  return chosen
}

async function postgresql({ DATABASE_URL }) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  return client
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

function startService(settings) {
  const variables = {
    ...settings,
    STORE_ENCRYPTION_KEY: KEY.toString('base64'),
    EVENTS_ALLOW_NETWORKS: '127.0.0.1',
    EVENTS_CONCURRENCY: '32',
    LOG_LEVEL: 'silent',
  }
  return Process.start('soapstone.mjs', {
    args: [contract],
    env: { API_KEYS: apiKeys, SETTINGS: JSON.stringify(variables) },
  })
}

async function subscribe({ ready: { url } }, endpoint) {
  const response = await fetch(`${url}/v1/webhook-subscriptions`, {
    method: 'POST',
    headers: { ...credentials, 'content-type': 'application/json' },
    body: JSON.stringify({ url: endpoint }),
  })
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
}

function message(numbers) {
  const items = numbers.map(
    (number) =>
      `<Notification><Id>${Date.now()}-${number}</Id><AccountId>account-${number % ACCOUNTS}</AccountId><Amount>845.00</Amount>` +
      '<BookedAt>2026-11-21T09:30:00+01:00</BookedAt><Text>Rent of the house at the harbour</Text></Notification>',
  )
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Notify xmlns="urn:bench:notifications">${items.join('')}</Notify></s:Body></s:Envelope>`
}

/** One event in a message, sent as fast as they are acknowledged. */
async function measureDelivered(settings, { count, hanging }) {
  const service = await startService(await emptied(settings))
  const subscriber = await Process.start('subscriber.mjs')
  await subscribe(service, `${subscriber.ready.url}/taking`)
  for (let time = 0; time < hanging; time++) await subscribe(service, `${subscriber.ready.url}/hanging`)
  const pool = new Pool(service.ready.url, { connections: SENDERS })
  let next = 0
  const send = async () => {
    while (next < count) {
      const request = {
        method: 'POST',
        path: '/soap/ledger',
        headers: { 'content-type': 'text/xml', soapaction: '"urn:bench:Notify"' },
        body: message([next++]),
      }
      for (;;) {
        const { statusCode, body } = await pool.request(request)
        await body.text()
        if (statusCode === 200) break
        // As any sender does of what is not acknowledged: the service sheds load where the machine is busy.
        if (statusCode !== 503) throw new Error(`a message was answered ${statusCode}`)
        await pause(20)
      }
    }
  }
  const before = await service.ask('usage')
  const start = performance.now()
  await Promise.all(Array.from({ length: SENDERS }, send))
  const received = (performance.now() - start) / 1000
  while ((await subscriber.ask('count')).count < count) await pause(20)
  const seconds = (performance.now() - start) / 1000
  const after = await service.ask('usage')
  const { milliseconds } = await subscriber.ask('take')
  milliseconds.sort((a, b) => a - b)
  await pool.close()
  await Promise.all([service.stop(), subscriber.stop()])
  return {
    receivedPerSecond: count / received,
    deliveredPerSecond: count / seconds,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / count,
    p50Ms: milliseconds[Math.floor(milliseconds.length * 0.5)],
    p99Ms: milliseconds[Math.floor(milliseconds.length * 0.99)],
    rssMb: after.rss / 2 ** 20,
  }
}

/** Events that were written by a script, so that it does not take as long as their arrival would. */
async function measureWaiting(settings, count) {
  const chosen = await emptied(settings)
  const service = await startService(chosen)
  const subscriber = await Process.start('subscriber.mjs')
  const { rss: none } = await service.ask('usage')
  await subscribe(service, `${subscriber.ready.url}/hanging`)
  await service.stop()
  await fill(chosen, count)
  const again = await startService(chosen)
  const before = await again.ask('usage')
  await pause(20_000)
  const after = await again.ask('usage')
  await Promise.all([again.stop(), subscriber.stop()])
  return {
    rssNoneMb: none / 2 ** 20,
    rssMb: after.rss / 2 ** 20,
    readyMs: again.ready.readyMs,
    cpuShare: (after.cpuMicros - before.cpuMicros) / 20_000_000,
  }
}

async function fill(chosen, count) {
  const outbox = await openOutbox(chosen)
  const last = await outbox.last()
  await outbox.append([{ id: 'first', type: 'booked', order: undefined, body: BODY }])
  await outbox.close()
  if (chosen.DATABASE_URL) {
    const client = await postgresql(chosen)
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
  database.close()
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
