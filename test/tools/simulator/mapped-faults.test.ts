import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ContractError, loadAdapter } from '../../../src/index.js'
import type { SimulatedCall } from '../../../src/tools/simulator/options.js'
import { startSimulator } from '../../../src/tools/simulator/simulator.js'
import { type Cell, cellName, matrixContract, matrixWsdl } from '../../matrix/contract.js'
import { bodyJson } from '../../matrix/response.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const cells: readonly Cell[] = [
  { style: 'document wrapped', soap: '1.1' },
  { style: 'document wrapped', soap: '1.2' },
  { style: 'document bare', soap: '1.2' },
  { style: 'rpc literal', soap: '1.1' },
  { style: 'rpc encoded', soap: '1.1' },
]

interface Row {
  readonly when: object
  readonly values?: Readonly<Record<string, string>>
  /** `fault` of the problem. */
  readonly fault?: object
}

const id = expect.any(Number) as unknown
const why = expect.any(String) as unknown
const rows: readonly Row[] = [
  { when: { code: 'NOT_FOUND' } },
  { when: { code: 'Server' } },
  { when: { code: 'Receiver' } },
  { when: { code: 'Client.NotFound.Order' }, values: { why: 'code' }, fault: { why } },
  { when: { code: 'Server.userException', text: '^shop\\.NotFound(Exception)?: [a-z]{3,}$' } },
  { when: { code: '{urn:shop}NotFound' } },
  { when: { code: '{}NotFound.Order' } },
  { when: { text: 'not f[o]und$' }, values: { why: 'text' }, fault: { why } },
  { when: { detail: 'none' }, values: { id: 'none' }, fault: { id } },
  {
    when: { detail: '{urn:shop}none' },
    values: { id: '*/id', why: 'none/@{urn:x}class' },
    fault: { id, why },
  },
  { when: { detail: 'error', type: '{urn:shop}NotFound' }, values: { id: '{urn:x}a/b' }, fault: { id } },
  { when: { type: 'NotFound' } },
  { when: { code: 'NotFound' }, values: { id: 'text()' }, fault: { id } },
  { when: { code: 'NotFound' }, values: { id: '@id', why: 'a/b/text()' }, fault: { id, why } },
]

interface Simulated {
  readonly cell: Cell
  readonly missing: object
  readonly fault?: string
  readonly before?: object
}

async function simulated({ cell, missing, fault = 'OrderMissing', before }: Simulated) {
  const folder = mkdtempSync(join(tmpdir(), 'mapped-'))
  ends.push(() => {
    rmSync(folder, { recursive: true })
  })
  const wsdl = `${cellName(cell)}.wsdl`
  writeFileSync(join(folder, wsdl), matrixWsdl(cell, 'http://localhost:1/orders'))
  const document = matrixContract(cell, wsdl, {
    missing,
    ...(before !== undefined && { backend: { faults: { OrderMissing: missing } } }),
  })
  const contract = join(folder, 'openapi.json')
  const text = JSON.stringify(document)
  const own = JSON.stringify({ OrderMissing: missing }).slice(1, -1)
  writeFileSync(
    contract,
    before === undefined
      ? text
      : text.replace(`"Rejected":409,${own}`, `"Before":${JSON.stringify(before)},${own}`),
  )
  const calls: SimulatedCall[] = []
  const simulator = await startSimulator({
    wsdls: [join(folder, wsdl)],
    contract,
    faults: new Map([['Submit', fault]]),
    onCall: (call) => calls.push(call),
  })
  ends.push(() => simulator.close())
  const adapter = await loadAdapter({ contract, env: { MATRIX_URL: simulator.endpoints[0]?.url ?? '' } })
  ends.push(() => adapter.close())
  return { adapter, calls }
}

const order = {
  ...{ id: 77, customer: 'x', placed: '2026-11-22T18:29:59Z', express: true, weight: 1.5, color: 'RED' },
  ...{ payload: '', discount: null, items: [] },
}

describe.each(cells)('SOAP $soap, $style', (cell) => {
  test.each(rows)('told by $when, with $values', async ({ when, values = {}, fault }) => {
    const { adapter, calls } = await simulated({ cell, missing: { when, status: 404, values } })
    const response = await adapter.operations
      .get('submit')
      ?.invoke({ path: {}, query: {}, headers: {}, body: order })
    expect(response?.status).toBe(404)
    const problem = bodyJson(response)
    expect(problem).toMatchObject({ code: 'OrderMissing' })
    if (fault) expect(problem).toHaveProperty('fault', fault)
    else expect(problem).not.toHaveProperty('fault')
    expect(calls).toEqual([expect.objectContaining({ operation: 'Submit', outcome: 'fault' })])
  })
})

describe('what cannot be simulated is said before the start', () => {
  const cell = cells[0] ?? { style: 'document wrapped', soap: '1.1' }
  const told = (when: object) => ({ when, status: 404 })
  const refused: readonly (readonly [what: string, simulation: Omit<Simulated, 'cell'>, message: RegExp])[] =
    [
      [
        'a pattern that nothing matches',
        { missing: told({ text: '^b$a' }) },
        /No fault was found for Submit/,
      ],
      ['a code that is no name', { missing: told({ code: 'Not found<' }) }, /No fault was found for Submit/],
      [
        'one before it takes all that it would take',
        { missing: told({ code: 'Client.NotFound' }), before: told({ code: 'NotFound' }) },
        /one before it is told by the same/,
      ],
      [
        'a name that nobody knows',
        { missing: told({ code: 'NotFound' }), fault: 'Nope' },
        /declares no fault Nope; it declares Rejected, and the contract maps OrderMissing\./,
      ],
    ]
  test.each(refused)('%s', async (_what, simulation, message) => {
    const started = simulated({ cell, ...simulation })
    await expect(started).rejects.toBeInstanceOf(ContractError)
    await expect(started).rejects.toThrow(message)
  })
})
