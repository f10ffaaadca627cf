import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import request from 'supertest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApiKey } from '../../../src/http/authentication/api-key.js'
import { rateLimitsOf } from '../../../src/http/limits/deployment.js'
import { type AloneListener, SharedCounters } from '../../../src/http/limits/shared-counters.js'
import { postgresqlIsMissing, testDatabase } from '../../store/postgresql.js'
import { createRing } from '../authentication/ring.js'
import { securedDocument } from '../authentication/secured-document.js'
import { sampleApp } from '../sample-app.js'

type Changes = Parameters<AloneListener>[0][]

/** Counters in a database that answers as the test says. */
function counters() {
  const changes: Changes = []
  const queries: string[] = []
  let answer: () => Promise<unknown> = () => Promise.resolve('counted')
  const pool = {
    query: (query: string) => {
      queries.push(query)
      return answer()
    },
    end: () => Promise.resolve(),
  } as unknown as Awaited<ReturnType<ConstructorParameters<typeof SharedCounters>[0]>>
  const shared = new SharedCounters(
    () => Promise.resolve(pool),
    (change) => changes.push(change),
  )
  return { shared, changes, queries, answerWith: (how: () => Promise<unknown>) => (answer = how) }
}

describe('counters in a database', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are asked while it answers', async () => {
    const { shared, changes } = counters()
    await shared.open()
    expect(await shared.query('SELECT 1')).toBe('counted')
    expect([shared.isAlone, changes]).toEqual([false, []])
  })

  it('are left by all at once, told once, when one query fails', async () => {
    const { shared, changes, queries, answerWith } = counters()
    const cause = new Error('Query read timeout')
    const failures: ((cause: Error) => void)[] = []
    answerWith(() => new Promise((_, reject) => failures.push(reject)))
    const asked = Array.from({ length: 5 }, () => shared.query('SELECT 1'))
    const all = Promise.allSettled(asked)
    await vi.waitFor(() => {
      expect(failures).toHaveLength(5)
    })
    // The others would wait for their own time to run out.
    failures[2]?.(cause)
    expect((await all).map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    expect(changes).toEqual([{ alone: true, cause }])
    for (let n = 0; n < 100; n++) await expect(shared.query('SELECT 1')).rejects.toThrow('alone')
    expect(queries).toHaveLength(5)
    for (const fail of failures) fail(cause)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(changes).toHaveLength(1)
    await shared.close()
  })

  it('are asked again once the database answers, which no request waits for', async () => {
    const { shared, changes, queries, answerWith } = counters()
    answerWith(() => Promise.reject(new Error('gone')))
    await shared.open()
    expect(shared.isAlone).toBe(true)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(shared.isAlone).toBe(true)
    expect(queries).toHaveLength(4)
    answerWith(() => Promise.resolve('counted'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(shared.isAlone).toBe(false)
    expect(queries.at(-1)).toContain('CREATE TABLE IF NOT EXISTS')
    expect(await shared.query('SELECT 1')).toBe('counted')
    expect(changes.map(({ alone }) => alone)).toEqual([true, false])
    expect(vi.getTimerCount()).toBe(0)
  })
})

const settings = { rateLimitRequests: 40, rateLimitWindowS: 60, rateLimitConcurrent: 0 }
const alice = createApiKey('alice')

it('a database that takes connections and says nothing is waited for once', async () => {
  let connections = 0
  const silent = createServer(() => (connections += 1)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const changes: Changes = []
  const databaseUrl = `postgres://nobody@127.0.0.1:${port}/none`
  const rates = rateLimitsOf({ ...settings, databaseUrl }, (change) => changes.push(change))
  await rates.open()
  expect(rates.isAlone()).toBe(true)
  const before = connections
  const document = securedDocument({ a: [{ Key: [] }] })
  const authentication = { apiKeys: () => createRing(alice.line) }
  const { app } = sampleApp({}, { document, authentication, rateLimits: rates.limits })
  const statuses: number[] = []
  for (let n = 0; n < 42; n++) {
    statuses.push((await request(app).get('/v1/a').set('X-API-Key', alice.key)).status)
  }
  expect(statuses).toEqual([...Array<number>(40).fill(200), 429, 429])
  expect(connections).toBe(before)
  expect(changes).toHaveLength(1)
  await rates.close()
  silent.close()
})

describe.skipIf(postgresqlIsMissing !== undefined)('a statement of the counters', () => {
  it('that is no longer waited for ends in the database', async () => {
    const database = await testDatabase()
    try {
      const rates = rateLimitsOf({ ...settings, databaseUrl: database.url }, () => undefined)
      await rates.open()
      expect(rates.isAlone()).toBe(false)
      await database.query('CREATE TABLE seen (name text, setting text)')
      await database.query(
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen SELECT s.name, s.setting FROM pg_settings s WHERE s.name IN ('statement_timeout', 'lock_timeout'); RETURN NULL; END $$",
      )
      await database.query(
        'CREATE TRIGGER see AFTER INSERT ON soapstone_rate_limit FOR EACH ROW EXECUTE FUNCTION see()',
      )
      const document = securedDocument({ a: [{ Key: [] }] })
      const authentication = { apiKeys: () => createRing(alice.line) }
      const { app } = sampleApp({}, { document, authentication, rateLimits: rates.limits })
      await request(app).get('/v1/a').set('X-API-Key', alice.key).expect(200)
      expect(await database.query('SELECT * FROM seen ORDER BY name')).toEqual([
        { name: 'lock_timeout', setting: '400' },
        { name: 'statement_timeout', setting: '450' },
      ])
      await rates.close()
    } finally {
      await database.drop()
    }
  })
})
