import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen as listenWithNodeSoap } from 'soap'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/base/bytes/source.js'
import { loadAdapter, type MountableAdapter, type RestRequest, type RestResponse } from '../../src/index.js'
import { type Simulator, startSimulator } from '../../src/tools/simulator/simulator.js'
import { freePort, type Peer, startPeer } from './peers/process.js'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const wsdl = here('rpc-encoded/warehouse.wsdl')

const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0
const phpIsAbsent = succeeds('php', '-r', 'exit(class_exists("SoapServer") ? 0 : 1);')
  ? undefined
  : 'php-cli with php-soap is not installed'
const perlIsAbsent = succeeds('perl', '-MSOAP::Lite', '-MSOAP::Transport::HTTP', '-MHTTP::Daemon', '-e', '1')
  ? undefined
  : 'libsoap-lite-perl is not installed'
const reason = (absent: string | undefined) => (absent === undefined ? '' : ` (skipped: ${absent})`)

const adapterTo = (url: string, contract = here('rpc-encoded/openapi.yaml')) =>
  loadAdapter({ contract, env: { WAREHOUSE_URL: url } })

/** The same contracts, spoken in SOAP 1.2 and its encoding. */
function in12(directory: string): { readonly wsdl: string; readonly contract: string } {
  const contract = join(directory, 'openapi.yaml')
  copyFileSync(here('rpc-encoded/openapi.yaml'), contract)
  const text = readFileSync(wsdl, 'utf8')
    .replace('http://schemas.xmlsoap.org/wsdl/soap/', 'http://schemas.xmlsoap.org/wsdl/soap12/')
    .replaceAll(
      'encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"',
      'encodingStyle="http://www.w3.org/2003/05/soap-encoding"',
    )
  writeFileSync(join(directory, 'warehouse.wsdl'), text)
  return { wsdl: join(directory, 'warehouse.wsdl'), contract }
}

function jsonOf(response: RestResponse | undefined): string {
  if (!response) throw new Error('there is no response')
  return bytesOf(response.body).toString('utf8')
}

async function invoke(adapter: MountableAdapter, operationId: string, request: Partial<RestRequest> = {}) {
  const operation = adapter.operations.get(operationId)
  const response = await operation?.invoke({ path: {}, query: {}, headers: {}, ...request })
  return { status: response?.status, body: JSON.parse(jsonOf(response)) as unknown }
}

const company = { type: 'company', name: 'Ünal & <Söhne>', vatNumber: 'DE1' }
const order = {
  id: 'O-1',
  customer: company,
  placed: '2020-02-29',
  note: null,
  lines: [
    { sku: 'A', quantity: 2, price: '1.10' },
    { sku: 'B', quantity: -1, price: '12345678901234567890.5' },
  ],
}
const scalars = {
  text: 'a <b> & "c" \\ 漢字 😀',
  count: -5,
  total: 9007199254740993n,
  price: '12345678901234567890.10',
  ratio: 1.5,
  flag: true,
  day: '2020-02-29',
  moment: '2020-02-29T23:59:59.25+02:00',
  data: 'AAEC/w==',
  note: null,
}

describe.skipIf(phpIsAbsent).each(['1.1', '1.2'])(
  `PHP's SoapServer, SOAP %s${reason(phpIsAbsent)}`,
  (version) => {
    let php: Peer
    let adapter: MountableAdapter
    const directory = mkdtempSync(join(tmpdir(), 'warehouse-'))

    beforeAll(async () => {
      const port = await freePort()
      const spoken = version === '1.2' ? in12(directory) : { wsdl, contract: undefined }
      php = await startPeer(['php', '-S', `127.0.0.1:${port}`, here('peers/warehouse.php')], /started/, {
        PEER_WSDL: spoken.wsdl,
      })
      adapter = await adapterTo(`http://127.0.0.1:${port}/`, spoken.contract)
    })

    afterAll(async () => {
      await adapter.close()
      await php.stop()
      rmSync(directory, { recursive: true })
    })

    it.each([
      ['every simple type', scalars],
      ['a text that is empty, and spaces around one', { ...scalars, text: '', note: ' x ' }],
    ])('gives back %s', async (_what, body) => {
      const response = await adapter.operations
        .get('echoScalars')
        ?.invoke({ path: {}, query: {}, headers: {}, body })
      const { total, ...others } = body
      expect(jsonOf(response)).toContain(`"total":${total}`)
      expect(JSON.parse(jsonOf(response))).toMatchObject(others)
    })

    it('answers a derived struct, nil, and an array of structs', async () => {
      expect(await invoke(adapter, 'getOrder', { path: { id: 'O-1' } })).toEqual({ status: 200, body: order })
    })

    it('answers a declared fault with an array in it', async () => {
      const { status, body } = await invoke(adapter, 'getOrder', { path: { id: 'O-9' } })
      expect(status).toBe(404)
      expect(body).toMatchObject({ code: 'OrderNotFound', fault: { id: 'O-9', similar: [7, 8] } })
    })

    it('shares one customer among orders', async () => {
      const { body } = await invoke(adapter, 'listOrders')
      const one = (id: string) => ({
        id,
        customer: { type: 'person', name: 'shared' },
        placed: '2020-01-01',
        note: '',
        lines: [],
      })
      expect(body).toEqual([one('O-1'), one('O-2'), one('O-3')])
    })

    it.each([
      ['company', company, 'O-1/company/Ünal & <Söhne>/null'],
      ['person', { type: 'person', name: 'x' }, 'O-1/person/x/null'],
    ])('understands the type of a customer: %s', async (_kind, customer, id) => {
      expect(await invoke(adapter, 'placeOrder', { body: { ...order, customer } })).toEqual({
        status: 201,
        body: { id, pieces: 1 },
      })
    })

    it.each([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [1, 4],
          [2, 5],
          [3, 6],
        ],
      ],
      [[], []],
    ])('transposes %j', async (rows, columns) => {
      expect((await invoke(adapter, 'transpose', { body: { rows } })).body).toEqual(columns)
    })

    it('answers a Map of anything', async () => {
      const { body } = await invoke(adapter, 'getProperties', { path: { sku: 'A' } })
      const text = (value: string) => ({ type: 'string', value })
      const int = (value: number) => ({ type: 'int', value })
      expect(body).toEqual([
        { key: text('sku'), value: text('A') },
        { key: text('weights'), value: { type: 'Array', item: [int(1), int(2)] } },
        { key: text('none'), value: null },
        { key: text('inner'), value: { type: 'Map', item: [{ key: text('a'), value: text('b') }] } },
        { key: int(7), value: text('seven') },
      ])
    })
  },
)

describe.skipIf(perlIsAbsent)(`SOAP::Lite as a server without a WSDL${reason(perlIsAbsent)}`, () => {
  let perl: Peer
  let adapter: MountableAdapter

  beforeAll(async () => {
    perl = await startPeer(['perl', here('peers/warehouse.pl')], /port \d+\n/)
    adapter = await adapterTo(`http://127.0.0.1:${/port (\d+)/.exec(perl.said)?.[1] ?? ''}/`)
  })

  afterAll(async () => {
    await adapter.close()
    await perl.stop()
  })

  const person = { type: 'person', name: 'shared' }
  const answered = {
    customer: person,
    placed: '2020-01-01',
    lines: [{ sku: 'A', quantity: 2, price: '1.10' }],
  }

  it('answers a struct without types under a name that it made up', async () => {
    expect((await invoke(adapter, 'getOrder', { path: { id: 'O-1' } })).body).toEqual({
      ...answered,
      id: 'O-1',
      note: null,
    })
  })

  it('answers references to elements that it names as it likes', async () => {
    const { body } = await invoke(adapter, 'listOrders')
    expect(body).toEqual(['O-1', 'O-2', 'O-3'].map((id) => ({ ...answered, id, note: '' })))
  })

  it('answers a declared fault', async () => {
    const { status, body } = await invoke(adapter, 'getOrder', { path: { id: 'O-9' } })
    expect(status).toBe(404)
    expect(body).toMatchObject({ fault: { id: 'O-9', similar: [7, 8] } })
  })

  it('finds class, members and nil of what it is sent', async () => {
    const { body } = await invoke(adapter, 'placeOrder', { body: order })
    expect(body).toEqual({ id: 'O-1/Company/Ünal & <Söhne>/undef', pieces: 1 })
  })

  it('reads and writes arrays of arrays', async () => {
    const { body } = await invoke(adapter, 'transpose', {
      body: {
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    })
    expect(body).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  it('sends base64 for a text that is not ASCII: refused, unless the backend is said to be careless', async () => {
    await expect(invoke(adapter, 'getOrder', { path: { id: 'O-2' } })).rejects.toMatchObject({
      code: 'backend-mismatch',
      path: '/Envelope/Body/GetOrderResponse/order/Note',
    })
    const { body } = await invoke(adapter, 'getOrderLeniently', { path: { id: 'O-2' } })
    expect(body).toEqual({ ...answered, id: 'O-2', note: 'ä漢' })
  })

  it('sends types of its own making: refused where they could be others', async () => {
    await expect(invoke(adapter, 'echoScalars', { body: scalars })).rejects.toMatchObject({
      code: 'backend-mismatch',
      message: expect.stringContaining('xsi:type') as string,
    })
  })
})

describe('node-soap as a server', () => {
  let server: Server
  let adapter: MountableAdapter

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(404).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const warehouse = {
      PlaceOrder: ({ order: given }: { order: { Id: unknown; Customer: { Name: unknown } } }) => ({
        id: [given.Id, given.Customer.Name]
          .map((value) => (value as { $value?: string }).$value ?? value)
          .join('/'),
        pieces: 3,
      }),
    }
    listenWithNodeSoap(server, '/', { Warehouse: { Warehouse: warehouse } }, readFileSync(wsdl, 'utf8'))
    adapter = await adapterTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  })

  afterAll(async () => {
    await adapter.close()
    server.close()
    server.closeAllConnections()
  })

  it('understands an order and is understood', async () => {
    expect(await invoke(adapter, 'placeOrder', { body: order })).toEqual({
      status: 201,
      body: { id: 'O-1/Ünal & <Söhne>', pieces: 3 },
    })
  })
})

/** Runs a client that writes JSON, without blocking the server in this process. */
async function readingOf(command: string, ...args: string[]): Promise<unknown> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let complained = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()))
  await once(child, 'close')
  if (said === '') throw new Error(complained)
  return JSON.parse(said) as unknown
}

describe('what we write as a server, read by clients that are not ours', () => {
  let simulator: Simulator
  let url: string

  beforeAll(async () => {
    simulator = await startSimulator({ wsdls: [wsdl], examples: here('rpc-encoded/examples') })
    url = simulator.endpoints[0]?.url ?? ''
  })

  afterAll(() => simulator.close())

  const understood = {
    Id: 'O-1',
    Customer: { Name: 'Ünal & <Söhne>', VatNumber: 'DE1' },
    Placed: '2020-02-29',
  }

  it.skipIf(phpIsAbsent)(`PHP's SoapClient${reason(phpIsAbsent)}`, async () => {
    expect(await readingOf('php', here('peers/warehouse_client.php'), wsdl, url)).toEqual({
      class: 'Company',
      order: {
        ...understood,
        Note: null,
        Lines: [
          { Sku: 'A', Quantity: 2, Price: '1.10' },
          { Sku: 'B', Quantity: -1, Price: '12345678901234567890.5' },
        ],
      },
      rows: [[1, 4], [2, 5], []],
      properties: { sku: 7, 1: null, list: ['ä'] },
      placed: { id: 'text', pieces: 1 },
    })
  })

  it.skipIf(perlIsAbsent)(`SOAP::Lite${reason(perlIsAbsent)}`, async () => {
    expect(await readingOf('perl', here('peers/warehouse_client.pl'), url)).toEqual({
      kind: 'Company',
      order: {
        ...understood,
        Note: null,
        Lines: [
          { Sku: 'A', Quantity: '2', Price: '1.10' },
          { Sku: 'B', Quantity: '-1', Price: '12345678901234567890.5' },
        ],
      },
      rows: [['1', '4'], ['2', '5'], []],
    })
  })

  it('our own adapter, with every member and with as few as possible', async () => {
    const adapter = await adapterTo(url)
    for (const operation of adapter.operations.values()) {
      for (const optionals of ['all', 'none'] as const) {
        const sampled = operation.decode(operation.sampleResponse({ optionals }))
        expect(sampled.status).toBeLessThan(300)
        expect((await operation.invoke(operation.sample({ optionals }))).status).toBe(sampled.status)
      }
    }
    await adapter.close()
  })
})
