import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresqlStore } from '../../src/store/postgresql-store.js'
import { SqliteStore } from '../../src/store/sqlite-store.js'
import type { Attempt, Store } from '../../src/store/store.js'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from './postgresql.js'

const HOUR = 3_600_000
const answer = Buffer.from('{"status":201}\n\0\xff', 'latin1')

const attempt = (key: string = randomUUID()): Attempt => ({
  key,
  fingerprint: `f ${key}`,
  owner: randomUUID(),
})

let directory: string
let database: TestDatabase
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-store-'))
  if (postgresqlIsMissing === undefined) database = await testDatabase()
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  if (postgresqlIsMissing === undefined) await database.drop()
})

const kinds = [
  ['SqliteStore', false, () => SqliteStore.open(join(directory, 'data', 'store.db'))],
  ['PostgresqlStore', postgresqlIsMissing !== undefined, () => PostgresqlStore.open(database.url)],
] as const

describe.each(kinds)('%s', (_name, isMissing, open) => {
  describe.skipIf(isMissing)('keeps the contract of a store', () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    it('records an attempt once', async () => {
      const first = attempt()
      const second = { ...attempt(first.key), fingerprint: 'another' }
      expect(await store.find(first.key)).toBeUndefined()
      expect(await store.begin(first, HOUR, HOUR)).toBeUndefined()
      const found = await store.begin(second, HOUR, HOUR)
      expect(found).toMatchObject({
        fingerprint: first.fingerprint,
        owner: first.owner,
        state: 'begun',
        lapsed: false,
        answer: undefined,
      })
      expect(found?.ageMs).toBeGreaterThanOrEqual(0)
      expect(found?.ageMs).toBeLessThan(60_000)
      expect(await store.find(first.key)).toMatchObject({ owner: first.owner })
    })

    it('lets one of many attempts at once begin', async () => {
      const others = await open()
      const key = randomUUID()
      const attempts = Array.from({ length: 20 }, () => attempt(key))
      const outcomes = await Promise.all(
        attempts.map((each, index) => (index % 2 === 0 ? store : others).begin(each, HOUR, HOUR)),
      )
      const winners = attempts.filter((_, index) => outcomes[index] === undefined)
      expect(winners).toHaveLength(1)
      expect(new Set(outcomes.map((found) => found?.owner))).toEqual(new Set([undefined, winners[0]?.owner]))
      await others.close()
    })

    it('takes the second try of an attempt for the first', async () => {
      const first = attempt()
      await store.begin(first, HOUR, HOUR)
      expect(await store.begin(first, HOUR, HOUR)).toBeUndefined()
    })

    it('keeps the first response, byte for byte', async () => {
      const first = attempt()
      await store.begin(first, HOUR, HOUR)
      await store.finish(first.key, first.owner, answer)
      await store.finish(first.key, first.owner, Buffer.from('another'))
      const found = await store.find(first.key)
      expect(found).toMatchObject({ state: 'answered', lapsed: false })
      expect(Buffer.from(found?.answer ?? [])).toEqual(answer)
    })

    it('changes nothing for who does not own the attempt', async () => {
      const first = attempt()
      await store.begin(first, HOUR, HOUR)
      const stranger = randomUUID()
      await store.finish(first.key, stranger, answer)
      await store.markUnknown(first.key, stranger)
      await store.release(first.key, stranger)
      await store.renew(first.key, stranger, -HOUR)
      expect(await store.find(first.key)).toMatchObject({ state: 'begun', lapsed: false })
    })

    it('forgets what was released', async () => {
      const first = attempt()
      const second = attempt(first.key)
      await store.begin(first, HOUR, HOUR)
      await store.release(first.key, first.owner)
      expect(await store.find(first.key)).toBeUndefined()
      expect(await store.begin(second, HOUR, HOUR)).toBeUndefined()
    })

    it('does not release what is answered or unknown', async () => {
      for (const settle of ['finish', 'markUnknown'] as const) {
        const first = attempt()
        await store.begin(first, HOUR, HOUR)
        if (settle === 'finish') await store.finish(first.key, first.owner, answer)
        else await store.markUnknown(first.key, first.owner)
        await store.release(first.key, first.owner)
        expect(await store.find(first.key)).toMatchObject({
          state: settle === 'finish' ? 'answered' : 'unknown',
        })
      }
    })

    it('takes a response that comes after it was marked unknown', async () => {
      const first = attempt()
      await store.begin(first, HOUR, HOUR)
      await store.markUnknown(first.key, first.owner)
      await store.finish(first.key, first.owner, answer)
      expect(await store.find(first.key)).toMatchObject({ state: 'answered' })
    })

    it('tells that a lease has run out, until it is renewed', async () => {
      const first = attempt()
      await store.begin(first, 0, HOUR)
      expect(await store.find(first.key)).toMatchObject({ state: 'begun', lapsed: true })
      await store.renew(first.key, first.owner, HOUR)
      expect(await store.find(first.key)).toMatchObject({ state: 'begun', lapsed: false })
    })

    it('makes over only what is unknown or has lapsed, and to one', async () => {
      const first = attempt()
      const heir = randomUUID()
      await store.begin(first, HOUR, HOUR)
      expect(await store.takeOver(first.key, first.owner, heir, HOUR)).toBe(false)
      await store.renew(first.key, first.owner, 0)
      const heirs = Array.from({ length: 8 }, () => randomUUID())
      const taken = await Promise.all(heirs.map((each) => store.takeOver(first.key, first.owner, each, HOUR)))
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await store.find(first.key)).toMatchObject({ owner: heirs[taken.indexOf(true)], lapsed: false })
      await store.finish(first.key, first.owner, answer)
      expect(await store.find(first.key)).toMatchObject({ state: 'begun', answer: undefined })

      const second = attempt()
      await store.begin(second, HOUR, HOUR)
      await store.markUnknown(second.key, second.owner)
      expect(await store.takeOver(second.key, second.owner, heir, HOUR)).toBe(true)
      expect(await store.find(second.key)).toMatchObject({ state: 'begun', owner: heir })
      await store.finish(second.key, heir, answer)
      expect(await store.takeOver(second.key, heir, randomUUID(), HOUR)).toBe(false)
    })

    it('does not know what has expired, and removes it', async () => {
      const first = attempt()
      const other = attempt()
      await store.begin(first, HOUR, 0)
      await store.finish(first.key, first.owner, answer)
      await store.begin(other, HOUR, 0)
      expect(await store.find(first.key)).toBeUndefined()
      const second = attempt(first.key)
      expect(await store.begin(second, HOUR, HOUR)).toBeUndefined()
      expect(await store.find(first.key)).toMatchObject({
        owner: second.owner,
        state: 'begun',
        answer: undefined,
      })
      expect(await store.purge()).toBe(1)
      expect(await store.purge()).toBe(0)
      expect(await store.find(first.key)).toBeDefined()
    })

    it('remembers across openings, of which many at once bring its tables up to date', async () => {
      const first = attempt()
      await store.begin(first, HOUR, HOUR)
      const others = await Promise.all(Array.from({ length: 5 }, (): Promise<Store> => open()))
      for (const other of others) {
        expect(await other.find(first.key)).toMatchObject({ owner: first.owner })
        await other.close()
      }
    })

    it('rejects once it is closed', async () => {
      const other = await open()
      await other.close()
      await expect(other.find('x')).rejects.toThrow()
      await expect(other.begin(attempt(), HOUR, HOUR)).rejects.toThrow()
    })
  })
})

describe.skipIf(postgresqlIsMissing !== undefined)('PostgresqlStore', () => {
  it('is brought up to date by one of many processes that start at once', async () => {
    const empty = await testDatabase()
    try {
      const stores = await Promise.all(Array.from({ length: 8 }, () => PostgresqlStore.open(empty.url)))
      expect(await empty.query('SELECT version FROM soapstone_migration')).toEqual([{ version: 1 }])
      await Promise.all(stores.map((store) => store.close()))
    } finally {
      await empty.drop()
    }
  })

  it('is not opened, and brings nothing down, where its connection is cut while it waits for another', async () => {
    const shared = await testDatabase()
    const other = new pg.Client({ connectionString: shared.url })
    const { hostname, port } = new URL(shared.url)
    const cut: (() => unknown)[] = []
    const proxy = createServer((near) => {
      const far = connect(Number(port || 5432), hostname)
      near.pipe(far).pipe(near)
      near.on('close', () => far.destroy()).on('error', () => undefined)
      far.on('error', () => undefined)
      cut.push(() => near.resetAndDestroy())
    }).listen(0, '127.0.0.1')
    try {
      await once(proxy, 'listening')
      await other.connect()
      await other.query('BEGIN')
      await other.query('SELECT pg_advisory_xact_lock(7305812206411)')
      const url = new URL(shared.url)
      url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
      const state = { isOver: false }
      const opening = PostgresqlStore.open(url.href)
        .then(
          () => 'opened',
          () => 'rejected',
        )
        .finally(() => {
          state.isOver = true
        })
      const waiting =
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'soapstone' AND wait_event = 'advisory' AND datname = current_database()"
      while (!state.isOver && (await shared.query(waiting)).length === 0);
      for (const each of cut) each()
      expect(await opening).toBe('rejected')
      await other.query('ROLLBACK')
      await (await PostgresqlStore.open(shared.url)).close()
    } finally {
      proxy.close()
      await other.end()
      await shared.drop()
    }
  })

  it('waits for the disk where the role would not', async () => {
    const lax = await testDatabase()
    try {
      const name = new URL(lax.url).pathname.slice(1)
      await lax.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
      expect(await lax.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }])
      const store = await PostgresqlStore.open(lax.url)
      // What a commit of the store waited for is told by a trigger that runs within it.
      await lax.query('CREATE TABLE seen (setting text)')
      await lax.query(
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$",
      )
      await lax.query(
        'CREATE TRIGGER see AFTER INSERT ON soapstone_idempotency FOR EACH ROW EXECUTE FUNCTION see()',
      )
      await store.begin(attempt(), HOUR, HOUR)
      expect(await lax.query('SELECT setting FROM seen')).toEqual([{ setting: 'on' }])
      await store.close()
    } finally {
      await lax.drop()
    }
  })

  it('goes on after its connections were cut', async () => {
    const store = await PostgresqlStore.open(database.url)
    const first = attempt()
    await store.begin(first, HOUR, HOUR)
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'soapstone' AND datname = current_database()",
    )
    expect(await store.find(first.key)).toMatchObject({ owner: first.owner })
    await store.close()
  })

  it('needs no right to create tables that are there', async () => {
    const shared = await testDatabase()
    const role = new URL(shared.url).pathname.slice(1)
    try {
      await (await PostgresqlStore.open(shared.url)).close()
      await shared.query(`CREATE ROLE ${role} LOGIN`)
      await shared.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON soapstone_idempotency, soapstone_migration TO ${role}`,
      )
      const url = new URL(shared.url)
      url.username = role
      const store = await PostgresqlStore.open(url.href)
      expect(await store.begin(attempt(), HOUR, HOUR)).toBeUndefined()
      await store.close()
    } finally {
      await shared.query(`DROP OWNED BY ${role}`)
      await shared.query(`DROP ROLE ${role}`)
      await shared.drop()
    }
  })
})

describe.skipIf(postgresqlIsMissing !== undefined)('a purge of PostgreSQL', () => {
  it('removes all that has expired, however much', async () => {
    const store = await PostgresqlStore.open(database.url)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(
      `INSERT INTO soapstone_idempotency (key, fingerprint, owner, state, begun_at, lease_until, expires_at)
       SELECT 'expired ' || n, 'f', 'o', 'begun', now(), now(), now() FROM generate_series(1, 20001) AS n`,
    )
    expect(await store.purge()).toBe(20_001)
    await client.end()
    await store.close()
  })
})
