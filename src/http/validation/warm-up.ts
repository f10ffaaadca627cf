import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { OpenApiDocument } from '../../openapi/document.js'
import { operationsOf } from '../../openapi/operations.js'
import { judgedOperation } from './judged-operation.js'
import { RequestJudge } from './request-judge.js'
import { SharedSchemas } from './shared-schemas.js'

/** Small, and with what most contracts have. */
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Warm-up', version: '1' },
  paths: {
    '/things': {
      post: {
        operationId: 'addThing',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        responses: { 204: { description: 'added' } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 9, pattern: '^[a-z]+$' },
          kind: { type: 'string', enum: ['a', 'b'] },
          day: { type: ['string', 'null'], format: 'date' },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' }, maxItems: 9 },
          other: { oneOf: [{ type: 'null' }, { $ref: '#/components/schemas/Thing' }] },
        },
        additionalProperties: false,
      },
    },
  },
}

/**
 * Judges a request of a contract of its own, so that the compiler of schemas has run once when the first client comes: code that
 * runs for the first time takes several times as long.
 */
export function warmUp(): void {
  const [operation] = operationsOf(new OpenApiDocument('warm-up', DOCUMENT), new Diagnostics())
  if (!operation) throw new Error('there is one')
  const schemas = new SharedSchemas(DOCUMENT)
  const judge = new RequestJudge(schemas, { allErrors: true })
  const headers = { 'content-type': 'application/json' }
  judge.judge(judgedOperation(operation, schemas), headers['content-type'], () => ({
    method: 'post',
    path: {},
    query: { limit: '1' },
    headers,
    body: {},
  }))
}
