import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runInProcess } from '../in-process.js'

vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('../../../', import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'))
  cpSync(`${root}wsdl`, join(folder, 'wsdl'), { recursive: true })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it.each<[string, string, string, string]>([
  ['an operation', 'operation: GetCustomer\n', 'operation: GetKustomer\n', 'GetCustomer'],
  ['a key', 'operation: ListAccounts\n', 'operaton: ListAccounts\n', 'operation'],
  ['a fault', '{ PaymentNotFoundFault: 404 }', '{ PaymentNotFondFault: 404 }', 'PaymentNotFoundFault'],
  ['a backend', 'backend: patient-registry\n', 'backend: patient-registy\n', 'patient-registry'],
  ['a member', '        closedOn:\n', '        closdOn:\n', 'closedOn'],
])('knows what a mistaken name of %s should be', async (_what, written, wrong, meant) => {
  const text = readFileSync(`${root}openapi.yaml`, 'utf8')
  expect(text).toContain(written)
  const contract = join(folder, 'openapi.yaml')
  writeFileSync(
    contract,
    text.replace(written, () => wrong),
  )
  const { code, stdout } = await runInProcess('check', contract)
  expect(stdout).toContain(`Did you mean ${meant}?`)
  expect(code).toBe(1)
  const lines = [...stdout.matchAll(/^openapi\.yaml:(\d+):/gm)].map(([, line]) => Number(line))
  expect(lines).toEqual(lines.toSorted((a, b) => a - b))
})

it('sends who has a WSDL and no contract to import', async () => {
  const { code, stdout, stderr } = await runInProcess('check', `${root}wsdl/banking/lending.wsdl`)
  expect(stderr).toMatch(/is a WSDL[^]*soapstone import .*lending\.wsdl --output openapi\.yaml/)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})
