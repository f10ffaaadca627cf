import { describe, expect, test } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { OpenApiDocument } from '../../src/openapi/document.js'
import { type OpenApiOperation, operationsOf } from '../../src/openapi/operations.js'
import { publishedDocument } from '../../src/openapi/published/document.js'
import { places, readValid } from './contract-text.js'

const head = 'openapi: 3.1.0\n'
const ok = "responses: { '200': { description: ok } }"

function list(text: string): { operations: OpenApiOperation[]; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics()
  return { operations: operationsOf(readValid(head + text), diagnostics), diagnostics }
}

function one(text: string): OpenApiOperation {
  const { operations, diagnostics } = list(text)
  expect(diagnostics.list).toEqual([])
  const [operation] = operations
  if (!operation) throw new Error('no operation')
  return operation
}

describe('operations', () => {
  test('all methods of all paths', () => {
    const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
    const { operations, diagnostics } = list(
      `paths:\n  /a:\n    summary: s\n${methods.map((m) => `    ${m}: { operationId: ${m}A, ${ok} }\n`).join('')}  /b: { get: { operationId: b, ${ok} } }\n`,
    )
    expect(diagnostics.list).toEqual([])
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...methods.map((m) => `${m} /a`),
      'get /b',
    ])
  })

  test('parameters of the path and of the operation, which win', () => {
    const operation = one(`paths:
  /a/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: q, in: query, schema: { type: string } }
    get:
      operationId: a
      ${ok}
      parameters:
        - { name: q, in: query, required: true, schema: { type: integer } }
        - { name: q, in: header, schema: { type: string } }
`)
    expect(operation.parameters.map((p) => [p.in, p.name, p.required, p.pointer])).toEqual([
      ['path', 'id', true, '/paths/~1a~1{id}/parameters/0'],
      ['query', 'q', true, '/paths/~1a~1{id}/get/parameters/0'],
      ['header', 'q', false, '/paths/~1a~1{id}/get/parameters/1'],
    ])
    expect(operation.parameters[1]?.schema.value).toEqual({ type: 'integer' })
  })

  test('parameters, bodies, responses and headers may be references', () => {
    const operation = one(`paths:
  /a:
    post:
      operationId: a
      parameters: [{ $ref: '#/components/parameters/Q' }]
      requestBody: { $ref: '#/components/requestBodies/B' }
      responses: { '201': { $ref: '#/components/responses/R' } }
components:
  parameters: { Q: { name: q, in: query, schema: { $ref: '#/components/schemas/S' } } }
  requestBodies: { B: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/S' } } } } }
  responses: { R: { description: d, headers: { Location: { $ref: '#/components/headers/L' } }, content: { application/json: {} } } }
  headers: { L: { schema: { type: string }, x-soap: /a } }
  schemas: { S: { type: array, items: { type: string } } }
`)
    expect(operation.parameters[0]).toMatchObject({ name: 'q', isArray: true })
    expect(operation.parameters[0]?.schema.value).toEqual({ $ref: '#/components/schemas/S' })
    expect(operation.requestBody).toMatchObject({
      required: true,
      content: [{ mediaType: 'application/json' }],
    })
    expect(operation.responses).toMatchObject([
      {
        status: '201',
        pointer: '/components/responses/R',
        headers: [{ name: 'location', annotation: '/a', pointer: '/components/headers/L' }],
        content: [{ mediaType: 'application/json' }],
      },
    ])
  })

  test.each([
    ['query', '', true],
    ['query', 'style: form', true],
    ['query', 'explode: false', false],
    ['header', '', false],
    ['header', 'explode: true', false],
  ])('an array in %s with %j is exploded: %s', (place, style, explode) => {
    const more = style === '' ? '' : `, ${style}`
    const operation = one(
      `paths: { /a: { get: { operationId: a, ${ok}, parameters: [{ name: n, in: ${place}${more}, schema: { type: array, items: { type: string } } }] } } }\n`,
    )
    expect(operation.parameters[0]).toMatchObject({ explode, isArray: true })
  })

  test.each([
    ['query', 'spaceDelimited'],
    ['query', 'deepObject'],
    ['path', 'matrix'],
  ])('a parameter in %s of style %s is refused', (place, style) => {
    const { diagnostics } = list(
      `paths: { '/a/{n}': { get: { operationId: a, ${ok}, parameters: [{ name: n, in: ${place}, required: true, style: ${style}, schema: { type: string } }] } } }\n`,
    )
    expect(diagnostics.list.map(({ code }) => code)).toContain('parameter-unsupported')
  })

  test('the body is optional unless it says required', () => {
    const operation = one(
      `paths: { /a: { post: { operationId: a, ${ok}, requestBody: { content: { application/json: { schema: {} } } } } } }\n`,
    )
    expect(operation.requestBody?.required).toBe(false)
  })

  test('statuses written as numbers are texts', () => {
    expect(
      one('paths: { /a: { get: { operationId: a, responses: { 200: { description: ok } } } } }\n')
        .responses[0]?.status,
    ).toBe('200')
  })
})

describe('forms of a document', () => {
  const document = readValid(`${head}paths:
  /a/{id}:
    parameters: [{ $ref: '#/components/parameters/Id' }]
    post:
      operationId: a
      x-soap: { operation: A }
      parameters: [{ name: q, in: query, schema: { type: array, x-soap: { path: Q } } }]
      requestBody: { $ref: '#/components/requestBodies/B' }
      responses:
        '200': { $ref: '#/components/responses/R' }
        '404': { description: none, headers: { H: { $ref: '#/components/headers/H' } } }
components:
  parameters: { Id: { name: id, in: path, required: true, schema: { type: string } } }
  requestBodies: { B: { content: { application/json: { schema: { type: object } } } } }
  responses: { R: { description: ok, content: { application/json: { schema: { type: object } } } } }
  headers: { H: { x-soap: 'a {$request.path.id}', schema: { type: string } } }
`)
  const published = document.as(publishedDocument(document))
  const [written] = operationsOf(document, new Diagnostics())
  const [shown] = operationsOf(published, new Diagnostics())

  test('have nothing of one another where they differ', () => {
    expect(written?.responses[1]?.headers[0]?.annotation).toBe('a {$request.path.id}')
    expect(JSON.stringify(shown)).not.toMatch(/x-soap|\$request/)
  })

  test('are each what they would be alone', () => {
    const alone = new OpenApiDocument('openapi.yaml', published.root)
    expect(operationsOf(alone, new Diagnostics())).toEqual([shown])
    expect(shown?.parameters.map(({ name, isArray }) => [name, isArray])).toEqual([
      ['id', false],
      ['q', true],
    ])
  })

  test('share what they have in common', () => {
    expect(shown?.parameters[0]).toBe(written?.parameters[0])
    expect(shown?.requestBody).toBe(written?.requestBody)
    expect(shown?.responses[0]?.content).toBe(written?.responses[0]?.content)
  })
})

describe('mistakes', () => {
  test.each([
    ['no paths', 'info: {}\n', ['contract-empty api.yaml:1']],
    ['no operations', 'paths:\n  /a: {}\n', ['contract-empty api.yaml:2']],
    ['no operationId', `paths:\n  /a:\n    get: { ${ok} }\n`, ['operation-id-missing api.yaml:4']],
    [
      'an operationId twice',
      `paths:\n  /a:\n    get: { operationId: a, ${ok} }\n    put: { operationId: a, ${ok} }\n`,
      ['operation-id-duplicate api.yaml:5'],
    ],
    [
      'an undeclared path parameter',
      `paths:\n  /a/{b}/{c}:\n    get: { operationId: a, ${ok} }\n`,
      ['path-parameter-undeclared api.yaml:4', 'path-parameter-undeclared api.yaml:4'],
    ],
    [
      'an unused path parameter',
      `paths:\n  /a:\n    get:\n      operationId: a\n      ${ok}\n      parameters:\n        - { name: b, in: path, required: true, schema: {} }\n`,
      ['path-parameter-unused api.yaml:8'],
    ],
    [
      'a cookie',
      `paths:\n  /a:\n    get:\n      operationId: a\n      ${ok}\n      parameters:\n        - { name: b, in: cookie, schema: {} }\n`,
      ['parameter-unsupported api.yaml:8'],
    ],
    [
      'a parameter with content',
      `paths:\n  /a:\n    get:\n      operationId: a\n      ${ok}\n      parameters:\n        - { name: b, in: query, content: { application/json: {} } }\n`,
      ['parameter-unsupported api.yaml:8'],
    ],
  ])('%s', (_, text, expected) => {
    const { diagnostics } = list(text)
    expect(places(diagnostics.list)).toEqual(expected)
    expect(diagnostics.hasErrors).toBe(true)
  })

  test('a second operationId says where the first is', () => {
    const { diagnostics } = list(
      `paths:\n  /a:\n    get: { operationId: a, ${ok} }\n    put: { operationId: a, ${ok} }\n`,
    )
    expect(diagnostics.list[0]?.related?.[0]?.at.line).toBe(4)
  })
})
