import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SqliteOutbox } from '../../../src/store/outbox/sqlite-outbox.js'
import { portions, statements } from '../../../src/store/outbox/sqlite-tables.js'
import { SqliteConnection } from '../../../src/store/sqlite-connection.js'

/** Statements that look at all rows of what they name, and why that is no harm. */
const THOROUGH: Readonly<Record<string, RegExp>> = {
  waiting: /^SCAN delivery USING COVERING INDEX delivery_waiting$/, // Counts, every 15 seconds.
  dead: /^SCAN delivery USING COVERING INDEX delivery_dead$/,
  // Take the first that they find.
  'a portion of drop': /^SEARCH delivery USING PRIMARY KEY \(subscription=\?\)$/,
  'a portion of redeliver': /^SCAN delivery USING INDEX delivery_dead$/,
}

let directory: string
let connection: SqliteConnection
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-plans-'))
  const file = join(directory, 'events.db')
  await (await SqliteOutbox.open(file)).close()
  connection = await SqliteConnection.open(file)
})
afterAll(async () => {
  await connection.close()
  rmSync(directory, { recursive: true })
})

async function planOf(sql: string): Promise<readonly string[]> {
  const numbers = [...sql.matchAll(/\?(\d)/g)].map(([, digit]) => Number(digit))
  const count = numbers.length > 0 ? Math.max(...numbers) : sql.split('?').length - 1
  const statement = await connection.statement(`EXPLAIN QUERY PLAN ${sql}`)
  const rows = await statement.all(Array.from({ length: count }, () => null))
  return rows.map((row) => (row as { readonly detail: string }).detail)
}

describe('what a statement looks at does not grow with the events that are kept', () => {
  const written = [
    ...Object.entries(statements),
    ...Object.entries(portions).map(([name, sql]) => [`a portion of ${name}`, sql] as const),
  ].filter(([, sql]) => /\b(?:delivery|event)\b/.test(sql))
  it.each(written)('%s', async (name, sql) => {
    const plan = await planOf(sql)
    const everyRow = plan.filter(
      (line) =>
        /^SCAN (?:delivery|event|d|e|earlier)\b/.test(line) ||
        /^SEARCH (?:delivery|d|earlier) USING PRIMARY KEY \(subscription=\?\)/.test(line),
    )
    expect(everyRow.filter((line) => !THOROUGH[name]?.test(line))).toEqual([])
  })
})
