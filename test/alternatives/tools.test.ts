import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkContract, compileContract } from '../../src/adapter/adapter.js'
import { diffContract } from '../../src/tools/diff/contract.js'
import { startSimulator } from '../../src/tools/simulator/simulator.js'
import { runInProcess } from '../cli/in-process.js'
import { openapi, writeContract, wsdl } from './contract.js'

const contract = writeContract()

describe('soapstone', () => {
  test('check counts one operation', async () => {
    const { code, stdout } = await runInProcess('check', contract)
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 operation over 1 backend, 0 errors')])
  })

  test.each<[readonly string[], number, string | RegExp]>([
    [[], 0, /"query": \{\s*"limit": "10"\s*\}/],
    [['--soap-operation', 'GetDesignsByState'], 0, /"state"/],
    [['--soap-operation', 'GetDesignsByPeriod', '--response'], 0, '<n1:GetDesignsByPeriodResponse>'],
    [['--soap-operation', 'GetDesignsByStat'], 2, 'Did you mean GetDesignsByState?'],
    [['--soap-operation', 'Nothing'], 2, 'It is served by ListDesigns, GetDesignsByState,'],
  ])('sample %s', async (args, code, text) => {
    const found = await runInProcess('sample', 'listDesigns', '--contract', contract, ...args)
    expect(found.code).toBe(code)
    if (text instanceof RegExp) expect(found.stdout).toMatch(text)
    else expect(found.stdout + found.stderr).toContain(text)
  })

  test('export has what all of them have, and a schema of GraphQL', async () => {
    const { stdout, code } = await runInProcess('export', '--contract', contract, '--format', 'graphql')
    expect(code).toBe(0)
    expect(stdout).toContain('designerId')
    const { stdout: yaml } = await runInProcess('export', '--contract', contract)
    expect(yaml).toContain('UnknownState')
    expect(yaml).not.toContain('x-soap')
  })
})

describe('diff', () => {
  const changed = (from: string, to: string) => {
    expect(wsdl).toContain(from)
    const file = join(dirname(contract), 'next.wsdl')
    writeFileSync(file, wsdl.replaceAll(from, to))
    return diffContract({ contract, wsdl: file, env: {} })
  }

  test('finds what changes in one alternative, under the operation that it serves', () => {
    const report = changed(
      '<xs:element name="To" type="xs:date" />',
      '<xs:element name="To" type="xs:int" />',
    )
    expect(report.operations).toBe(1)
    const places = report.changes.flatMap(({ places: all }) => all)
    expect(places.map(({ operation, rest }) => [operation, rest?.operationId])).toEqual([
      ['GetDesignsByPeriod', 'listDesigns'],
    ])
  })

  test('finds an alternative that the WSDL has no more', () => {
    const report = changed('"GetDesignsByPeriod"', '"GetDesignsBySpan"')
    expect(report.changes.map(({ places }) => places[0]?.operation)).toContain('GetDesignsByPeriod')
    expect(report.diagnostics?.map(({ code }) => code)).toContain('operation-unknown')
  })
})

test('a simulated backend answers each alternative', async () => {
  const simulator = await startSimulator({ wsdls: [join(dirname(contract), 'designs.wsdl')], contract })
  const adapter = compileContract({ contract, env: { DESIGNS_URL: `${simulator.url}/soap` } })
  try {
    for (const alternative of adapter.operations.get('listDesigns')?.alternatives ?? []) {
      const request = alternative.sample({ optionals: 'all' })
      expect((await alternative.invoke(request)).status).toBe(200)
    }
  } finally {
    await adapter.close()
    await simulator.close()
  }
})

test.each([
  ['query.state: OPEN', []],
  ['query.state: OPEN, query.limit: "5"', []],
  ['query.state: OPEN, query.designerId: "5"', ['webhook-poll']],
])('a poll with %s asks the alternative that its parameters choose', (parameters, codes) => {
  const webhooks = `webhooks:
  design.drawn:
    post:
      x-soap: { poll: { operation: listDesigns, parameters: { ${parameters} }, every: 30s, id: /id, changes: [new] } }
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Design' } } }
      responses: { '204': { description: taken } }
`
  const document = openapi.replace('components:\n', `${webhooks}components:\n`)
  const { diagnostics } = checkContract({ contract: writeContract(document), env: {} })
  expect(diagnostics.map(({ code }) => code)).toEqual(codes)
})
