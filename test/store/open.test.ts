import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.js'
import type { Attempt } from '../../src/store/store.js'
import { postgresqlIsMissing, testDatabase } from './postgresql.js'

const HOUR = 3_600_000
const first: Attempt = { key: 'key', fingerprint: 'fingerprint', owner: 'owner' }
const answer = Buffer.from('account XK051212012345678906')

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-open-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

const file = () => join(directory, 'data', 'store.db')

describe('an embedded store', () => {
  it('is not made before it is used', async () => {
    const store = openStore({ storeFile: file(), storeKeys: [] })
    await store.close()
    expect(readdirSync(directory)).toEqual([])
  })

  // Node's own `mkdir` with `recursive` tries for ever there.
  it.runIf(existsSync('/proc/self')).each([
    ['its own key', []],
    ['a given key', [randomBytes(32)]],
  ])('says which folder cannot be made, with %s', async (_what, storeKeys) => {
    const store = openStore({ storeFile: '/proc/soapstone/data/store.db', storeKeys })
    await expect(store.begin(first, HOUR, HOUR)).rejects.toMatchObject({
      ...{ code: 'ENOENT', syscall: 'mkdir', path: '/proc/soapstone' },
    })
  })

  it('makes its own key, for its owner alone, and uses it again', async () => {
    for (const time of [1, 2]) {
      const store = openStore({ storeFile: file(), storeKeys: [] })
      if (time === 1) {
        await store.begin(first, HOUR, HOUR)
        await store.finish(first.key, first.owner, answer)
      }
      expect(Buffer.from((await store.find(first.key))?.answer ?? [])).toEqual(answer)
      await store.close()
    }
    expect(statSync(`${file()}.key`).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(directory, 'data')).filter((name) => name.includes('.key'))).toEqual([
      'store.db.key',
    ])
  })

  it('holds no response that can be read', async () => {
    const store = openStore({ storeFile: file(), storeKeys: [randomBytes(32)] })
    await store.begin(first, HOUR, HOUR)
    await store.finish(first.key, first.owner, answer)
    for (const name of readdirSync(join(directory, 'data'))) {
      expect(readFileSync(join(directory, 'data', name)).includes('XK0512')).toBe(false)
    }
    await store.close()
  })

  it('knows of a response that it cannot read any more', async () => {
    for (const keys of [[randomBytes(32)], [randomBytes(32)]]) {
      const store = openStore({ storeFile: file(), storeKeys: keys })
      await store.begin(first, HOUR, HOUR)
      await store.finish(first.key, first.owner, answer)
      await store.close()
    }
    const store = openStore({ storeFile: file(), storeKeys: [randomBytes(32)] })
    expect(await store.find(first.key)).toMatchObject({ state: 'answered', answer: undefined })
    await store.close()
  })

  it('rejects while it cannot be opened, and works as soon as it can', async () => {
    writeFileSync(join(directory, 'data'), '')
    const store = openStore({ storeFile: file(), storeKeys: [randomBytes(32)] })
    await expect(store.find('x')).rejects.toThrow()
    rmSync(join(directory, 'data'))
    expect(await store.find('x')).toBeUndefined()
    await store.close()
  })
})

describe('a store in a database', () => {
  it('needs a key', () => {
    expect(() => openStore({ databaseUrl: 'postgres://x', storeFile: file(), storeKeys: [] })).toThrow(/key/)
  })

  it('rejects where nothing listens', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none'
    const store = openStore({ databaseUrl: url, storeFile: file(), storeKeys: [randomBytes(32)] })
    await expect(store.find('x')).rejects.toThrow(/ECONNREFUSED/)
    await store.close()
  })

  it.skipIf(postgresqlIsMissing !== undefined)('holds no response that can be read', async () => {
    const database = await testDatabase()
    try {
      const store = openStore({ databaseUrl: database.url, storeFile: file(), storeKeys: [randomBytes(32)] })
      await store.begin(first, HOUR, HOUR)
      await store.finish(first.key, first.owner, answer)
      expect(Buffer.from((await store.find(first.key))?.answer ?? [])).toEqual(answer)
      const [row] = await database.query('SELECT answer FROM soapstone_idempotency')
      expect((row?.answer as Buffer).includes('XK0512')).toBe(false)
      await store.close()
    } finally {
      await database.drop()
    }
  })
})
