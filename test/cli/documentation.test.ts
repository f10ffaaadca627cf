import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { PROBLEM_TYPES } from '../../src/http/answer/problem.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Cells of every table of a page, row by row. */
function rows(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))
    .map((cells) => cells.map((cell) => cell.trim()))
}

describe('docs/errors.md', () => {
  it('has every problem as the service knows it, in the same order', () => {
    const documented = rows(read('docs/errors.md')).filter(([, status]) => /^\d{3}$/.test(status ?? ''))
    expect(documented).toEqual(
      Object.entries(PROBLEM_TYPES).map(([code, { status, title, meaning, advice }]) => [
        `\`${code}\``,
        String(status),
        `${title}. ${meaning}`,
        advice,
      ]),
    )
  })
})

describe('docs/operations.md', () => {
  it('says for every problem what an operator does', () => {
    const page = read('docs/operations.md')
    const advice = page.slice(page.indexOf('## At 3 am'))
    for (const code of Object.keys(PROBLEM_TYPES)) {
      const known = code.startsWith('request-') ? 'request-*' : code
      expect(advice, code).toContain(`\`${known}\``)
    }
  })
})

describe('docs/cli.md', () => {
  const page = read('docs/cli.md')

  it.each(createProgram().commands.map((command) => [command.name(), command] as const))(
    'knows %s',
    (name) => {
      expect(rows(page).some(([command]) => command?.startsWith(`\`${name}`))).toBe(true)
    },
  )

  it('knows what makes a simulator misbehave', () => {
    const simulate = createProgram().commands.find((command) => command.name() === 'simulate')
    const options = simulate?.options.map((option) => option.long ?? '') ?? []
    const section = page.slice(page.indexOf('## Simulating a backend'))
    const documented = options.filter((option) => section.includes(`| \`${option}`))
    expect(documented).toEqual(['--latency', '--failure-rate', '--fault', '--contract', '--examples'])
  })
})
