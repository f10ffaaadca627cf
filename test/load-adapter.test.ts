import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ContractError, importWsdl, loadAdapter } from '../src/index.js'
import { runInProcess } from './cli/in-process.js'
import { wsdlText } from './tools/import/wsdl-text.js'

const text = (name: string) => `<xs:element name="${name}" type="xs:string"/>`

interface Contract {
  security?: unknown
  components: { schemas: Record<string, object> }
}

/** A contract with something wrong that only those know of who serve it. */
const faults: readonly (readonly [string, (contract: Contract) => void])[] = [
  ['security-undeclared', (contract) => delete contract.security],
  ['security-scheme-unknown', (contract) => (contract.security = [{ nobody: [] }])],
  ['openapi-invalid', (contract) => Object.assign(contract, { webhooks: [] })],
  ['schema-keyword', ({ components }) => (components.schemas.Unused = { exclusiveMinimum: true })],
  ['pattern-invalid', ({ components }) => (components.schemas.Unused = { pattern: '(' })],
  ['pattern-backtracks', ({ components }) => (components.schemas.Unused = { pattern: '(a)\\1' })],
  [
    'contract-reference',
    ({ components }) => (components.schemas.Unused = { $ref: '#/components/schemas/None' }),
  ],
]

it.each(faults)('loadAdapter with router(), and check, both find %s', async (code, spoil) => {
  const directory = mkdtempSync(join(tmpdir(), 'load-'))
  writeFileSync(
    join(directory, 'shop.wsdl'),
    wsdlText([{ name: 'CreateOrder', input: text('Title'), output: text('OrderId') }]),
  )
  const { document } = await importWsdl(join(directory, 'shop.wsdl'), { baseDir: directory })
  const contract = structuredClone(document) as unknown as Contract
  spoil(contract)
  const file = join(directory, 'shop.json')
  writeFileSync(file, JSON.stringify(contract))
  const codes = async (options: Parameters<typeof loadAdapter>[0]): Promise<string[]> => {
    const error: unknown = await loadAdapter(options)
      .then((adapter) => adapter.router())
      .catch((reason: unknown) => reason)
    return error instanceof ContractError ? [...new Set(error.diagnostics.map((each) => each.code))] : []
  }
  expect(await codes({ contract: file })).toEqual([code])
  expect(await codes({ contract: { ...contract }, baseDir: directory })).toEqual([code])
  const { stdout } = await runInProcess('check', '--json', '--contract', file)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] }
  expect([...new Set(diagnostics.map((each) => each.code))]).toEqual([code])
})
