import { RequestParameterMutator } from 'express-openapi-validator/dist/middlewares/parsers/req.parameter.mutator.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { compileContract } from '../../../src/adapter/adapter.js'
import type { RestOperation } from '../../../src/adapter/rest.js'
import type { RequestInput } from '../../../src/http/validation/request-input.js'
import { RequestValidators } from '../../../src/http/validation/validate.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'

const sample = compileContract({ contract: 'openapi.yaml', env: {} }).operations.get('openAccount')
if (!sample) throw new Error('the sample contract has no openAccount')
const operation: RestOperation = sample

const parameter = (place: string, name: string, schema: OpenApiObject, required = place === 'path') => ({
  ...{ in: place, name, schema, required },
})

const scalars = [
  parameter('path', 'id', { type: 'integer', minimum: 1, maximum: 9 }),
  parameter('query', 'limit', { type: 'integer', maximum: 100, default: 20 }),
  parameter('query', 'from', { type: 'string', format: 'date' }),
  parameter('query', 'ratio', { type: 'number' }),
  parameter('query', 'open', { type: 'boolean' }, true),
  parameter('header', 'X-Version', { type: 'integer', enum: [1, 2] }),
]
/** What the middleware of the validator makes something else of before it judges. */
const others = [
  parameter('query', 'ids', { type: 'array', items: { type: 'integer' } }),
  parameter('query', 'by', { $ref: '#/components/schemas/By' }),
]
const body = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: ['a', 'b'] },
    amount: { type: 'number', default: 1 },
    text: { type: 'string', maxLength: 3 },
  },
  additionalProperties: false,
}

function validators(parameters: readonly OpenApiObject[]): RequestValidators {
  return new RequestValidators({
    document: {
      openapi: '3.1.0',
      info: { title: 'Scalars', version: '1' },
      paths: {
        '/things/{id}': {
          post: {
            operationId: operation.operationId,
            parameters,
            requestBody: {
              content: {
                'application/json': { schema: body },
                'application/vnd.thing+json; version=1': { schema: body },
              },
            },
            responses: { 204: { description: 'done' } },
          },
        },
      },
      components: { schemas: { By: { type: 'string', enum: ['name', 'day'] } } },
    },
  })
}

const good = {
  path: { id: '3' },
  query: { open: 'true' },
  headers: {},
  mediaType: undefined,
  body: undefined,
}
const json = (sent: unknown, mediaType = 'application/json') => ({ ...good, mediaType, body: sent })

type Case = Omit<RequestInput, 'values'>
const cases: readonly (readonly [string, Case])[] = [
  ['what has to be there', good],
  ['every parameter', { ...good, query: { limit: '100', from: '2024-02-29', ratio: '-1.5', open: 'false' } }],
  ['a header field', { ...good, headers: { 'x-version': '2', 'x-other': 'y' } }],
  ['a header field that is none of those', { ...good, headers: { 'x-version': '3' } }],
  ['a header field that is no number', { ...good, headers: { 'x-version': 'two' } }],
  ['a number that is too large', { ...good, path: { id: '10' } }],
  ['a word for a number', { ...good, path: { id: 'x' }, query: { open: 'true', limit: 'many' } }],
  ['hexadecimal digits', { ...good, query: { open: 'true', limit: '0x10' } }],
  ['an empty text for a number', { ...good, query: { open: 'true', limit: '' } }],
  ['a day that there is not', { ...good, query: { open: 'true', from: '2023-02-29' } }],
  ['several values for one', { ...good, query: { open: ['true', 'false'] } }],
  ['another word for true', { ...good, query: { open: 'yes' } }],
  ['what is missing', { ...good, query: {} }],
  ['a body', json({ kind: 'a', amount: 2, text: 'abc' })],
  ['a body that takes defaults', json({ kind: 'b' })],
  ['a body with all that can be wrong', json({ amount: '2', text: 'abcd', more: null })],
  ['a body that is none', json('text')],
  ['a body and a parameter that are wrong', { ...json({ kind: 'c' }), path: { id: '0' } }],
  ['a media type with parameters', json({ kind: 'a' }, 'application/vnd.thing+json; version=1')],
  ['a wrong one', json({ kind: 1 }, 'application/vnd.thing+json; version=1')],
]

const copied = (of: Case): RequestInput => ({ ...structuredClone(of), values: 1 })

describe.each([
  ['scalars', scalars],
  ['other parameters, too', [...scalars, ...others]],
])('an operation of %s', (_, parameters) => {
  const warm = validators(parameters)

  it.each(cases)('judges %s at the first request as at those that follow', async (_name, sent) => {
    const first = copied(sent)
    const violations = await validators(parameters).validate(operation, first)
    for (const each of [
      good,
      json({ kind: 'a' }),
      json({ kind: 'a' }, 'application/vnd.thing+json; version=1'),
    ])
      expect(await warm.validate(operation, copied(each))).toEqual([])
    const later = copied(sent)
    expect(await warm.validate(operation, later)).toEqual(violations)
    expect(later).toEqual(first)
    expect({ ...later, body: undefined }).toEqual({ ...copied(sent), body: undefined })
  })
})

describe('parameters that are made something of', () => {
  const judge = validators([...scalars, ...others])

  it.each([
    [{ ids: '1' }, 0],
    [{ ids: ['1', '2'] }, 0],
    [{ ids: ['1', 'x'] }, 1],
    [{ by: 'day' }, 0],
    [{ by: 'week' }, 1],
  ])('%j', async (query, count) => {
    const sent = { ...good, query: { ...good.query, ...query }, values: 1 }
    for (let time = 0; time < 3; time++) expect(await judge.validate(operation, sent)).toHaveLength(count)
  })
})

describe('the middleware is asked', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const withParameters = json({ kind: 'a' }, 'application/vnd.thing+json; version=1')
  const requests: readonly (readonly [Case, scalars: number, others: number])[] = [
    [good, 1, 1],
    [good, 0, 1],
    [json({ kind: 'a' }), 1, 1],
    [json({ kind: 'b' }), 0, 1],
    [good, 0, 1],
    [json({ kind: 'c' }), 1, 1],
    [json({ kind: 'a' }), 0, 1],
    [withParameters, 1, 1],
    [withParameters, 1, 1],
  ]

  it.each([
    ['once for each media type and for what is wrong', scalars, 0],
    ['each time, where it makes something else of parameters', [...scalars, ...others], 1],
  ])('%s', async (_, parameters, column) => {
    const asked = vi.spyOn(RequestParameterMutator.prototype, 'modifyRequest')
    const judge = validators(parameters)
    for (const [sent, ...counts] of requests) {
      asked.mockClear()
      await judge.validate(operation, copied(sent))
      expect(asked).toHaveBeenCalledTimes(counts[column] ?? NaN)
    }
    await judge.judge('all')
    asked.mockClear()
    await judge.validate(operation, copied(good))
    expect(asked).toHaveBeenCalledTimes(column)
  })
})
