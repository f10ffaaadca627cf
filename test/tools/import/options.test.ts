import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compileContract } from '../../../src/adapter/adapter.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { importWsdl } from '../../../src/tools/import/import.js'
import type { ImportOptions } from '../../../src/tools/import/options.js'

const file = join(fileURLToPath(new URL('../../../', import.meta.url)), 'wsdl/banking/core-banking.wsdl')

async function imported(options: ImportOptions): Promise<OpenApiObject> {
  const { document, diagnostics } = await importWsdl(file, { baseDir: dirname(file), ...options })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const adapter = compileContract({ contract: document, baseDir: dirname(file), env: {} })
  await adapter.close()
  return document
}

const pathsOf = ({ paths }: OpenApiObject): string[] => Object.keys(paths as object)

it('--names preserve: members and parameters as the XSD writes them', async () => {
  const document = await imported({ names: 'preserve' })
  expect(pathsOf(document)).toContain('/accounts/{AccountId}')
  const { schemas } = document.components as { schemas: Record<string, { properties?: object }> }
  expect(Object.keys(schemas.Account?.properties ?? {})).toContain('AccountId')
})

it('--style rpc: a POST for each operation', async () => {
  const document = await imported({ style: 'rpc' })
  expect(pathsOf(document)).toContain('/core-banking/get-account')
  const methods = Object.values(document.paths as object).flatMap((path) => Object.keys(path as object))
  expect(new Set(methods)).toEqual(new Set(['post']))
})

it.each<[readonly string[], readonly string[]]>([
  [['GetAccount'], ['/accounts/{accountId}']],
  [
    ['*StandingOrder', 'GetPayment'],
    ['/accounts/{accountId}/standing-orders', '/payments/{paymentId}', '/standing-orders/{standingOrderId}'],
  ],
])('--operations %j', async (operations, paths) => {
  expect(pathsOf(await imported({ operations }))).toEqual(paths)
})

it('--operations that name nothing: what there is', async () => {
  const { diagnostics } = await importWsdl(file, { baseDir: dirname(file), operations: ['Nope*'] })
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['import-no-port', expect.stringMatching(/no operation is called Nope\*; there is GetCustomer, /)],
  ])
})

it.each([
  ['/bank/v2', '/bank/v2'],
  ['bank/', '/bank'],
  ['/', '/'],
  ['', '/'],
  ['https://api.test/v1/', 'https://api.test/v1'],
])('--base-path %j', async (basePath, url) => {
  expect((await imported({ basePath })).servers).toMatchObject([{ url }])
})

it('--backend', async () => {
  const { 'x-soap-backends': backends } = await imported({ backend: 'ledger' })
  expect(backends).toMatchObject({
    ledger: { endpoint: expect.stringMatching(/^\$\{LEDGER_URL:-http/) as string },
  })
})
