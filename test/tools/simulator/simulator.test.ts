import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ContractError, loadAdapter, type MountableAdapter, type RestOperation } from '../../../src/index.js'
import type { SimulatedCall, SimulatorOptions } from '../../../src/tools/simulator/options.js'
import { type Simulator, startSimulator } from '../../../src/tools/simulator/simulator.js'
import { EnvelopeJudge } from '../../oracle/xsd.js'
import { faultDetailComplaints } from './fault-detail.js'

const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const contract = file('openapi.yaml')
const wsdls = {
  'core-banking': file('wsdl/banking/core-banking.wsdl'),
  lending: file('wsdl/banking/lending.wsdl'),
  'patient-registry': file('wsdl/health/patient-registry.wsdl'),
}
const ids = [...(await loadAdapter({ contract })).operations.keys()]

let running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.map((simulator) => simulator.close()))
  running = []
})

async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ wsdls: Object.values(wsdls), ...options })
  running.push(simulator)
  return simulator
}

function endpointOf({ endpoints }: Simulator, service: string): string {
  const url = endpoints.find((endpoint) => endpoint.service === service)?.url
  if (url === undefined) throw new Error(`no endpoint of ${service}`)
  return url
}

function adapterTo(simulator: Simulator): Promise<MountableAdapter> {
  return loadAdapter({
    contract,
    env: {
      CORE_BANKING_URL: endpointOf(simulator, 'CoreBankingService'),
      LENDING_URL: endpointOf(simulator, 'LendingService'),
      PATIENT_REGISTRY_URL: endpointOf(simulator, 'PatientRegistryService'),
    },
  })
}

function operation(adapter: MountableAdapter, id: string): RestOperation {
  const found = adapter.operations.get(id)
  if (!found) throw new Error(`no operation ${id}`)
  return found
}

/** Posts what an operation of the contract encodes. */
async function post(
  adapter: MountableAdapter,
  id: string,
  change: { headers?: Record<string, string> } = {},
) {
  const op = operation(adapter, id)
  const { url, headers, body } = op.encode(op.sample({ optionals: 'all' }))
  const answer = await fetch(url, { method: 'POST', headers: { ...headers, ...change.headers }, body })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

describe('a simulator of three WSDLs, through the facade', () => {
  const calls: SimulatedCall[] = []
  const judges = new Map(Object.entries(wsdls).map(([name, wsdl]) => [name, new EnvelopeJudge(wsdl)]))
  let simulator: Simulator
  let adapter: MountableAdapter
  beforeAll(async () => {
    simulator = await startSimulator({ wsdls: Object.values(wsdls), onCall: (call) => calls.push(call) })
    adapter = await adapterTo(simulator)
  })
  afterAll(async () => {
    for (const judge of judges.values()) judge.dispose()
    await adapter.close()
    await simulator.close()
  })

  it.each(ids.flatMap((id) => [[id, 'all'] as const, [id, 'none'] as const]))(
    '%s answers a sample with %s of the optionals',
    async (id, optionals) => {
      const op = operation(adapter, id)
      const { status } = await op.invoke(op.sample({ optionals }))
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(300)
    },
  )

  it.each(ids)('%s is answered as the schemas say, in the judgement of libxml2', async (id) => {
    const { text } = await post(adapter, id)
    const judge = judges.get(operation(adapter, id).backend)
    expect(judge?.complaints(calls.at(-1)?.operation ?? '', 'output', text)).toEqual([])
  })
})

describe('endpoints', () => {
  it('lie at the paths of soap:address', async () => {
    const { endpoints, url } = await simulate()
    expect(endpoints.map((endpoint) => endpoint.url)).toEqual([
      `${url}/core-banking/v3`,
      `${url}/lending/v2`,
      `${url}/patient-registry`,
    ])
  })

  it('have paths of their own where two ports have the same', async () => {
    const { endpoints, url } = await simulate({ wsdls: [wsdls.lending, wsdls.lending, wsdls.lending] })
    expect(endpoints.map((endpoint) => endpoint.url)).toEqual([
      `${url}/lending/v2`,
      `${url}/LendingService/LendingPort`,
      `${url}/LendingService/LendingPort-2`,
    ])
  })

  it('give their WSDL', async () => {
    const simulator = await simulate()
    const answer = await fetch(`${endpointOf(simulator, 'LendingService')}?wsdl`)
    expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(await answer.text()).toMatch(/<wsdl:definitions[^>]*name="Lending/)
  })
})

describe('what a request that is not as the WSDL says gets', () => {
  it.each([
    ['an unknown element', 'createPayment', /Instruction\b/, /Client/, 500],
    ['a value that its type does not allow', 'createLoanApplication', />\d+</, /Sender/, 400],
  ])('%s: a fault', async (_what, id, part, code, status) => {
    const simulator = await simulate()
    const adapter = await adapterTo(simulator)
    const op = operation(adapter, id)
    const { url, headers, body } = op.encode(op.sample({ optionals: 'all' }))
    const broken = String(body).replace(part, (found) => (found.startsWith('>') ? '>many<' : 'Nonsense'))
    expect(broken).not.toBe(body)
    const answer = await fetch(url, { method: 'POST', headers, body: broken })
    expect(answer.status).toBe(status)
    expect(await answer.text()).toMatch(code)
    await adapter.close()
  })

  it.each([
    ['not XML', 'hello', /Text outside the root element, at 1:1/],
    ['another document', '<a/>', /not a SOAP envelope/],
    [
      'the other version',
      '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
      /speaks SOAP 1\.1/,
    ],
    [
      'an empty body',
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
      /empty soap:Body/,
    ],
    ['no body', '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', /no soap:Body/],
    [
      'an unknown operation',
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><x/></e:Body></e:Envelope>',
      /No operation of CoreBankingPort takes x/,
    ],
  ])('%s: a fault that says so', async (_what, body, reason) => {
    const simulator = await simulate()
    const headers = { 'content-type': 'text/xml' }
    const url = endpointOf(simulator, 'CoreBankingService')
    const answer = await fetch(url, { method: 'POST', headers, body })
    expect(answer.status).toBe(500)
    expect(await answer.text()).toMatch(reason)
  })

  it('the action of another operation: a fault', async () => {
    const simulator = await simulate()
    const adapter = await adapterTo(simulator)
    const answer = await post(adapter, 'getCustomer', { headers: { soapaction: '"urn:other"' } })
    expect(answer.text).toMatch(/The action of GetCustomer is "/)
    await adapter.close()
  })

  it.each([
    [
      'another media type',
      415,
      { method: 'POST', body: 'x', headers: { 'content-type': 'application/json' } },
    ],
    ['another method', 405, { method: 'PUT', body: 'x' }],
    ['GET without ?wsdl', 405, { method: 'GET' }],
    ['too much', 413, { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) }],
  ])('%s: status %d', async (_what, status, init) => {
    const simulator = await simulate()
    expect((await fetch(endpointOf(simulator, 'LendingService'), init)).status).toBe(status)
  })

  it('an unknown path: 404 with the paths that there are', async () => {
    const { url } = await simulate()
    const answer = await fetch(`${url}/nowhere`, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('/lending/v2')
  })
})

describe('misbehaviour', () => {
  it('answers with a declared fault, which the facade maps', async () => {
    const simulator = await simulate({
      faults: new Map([
        ['GetCustomer', 'CustomerNotFoundFault'],
        ['GetLoan', 'LoanNotFoundFault'],
      ]),
    })
    const adapter = await adapterTo(simulator)
    const schemas = {
      getCustomer: ['wsdl/banking/core-banking.xsd', 500],
      getLoan: ['wsdl/banking/lending-messages.xsd', 400],
    } as const
    for (const [id, [schema, soapStatus]] of Object.entries(schemas)) {
      const op = operation(adapter, id)
      const { status, body } = await op.invoke(op.sample({ optionals: 'none' }))
      expect(status, id).toBe(404)
      expect(JSON.parse(String(body))).toHaveProperty('fault')
      const answer = await post(adapter, id)
      expect(answer.status).toBe(soapStatus)
      expect(faultDetailComplaints(file(schema), answer.text)).toEqual([])
    }
    await adapter.close()
  })

  it('fails evenly, as often as it is told', async () => {
    const calls: SimulatedCall[] = []
    const simulator = await simulate({ failurePercent: 40, onCall: (call) => calls.push(call) })
    const adapter = await adapterTo(simulator)
    const statuses: number[] = []
    for (let call = 0; call < 10; call++) statuses.push((await post(adapter, 'getCustomer')).status)
    expect(statuses).toEqual([200, 200, 503, 200, 503, 200, 200, 503, 200, 503])
    expect(calls.map((call) => call.outcome)).toEqual(
      statuses.map((status) => (status === 200 ? 'answered' : 'failed')),
    )
    await adapter.close()
  })

  it('takes its time', async () => {
    const simulator = await simulate({ latencyMs: 120 })
    const adapter = await adapterTo(simulator)
    const start = performance.now()
    await post(adapter, 'getCustomer')
    expect(performance.now() - start).toBeGreaterThanOrEqual(115)
    await adapter.close()
  })
})

describe('examples from a folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are answered: JSON through the codec, XML as it is', async () => {
    await writeFile(join(folder, 'CloseAccount.json'), '{"closedOn": "2031-02-03"}')
    await writeFile(join(folder, 'GetCustomer.xml'), '<as-it-is/>')
    await writeFile(join(folder, 'Unrelated.json'), '[]')
    const simulator = await simulate({ examples: folder })
    const adapter = await adapterTo(simulator)
    expect((await post(adapter, 'getCustomer')).text).toBe('<as-it-is/>')
    expect((await post(adapter, 'closeAccount')).text).toMatch(
      /:CloseAccountResponse><\w+:ClosedOn>2031-02-03</,
    )
    await adapter.close()
  })

  it('that are wrong are all reported, and nothing starts', async () => {
    const wrong = await mkdtemp(join(tmpdir(), 'examples-'))
    await writeFile(join(wrong, 'GetCustomer.json'), '{"customer": {}}')
    await writeFile(join(wrong, 'GetAccount.json'), '[]')
    await writeFile(join(wrong, 'GetPayment.json'), '{\n  "payment": tru\n}')
    const started = simulate({ examples: wrong })
    await expect(started).rejects.toBeInstanceOf(ContractError)
    const error: unknown = await started.catch((thrown: unknown) => thrown)
    const codes = error instanceof ContractError ? error.diagnostics.map((found) => found.code) : []
    expect(codes.filter((code) => code === 'example-invalid')).toHaveLength(3)
    expect(String(error)).toMatch(/GetPayment\.json:2:/)
    await rm(wrong, { recursive: true })
  })
})

describe('options that cannot be used', () => {
  it.each<[string, Partial<SimulatorOptions>, RegExp]>([
    ['a fault', { faults: new Map([['GetCustomer', 'Nope']]) }, /declares CustomerNotFoundFault/],
    ['an operation', { faults: new Map([['Nope', 'X']]) }, /no operation Nope; there are /],
    ['a folder', { examples: '/nonexistent' }, /no folder/],
    ['a WSDL', { wsdls: ['/nonexistent.wsdl'] }, /no such file/],
    ['a schema for a WSDL', { wsdls: [file('wsdl/banking/core-banking.xsd')] }, /not wsdl:definitions/],
  ])('%s: says why', async (_what, options, message) => {
    await expect(simulate(options)).rejects.toThrow(message)
  })

  it('a port that is taken: says so', async () => {
    const { url } = await simulate()
    await expect(simulate({ listenPort: Number(new URL(url).port) })).rejects.toThrow(/EADDRINUSE/)
  })
})
