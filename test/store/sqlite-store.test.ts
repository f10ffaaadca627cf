import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type MachineClock, machineClock } from '../../src/store/machine-clock.js'
import { SqliteStore } from '../../src/store/sqlite-store.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-sqlite-'))
  file = join(directory, 'store.db')
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(directory, { recursive: true, force: true })
})

const attempt = (key: string, owner = `owner of ${key}`) => ({ key, owner, fingerprint: 'f' })

/** A machine whose clock the test moves. */
class Machine implements MachineClock {
  boot = 'boot 1'
  ms = 1_000
  now() {
    return this.ms
  }
  restart() {
    this.boot += '1'
    this.ms = 10
  }
}

describe('a step of the wall clock', () => {
  const stepped = (ms: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  }

  it.each([
    ['forward', 400 * DAY],
    ['back', -400 * DAY],
  ])('%s makes no key expire and no request look lost', async (_, ms) => {
    const store = await SqliteStore.open(file)
    await store.begin(attempt('begun'), HOUR, DAY)
    await store.begin(attempt('answered'), HOUR, DAY)
    await store.finish('answered', 'owner of answered', Buffer.from('x'))
    stepped(ms)
    for (const opened of [store, await SqliteStore.open(file)]) {
      expect(await opened.purge()).toBe(0)
      expect(await opened.begin(attempt('begun', 'other'), HOUR, DAY)).toMatchObject({ lapsed: false })
      expect(await opened.begin(attempt('answered', 'other'), HOUR, DAY)).toMatchObject({ state: 'answered' })
      const { ageMs = -1 } = (await opened.find('begun')) ?? {}
      expect(ageMs).toBeGreaterThanOrEqual(0)
      expect(ageMs).toBeLessThan(60_000)
      expect(await opened.takeOver('begun', 'owner of begun', 'other', HOUR)).toBe(false)
      await opened.close()
    }
  })

  it.each([
    ['forward', 400 * DAY],
    ['back', -400 * DAY],
  ])('%s keeps no key of a dead process busy', async (_, ms) => {
    const store = await SqliteStore.open(file)
    await store.begin(attempt('dead'), 0, DAY)
    await store.close()
    stepped(ms)
    const later = await SqliteStore.open(file)
    expect(await later.find('dead')).toMatchObject({ state: 'begun', lapsed: true })
    await later.close()
  })
})

describe('the time of a store', () => {
  it('is that of the machine, for all who open it', async () => {
    const machine = new Machine()
    const one = await SqliteStore.open(file, machine)
    await one.begin(attempt('a'), HOUR, DAY)
    machine.ms += 2 * HOUR
    const other = await SqliteStore.open(file, machine)
    for (const store of [one, other]) {
      expect(await store.find('a')).toMatchObject({ ageMs: 2 * HOUR, lapsed: true })
    }
    machine.ms += DAY
    expect(await other.find('a')).toBeUndefined()
    expect(await one.purge()).toBe(1)
    await one.close()
    await other.close()
  })

  it('goes on from where it was when the machine starts anew, and nobody is under way any more', async () => {
    const machine = new Machine()
    const before = await SqliteStore.open(file, machine)
    await before.begin(attempt('a'), 10 * HOUR, DAY)
    await before.finish('a', 'owner of a', Buffer.from('x'))
    machine.ms += 20 * HOUR
    await before.begin(attempt('b'), 10 * HOUR, DAY)
    // It is not closed: the power went off.
    machine.restart()
    const after = await SqliteStore.open(file, machine)
    expect(await after.find('a')).toMatchObject({ state: 'answered', ageMs: 20 * HOUR })
    expect(await after.find('b')).toMatchObject({ state: 'begun', lapsed: true })
    machine.ms += 5 * HOUR
    expect(await after.find('a')).toBeUndefined()
    expect(await after.find('b')).toBeDefined()
    await after.close()
    machine.restart()
    const last = await SqliteStore.open(file, machine)
    expect(await last.find('a')).toBeUndefined()
    expect(await last.find('b')).toMatchObject({ ageMs: 5 * HOUR })
    await last.close()
  })

  it('takes over that of a file of before', async () => {
    const database = new Libsql(file)
    const now = Date.now()
    database.exec(`CREATE TABLE idempotency (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, owner TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('begun', 'unknown', 'answered')), begun_at INTEGER NOT NULL,
      lease_until INTEGER NOT NULL, expires_at INTEGER NOT NULL, answer BLOB) STRICT, WITHOUT ROWID;
      CREATE INDEX idempotency_expires_at ON idempotency (expires_at); PRAGMA user_version = 1;
      INSERT INTO idempotency VALUES ('k', 'f', 'o', 'begun', ${now - HOUR}, ${now + HOUR}, ${now + DAY}, NULL),
        ('old', 'f', 'o', 'answered', ${now - 2 * DAY}, ${now - 2 * DAY}, ${now - DAY}, x'00')`)
    database.close()
    const machine = new Machine()
    const store = await SqliteStore.open(file, machine)
    const found = await store.find('k')
    expect(found).toMatchObject({ state: 'begun', lapsed: false })
    expect(found?.ageMs).toBeGreaterThanOrEqual(HOUR)
    expect(await store.find('old')).toBeUndefined()
    machine.ms += DAY
    expect(await store.purge()).toBe(2)
    await store.close()
  })
})

it('the clock of the machine runs on, whatever the wall clock does', () => {
  const before = machineClock().now()
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  const clock = machineClock()
  if (clock.boot !== 'wall clock') expect(clock.now()).toBeGreaterThanOrEqual(before)
})

describe('a change', () => {
  it('leaves the event loop to others while it waits for one of another process', async () => {
    const store = await SqliteStore.open(file)
    const other = new Libsql(file)
    other.exec('BEGIN IMMEDIATE')
    const begun = store.begin(attempt('a'), HOUR, DAY)
    await new Promise((resolve) => setImmediate(resolve))
    expect(await store.find('a')).toBeUndefined()
    other.exec('COMMIT')
    expect(await begun).toBeUndefined()
    expect(await store.find('a')).toMatchObject({ state: 'begun' })
    other.close()
    await store.close()
  })

  it('comes after those that were asked for before, and before the end', async () => {
    const store = await SqliteStore.open(file)
    const other = attempt('a', 'other')
    const answer = Buffer.from('x')
    const asked = [
      store.begin(attempt('a'), HOUR, DAY),
      store.release('a', 'owner of a'),
      store.begin(other, HOUR, DAY),
      store.begin(attempt('a'), HOUR, DAY),
      store.markUnknown('a', 'other'),
      store.takeOver('a', 'other', 'heir', HOUR),
      store.takeOver('a', 'other', 'late', HOUR),
      store.finish('a', 'other', Buffer.from('lost')),
      store.finish('a', 'heir', answer),
    ]
    await store.close()
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toContain('fulfilled')
    const opened = await SqliteStore.open(file)
    expect(await opened.find('a')).toMatchObject({ owner: 'heir', state: 'answered', answer })
    await opened.close()
  })

  it('is refused with all of its commit where one of them fails, and those that follow are made', async () => {
    const store = await SqliteStore.open(file)
    const broken = store.begin({ ...attempt('bad'), fingerprint: null as never }, HOUR, DAY)
    const beside = store.begin(attempt('a'), HOUR, DAY)
    await expect(broken).rejects.toThrow(/NOT NULL/)
    await expect(beside).rejects.toThrow(/NOT NULL/)
    expect(await store.find('a')).toBeUndefined()
    expect(await store.begin(attempt('a'), HOUR, DAY)).toBeUndefined()
    expect(await store.find('a')).toMatchObject({ state: 'begun' })
    await store.close()
  })
})

describe('the files of a store', () => {
  const modes = () =>
    Object.fromEntries(
      readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]),
    )

  it('are for their owner alone, in a folder that is there and open to all', async () => {
    chmodSync(directory, 0o777)
    const umask = process.umask(0)
    try {
      const store = await SqliteStore.open(file)
      await store.begin(attempt('a'), HOUR, DAY)
      expect(modes()).toEqual({ 'store.db': 0o600, 'store.db-wal': 0o600, 'store.db-shm': 0o600 })
      for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o664)
      const other = await SqliteStore.open(file)
      expect(new Set(Object.values(modes()))).toEqual(new Set([0o600]))
      await other.close()
      await store.close()
    } finally {
      process.umask(umask)
    }
  })
})
