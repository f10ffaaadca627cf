import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAdapter, type MountableAdapter, type RestRequest } from '../../src/index.js'
import { annotatedOperations, readContract, root } from '../oracle/contracts.js'

const here = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url))

const phpIsAbsent =
  spawnSync('php', ['-r', 'exit(class_exists("SoapServer") ? 0 : 1);']).status === 0
    ? undefined
    : 'php-cli with php-soap is not installed'
const zeepIsAbsent =
  spawnSync('/usr/bin/python3', ['-c', 'import zeep']).status === 0
    ? undefined
    : 'python3-zeep is not installed'

const reason = (absent: string | undefined) => (absent === undefined ? '' : ` (skipped: ${absent})`)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.skipIf(phpIsAbsent)(`PHP's SoapServer as the core banking system${reason(phpIsAbsent)}`, () => {
  let php: ChildProcess
  let adapter: MountableAdapter

  beforeAll(async () => {
    const listenPort = await freePort()
    php = spawn('php', ['-S', `127.0.0.1:${listenPort}`, here('core-banking.php')], {
      env: { ...process.env, PEER_WSDL: `${root}wsdl/banking/core-banking.wsdl` },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    await new Promise<void>((resolve, reject) => {
      php.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('started')) resolve()
      })
      php.once('exit', () => {
        reject(new Error(`php ended: ${said}`))
      })
    })
    adapter = await loadAdapter({
      contract: `${root}openapi.yaml`,
      env: { CORE_BANKING_URL: `http://127.0.0.1:${listenPort}/` },
    })
  })

  afterAll(async () => {
    await adapter.close()
    php.kill()
  })

  const invoke = async (operationId: string, request: Partial<RestRequest>) => {
    const response = await adapter.operations
      .get(operationId)
      ?.invoke({ path: {}, query: {}, headers: {}, ...request })
    return { status: response?.status, body: JSON.parse(String(response?.body)) as unknown }
  }

  it('answers an account', async () => {
    const { status, body } = await invoke('getAccount', { path: { accountId: 'AC-00000101' } })
    expect(status).toBe(200)
    expect(body).toEqual({
      accountId: 'AC-00000101',
      iban: 'XK051212012345678906',
      bic: 'FERNXK22',
      accountType: 'CURRENT',
      currency: 'EUR',
      nickname: 'Täglich & <mehr>',
      status: 'OPEN',
      openedOn: '2019-04-23',
      closedOn: null,
      overdraftLimit: { value: '500.00', currency: 'EUR' },
      interestRate: '-0.50',
      holders: [{ customerId: 'C000000101', role: 'OWNER' }],
    })
  })

  it('answers a list without items', async () => {
    const { body } = await invoke('listAccounts', { path: { customerId: 'C000000101' } })
    expect(body).toEqual({ items: [] })
  })

  it('answers a declared fault', async () => {
    const { status, body } = await invoke('getAccount', { path: { accountId: 'AC-00000999' } })
    expect(status).toBe(404)
    expect(body).toMatchObject({
      code: 'AccountNotFoundFault',
      fault: { code: 'AC01', text: 'Kein Konto & <nichts>', accountId: 'AC-00000999' },
    })
  })

  it('understands a payment as it was meant', async () => {
    const instruction = {
      instructionId: 'PHP-1',
      debtorAccountId: 'AC-00000101',
      creditor: { name: 'Ünal & <Söhne>', accountId: 'AC-00000102', bic: 'HARBXKPR' },
      amount: { value: '1234567890123.45', currency: 'EUR' },
      requestedExecutionDate: '2999-12-31',
      chargeBearer: 'SLEV',
      remittanceLines: ['one', ' two  ', '漢字 😀'],
    }
    const { status, body } = await invoke('createPayment', { body: instruction })
    expect(status).toBe(201)
    expect(body).toEqual({
      paymentId: 'PMT-0000000007',
      status: 'PDNG',
      statusReason: null,
      receivedAt: '2026-11-05T23:59:59.9-11:30',
      settledAt: null,
      sequenceNumber: '9223372036854775807',
      instruction,
    })
  })

  it('answers what it does not implement with a fault that nobody declares', async () => {
    await expect(invoke('getCustomer', { path: { customerId: 'C000000101' } })).rejects.toMatchObject({
      code: 'backend-fault',
    })
  })
})

describe.skipIf(zeepIsAbsent)(`zeep as a reader of what we encode${reason(zeepIsAbsent)}`, () => {
  let adapter: MountableAdapter
  const operations = annotatedOperations(readContract())

  beforeAll(async () => {
    adapter = await loadAdapter({ contract: `${root}openapi.yaml`, env: {} })
  })

  afterAll(() => adapter.close())

  interface Reading {
    readonly id: string
    readonly value?: unknown
    readonly error?: string
  }

  function readWithZeep(wsdl: string, exhibits: readonly { id: string; xml: string }[]): readonly Reading[] {
    const input = exhibits.map((exhibit) => JSON.stringify(exhibit)).join('\n')
    const { stdout, stderr } = spawnSync('/usr/bin/python3', [here('zeep_decode.py'), wsdl], {
      input,
      encoding: 'utf8',
    })
    if (stdout === '') throw new Error(stderr)
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Reading)
  }

  it.each([...new Set(operations.map(({ wsdl }) => wsdl))].map((wsdl) => [wsdl.slice(root.length), wsdl]))(
    'takes every sample request of %s',
    (_name, wsdl) => {
      const exhibits = operations
        .filter((operation) => operation.wsdl === wsdl)
        .flatMap(({ operationId }) =>
          (['all', 'none'] as const).map((optionals) => {
            const operation = adapter.operations.get(operationId)
            if (!operation) throw new Error(`${operationId} was not compiled`)
            return {
              id: `${operationId}/${optionals}`,
              xml: String(operation.encode(operation.sample({ optionals })).body),
            }
          }),
        )
      const readings = readWithZeep(wsdl, exhibits)
      expect(readings.filter(({ error }) => error !== undefined)).toEqual([])
      expect(readings.map(({ id }) => id)).toEqual(exhibits.map(({ id }) => id))
    },
  )

  it('finds the derived type and every value of a loan application', () => {
    const address = { lines: ['1', '2'], town: 'Fernhill', postCode: '00417', country: 'IE' }
    const xml = adapter.operations.get('createLoanApplication')?.encode({
      path: {},
      query: {},
      headers: {},
      body: {
        type: 'mortgage',
        product: 'MGHOME20',
        applicants: [{ company: { legalName: 'Ünal & <Söhne>', lei: null, address } }],
        amount: { value: '240000.10', currency: 'EUR' },
        termMonths: 300,
        monthlyIncome: { value: '6100.05', currency: 'EUR' },
        property: { address, marketValue: { value: '0.01', currency: 'EUR' }, yearBuilt: '1998' },
        ownFunds: { value: '75000.00', currency: 'EUR' },
        fixedRateYears: 15,
      },
    }).body
    const [reading] = readWithZeep(`${root}wsdl/banking/lending.wsdl`, [{ id: 'loan', xml: String(xml) }])
    expect(reading?.value).toMatchObject({
      Application: {
        _type: 'MortgageApplication',
        product: 'MGHOME20',
        Applicant: [
          {
            Company: {
              LegalName: 'Ünal & <Söhne>',
              LEI: null,
              Address: { Line: ['1', '2'], postCode: '00417' },
            },
          },
        ],
        Amount: { _value_1: '240000.10' },
        Term: 300,
        Property: { yearBuilt: expect.anything() as unknown, MarketValue: { _value_1: '0.01' } },
        FixedRateYears: 15,
      },
    })
  })
})
