import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../store/postgresql.js'
import { SLOW } from './example.js'

describe.skipIf(postgresqlIsMissing !== undefined)('a rolling update under load', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())

  it(
    'loses no payment, and makes none twice',
    async () => {
      const child = spawn('npm', ['run', '--silent', 'example', 'cluster'], {
        env: { ...process.env, DATABASE_URL: database.url, CLIENTS: '3' },
      })
      let printed = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
      const [code] = (await once(child, 'close')) as [number | null]
      expect(printed).toMatch(/replica 2, old, has ended/)
      const [, paid = '0', same] =
        /(\d+) payments were made.* 0 lost,\n(\d+) second answers/.exec(printed) ?? []
      expect([code, Number(paid) > 0, same], printed).toEqual([0, true, paid])
      expect(printed).toContain(`booked ${paid}, 0 of them twice`)
    },
    SLOW,
  )
})
