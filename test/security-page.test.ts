import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { root } from './oracle/contracts.js'
import { testTitles } from './oracle/test-titles.js'

const file = `${root}docs/security.md`
const page = readFileSync(file, 'utf8')

/** A row of an attack table: what, answer, how many tests, and which: `file` › part of a title. */
const ROW = /^\| (.*) \| (.*) \| +([\d+]+) +\| (`test\/.*) \|$/gm
const EVIDENCE = /`(test\/[\w./-]+\.test\.ts)` › (.*?)(?=, `test\/| *$)/g

interface Evidence {
  readonly name: string
  /** Of the tests whose titles have the part. */
  readonly tests: readonly string[]
  /** Whether the rows of all of them could be counted. */
  readonly counted: boolean
}

interface Row {
  readonly what: string
  readonly evidence: readonly Evidence[]
}

function rowOf([, what = '', , , shownBy = '']: RegExpMatchArray): Row {
  const evidence = [...shownBy.matchAll(EVIDENCE)].map(([, path = '', part = '']) => {
    const all = testTitles(`${root}${path}`).map((one, n) => ({ ...one, id: `${path} ${n}` }))
    const found = all.filter(({ title }) => title.includes(part.trim()))
    return {
      name: `${path} › ${part}`,
      tests: found.map(({ id }) => id),
      counted: found.every(({ counted }) => counted),
    }
  })
  return { what: what.trim(), evidence }
}

/** How many tests, and a plus where there are more when they run. */
function casesOf({ evidence }: Row): string {
  const tests = new Set(evidence.flatMap((one) => one.tests))
  return `${tests.size}${evidence.every(({ counted }) => counted) ? '' : '+'}`
}

describe('the attack tables of docs/security.md', () => {
  const rows = [...page.matchAll(ROW)].map(rowOf)

  it('have tests for each row', () => {
    const tables = page.slice(page.indexOf('## Attacks by'), page.indexOf('## Supply chain'))
    const lines = tables.split('\n').filter((line) => /^\| (?!risk|attack|-)/.test(line))
    expect(rows).toHaveLength(lines.length)
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.filter(({ evidence }) => evidence.length === 0).map(({ what }) => what)).toEqual([])
  })

  it.each(rows.map(({ what, evidence }) => [what, evidence] as const))(
    'name tests that there are: %s',
    (_, all) => {
      expect(all.filter(({ tests }) => tests.length === 0).map(({ name }) => name)).toEqual([])
    },
  )

  it('count them (`npx vitest run test/security-page.test.ts -u` writes the counts)', async () => {
    const counted = page.replace(
      ROW,
      (line: string, what: string, answer: string, _: string, shownBy: string) => {
        const row = [...line.matchAll(ROW)].map(rowOf)[0]
        return `| ${what} | ${answer} | ${row ? casesOf(row) : '0'} | ${shownBy} |`
      },
    )
    const formatted = await format(counted, { ...(await resolveConfig(file)), parser: 'markdown' })
    await expect(formatted).toMatchFileSnapshot(file)
  })
})
