import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runInProcess } from './in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../', import.meta.url))
/** No backend has these, so that nothing but the contract judges them. */
const UNUSED = `  schemas:
    Unused:
      type: object
      properties:
        twice: { type: string, pattern: '(a)\\1' }
      patternProperties:
        ^(a+)+$: {}
      propertyNames:
        pattern: '('
`
let folder: string
let contract: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-patterns-'))
  symlinkSync(`${root}wsdl`, join(folder, 'wsdl'))
  contract = join(folder, 'openapi.yaml')
  const text = readFileSync(`${root}openapi.yaml`, 'utf8')
  writeFileSync(
    contract,
    text.replace(/(?<=^components:\n[^]*?)^ {2}schemas:\n/m, () => UNUSED),
  )
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it.each(['check', 'serve'])('%s says in which lines patterns are that cannot be used', async (command) => {
  const lines = readFileSync(contract, 'utf8').split('\n')
  const placeOf = (text: string) => {
    const line = lines.findIndex((each) => each.includes(text))
    return `openapi.yaml:${line + 1}:${(lines[line]?.indexOf(text) ?? 0) + 1}`
  }
  const { code, stdout, stderr } = await runInProcess(command, '--contract', contract)
  expect(code).toBe(1)
  const said = `${stdout}${stderr}`.match(/^.*error pattern-\w+/gm)
  expect(said).toEqual([
    `${placeOf("pattern: '(a)")}: error pattern-backtracks`,
    `${placeOf('^(a+)+$')}: error pattern-backtracks`,
    `${placeOf("pattern: '('")}: error pattern-invalid`,
  ])
})
