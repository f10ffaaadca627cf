import { readFileSync } from 'node:fs'
import { parse, print, printSchema, printType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildSchema } from '../../src/graphql/schema.js'
import { validatorsOf } from '../../src/http/validation/validate.js'
import { facadeOf } from '../http/sample-facade.js'
import { contractOf, returns, takes } from './graphql-app.js'

function built(document: ReturnType<typeof contractOf>) {
  const facade = facadeOf(document)
  const { document: published, contracts } = validatorsOf(facade)
  return buildSchema(published, contracts)
}

/** The type of a field whose schema is this. */
function outputType(schema: object, required = true): string {
  const thing = { type: 'object', properties: { it: schema }, ...(required && { required: ['it'] }) }
  const paths = {
    '/thing': {
      get: { operationId: 'getThing', responses: returns({ $ref: '#/components/schemas/Thing' }) },
    },
  }
  const { schema: made } = built(
    contractOf(paths, { Thing: thing, Colour: { type: 'string', enum: ['RED', 'BLUE'] } }),
  )
  const printed = printType(made.getType('Thing') ?? made.getQueryType() ?? never())
  return /\bit: (\S+)/.exec(printed)?.[1] ?? printed
}

const never = (): never => {
  throw new Error('the schema has no such type')
}

describe('the type of a value', () => {
  it.each<[object, string]>([
    [{ type: 'string' }, 'String!'],
    [{ type: 'boolean' }, 'Boolean!'],
    [{ type: 'integer', format: 'int32' }, 'Int!'],
    [{ type: 'integer', minimum: -128, maximum: 127 }, 'Int!'],
    [{ type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 100 }, 'Int!'],
    [{ type: 'integer', minimum: 0, maximum: 2_147_483_647 }, 'Int!'],
    [{ type: 'integer', minimum: 0, maximum: 2_147_483_648 }, 'Long!'],
    [{ type: 'integer', minimum: 1 }, 'Long!'],
    [{ type: 'integer' }, 'Long!'],
    [{ type: 'number' }, 'DecimalNumber!'],
    [{ type: 'number', format: 'double' }, 'Float!'],
    [{ type: 'string', format: 'decimal' }, 'Decimal!'],
    [{ type: 'string', format: 'date' }, 'Date!'],
    [{ type: 'string', format: 'date-time' }, 'DateTime!'],
    [{ type: 'string', contentEncoding: 'base64' }, 'Base64!'],
    [{ type: ['string', 'null'] }, 'String'],
    [{ oneOf: [{ type: 'string' }, { type: 'null' }] }, 'String'],
    [{ type: ['string', 'integer'] }, 'JSON!'],
    [
      {
        anyOf: [
          { type: 'number', format: 'double' },
          { type: 'string', enum: ['INF', 'NaN'] },
        ],
      },
      'Double!',
    ],
    [{ anyOf: [{ type: 'number', format: 'float' }, { type: 'null' }] }, 'Float'],
    [
      {
        anyOf: [
          { type: 'number', format: 'double' },
          { type: 'string', enum: ['INF', 'none'] },
        ],
      },
      'JSON!',
    ],
    [{ anyOf: [{ type: 'number' }, { type: 'string', enum: ['INF'] }] }, 'JSON!'],
    [
      {
        anyOf: [
          { type: 'string', enum: ['INF'] },
          { type: 'string', enum: ['NaN'] },
        ],
      },
      'JSON!',
    ],
    [{ type: 'array', items: { type: 'string' } }, '[String!]!'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '[String]!'],
    [{ type: 'array', items: { type: 'array', items: { type: 'boolean' } } }, '[[Boolean!]!]!'],
    [{ type: 'array' }, '[JSON]!'],
    [{ type: 'object' }, 'JSON!'],
    [{}, 'JSON!'],
    [{ $ref: '#/components/schemas/Colour' }, 'Colour!'],
    [{ type: 'string', enum: ['A', 'B'] }, 'ThingIt!'],
    [{ type: 'integer', enum: [1, 2] }, 'Long!'],
    [{ $ref: '#/components/schemas/Thing' }, 'Thing!'],
    [{ type: 'object', properties: { x: { type: 'string' } } }, 'ThingIt!'],
    [
      { allOf: [{ type: 'object', properties: { x: { type: 'string' } } }, { properties: { y: {} } }] },
      'ThingIt!',
    ],
  ])('%j is %s', (schema, type) => {
    expect(outputType(schema)).toBe(type)
  })

  it('is nullable where the member may be absent', () => {
    expect(outputType({ type: 'string' }, false)).toBe('String')
  })
})

const loans = {
  Loan: {
    description: 'A loan.',
    oneOf: [{ $ref: '#/components/schemas/Mortgage' }, { $ref: '#/components/schemas/CarLoan' }],
    discriminator: {
      propertyName: 'type',
      mapping: { mortgage: '#/components/schemas/Mortgage', car: '#/components/schemas/CarLoan' },
    },
  },
  Mortgage: {
    type: 'object',
    required: ['type', 'loanId'],
    properties: {
      type: { const: 'mortgage', type: 'string' },
      loanId: { type: 'string' },
      'plot-area': { type: 'number' },
    },
  },
  CarLoan: {
    type: 'object',
    required: ['type', 'loanId'],
    properties: {
      type: { const: 'car', type: 'string' },
      loanId: { type: 'string' },
      status: { enum: ['ok', '2nd', 'true'] },
    },
  },
}
const loanId = {
  name: 'loanId',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The loan.',
}
const loanContract = contractOf(
  {
    '/loans/{loanId}': {
      parameters: [loanId],
      get: {
        operationId: 'getLoan',
        summary: 'Get a loan',
        parameters: [{ name: 'as-of', in: 'query', schema: { type: 'string', format: 'date' } }],
        responses: returns(
          { $ref: '#/components/schemas/Loan' },
          {
            links: { notes: { operationId: 'listNotes', parameters: { loanId: '$response.body#/loanId' } } },
          },
        ),
      },
      delete: { operationId: 'closeLoan', deprecated: true, responses: { 204: { description: 'closed' } } },
    },
    '/loans/{loanId}/notes': {
      parameters: [loanId],
      get: {
        operationId: 'listNotes',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 } }],
        responses: returns({ type: 'array', items: { type: 'string' } }),
      },
    },
    '/loans': {
      post: {
        operationId: 'applyForLoan',
        parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        requestBody: takes({ $ref: '#/components/schemas/Loan' }),
        responses: {
          201: {
            description: 'ok',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Loan' } } },
          },
        },
      },
    },
    '/statement': {
      get: {
        operationId: 'getStatement',
        responses: { 200: { description: 'ok', content: { 'application/pdf': { schema: {} } } } },
      },
    },
    '/scan': {
      post: {
        operationId: 'sendScan',
        requestBody: { content: { 'multipart/form-data': { schema: { type: 'object' } } } },
        responses: { 204: { description: 'ok' } },
      },
    },
  },
  loans,
)

describe('the schema of a contract', () => {
  it('has a query for each GET, a mutation for all others, unions, inputs of one of several kinds, and links', () => {
    const file = new URL('loans.graphql', import.meta.url)
    expect(print(parse(printSchema(built(loanContract).schema)))).toBe(
      print(parse(readFileSync(file, 'utf8'))),
    )
  })

  it('tells which operations it has not, and why', () => {
    expect(built(loanContract).leftOut).toEqual([
      { operationId: 'sendScan', reason: 'its request is no JSON' },
    ])
  })

  it('keeps operations apart whose short names are the same', () => {
    const paths = {
      '/a': { get: { operationId: 'getAccount', responses: { 204: { description: '' } } } },
      '/b': { get: { operationId: 'findAccount', responses: { 204: { description: '' } } } },
      '/c': { get: { operationId: 'listAccounts', responses: { 204: { description: '' } } } },
    }
    const fields = built(contractOf(paths)).schema.getQueryType()?.getFields() ?? {}
    expect(Object.keys(fields)).toEqual(['getAccount', 'findAccount', 'accounts'])
  })

  it('has no query where the contract has none', () => {
    const paths = { '/a': { post: { operationId: 'pay', responses: { 204: { description: '' } } } } }
    const { schema } = built(contractOf(paths))
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(['_empty'])
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {})).toEqual(['pay'])
  })
})
