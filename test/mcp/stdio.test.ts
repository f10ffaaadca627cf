import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import type { DemoBackend } from '../../src/demo/soap-server.js'
import { Soapstone } from '../cli/soapstone.js'
import { root } from '../oracle/contracts.js'

const folder = mkdtempSync(join(tmpdir(), 'mcp-stdio-'))
let soapstone: Soapstone
let banking: DemoBackend
let client: Client

/** A client, and the process that it has started. */
async function connect(bankingUrl: string): Promise<Client> {
  const own = new Client({ name: 'test', version: '1' })
  const { PATH = '', HOME = '' } = process.env
  await own.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [soapstone.main, 'mcp', '--contract', `${root}openapi.yaml`],
      env: {
        ...{ PATH, HOME, CORE_BANKING_URL: bankingUrl },
        ...{ MCP_OPERATIONS: 'createPayment', STORE_FILE: join(folder, 'store.db') },
      },
      stderr: 'ignore',
    }),
  )
  return own
}

beforeAll(async () => {
  soapstone = new Soapstone('mcp-stdio')
  banking = await startCoreBanking()
  client = await connect(banking.url)
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

const textOf = ({ content }: { readonly content?: unknown }): string =>
  (content as { readonly text: string }[])[0]?.text ?? ''

describe('on stdin and stdout, as over HTTP', () => {
  it('every read of this backend can be called, and answers or says what is wrong', async () => {
    const { tools } = await client.listTools()
    const known: Readonly<Record<string, unknown>> = {
      ...{ customerId: 'C000000101', accountId: 'AC-00000101', paymentId: 'PMT-0000000001' },
      ...{ loanNumber: '9100000000000000017', applicationNumber: 'LA-2026-000001', patientId: 'P00000001' },
    }
    const codes = new Map<string, string>()
    for (const { name, inputSchema, annotations } of tools) {
      if (annotations?.readOnlyHint !== true) continue
      const required = (inputSchema.required ?? []) as readonly string[]
      const args = Object.fromEntries(required.map((each) => [each, known[each]]))
      const result = await client.callTool({ name, arguments: args })
      codes.set(
        name,
        result.isError === true ? (JSON.parse(textOf(result)) as { code: string }).code : 'answered',
      )
    }
    expect([...codes.values()].filter((code) => code === 'internal')).toEqual([])
    expect([codes.get('getCustomer'), codes.get('getAccount'), codes.get('listAccounts')]).toEqual([
      'answered',
      'answered',
      'answered',
    ])
    // The other backends of the contract are not there.
    expect(codes.get('getLoan')).toMatch(/^backend-/)
  })

  it.each<[string, string, object, string]>([
    ['nothing that is required', 'getCustomer', {}, 'request-invalid'],
    ['a pattern that is not kept', 'getCustomer', { customerId: '../admin' }, 'request-invalid'],
    [
      'a number out of range',
      'listTransactions',
      { accountId: 'AC-00000101', limit: 1e308 },
      'request-invalid',
    ],
    ['an object for a text', 'getCustomer', { customerId: { $gt: '' } }, 'request-invalid'],
    ['an argument that there is not', 'getCustomer', { customerId: 'C000000101', admin: true }, 'admin'],
    ['a member of every object', 'getCustomer', { constructor: 'C000000101' }, 'constructor'],
    [
      'a cursor that is a path',
      'getCustomer',
      { customerId: 'C000000101', resultCursor: '../x' },
      'resultCursor',
    ],
    ['CR and LF in a key', 'createPayment', { 'Idempotency-Key': 'a\r\nb', body: {} }, 'request-invalid'],
    ['a body that is none', 'createPayment', { body: [] }, 'request-invalid'],
  ])('%s is refused', async (_, name, args, says) => {
    const result = await client.callTool({ name, arguments: { ...args } })
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(says)])
  })

  it('a tool that there is not, or that nobody has named, is an error of the protocol', async () => {
    for (const name of ['absent', '__proto__', 'cancelPayment'])
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32602 })
  })

  it('a call that the client cancels is ended at the backend', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const other = await connect(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`)
    const cancel = new AbortController()
    const called = once(silent, 'connection') as Promise<[Socket]>
    const call = other.callTool(
      { name: 'getCustomer', arguments: { customerId: 'C000000101' } },
      { signal: cancel.signal },
    )
    const [socket] = await called
    await once(socket, 'data')
    const closed = once(socket, 'close')
    cancel.abort()
    await expect(call).rejects.toThrow()
    await closed
    await other.close()
    silent.close()
  })
})
