import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runInProcess } from './in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${root}openapi.yaml`, 'utf8')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-places-'))
  cpSync(`${root}wsdl`, join(folder, 'wsdl'), { recursive: true })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** @returns what the command says of the contract, as `file:line:column: error code` */
async function findings(command: string, contract: string): Promise<readonly string[]> {
  const path = join(folder, 'openapi.yaml')
  writeFileSync(path, contract)
  const { code, stdout, stderr } = await runInProcess(command, '--contract', path)
  expect(code).toBe(1)
  return `${stdout}${stderr}`.match(/^.*error [a-z-]+(?=:)/gm) ?? []
}

/** Where the first of these stands in the contract. */
function placeOf(contract: string, wanted: string | RegExp): string {
  const lines = contract.split('\n')
  const line = lines.findIndex((each) => each.search(wanted) >= 0)
  return `openapi.yaml:${line + 1}:${(lines[line]?.search(wanted) ?? 0) + 1}`
}

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

it.each(['check', 'serve'])('%s says in which lines patterns are that cannot be used', async (command) => {
  const contract = text.replace(/(?<=^components:\n[^]*?)^ {2}schemas:\n/m, () => UNUSED)
  expect(await findings(command, contract)).toEqual([
    `${placeOf(contract, /pattern: '\(a\)/)}: error pattern-backtracks`,
    `${placeOf(contract, /\^\(a\+\)\+\$/)}: error pattern-backtracks`,
    `${placeOf(contract, /pattern: '\('/)}: error pattern-invalid`,
  ])
})

it('check says in which line it is no OpenAPI', async () => {
  const contract = text.replace('  version: 1.0.0\n', '')
  expect(await findings('check', contract)).toContain(`${placeOf(contract, /^info:/)}: error openapi-invalid`)
})

it('check says in which line an operation is that does not say who may call it', async () => {
  const contract = text.replace('security:\n  - ApiKey: []\n', '')
  const found = await findings('check', contract)
  const operations = [...contract.matchAll(/^ +operationId:/gm)]
  expect(found).toHaveLength(operations.length)
  expect(found[0]).toBe(`${placeOf(contract, /get:$/)}: error security-undeclared`)
  expect(new Set(found).size).toBe(operations.length)
})
