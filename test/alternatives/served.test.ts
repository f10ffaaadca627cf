import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import type { ObservedCall } from '../../src/adapter/observed-call.js'
import { openGraphql } from '../../src/graphql/server.js'
import { createApp } from '../../src/http/app.js'
import { Readiness } from '../../src/http/pages/health.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { Inspector } from '../../src/inspector/inspector.js'
import { openMcp } from '../../src/mcp/server.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { captureLog } from '../end-to-end/deployment.js'
import { openly } from '../graphql/graphql-app.js'
import { lastCall } from '../inspector/inspected.js'
import { openapi, writeContract } from './contract.js'

const limits = { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000 }

let backend: Server
let front: Server
let adapter: MountableAdapter
let url: string
/** The children of soap:Body that the backend was sent. */
const asked: string[] = []
const calls: ObservedCall[] = []

const envelope = (body: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`

/** Answers each operation with one design that is called like it. */
function answer(body: string): { readonly status: number; readonly text: string } {
  const name = /^<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? ''
  if (body.includes('nowhere')) {
    const detail = '<t:UnknownState xmlns:t="urn:test:shop"><t:Reason>no</t:Reason></t:UnknownState>'
    return {
      status: 500,
      text: envelope(
        `<soap:Fault><faultcode>soap:Client</faultcode><faultstring>no</faultstring><detail>${detail}</detail></soap:Fault>`,
      ),
    }
  }
  return {
    status: 200,
    text: envelope(
      `<${name}Response xmlns="urn:test:shop"><Design><Id>${name}</Id><State>S</State></Design></${name}Response>`,
    ),
  }
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  backend = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = /<(?:\w+:)?Body>(.*)<\/(?:\w+:)?Body>/s.exec(Buffer.concat(chunks).toString())?.[1] ?? ''
      asked.push(body.replace(/ xmlns(:\w+)?="[^"]*"/g, ''))
      const { status, text } = answer(body)
      res.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(text)
    })
  })
  const contract = writeContract(
    openapi.replace(
      'response: /Design\n',
      'response: /Design\n        cache: { maxAgeSeconds: 60, shared: true }\n',
    ),
  )
  adapter = await loadAdapter({ contract, env: { DESIGNS_URL: await listening(backend) } })
  adapter.onCall((call) => calls.push(call))
  const readiness = new Readiness()
  readiness.state = 'ready'
  const { logger } = captureLog()
  front = createServer(
    createApp(adapter, {
      ...{ logger, metrics: createMetrics(adapter.backends), readiness, docs: true, limits },
      authentication: 'off',
      faces: [
        openGraphql({ limits, query: openly, introspection: true }),
        openMcp({
          ...{ limits, operations: [], maxResultBytes: 65_536, origins: [], publicUrl: '' },
          ...{ issuer: 'https://as.example', version: '1' },
        }),
      ],
    }),
  )
  url = await listening(front)
})

afterAll(async () => {
  for (const server of [front, backend]) {
    server.close()
    server.closeAllConnections()
  }
  await adapter.close()
})

beforeEach(() => {
  asked.length = 0
  calls.length = 0
})

const get = (search: string) => fetch(`${url}/v1/designs${search}`)

describe('a request', () => {
  test.each([
    ['', '<ListDesigns><Limit>10</Limit></ListDesigns>'],
    ['?limit=3', '<ListDesigns><Limit>3</Limit></ListDesigns>'],
    ['?state=OPEN', '<GetDesignsByState><State>OPEN</State><Limit>10</Limit></GetDesignsByState>'],
    ['?state=', '<GetDesignsByState><State></State><Limit>10</Limit></GetDesignsByState>'],
    [
      '?designerId=7',
      '<GetDesignsByDesigner><Designer><Id>7</Id></Designer><Limit>10</Limit></GetDesignsByDesigner>',
    ],
    [
      '?includeRetired=true&designerId=8&limit=2',
      '<GetDesignsByDesigner><Designer><Id>8</Id></Designer><IncludeRetired>true</IncludeRetired><Limit>2</Limit></GetDesignsByDesigner>',
    ],
    [
      '?to=2024-02-01&from=2024-01-01',
      '<GetDesignsByPeriod><From>2024-01-01</From><To>2024-02-01</To><Limit>10</Limit></GetDesignsByPeriod>',
    ],
  ])('%s calls the operation that its parameters choose', async (search, body) => {
    const response = await get(search)
    expect(response.status).toBe(200)
    const name = /^<(\w+)/.exec(body)?.[1]
    expect(await response.json()).toEqual([{ id: name, state: 'S' }])
    expect(
      asked.map((each) => each.replaceAll(/(<\/?)\w+:/g, '$1').replaceAll('<State/>', '<State></State>')),
    ).toEqual([body])
    expect(calls.map(({ operationId, outcome }) => [operationId, outcome])).toEqual([
      ['listDesigns', 'success'],
    ])
    // It is kept for this request alone.
    expect((await get(search)).status).toBe(200)
    expect(asked).toHaveLength(1)
  })

  const possible = 'give state; designerId, perhaps with includeRetired; from and to; or none of them.'

  test.each([
    ['?state=a&designerId=7', [['query/designerId', 'must not be given with state']]],
    ['?includeRetired=true', [['query/designerId', 'must be given with includeRetired']]],
    ['?from=2024-01-01', [['query/to', 'must be given with from']]],
    [
      '?from=2024-01-01&to=2024-02-01&state=a&includeRetired=false',
      [
        ['query/state', 'must not be given with from and to'],
        ['query/includeRetired', 'must not be given with from and to'],
      ],
    ],
  ])('%s is told what goes together', async (search, errors) => {
    const response = await get(search)
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect(await response.json()).toMatchObject({
      code: 'request-invalid',
      detail: `The query parameters do not go together: ${possible}`,
      errors: errors.map(([pointer, detail]) => ({ pointer, detail })),
    })
    expect(asked).toEqual([])
  })

  test('is told of a fault by the status that all alternatives have', async () => {
    const response = await get('?state=nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'UnknownState', fault: { reason: 'no' } })
  })

  test('of another protocol chooses in the same way', async () => {
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return response.text()
    }
    const graphql = (args: string) => post('/graphql', { query: `{ designs${args} { id } }` })
    expect(await graphql('(designerId: 9, state: null)')).toContain('"id":"GetDesignsByDesigner"')
    expect(await graphql('(designerId: 9, state: "x")')).toContain('must not be given with')
    const tool = (args: object) =>
      post('/mcp', {
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'listDesigns', arguments: args },
      })
    expect(await tool({ from: '2024-03-01', to: '2024-03-02' })).toContain('GetDesignsByPeriod')
    expect(await tool({ from: '2024-03-01' })).toContain('must be given with from')
  })
})

test('the inspector shows each alternative, and which of them a call took', async () => {
  const inspector = new Inspector()
  inspector.attach(adapter)
  const rows = inspector.contract?.operations.map(({ rulesId, soapOperation }) => [rulesId, soapOperation])
  expect(rows).toEqual([
    ['listDesigns?', 'ListDesigns'],
    ['listDesigns?state', 'GetDesignsByState'],
    ['listDesigns?designerId', 'GetDesignsByDesigner'],
    ['listDesigns?from&to', 'GetDesignsByPeriod'],
  ])
  expect(inspector.contract?.backends[0]?.unused).toEqual(['GetDesignNames', 'TouchDesigns'])
  for (const [rulesId = '', soapOperation] of rows ?? []) {
    const request = inspector.sample(rulesId, 'all')
    if (!request) throw new Error(rulesId)
    const preview = inspector.preview(rulesId, request)
    expect(preview).toMatchObject({ rulesId, restResponse: {} })
    await adapter.operations.get('listDesigns')?.invoke(request)
    await new Promise((resolve) => setImmediate(resolve))
    expect(lastCall(inspector)).toMatchObject({ operationId: 'listDesigns', soapOperation, rulesId })
  }
  const mixed = inspector.preview('listDesigns?state', {
    ...{ path: {}, headers: {} },
    query: { state: 'a', designerId: '7' },
  })
  expect(mixed?.problem?.violations).toEqual([
    { pointer: 'query/designerId', detail: 'must not be given with state' },
  ])
})

describe('an operation', () => {
  const operation = () => {
    const found = adapter.operations.get('listDesigns')
    if (!found) throw new Error('listDesigns')
    return found
  }

  test('has what its alternatives have in common', () => {
    expect(adapter.operations.size).toBe(1)
    expect(operation().soapOperation).toBeUndefined()
    expect(operation().alternatives?.map(({ soapOperation }) => soapOperation)).toHaveLength(4)
    expect(operation()).toMatchObject({ method: 'get', path: '/designs', cache: { maxAgeSeconds: 60 } })
    expect(() => operation().checkRoom?.()).not.toThrow()
  })

  test('has the faults of all its alternatives as examples', () => {
    const faults = (operation().examples?.() ?? []).flatMap(({ response }) => response.fault ?? [])
    expect(new Set(faults)).toEqual(new Set(['UnknownState', 'Denied']))
  })

  test('reads an answer of any alternative, and says of none what was most likely meant', () => {
    const headers = { 'content-type': 'text/xml' }
    for (const alternative of operation().alternatives ?? []) {
      const sampled = alternative.sampleResponse({ optionals: 'all' })
      expect(operation().decode(sampled).status).toBe(200)
    }
    const body = envelope(
      '<GetDesignsByStateResponse xmlns="urn:test:shop"><Design><Id>1</Id><Lost/></Design></GetDesignsByStateResponse>',
    )
    expect(() => operation().decode({ status: 200, headers, body })).toThrow(
      expect.objectContaining({
        code: 'backend-mismatch',
        path: expect.stringContaining('Design') as unknown,
      }),
    )
  })

  test('that is never asked without a filter says which there are', async () => {
    const filtered = openapi.replace('          - operation: ListDesigns\n', '')
    const own = compileContract({ contract: writeContract(filtered), env: {} })
    const call = own.operations.get('listDesigns')?.invoke({ path: {}, query: {}, headers: {} })
    await expect(call).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining(
        'give state; designerId, perhaps with includeRetired; or from and to',
      ) as unknown,
      violations: [{ pointer: 'query/state', detail: 'must be given, or what else can be asked with' }],
    })
    await own.close()
  })

  test('publishes nothing of how it is served', () => {
    expect(JSON.stringify(adapter.document)).not.toMatch(/x-soap|oneOf|GetDesignsBy/)
  })
})
