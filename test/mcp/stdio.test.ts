import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCoreBanking } from '../../src/demo/core-banking.js'
import type { DemoBackend } from '../../src/demo/soap-server.js'
import { Soapstone } from '../cli/soapstone.js'
import { root } from '../oracle/contracts.js'

const folder = mkdtempSync(join(tmpdir(), 'mcp-stdio-'))
let soapstone: Soapstone
let banking: DemoBackend
let client: Client

beforeAll(async () => {
  soapstone = new Soapstone('mcp-stdio')
  banking = await startCoreBanking()
  client = new Client({ name: 'test', version: '1' })
  const { PATH = '', HOME = '' } = process.env
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [soapstone.main, 'mcp', '--contract', `${root}openapi.yaml`],
      env: {
        ...{ PATH, HOME, CORE_BANKING_URL: banking.url },
        ...{ MCP_OPERATIONS: 'createPayment', STORE_FILE: join(folder, 'store.db') },
      },
      stderr: 'ignore',
    }),
  )
}, 120_000)

afterAll(async () => {
  await client.close()
  await banking.close()
  soapstone.dispose()
  rmSync(folder, { recursive: true })
})

describe('the shipped contract on stdin and stdout', () => {
  it('has a tool for each operation that is GET, and for the one that is named', async () => {
    const { tools } = await client.listTools()
    const writes = tools
      .filter(({ annotations }) => annotations?.readOnlyHint === false)
      .map(({ name }) => name)
    expect(writes).toEqual(['createPayment'])
    expect(tools.length).toBeGreaterThan(15)
  })

  it('reads', async () => {
    const { structuredContent } = await client.callTool({
      name: 'getCustomer',
      arguments: { customerId: 'C000000101' },
    })
    expect(structuredContent).toMatchObject({ customerId: 'C000000101', segment: 'RETAIL' })
  })

  it('pays once, however often the same call is made', async () => {
    const body = {
      instructionId: 'MCP-1',
      debtorAccountId: 'AC-00000101',
      creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
      amount: { value: '1.10', currency: 'EUR' },
    }
    const call = () => client.callTool({ name: 'createPayment', arguments: { body } })
    const [first, second] = [await call(), await call()]
    expect(first.isError).toBeUndefined()
    // The backend would refuse the second as a duplicate.
    expect(second.structuredContent).toEqual(first.structuredContent)
  })

  it('tells a fault of the backend', async () => {
    const result = await client.callTool({ name: 'getCustomer', arguments: { customerId: 'C000000999' } })
    expect([result.isError, JSON.stringify(result.content)]).toEqual([
      true,
      expect.stringContaining('CustomerNotFoundFault'),
    ])
  })
})
