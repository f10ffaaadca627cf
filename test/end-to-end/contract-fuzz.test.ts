import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RestOperation, type RestRequest, type SoapResponse } from '../../src/adapter/rest.js'
import { type FacadeApp } from '../../src/http/app.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { root } from '../oracle/contracts.js'
import { SchemaArbitrary } from '../oracle/json-schema-arbitrary.js'
import { SingleFaults } from '../oracle/single-faults.js'
import { appOf, captureLog } from './deployment.js'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: unknown
}

/** Valid requests of each operation. */
const VALID = 20

let adapter: MountableAdapter
let app: FacadeApp
let facade: Server
let backend: Server
let base: string
let answer: SoapResponse
/** Calls of the backend. */
let calls = 0
const counts = { valid: 0, faults: 0 }

beforeAll(async () => {
  backend = createServer((req, res) => {
    calls += 1
    req.resume()
    req.once('end', () => {
      res.writeHead(answer.status, { ...answer.headers })
      res.end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`
  adapter = await loadAdapter({
    contract: `${root}openapi.yaml`,
    env: { CORE_BANKING_URL: url, LENDING_URL: url, PATIENT_REGISTRY_URL: url },
  })
  app = appOf(adapter, captureLog())
  await app.warmUp()
  facade = app.listen(0, '127.0.0.1')
  await once(facade, 'listening')
  base = `http://127.0.0.1:${(facade.address() as AddressInfo).port}/v1`
})

afterAll(async () => {
  for (const server of [facade, backend]) {
    server.closeAllConnections()
    server.close()
  }
  await adapter.close()
  console.log(`contract fuzzer: ${counts.valid} valid requests, ${counts.faults} single faults`)
})

type Sent = Omit<RestRequest, 'body' | 'headers'> & {
  readonly headers: Record<string, string>
  readonly body?: unknown
}

async function send(operation: RestOperation, { path, query, headers, body }: Sent) {
  const filled = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  )
  const search = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const response = await fetch(`${base}${filled}?${new URLSearchParams(search).toString()}`, {
    method: operation.method.toUpperCase(),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text }
}

/** What the published document says of an operation. */
function declared(operation: RestOperation): { parameters: readonly Parameter[]; body: unknown } {
  const { document } = adapter
  const follow = (value: unknown): Record<string, unknown> => {
    const { $ref } = value as { $ref?: string }
    if ($ref === undefined) return value as Record<string, unknown>
    const steps = $ref.slice(2).split('/')
    return follow(steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document))
  }
  const item = (document.paths as Record<string, Record<string, unknown>>)[operation.path] ?? {}
  const described = item[operation.method] as Record<string, unknown>
  const listed = [item.parameters ?? [], described.parameters ?? []]
    .flat()
    .map(follow) as unknown as Parameter[]
  const { requestBody } = described
  const content =
    requestBody === undefined ? {} : (follow(requestBody).content as Record<string, { schema: unknown }>)
  return { parameters: listed, body: content['application/json']?.schema }
}

function sampleOf(operation: RestOperation): Sent {
  const { headers, ...sample } = operation.sample({ optionals: 'all' })
  return { ...sample, headers: headers as Record<string, string> }
}

const names = [
  ...(await loadAdapter({ contract: `${root}openapi.yaml`, env: {} }).then(async (one) => {
    await one.close()
    return one.operations.keys()
  })),
]
const operationOf = (operationId: string) => {
  const operation = adapter.operations.get(operationId)
  if (!operation) throw new Error(operationId)
  return operation
}

describe('a valid request', () => {
  it.each(names)('of %s is never called invalid, and never breaks the service', async (operationId) => {
    const operation = operationOf(operationId)
    const { parameters, body } = declared(operation)
    const arbitrary = new SchemaArbitrary(adapter.document, { tokens: true })
    const values = (place: Parameter['in']) =>
      fc.record(
        Object.fromEntries(
          parameters
            .filter((one) => one.in === place)
            .map(({ name, schema }) => [
              name,
              arbitrary.of(schema).filter((value) => value !== '' && value !== null),
            ]),
        ),
        {
          requiredKeys: parameters.filter((one) => one.in === place && one.required).map(({ name }) => name),
        },
      )
    answer = operation.sampleResponse({ optionals: 'none' })
    const request = fc.record({
      path: values('path'),
      query: values('query'),
      headers: fc.constant({}),
      body: body === undefined ? fc.constant(undefined) : arbitrary.of(body),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, headers, body: sent }) => {
        counts.valid += 1
        const asText = (value: unknown) => (Array.isArray(value) ? value.map(String) : String(value))
        const texts = (all: object) => Object.fromEntries(Object.entries(all).map(([k, v]) => [k, asText(v)]))
        const { status, text } = await send(operation, {
          path: texts(path) as Record<string, string>,
          query: texts(query),
          headers,
          ...(sent !== undefined && { body: sent }),
        })
        // 422: the XSD knows more than the JSON Schema says. 404: the answer lacks what the path asks for.
        expect([200, 201, 202, 204, 404, 422], text).toContain(status)
      }),
      { numRuns: VALID, seed: 20_260_101 },
    )
  })
})

describe('a request with a single fault', () => {
  it.each(names)(
    'of %s is refused with a pointer to the fault, and reaches no backend',
    async (operationId) => {
      const operation = operationOf(operationId)
      const { parameters, body } = declared(operation)
      const faults = new SingleFaults(adapter.document)
      const sample = sampleOf(operation)
      answer = operation.sampleResponse({ optionals: 'none' })
      expect((await send(operation, sample)).status).toBeLessThan(300)

      const broken: { sent: Sent; pointer: string; kind: string }[] = [
        {
          sent: { ...sample, query: { ...sample.query, surplus: '1' } },
          pointer: 'query/surplus',
          kind: 'unknown',
        },
      ]
      for (const { name: written, in: place, required, schema } of parameters) {
        const name = place === 'header' ? written.toLowerCase() : written
        const part = place === 'header' ? 'headers' : place
        const given = sample[part][name]
        const { type } = faults.resolve(schema)
        for (const fault of faults.of(schema, type === 'integer' ? Number(given) : given)) {
          // Whatever is sent in a URL is text.
          if (fault.kind === 'type' && type !== 'integer') continue
          const { value } = fault
          const text =
            fault.kind === 'type' ? 'text' : Array.isArray(value) ? value.map(String) : String(value)
          if (text.length === 0) continue
          const sent = { ...sample, [part]: { ...sample[part], [name]: text } }
          broken.push({ sent, pointer: `${place}/${name}${fault.pointer}`, kind: fault.kind })
        }
        if (place !== 'query') continue
        if (required) {
          const others = Object.entries(sample.query).filter(([other]) => other !== name)
          broken.push({
            sent: { ...sample, query: Object.fromEntries(others) },
            pointer: `query/${name}`,
            kind: 'required',
          })
        }
      }
      if (body !== undefined) {
        for (const { value, pointer, kind } of faults.of(body, sample.body)) {
          broken.push({ sent: { ...sample, body: value }, pointer, kind })
        }
      }
      calls = 0
      for (const { sent, pointer, kind } of broken) {
        counts.faults += 1
        const { status, text } = await send(operation, sent)
        expect(status, `${kind} at ${pointer}: ${text}`).toBe(400)
        const { errors = [] } = JSON.parse(text) as { errors?: { pointer: string }[] }
        expect(
          errors.map((error) => error.pointer),
          kind,
        ).toContain(pointer)
      }
      expect(calls).toBe(0)
    },
  )
})
