import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runInProcess } from '../in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
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
  const components = text.indexOf('\ncomponents:\n')
  const contract = text.slice(0, components) + text.slice(components).replace('  schemas:\n', () => UNUSED)
  expect(await findings(command, contract)).toEqual([
    `${placeOf(contract, /pattern: '\(a\)/)}: error pattern-backtracks`,
    `${placeOf(contract, /\^\(a\+\)\+\$/)}: error pattern-backtracks`,
    `${placeOf(contract, /pattern: '\('/)}: error pattern-invalid`,
  ])
})

it('check says in which line it is not an OpenAPI', async () => {
  const contract = text.replace('  version: 1.0.0\n', '')
  expect(await findings('check', contract)).toContain(`${placeOf(contract, /^info:/)}: error openapi-invalid`)
})

it('check says in which line an operation is that does not say who may call it', async () => {
  const contract = text.replace('security:\n  - ApiKey: []\n', '')
  expect(await findings('check', contract)).toEqual([
    `${placeOf(contract, /get:$/)}: error security-undeclared`,
  ])
  const { stdout } = await runInProcess('check', '--json', '--contract', join(folder, 'openapi.yaml'))
  const report = JSON.parse(stdout) as { diagnostics: readonly { related: readonly { at: object }[] }[] }
  // Links name operations, too, deeper.
  const operations = [...contract.matchAll(/^ {6}operationId:/gm)]
  expect(report.diagnostics[0]?.related).toHaveLength(operations.length - 1)
})

/** One mistake each, at whose line a person can mend it, and the end of what is said of it. */
it.each<[string, string, string, RegExp, string, string]>([
  [
    'the path of a WSDL',
    'wsdl: wsdl/banking/lending.wsdl',
    'wsdl: wsdl/banking/lendng.wsdl',
    /wsdl: wsdl\/banking\/lendng/,
    'file-unreadable',
    'Did you mean lending.wsdl?',
  ],
  [
    'the folder of a WSDL',
    'wsdl: wsdl/banking/lending.wsdl',
    'wsdl: wsdls/banking/lending.wsdl',
    /wsdl: wsdls/,
    'file-unreadable',
    '/wsdls/banking.',
  ],
  [
    'a reference',
    "$ref: '#/components/schemas/Customer'",
    "$ref: '#/components/schemas/Custmer'",
    /\$ref: '#\/components\/schemas\/Custmer/,
    'contract-reference',
    'did you mean #/components/schemas/Customer?',
  ],
  [
    'the name of a backend that operations name',
    '  lending:\n    wsdl',
    '  landing:\n    wsdl',
    /backend: lending/,
    'backend-unknown',
    'Did you mean landing?',
  ],
  [
    'the map of backends',
    'x-soap-backends:',
    'x-soap-backnds:',
    /x-soap-backnds/,
    'backends-missing',
    'Is x-soap-backnds meant to be it?',
  ],
  [
    'the port of a WSDL',
    '    timeoutMs: 8000\n',
    '    port: LendingPrt\n',
    /port: LendingPrt/,
    'port-ambiguous',
    'Did you mean LendingPort?',
  ],
  [
    'a key that stands twice',
    '      summary: Get a customer\n',
    '      summary: Get a customer\n      operationId: other\n',
    /operationId: other/,
    'contract-syntax',
    'it stands here first',
  ],
  [
    'indentation that is too deep',
    '        operation: GetCustomer\n',
    '         operation: GetCustomer\n',
    /operation: GetCustomer$/,
    'contract-syntax',
    'a key beside it',
  ],
])(
  'says one thing of a mistake in %s, where it was made',
  async (_what, written, wrong, place, code, end) => {
    expect(text).toContain(written)
    const contract = text.replace(written, () => wrong)
    expect(await findings('check', contract)).toEqual([`${placeOf(contract, place)}: error ${code}`])
    const { stdout } = await runInProcess('check', '--contract', join(folder, 'openapi.yaml'))
    expect(stdout).toMatch(/: 1 error, \d+ warnings?, 0 notes\n$/)
    expect(stdout.split('\n').some((line) => line.endsWith(end))).toBe(true)
  },
)

it('counts what has one cause once, and shows some of its places', async () => {
  const contract = text.replace('  core-banking:\n    wsdl', '  core-bankings:\n    wsdl')
  await findings('check', contract)
  const { stdout } = await runInProcess('check', '--contract', join(folder, 'openapi.yaml'))
  const uses = contract.match(/backend: core-banking$/gm)?.length ?? 0
  expect(uses).toBeGreaterThan(10)
  expect(stdout.match(/: and here$/gm)?.length).toBe(5)
  expect(stdout).toContain(`… and at ${uses - 6} more places; --json lists all\n`)
  expect(stdout).toMatch(/: 1 error, 0 warnings, 0 notes\n$/)
})

it('says which variable was meant, of one that is missing and of one whose default would hide the mistake', async () => {
  vi.stubEnv('LENDNG_URL', 'https://lending.example')
  try {
    const missing = text.replace('${LENDING_URL:-http://localhost:9103/lending/v2}', '${LENDING_URL}')
    expect(await findings('check', missing)).toHaveLength(1)
    const contract = join(folder, 'openapi.yaml')
    const { stdout } = await runInProcess('check', contract)
    expect(stdout).toMatch(/error environment-missing: [^\n]* Did you mean LENDNG_URL\?\n/)
    writeFileSync(contract, text)
    const defaulted = await runInProcess('check', contract)
    expect(defaulted.stdout).toContain(
      `${placeOf(text, /endpoint: \$\{LENDING_URL/)}: warning environment-mistaken: `,
    )
    expect(defaulted.stdout).toContain('but LENDNG_URL is set')
    expect(defaulted.stdout).not.toContain('lending.example')
    expect(defaulted.code).toBe(0)
    vi.stubEnv('LENDING_URL', 'https://lending.example')
    expect((await runInProcess('check', contract)).stdout).not.toContain('environment-mistaken')
  } finally {
    vi.unstubAllEnvs()
  }
})
