import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { Soapstone } from '../cli/soapstone.js'
import { postgresqlIsMissing, testDatabase } from '../store/postgresql.js'
import { campaign, type CampaignResult } from './kill-campaign.js'

/** EVENT_KILLS=200 for the whole campaign, which takes minutes; docs/events.md has its result. */
const kills = Number(process.env.EVENT_KILLS ?? 1)
if (process.env.EVENT_KILLS === undefined) console.warn('kills: 1 of each store; EVENT_KILLS=200 for all')
const timeout = 240_000 + kills * 20_000

let soapstone: Soapstone
beforeAll(() => {
  soapstone = new Soapstone('events-kill')
}, 120_000)
afterAll(() => {
  soapstone.dispose()
})

/** For the store of one test; they run at once, as most of their time is waiting for leases to end. */
function storeFolder({ onTestFinished }: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'soapstone-kill-'))
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}

const judge = (name: string, result: CampaignResult): void => {
  if (process.env.EVENT_KILLS !== undefined) console.log(name, JSON.stringify(result))
  expect(result.acknowledged).toBeGreaterThan(0)
  expect(result).toMatchObject({
    ...{ kills, crashes: 0, lost: 0, renamed: 0, unverified: 0 },
    ...{ takenTwiceFromLiving: 0, outOfOrder: 0 },
  })
}

describe.concurrent('events that were acknowledged', () => {
  it(
    'are delivered by the process that comes after one that was killed: SQLite',
    { timeout },
    async (test) => {
      judge('SQLite', await campaign({ main: soapstone.main, directory: storeFolder(test), kills, env: {} }))
    },
  )

  it.skipIf(postgresqlIsMissing !== undefined)(
    'are delivered by the replica that lives: PostgreSQL',
    { timeout },
    async (test) => {
      const database = await testDatabase()
      try {
        const env = { DATABASE_URL: database.url, STORE_ENCRYPTION_KEY: randomBytes(32).toString('base64') }
        judge(
          'PostgreSQL',
          await campaign({ main: soapstone.main, directory: storeFolder(test), kills, env, replicas: 2 }),
        )
      } finally {
        await database.drop()
      }
    },
  )
})
