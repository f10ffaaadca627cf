import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runInProcess } from '../in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
const isFindings = new Ajv2020({ strict: true }).compile(
  JSON.parse(readFileSync(`${root}docs/schemas/findings.schema.json`, 'utf8')) as object,
)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'findings-json-'))
  cpSync(`${root}wsdl`, join(folder, 'wsdl'), { recursive: true })
  const text = readFileSync(`${root}openapi.yaml`, 'utf8')
  writeFileSync(join(folder, 'good.yaml'), text)
  writeFileSync(join(folder, 'bad.yaml'), text.replaceAll('backend: lending\n', 'backend: landing\n'))
  writeFileSync(join(folder, 'notes.yaml'), text.replace(/^(paths:)$/m, 'webhooks: {}\n$1'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Findings {
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  readonly error?: string
  readonly summary?: string
  readonly operations?: number
  readonly diagnostics: readonly { readonly code: string; readonly related?: readonly object[] }[]
}

/** The findings that a stream holds and nothing else. */
function findingsIn(text: string): Findings {
  const findings = JSON.parse(text) as Findings
  isFindings(findings)
  expect(isFindings.errors).toBeNull()
  return findings
}

const LENDING = 'wsdl/banking/lending.wsdl'

it.each<[string, 'stdout' | 'stderr', number, readonly string[], readonly string[]]>([
  ['check, which finds nothing', 'stdout', 0, ['check', 'good.yaml'], []],
  ['check', 'stdout', 1, ['check', 'bad.yaml'], ['backend-unknown']],
  ['check of nothing', 'stdout', 1, ['check', 'nothing.yaml'], ['contract-unreadable']],
  ['serve', 'stderr', 1, ['serve', '-c', 'bad.yaml'], ['backend-unknown']],
  ['export', 'stderr', 0, ['export', '-c', 'good.yaml', '--openapi', '3.0'], ['openapi-inexact']],
  ['export of nothing', 'stderr', 1, ['export', '-c', 'nothing.yaml'], ['contract-unreadable']],
  ['import', 'stderr', 0, ['import', LENDING], []],
  ['import of nothing', 'stderr', 1, ['import', 'nothing.wsdl'], ['file-unreadable']],
  ['simulate of nothing', 'stderr', 1, ['simulate', 'nothing.wsdl'], ['file-unreadable']],
  ['sample', 'stderr', 1, ['sample', 'getLoan', '-c', 'bad.yaml'], ['backend-unknown']],
  ['encode', 'stderr', 1, ['encode', 'getLoan', '-c', 'bad.yaml'], ['backend-unknown']],
  ['decode', 'stderr', 1, ['decode', 'getLoan', '-c', 'bad.yaml'], ['backend-unknown']],
  ['diff of nothing', 'stderr', 1, ['diff', 'nothing.wsdl', LENDING], ['file-unreadable']],
])('%s writes its findings as JSON', async (_what, stream, code, args, codes) => {
  const at = args.map((arg) => (/\.(?:yaml|wsdl)$/.test(arg) ? join(folder, arg) : arg))
  const outcome = await runInProcess(...at, '--json')
  expect(outcome.code).toBe(code)
  const findings = findingsIn(outcome[stream])
  const found = new Set(findings.diagnostics.map((diagnostic) => diagnostic.code))
  for (const each of codes) expect(found).toContain(each)
  expect(findings.errors > 0).toBe(code === 1)
  expect(findings.errors + findings.warnings + findings.notes).toBe(findings.diagnostics.length)
  if (stream === 'stdout') expect(outcome.stderr).toBe('')
})

it('tells a cause once, with all of its places', async () => {
  const { stdout } = await runInProcess('check', join(folder, 'bad.yaml'), '--json')
  const findings = findingsIn(stdout)
  const uses = readFileSync(join(folder, 'bad.yaml'), 'utf8').match(/backend: landing/g)?.length ?? 0
  expect(uses).toBeGreaterThan(2)
  expect(findings).toMatchObject({ errors: 1, warnings: 0, notes: 0 })
  // Where the backends are, and each use but the first.
  expect(findings.diagnostics[0]?.related).toHaveLength(uses)
})

it('says what the person at the keyboard did wrong as JSON too', async () => {
  const { code, stderr } = await runInProcess(
    'sample',
    'getKustomer',
    '-c',
    join(folder, 'good.yaml'),
    '--json',
  )
  expect(code).toBe(2)
  expect(findingsIn(stderr)).toMatchObject({
    error: expect.stringContaining('Did you mean getCustomer?') as string,
    diagnostics: [],
  })
})

it('tells what import decided beside its document', async () => {
  const { stdout, stderr } = await runInProcess('import', join(folder, LENDING), '--json')
  expect(JSON.parse(stdout)).toHaveProperty('x-soap-backends')
  expect(findingsIn(stderr).summary).toContain('operation')
})
