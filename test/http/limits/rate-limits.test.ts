import { once } from 'node:events'
import { createServer } from 'node:http'
import pg from 'pg'
import request from 'supertest'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createApiKey } from '../../../src/http/authentication/api-key.js'
import { makeTables } from '../../../src/http/counters/counter-tables.js'
import { ReplicaLimiter } from '../../../src/http/counters/replica-limiter.js'
import { type RateLimitOptions, RateLimits } from '../../../src/http/limits/rate-limits.js'
import { networkOf } from '../../../src/http/network.js'
import { postgresqlIsMissing, testDatabase } from '../../store/postgresql.js'
import { createRing } from '../authentication/ring.js'
import { securedDocument } from '../authentication/secured-document.js'
import { sampleApp } from '../sample-app.js'

const alice = createApiKey('alice')
const bob = createApiKey('bob')
const generous = createApiKey('generous', ['rate=5/60'])
const narrow = createApiKey('narrow', ['concurrent=1'])
const ring = createRing(alice.line, bob.line, generous.line, narrow.line)

function serve(options: Partial<RateLimitOptions>) {
  const rateLimits = new RateLimits({ requests: 0, window: 60, concurrent: 0, ...options })
  const document = securedDocument({ a: [{ Key: [] }], b: [{ Key: [] }], open: [] })
  const sample = sampleApp({}, { document, authentication: { apiKeys: () => ring }, rateLimits })
  const call = (operation: string, key?: string) => {
    const asked = request(sample.app).get(`/v1/${operation}`)
    return key === undefined ? asked : asked.set('X-API-Key', key)
  }
  return { ...sample, call, rateLimits }
}

describe('a limit of requests', () => {
  it('tells what is left, and refuses what is too much', async () => {
    const { call, facade } = serve({ requests: 2 })
    const first = await call('a', alice.key).expect(200)
    expect(first.headers['ratelimit-policy']).toBe('"client";q=2;w=60')
    expect(first.headers.ratelimit).toMatch(/^"client";r=1;t=(59|60)$/)
    expect((await call('a', alice.key).expect(200)).headers.ratelimit).toMatch(/^"client";r=0;/)
    const refused = await call('a', alice.key).expect(429)
    expect(refused.body).toMatchObject({ code: 'rate-limited', status: 429 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
    expect(refused.headers.ratelimit).toMatch(/^"client";r=0;/)
    expect(facade.calls).toHaveLength(2)
  })

  it('is of each client and each operation by itself', async () => {
    const { call } = serve({ requests: 1 })
    await call('a', alice.key).expect(200)
    await call('a', alice.key).expect(429)
    await call('b', alice.key).expect(200)
    await call('a', bob.key).expect(200)
    await call('open').expect(200)
    await call('open').expect(429)
    // Where nobody is asked who they are, saying it changes nothing.
    await call('open', bob.key).expect(429)
  })

  it('of a key goes before that of the deployment', async () => {
    const { call } = serve({ requests: 1 })
    for (let n = 0; n < 5; n += 1) await call('a', generous.key).expect(200)
    expect((await call('a', generous.key).expect(429)).headers['ratelimit-policy']).toBe('"client";q=5;w=60')
  })

  it('is not touched by requests without a valid key', async () => {
    const { call } = serve({ requests: 1 })
    for (let n = 0; n < 3; n += 1)
      expect((await call('a', 'wrong').expect(401)).headers).not.toHaveProperty('ratelimit')
    await call('a', alice.key).expect(200)
  })

  it('is none where there is none', async () => {
    const { call } = serve({})
    expect((await call('a', alice.key).expect(200)).headers).not.toHaveProperty('ratelimit')
  })
})

describe('a limit of requests at the same time', () => {
  it('refuses one more, and counts out what is over', async () => {
    const { call, facade } = serve({ concurrent: 0 })
    let finish: () => void = () => undefined
    const begun = new Promise<void>((begin) => {
      facade.answers.set('a', async () => {
        begin()
        await new Promise<void>((resolve) => (finish = resolve))
        return { status: 200, headers: {}, body: '{}' }
      })
    })
    const first = call('a', narrow.key).then((answer) => answer.status)
    await begun
    const refused = await call('a', narrow.key).expect(429)
    expect(refused.headers['retry-after']).toBe('1')
    await call('b', narrow.key).expect(200)
    finish()
    expect(await first).toBe(200)
    facade.answers.delete('a')
    await call('a', narrow.key).expect(200)
  })

  it('counts out clients that go away', async () => {
    const { app, facade, call } = serve({ concurrent: 1 })
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const over = new Promise<void>((resolve) => {
      facade.answers.set('a', async ({ signal }) => {
        await new Promise<void>((gone) =>
          signal?.addEventListener('abort', () => {
            gone()
          }),
        )
        resolve()
        throw new Error('gone')
      })
    })
    const controller = new AbortController()
    facade.answers.set('b', () => ({ status: 200, headers: {}, body: '{}' }))
    const lost = fetch(`http://127.0.0.1:${port}/v1/a`, {
      headers: { 'X-API-Key': alice.key },
      signal: controller.signal,
    })
    const begun = expect.poll(() => facade.calls.length).toBe(1)
    await begun
    controller.abort()
    await expect(lost).rejects.toThrow()
    await over
    facade.answers.delete('a')
    await call('a', alice.key).expect(200)
    server.close()
  })
})

describe.skipIf(postgresqlIsMissing !== undefined)('with PostgreSQL', () => {
  const pools: pg.Pool[] = []
  const drops: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const pool of pools) await pool.end()
    for (const drop of drops) await drop()
  })

  async function pool(url: string): Promise<pg.Pool> {
    const one = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 500 })
    one.on('error', () => undefined)
    pools.push(one)
    return Promise.resolve(one)
  }

  it('replicas count together, and what is stored tells nobody who called', async () => {
    const database = await testDatabase()
    drops.push(() => database.drop())
    const one = serve({ requests: 3, pool: await pool(database.url) })
    const other = serve({ requests: 3, pool: await pool(database.url) })
    await Promise.all([makeTables(await pool(database.url)), makeTables(await pool(database.url))])
    const statuses: number[] = []
    for (const replica of [one, other, one, other, one])
      statuses.push((await replica.call('a', alice.key)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    await other.call('a', bob.key).expect(200)
    const rows = await database.query('SELECT key FROM soapstone_rate_limit')
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toMatch(/alice|bob/)
  })

  it('replicas whose clocks differ by days count together all the same', async () => {
    const database = await testDatabase()
    drops.push(() => database.drop())
    const replica = serve({ requests: 3, pool: await pool(database.url) })
    await makeTables(await pool(database.url))
    const day = 86_400_000
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const seen: unknown[] = []
      for (const ahead of [0, day, -day, day, 0]) {
        vi.setSystemTime(now + ahead)
        const { status, headers } = await replica.call('a', alice.key)
        seen.push([status, /r=(\d+)/.exec(headers.ratelimit ?? '')?.[1]])
        const seconds = Number(/t=(\d+)/.exec(headers.ratelimit ?? '')?.[1])
        expect(seconds).toBeGreaterThan(0)
        expect(seconds).toBeLessThanOrEqual(60)
      }
      expect(seen).toEqual([
        [200, '2'],
        [200, '1'],
        [200, '0'],
        [429, '0'],
        [429, '0'],
      ])
      expect(
        await new ReplicaLimiter(
          { points: 1, duration: 1 },
          await pool(database.url),
          'soapstone_rate_limit',
        ).clearExpired(),
      ).toBe(true)
      expect(await database.query('SELECT key FROM soapstone_rate_limit')).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('each replica counts by itself while the database is away', async () => {
    const { call } = serve({
      requests: 1,
      pool: await pool('postgres://nobody@127.0.0.1:1/nothing'),
    })
    await call('a', alice.key).expect(200)
    await call('a', alice.key).expect(429)
  })
})

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
