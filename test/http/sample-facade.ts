import type { Identity, RestOperation, RestRequest, RestResponse } from '../../src/adapter/rest.js'
import type { Cancellation } from '../../src/backend/resilience/cancellation.js'
import type { Facade } from '../../src/http/facade.js'
import type { OpenApiObject } from '../../src/openapi/document.js'

export interface Call {
  readonly operationId: string
  readonly request: RestRequest
  readonly signal: Cancellation | undefined
  readonly requestId: string | undefined
  readonly identity: Identity | undefined
  readonly timeoutMs: number | undefined
}

export type Answer = (call: Call) => RestResponse | Promise<RestResponse>

export interface SampleFacade extends Facade {
  readonly calls: Call[]
  /** What the operations answer; by default what they were asked. */
  readonly answers: Map<string, Answer>
  closed: boolean
  close(): Promise<void>
}

const ok = (body: unknown): RestResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** Resolves when the client of a call has gone. */
export function disconnect(signal: Cancellation | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', resolve)
  })
}

/** What the facade takes of an operation of its document. */
interface Described {
  readonly operationId: string
  readonly 'x-soap'?: { readonly mcp?: boolean; readonly retry?: { readonly idempotent: boolean } }
}

/** A facade over a document, whose operations record their calls and answer as they are told. */
export function facadeOf(document: OpenApiObject, basePath = '/v1'): SampleFacade {
  const calls: Call[] = []
  const answers = new Map<string, Answer>()
  const operations = new Map<string, RestOperation>()
  for (const [path, item] of Object.entries(document.paths as Record<string, Record<string, unknown>>)) {
    for (const [method, described] of Object.entries(item)) {
      if (method === 'parameters') continue
      const { operationId, 'x-soap': annotation } = described as Described
      const unused = () => {
        throw new Error('the HTTP front never calls this')
      }
      operations.set(operationId, {
        operationId,
        method,
        path,
        backend: 'core',
        isIdempotent: annotation?.retry?.idempotent,
        mcp: annotation?.mcp,
        sample: () => ({ path: {}, query: {}, headers: {} }),
        encode: unused,
        sampleResponse: unused,
        decode: unused,
        invoke: async (request, options) => {
          const { signal, requestId, identity, timeoutMs } = options ?? {}
          const call = { operationId, request, signal, requestId, identity, timeoutMs }
          calls.push(call)
          const answer = answers.get(operationId)
          return answer ? await answer(call) : ok({ operationId, path: request.path, query: request.query })
        },
      })
    }
  }
  const facade: SampleFacade = {
    basePath,
    document,
    operations,
    backends: () => [{ name: 'core', breaker: 'half-open', inFlight: 3 }],
    calls,
    answers,
    closed: false,
    close: () => {
      facade.closed = true
      return Promise.resolve()
    },
  }
  return facade
}

export const sampleDocument: OpenApiObject = {
  openapi: '3.1.0',
  info: { title: 'Sample', version: '1.0.0' },
  servers: [{ url: '/v1' }],
  security: [],
  paths: {
    '/accounts': { get: { operationId: 'listAccounts', responses: { 200: { description: 'ok' } } } },
    '/accounts/mine': { get: { operationId: 'myAccount', responses: { 200: { description: 'ok' } } } },
    '/accounts/{account-id}': {
      parameters: [{ $ref: '#/components/parameters/AccountId' }],
      get: {
        operationId: 'getAccount',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
          { name: 'from', in: 'query', schema: { type: 'string', format: 'date' } },
          { name: 'at', in: 'query', schema: { type: 'string', format: 'date-time' } },
          { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'ids', in: 'query', explode: false, schema: { type: 'array', items: { type: 'integer' } } },
          { name: 'text', in: 'query', schema: { $ref: '#/components/schemas/Text' } },
          { name: 'X-Channel', in: 'header', schema: { enum: ['web', 'branch'] } },
          { name: 'X-Version', in: 'header', schema: { type: 'integer' } },
        ],
        responses: { 200: { description: 'ok' } },
      },
      delete: { operationId: 'closeAccount', responses: { 204: { description: 'closed' } } },
    },
    '/payments': {
      post: {
        operationId: 'pay',
        requestBody: { $ref: '#/components/requestBodies/Payment' },
        responses: { 201: { description: 'created' } },
      },
    },
    '/echo': {
      post: {
        operationId: 'echo',
        requestBody: { content: { 'application/json': { schema: {} } } },
        responses: { 200: { description: 'ok' } },
      },
    },
    '/loans': {
      post: {
        operationId: 'applyForLoan',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Loan' } } },
        },
        responses: { 201: { description: 'created' } },
      },
    },
    '/reports/{from}-{to}.pdf': {
      put: {
        operationId: 'putReport',
        parameters: [
          { name: 'from', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'to', in: 'path', required: true, schema: { type: 'integer' } },
        ],
        requestBody: {
          required: true,
          content: {
            'application/pdf': { schema: { type: 'string', contentMediaType: 'application/pdf' } },
            'text/*': { schema: { type: 'string', maxLength: 10 } },
          },
        },
        responses: { 204: { description: 'stored' } },
      },
    },
  },
  components: {
    parameters: {
      AccountId: {
        name: 'account-id',
        in: 'path',
        required: true,
        schema: { type: 'string', pattern: '^[A-Z0-9/]{2,12}$' },
      },
    },
    requestBodies: {
      Payment: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Payment' } } },
      },
    },
    schemas: {
      Text: { type: 'string', maxLength: 20 },
      Payment: {
        type: 'object',
        additionalProperties: false,
        required: ['paymentId', 'amount', 'currency', 'lines'],
        properties: {
          paymentId: { type: 'string', readOnly: true },
          amount: { type: 'number', exclusiveMinimum: 0 },
          fee: { type: 'string', format: 'decimal' },
          iban: { type: 'string', format: 'iban' },
          currency: { enum: ['EUR', 'GBP'] },
          sequence: { type: 'integer', format: 'int64' },
          due: { type: 'string', format: 'date', default: '2024-01-01' },
          lines: { type: 'array', items: { $ref: '#/components/schemas/Line' }, uniqueItems: true },
        },
      },
      Line: {
        type: 'object',
        required: ['text', 'a/b'],
        properties: {
          text: { $ref: '#/components/schemas/Payment/properties/iban' },
          'a/b': { type: 'integer' },
          lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
        },
      },
      Loan: {
        oneOf: [{ $ref: '#/components/schemas/Mortgage' }, { $ref: '#/components/schemas/CarLoan' }],
        discriminator: {
          propertyName: 'kind',
          mapping: { mortgage: '#/components/schemas/Mortgage', car: 'CarLoan' },
        },
      },
      Mortgage: {
        type: 'object',
        required: ['kind', 'property'],
        properties: { kind: { type: 'string' }, property: { type: 'string' } },
      },
      CarLoan: {
        type: 'object',
        required: ['kind', 'plate'],
        properties: { kind: { type: 'string' }, plate: { type: 'string' }, horsepower: { type: 'integer' } },
      },
    },
  },
}
