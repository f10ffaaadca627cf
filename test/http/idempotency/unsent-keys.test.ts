import { randomBytes } from 'node:crypto'
import pg from 'pg'
import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import { UnsentKeys } from '../../../src/http/idempotency/unsent-keys.js'
import { openStore } from '../../../src/store/open.js'
import type { Store } from '../../../src/store/store.js'
import { CuttingProxy } from '../../resilience/cutting-proxy.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../../store/postgresql.js'
import { appOf, markedFacade } from '../marked-facade.js'

const WAIT = { timeout: 20_000, interval: 50 }

describe('keys of requests that were never sent', () => {
  const releases: string[] = []
  let isDown = true
  const store = {
    release: (key: string) => {
      releases.push(key)
      return isDown ? Promise.reject(new Error('down')) : Promise.resolve()
    },
  } as unknown as Store

  beforeEach(() => {
    releases.length = 0
    isDown = true
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are freed at once where the store is there', async () => {
    isDown = false
    expect(await new UnsentKeys(store).free('k', 'o')).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are tried again, all of them, until the store is there', async () => {
    const keys = new UnsentKeys(store)
    for (const each of ['a', 'b', 'c']) expect(await keys.free(each, `owner of ${each}`)).toBe(false)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(keys.has('owner of c')).toBe(true)
    // One try of the first tells that the store is still down.
    expect(new Set(releases.slice(3))).toEqual(new Set(['a']))
    isDown = false
    releases.length = 0
    await vi.advanceTimersByTimeAsync(20_000)
    expect(releases).toEqual(['a', 'b', 'c'])
    expect(keys.has('owner of c')).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are tried once more at the end, and no more after it', async () => {
    const keys = new UnsentKeys(store)
    await keys.free('k', 'o')
    await keys.stop()
    expect(releases).toEqual(['k', 'k'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are not kept without number', async () => {
    const keys = new UnsentKeys(store)
    for (let index = 0; index < 10_001; index++) await keys.free('k', `owner ${index}`)
    expect([keys.has('owner 0'), keys.has('owner 9999'), keys.has('owner 10000')]).toEqual([
      true,
      true,
      false,
    ])
    await keys.stop()
  })
})

describe.skipIf(postgresqlIsMissing !== undefined)('with PostgreSQL a key is free again', () => {
  let database: TestDatabase
  let proxy: CuttingProxy
  let store: Store
  const facade = markedFacade({ pay: {} })
  let app: ReturnType<typeof appOf>
  /** A session of somebody else. */
  let other: pg.Client

  beforeAll(async () => {
    database = await testDatabase()
    const { hostname, port } = new URL(database.url)
    proxy = new CuttingProxy(hostname, Number(port))
    const url = new URL(database.url)
    url.hostname = '127.0.0.1'
    url.port = String(await proxy.listen())
    store = openStore({ databaseUrl: url.href, storeFile: '', storeKeys: [randomBytes(32)] })
    await store.purge()
    other = new pg.Client({ connectionString: database.url })
    await other.connect()
    facade.answers.set('pay', () => ({ status: 201, headers: {}, body: '{}' }))
    app = appOf(facade, { store, idempotency: { waitMs: 0, leaseMs: 600_000 } })
  })
  afterEach(() => {
    proxy.cut = undefined
    facade.calls.length = 0
  })
  afterAll(async () => {
    await app.settled()
    await store.close()
    proxy.close()
    await other.end()
    await database.drop()
  })

  const pay = async (key: string) => {
    const response = await supertest(app).post('/v1/payments').set('Idempotency-Key', key).send({})
    return [response.status, (response.body as { code?: string }).code]
  }
  const expectFree = (key: string) =>
    vi.waitFor(async () => {
      expect(await pay(key)).toEqual([201, undefined])
    }, WAIT)

  it('after the table was locked, and nothing of ours waits there any more', async () => {
    await other.query('BEGIN; LOCK TABLE soapstone_idempotency IN ACCESS EXCLUSIVE MODE')
    expect(await pay('locked')).toEqual([503, 'store-unavailable'])
    await app.settled()
    const { rows } = await other.query(
      "SELECT query FROM pg_stat_activity WHERE application_name = 'soapstone' AND state = 'active' AND datname = current_database()",
    )
    expect(rows).toEqual([])
    await other.query('ROLLBACK')
    expect(facade.calls).toHaveLength(0)
    await expectFree('locked')
    expect(facade.calls).toHaveLength(1)
  })

  it.each([
    ['before the server has the statement', 'before'],
    ['after the server has carried it out', 'after'],
  ] as const)('after every connection was cut %s', async (_, when) => {
    // The name of the statement, which is prepared.
    proxy.cut = { at: 'begin\0', when, times: 2 }
    const { cuts } = proxy
    expect(await pay(`cut ${when}`.replace(' ', '-'))).toEqual([503, 'store-unavailable'])
    expect(proxy.cuts - cuts).toBe(2)
    await expectFree(`cut ${when}`.replace(' ', '-'))
    expect(facade.calls).toHaveLength(1)
  })

  it('after the connection was cut while the key could not be freed either', async () => {
    facade.answers.set('pay', () => {
      throw new AdapterError('backend-unavailable', 'The breaker is open.')
    })
    proxy.cut = { at: 'release\0', when: 'before', times: 4 }
    expect(await pay('unfreed')).toEqual([503, 'backend-unavailable'])
    facade.answers.set('pay', () => ({ status: 201, headers: {}, body: '{}' }))
    await expectFree('unfreed')
  })

  it('after all connections of the pool were taken', async () => {
    await other.query('BEGIN')
    const names = Array.from({ length: 12 }, (_, index) => `taken-${index}`)
    // A row that is not committed yet: whoever wants the same key waits for it.
    await other.query('LOCK TABLE soapstone_idempotency IN SHARE MODE')
    const responses = await Promise.all(names.map(pay))
    expect(responses).toEqual(names.map(() => [503, 'store-unavailable']))
    await other.query('ROLLBACK')
    for (const name of names) await expectFree(name)
    expect(facade.calls).toHaveLength(12)
  })

  it('before a statement whose client has gone can be carried out', async () => {
    const owner = 'gone'
    await other.query('BEGIN; LOCK TABLE soapstone_idempotency IN SHARE MODE')
    const begun = store.begin({ key: 'gone', fingerprint: 'f', owner }, 600_000, 600_000)
    begun.catch(() => undefined)
    const waiting = () =>
      database.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'soapstone' AND wait_event_type = 'Lock' AND datname = current_database()",
      )
    await vi.waitFor(async () => {
      expect(await waiting()).toHaveLength(1)
    }, WAIT)
    proxy.cutAll()
    await expect(begun).rejects.toThrow()
    const released = store.release('gone', owner)
    await other.query('ROLLBACK')
    await released
    expect(await waiting()).toEqual([])
    expect(await store.find('gone')).toBeUndefined()
  })
})
