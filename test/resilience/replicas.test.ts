import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createRouter } from '../../src/http/router.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { openStore } from '../../src/store/open.js'
import type { Store } from '../../src/store/store.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../store/postgresql.js'
import { CountingBackend } from './counting-backend.js'
import { CuttingProxy } from './cutting-proxy.js'

const storeKeys = [randomBytes(32)]
/** Long enough for a busy machine to answer within half of it. */
const LEASE_MS = 2_000
const noDatabase = postgresqlIsMissing !== undefined

let backend: CountingBackend
let adapter: MountableAdapter
let directory: string
let database: TestDatabase
beforeAll(async () => {
  backend = new CountingBackend()
  const contract = fileURLToPath(new URL('payments.yaml', import.meta.url))
  adapter = await loadAdapter({ contract, env: { PAYMENTS_URL: await backend.start() } })
  directory = mkdtempSync(join(tmpdir(), 'soapstone-replicas-'))
  if (!noDatabase) database = await testDatabase()
})
afterAll(async () => {
  await adapter.close()
  backend.close()
  rmSync(directory, { recursive: true, force: true })
  if (!noDatabase) await database.drop()
})

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  backend.onStep = () => Promise.resolve()
  for (const end of ends.splice(0).reverse()) await end()
})

interface Reply {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
  readonly isReplay: boolean
}

/** A front of its own with a store of its own. @returns its URL */
async function replica(store: Store, leaseMs = 10_000): Promise<string> {
  const app = express()
  app.use(createRouter(adapter, { authentication: 'off', store, idempotency: { leaseMs, waitMs: 20_000 } }))
  const server: Server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(async () => {
    server.closeAllConnections()
    server.close()
    await store.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

async function pay(url: string, path: string, reference: string, key: string): Promise<Reply> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ reference, amount: '10.00' }),
  })
  const text = await response.text()
  const { code } = JSON.parse(text) as { code?: string }
  return { status: response.status, code, text, isReplay: response.headers.has('idempotency-replayed') }
}

const executions = (reference: string) => backend.executions.get(reference) ?? 0

describe.each([
  ['one PostgreSQL', noDatabase, () => openStore({ databaseUrl: database.url, storeFile: '', storeKeys })],
  ['one file', false, () => openStore({ storeFile: join(directory, 'shared.db'), storeKeys })],
])('two replicas on %s', (_, isMissing, open) => {
  it.skipIf(isMissing)('carry out one of many duplicates that arrive at once', async () => {
    const urls = await Promise.all([replica(open()), replica(open())])
    const payments = Array.from({ length: 12 }, () => ({ reference: randomUUID(), key: randomUUID() }))
    const replies = await Promise.all(
      payments.flatMap(({ reference, key }) =>
        Array.from({ length: 6 }, async (__, index) => ({
          reference,
          ...(await pay(urls[index % 2] ?? '', '/payments', reference, key)),
        })),
      ),
    )
    for (const { reference } of payments) {
      const mine = replies.filter((reply) => reply.reference === reference)
      expect(new Set(mine.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
      expect(mine[0]?.status).toBe(201)
      expect(mine.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
      expect(executions(reference)).toBe(1)
    }
  })
})

describe.skipIf(noDatabase)('a connection to PostgreSQL that is cut', () => {
  const forEver = 1_000

  async function cutReplica(): Promise<{ readonly url: string; readonly proxy: CuttingProxy }> {
    const url = new URL(database.url)
    const proxy = new CuttingProxy(url.hostname, Number(url.port))
    url.hostname = '127.0.0.1'
    url.port = String(await proxy.listen())
    ends.push(() => {
      proxy.close()
    })
    const made = await replica(openStore({ databaseUrl: url.href, storeFile: '', storeKeys }), LEASE_MS)
    return { url: made, proxy }
  }

  it.each([
    ['begin', 'before'],
    ['begin', 'after'],
    ['finish', 'before'],
    ['finish', 'after'],
  ] as const)('at %s, %s it is carried out, once: nobody notices', async (at, when) => {
    const { url, proxy } = await cutReplica()
    const [reference, key] = [randomUUID(), randomUUID()]
    proxy.cut = { at, when, times: 1 }
    const first = await pay(url, '/blind-payments', reference, key)
    expect([proxy.cuts, first.status, first.isReplay]).toEqual([1, 201, false])
    const again = await pay(url, '/blind-payments', reference, key)
    expect([again.text, again.isReplay]).toEqual([first.text, true])
    expect(executions(reference)).toBe(1)
  })

  it.each(['before', 'after'] as const)(
    'at begin, %s it is carried out, again and again: nothing is sent',
    async (when) => {
      const { url, proxy } = await cutReplica()
      const [reference, key] = [randomUUID(), randomUUID()]
      proxy.cut = { at: 'begin', when, times: forEver }
      const first = await pay(url, '/blind-payments', reference, key)
      expect([first.status, first.code]).toEqual([503, 'store-unavailable'])
      expect(executions(reference)).toBe(0)
      proxy.cut = undefined
      const again = await pay(url, '/blind-payments', reference, key)
      // Where the record stayed the service cannot know that it sent nothing.
      if (when === 'before' || again.status === 201) expect(again.status).toBe(201)
      else expect(again.code).toBe('idempotency-outcome-unknown')
      expect(executions(reference)).toBe(again.status === 201 ? 1 : 0)
    },
  )

  it.each(['before', 'after'] as const)(
    'at finish, %s it is carried out, again and again: the client learns the response',
    async (when) => {
      const { url, proxy } = await cutReplica()
      for (const path of ['/payments', '/blind-payments']) {
        const [reference, key] = [randomUUID(), randomUUID()]
        proxy.cut = { at: 'finish', when, times: forEver }
        const first = await pay(url, path, reference, key)
        expect(first.status).toBe(201)
        proxy.cut = undefined
        const again = await pay(url, path, reference, key)
        if (path === '/payments' || when === 'after')
          expect([again.text, again.isReplay]).toEqual([first.text, true])
        else expect(again.code).toBe('idempotency-outcome-unknown')
        expect(executions(reference)).toBe(1)
      }
    },
  )
})

describe('a request that takes longer than the lease', () => {
  it.skipIf(noDatabase)('keeps its record, so that no duplicate takes it for lost', async () => {
    const open = () => openStore({ databaseUrl: database.url, storeFile: '', storeKeys })
    const [first, second] = await Promise.all([replica(open(), LEASE_MS), replica(open(), LEASE_MS)])
    const [reference, key] = [randomUUID(), randomUUID()]
    let reached: () => void = () => undefined
    const isReached = new Promise<void>((resolve) => (reached = resolve))
    backend.onStep = async (step, of) => {
      if (of !== reference || step !== 'received') return
      reached()
      // Twice as long, by the database's clock.
      let isLong = false
      while (!isLong) {
        const [row] = await database.query(
          `SELECT max(clock_timestamp() - begun_at) > interval '${2 * LEASE_MS} ms' AS long FROM soapstone_idempotency WHERE state = 'begun' AND lease_until > clock_timestamp() - interval '1 s'`,
        )
        isLong = row?.long === true
      }
    }
    const original = pay(first, '/blind-payments', reference, key)
    await isReached
    const duplicate = await pay(second, '/blind-payments', reference, key)
    expect([duplicate.status, duplicate.isReplay]).toEqual([201, true])
    expect(duplicate.text).toBe((await original).text)
    expect(executions(reference)).toBe(1)
  })
})
