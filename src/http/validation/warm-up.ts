import { Diagnostics } from '../../base/diagnostic.js'
import { OpenApiDocument } from '../../openapi/document.js'
import { operationsOf } from '../../openapi/operations.js'
import { sliceDocument } from './document-slice.js'
import { requestJudge } from './request-judge.js'

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
  const operations = operationsOf(new OpenApiDocument('warm-up', DOCUMENT), new Diagnostics())
  const judge = requestJudge(sliceDocument(DOCUMENT, operations), { allErrors: true })
  const headers = { 'content-type': 'application/json' }
  judge(0, headers['content-type'], () => ({
    method: 'post',
    path: {},
    query: { limit: '1' },
    headers,
    body: {},
  }))
}
