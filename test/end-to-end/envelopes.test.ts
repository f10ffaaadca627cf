import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AdapterError,
  loadAdapter,
  type MountableAdapter,
  type RestOperation,
  type RestRequest,
} from '../../src/index.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { type AnnotatedOperation, annotatedOperations, readContract, root } from '../oracle/contracts.js'
import { SchemaArbitrary } from '../oracle/json-schema-arbitrary.js'
import fc from '../oracle/property.js'
import { EnvelopeJudge, leavesOf } from '../oracle/xsd.js'
import { type Exhibit, judgeWithLxml, lxmlIsAbsent } from '../oracle/xsd-lxml.js'

const contract = readContract()
const operations = annotatedOperations(contract)
const allowedByRest = new SchemaArbitrary(contract)
const allowedByBoth = new SchemaArbitrary(narrowed(), { tokens: true })
const wsdls = [...new Set(operations.map(({ wsdl }) => wsdl))]
const judges = new Map(wsdls.map((wsdl) => [wsdl, new EnvelopeJudge(wsdl)]))
const exhibits = new Map(wsdls.map((wsdl) => [wsdl, [] as Exhibit[]]))

let adapter: MountableAdapter

beforeAll(async () => {
  adapter = await loadAdapter({ contract: `${root}openapi.yaml`, env: {} })
})

afterAll(async () => {
  await adapter.close()
  for (const judge of judges.values()) judge.dispose()
})

/** The contract with what its XSDs, or its own descriptions, say beyond JSON Schema. */
function narrowed(): OpenApiObject {
  const copy = readContract()
  const { schemas } = copy.components as {
    schemas: Record<string, { pattern?: string; oneOf?: unknown; properties: Record<string, OpenApiObject> }>
  }
  const member = (schema: string, name: string) => schemas[schema]?.properties[name] ?? {}
  Object.assign(member('CodedValue', 'code'), { pattern: '^[A-Za-z0-9.-]{1,40}$' })
  Object.assign(member('Quantity', 'unit'), { pattern: '^[A-Za-z/%]{1,40}$' })
  Object.assign(member('Amount', 'value'), { pattern: '^[0-9]{1,13}(\\.[0-9]{1,2})?$' })
  Object.assign(member('Property', 'yearBuilt'), { pattern: '^[12][0-9]{3}$' })
  Object.assign(member('Vehicle', 'firstRegistration'), { pattern: '^20[0-9]{2}-0[1-9]$' })
  for (const schema of ['PatientContent', 'PatientAmendment']) {
    Object.assign(member(schema, 'languages'), {
      items: { type: 'string', pattern: '^[a-z]{2}(-[A-Z]{2})?$' },
    })
  }
  Object.assign(schemas.PartialDate ?? {}, { pattern: '^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$' })
  Object.assign(schemas.PatientContent ?? {}, {
    oneOf: [{ required: ['deceased'] }, { required: ['deceasedDate'] }],
  })
  Object.assign(schemas.ObservationContent ?? {}, {
    oneOf: [{ required: ['valueQuantity'] }, { required: ['valueCode'] }, { required: ['valueText'] }],
  })
  return copy
}

function compiled(operationId: string): RestOperation {
  const operation = adapter.operations.get(operationId)
  if (!operation) throw new Error(`${operationId} was not compiled`)
  return operation
}

function complaints(
  { wsdl, soapOperation, operationId }: AnnotatedOperation,
  direction: 'input' | 'output',
  body: string | Uint8Array,
): readonly string[] {
  const envelope = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
  const list = exhibits.get(wsdl) ?? []
  list.push({
    id: `${operationId}/${direction}/${list.length}`,
    envelope,
    ...(direction === 'input' && { operation: soapOperation }),
  })
  return judges.get(wsdl)?.complaints(soapOperation, direction, envelope) ?? ['no judge']
}

/** Requests that satisfy the contract, in the form in which the HTTP front hands them on. */
function requestsOf(
  { parameters, bodySchema }: AnnotatedOperation,
  arbitrary: SchemaArbitrary,
): fc.Arbitrary<RestRequest> {
  const record = (place: string) => {
    const here = parameters.filter((parameter) => parameter.in === place)
    const members = Object.fromEntries(
      here.map(({ name, schema }) => [
        place === 'header' ? name.toLowerCase() : name,
        arbitrary.of(schema).map(asText),
      ]),
    )
    const requiredKeys = here.filter(({ required }) => required === true).map(({ name }) => name)
    return fc.record(members, { requiredKeys })
  }
  const body = bodySchema === undefined ? fc.constant(undefined) : arbitrary.of(bodySchema)
  return fc
    .tuple(record('path'), record('query'), record('header'), body)
    .map(([path, query, headers, value]) => ({
      path: path as RestRequest['path'],
      query,
      headers,
      ...(value !== undefined && { body: value }),
    }))
}

function asText(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map((item) => asText(item)).flat()
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function leavesOfJson(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object') return [JSON.stringify(value)]
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'type' && 'product' in value ? [] : leavesOfJson(member),
  )
}

describe('the contract', () => {
  it('has an operation for each of the operations that were compiled', () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      [...adapter.operations.keys()].sort(),
    )
    expect(operations.length).toBeGreaterThanOrEqual(38)
  })
})

describe('the judge', () => {
  const operation = operations.find(({ operationId }) => operationId === 'createPayment')

  it.each([
    ['another order', /(<[^<>]*InstructionId>[^<]*<[^<>]*>)(.*?)(<[^<>]*Amount)/s, '$2$1$3'],
    ['another namespace', '/banking/core/v3"', '/banking/core/v4"'],
    ['a text that is not a decimal', />[0-9.]+<\/([a-z0-9]+:)?Amount>/, '>1,5</$1Amount>'],
    ['an attribute more', / Ccy="/, ' more="" Ccy="'],
    ['two children of the body', /(<[^<>]*InitiatePayment.*<\/[^<>]*InitiatePayment>)/s, '$1$1'],
    ['another message', /InitiatePayment/g, 'GetPayment'],
  ])('complains of %s', (_what, from, to) => {
    if (!operation) throw new Error('the contract has no createPayment')
    const subject = compiled('createPayment')
    const envelope = String(subject.encode(subject.sample({ optionals: 'all' })).body)
    const broken = envelope.replace(from, to)
    expect(broken).not.toBe(envelope)
    const judge = judges.get(operation.wsdl)
    expect(judge?.complaints(operation.soapOperation, 'input', envelope)).toEqual([])
    expect(judge?.complaints(operation.soapOperation, 'input', broken)).not.toEqual([])
  })
})

describe.each(operations)('$operationId', (operation) => {
  it.each(['all', 'none'] as const)(
    'encodes a sample with optionals: %s as the XSD wants it',
    (optionals) => {
      const subject = compiled(operation.operationId)
      const { body } = subject.encode(subject.sample({ optionals }))
      expect(complaints(operation, 'input', String(body))).toEqual([])
    },
  )

  it.each(['all', 'none'] as const)(
    'samples a response with optionals: %s as the XSD wants it',
    (optionals) => {
      const subject = compiled(operation.operationId)
      const answer = subject.sampleResponse({ optionals })
      expect(complaints(operation, 'output', answer.body)).toEqual([])
      expect(subject.decode(answer, subject.sample({ optionals })).status).toBeLessThan(300)
    },
  )

  const check = (request: RestRequest) => {
    const { body } = compiled(operation.operationId).encode(request)
    expect(complaints(operation, 'input', String(body))).toEqual([])
    const found = new Set(leavesOf(String(body)).flatMap((leaf) => [leaf, ...leaf.split(' ')]))
    // The key is for the adapter, not for the backend.
    const headers = Object.entries(request.headers).filter(([name]) => name !== 'idempotency-key')
    const sent = [request.path, request.query, Object.fromEntries(headers), request.body].flatMap(
      leavesOfJson,
    )
    expect(sent.filter((leaf) => !found.has(leaf))).toEqual([])
  }

  it('encodes every value of a request that both contracts allow, as the XSD wants it', () => {
    fc.assert(fc.property(requestsOf(operation, allowedByBoth), check), { numRuns: 40 })
  })

  it('encodes what the OpenAPI document allows as the XSD wants it, or refuses it', () => {
    fc.assert(
      fc.property(requestsOf(operation, allowedByRest), (request) => {
        try {
          check(request)
        } catch (error) {
          if (!(error instanceof AdapterError)) throw error
          expect(error.code).toBe('request-unencodable')
          expect(error.violations).not.toEqual([])
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('a second judge', () => {
  it.skipIf(lxmlIsAbsent)(`agrees${lxmlIsAbsent ? ` (skipped: ${lxmlIsAbsent})` : ''}`, () => {
    for (const [wsdl, list] of exhibits) {
      expect(list.length).toBeGreaterThan(100)
      expect(judgeWithLxml(wsdl, list)).toEqual([])
    }
  })
})
