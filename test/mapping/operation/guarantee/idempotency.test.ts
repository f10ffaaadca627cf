import { describe, expect, test } from 'vitest'
import { readOperation } from '../../../../src/annotation/operation/operation.js'
import { Diagnostics } from '../../../../src/base/diagnostic/diagnostic.js'
import { callerExposure, nothingExposed } from '../../../../src/mapping/operation/caller-exposure.js'
import { cachePolicy } from '../../../../src/mapping/operation/guarantee/cache.js'
import { idempotencyPolicy } from '../../../../src/mapping/operation/guarantee/idempotency.js'
import { operationsOf } from '../../../../src/openapi/operations.js'
import { readValid } from '../../../openapi/contract-text.js'

const key = (required: boolean) =>
  `{ name: idempotency-key, in: header, required: ${String(required)}, schema: {} }`

interface Written {
  readonly mark: string
  readonly parameters?: string
  readonly answer?: string
  readonly exposure?: typeof nothingExposed
  /** What serves the operation that could tell of it. */
  readonly read?: string
}

/** A payment with a mark, and operations that could tell of it. */
function pay({
  mark,
  parameters = key(true),
  answer = "{ $ref: '#/components/schemas/Payment' }",
  exposure = nothingExposed,
  read = '{ operation: Get }',
}: Written) {
  const content = (schema: string) => `{ application/json: { schema: ${schema} } }`
  const document = readValid(`openapi: 3.1.0
paths:
  /payments:
    post:
      operationId: pay
      x-soap: { operation: Pay, ${mark} }
      parameters: [${parameters}]
      requestBody: { content: ${content('{ type: object, properties: { reference: {} } }')} }
      responses: { '201': { description: x, content: ${content(answer)} } }
  /payments/{id}:
    get:
      operationId: getPayment
      x-soap: ${read}
      parameters:
        - { name: id, in: path, required: true, schema: {} }
        - { name: X-Branch, in: header, schema: {} }
        - { name: branch, in: query, schema: {} }
      responses:
        '200': { description: x, content: ${content("{ $ref: '#/components/schemas/Payment' }")} }
components: { schemas: { Payment: {}, Other: {} } }
`)
  const diagnostics = new Diagnostics()
  const [rest] = operationsOf(document, diagnostics)
  if (!rest) throw new Error('no operation')
  const annotation = readOperation({ document, diagnostics }, rest)
  if (!annotation) throw new Error('no annotation')
  const idempotency = idempotencyPolicy({ document, rest, annotation, diagnostics }, exposure)
  const cache = cachePolicy({ document, rest, annotation, diagnostics }, nothingExposed)
  return { idempotency, cache, found: diagnostics.list.map(({ code, message }) => `${code}: ${message}`) }
}

const status = (parameters: string, more = '') =>
  `idempotency: { key: required, status: { operationId: getPayment, parameters: ${parameters} ${more} } }`

/** What a backend learns that gets the SAML assertion of a header. */
function assertedBy(name: string): typeof nothingExposed {
  const samlAssertion = { kind: 'parameter', in: 'header', name } as const
  return callerExposure({ members: [], samlAssertion })
}

describe('idempotency', () => {
  test('in short', () => {
    expect(pay({ mark: 'idempotency: required' })).toMatchObject({
      idempotency: { key: 'required', headers: [] },
      found: [],
    })
    expect(pay({ mark: 'idempotency: optional', parameters: key(false) })).toMatchObject({
      idempotency: { key: 'optional' },
      found: [],
    })
    expect(pay({ mark: 'timeoutMs: 1' }).idempotency).toBeUndefined()
  })

  test.each([
    ["{ id: '$request.body#/reference' }", ['idempotency-status']],
    ["{ id: '$request.body#/reference', branch: B }", []],
    ["{ id: '$request.body#/reference', query.branch: B }", []],
  ])('asks an alternative that %s chooses', (parameters, codes) => {
    const read =
      '{ oneOf: [{ when: [branch], operation: GetOfBranch }, { when: [branch, year], operation: Get }] }'
    const { found } = pay({ mark: status(parameters), read })
    expect(found.map((each) => each.split(':')[0])).toEqual(codes)
  })

  test('with a SAML assertion in a header is for another request where that is another', () => {
    const exposure = assertedBy('x-assertion')
    const parameters = `${key(true)}, { name: X-Assertion, in: header, schema: {} }, { name: X-Branch, in: header, schema: {} }`
    expect(pay({ mark: 'idempotency: required', exposure }).idempotency?.headers).toEqual(['x-assertion'])
    expect(pay({ mark: 'idempotency: required', exposure, parameters }).idempotency?.headers).toEqual([
      'x-assertion',
      'x-branch',
    ])
  })

  test('in full', () => {
    const parameters = `${key(true)}, { name: X-Branch, in: header, schema: {} }`
    const mark = status(
      "{ id: '$request.body#/reference', header.X-Branch: $request.header.x-branch }",
      ', absentAfterSeconds: 60',
    )
    expect(pay({ mark, parameters })).toMatchObject({
      idempotency: {
        key: 'required',
        headers: ['x-branch'],
        status: {
          operationId: 'getPayment',
          parameters: [
            { in: 'path', name: 'id', source: { kind: 'body', steps: ['reference'] } },
            { in: 'header', name: 'X-Branch', source: { kind: 'parameter', in: 'header', name: 'x-branch' } },
          ],
          success: 201,
          absentAfterMs: 60_000,
        },
      },
      found: [],
    })
  })

  test.each<[string, Written, RegExp]>([
    [
      'another word',
      { mark: 'idempotency: yes please' },
      /annotation-invalid: idempotency must be required or optional/,
    ],
    ['a number', { mark: 'idempotency: 5' }, /annotation-invalid/],
    ['no word for the key', { mark: 'idempotency: {}' }, /annotation-invalid: key is missing/],
    ['a key of no meaning', { mark: 'idempotency: { key: required, keys: 1 }' }, /annotation-unknown/],
    ['no header', { mark: 'idempotency: required', parameters: '' }, /idempotency-undeclared: pay needs/],
    [
      'a header that may be missing',
      { mark: 'idempotency: required', parameters: key(false) },
      /idempotency-undeclared/,
    ],
    [
      'a header that may not',
      { mark: 'idempotency: optional', parameters: key(true) },
      /idempotency-undeclared/,
    ],
    [
      'a parameter that does not exist',
      { mark: status('{ id: 1, no: 2 }') },
      /idempotency-status: getPayment has no parameter no/,
    ],
    ['a parameter too few', { mark: status('{}') }, /idempotency-status: getPayment needs its parameter id/],
    [
      'a source that does not exist',
      { mark: status('{ id: $request.query.id }') },
      /idempotency-status: id needs a source/,
    ],
    [
      'a member that does not exist',
      { mark: status("{ id: '$request.body#/no' }") },
      /idempotency-status: id needs a source/,
    ],
    [
      'a source of no use',
      { mark: status('{ id: $identity.subject }') },
      /idempotency-status: id needs a source/,
    ],
    [
      'an operation that does not exist',
      { mark: 'idempotency: { key: required, status: { operationId: find } }' },
      /idempotency-status: There is no GET operation find/,
    ],
    [
      'an operation that changes something',
      { mark: 'idempotency: { key: required, status: { operationId: pay } }' },
      /idempotency-status: There is no GET operation pay/,
    ],
    [
      'an operation that answers something else',
      { mark: status('{ id: 1 }'), answer: "{ $ref: '#/components/schemas/Other' }" },
      /idempotency-status: getPayment must answer with the same/,
    ],
    [
      'no time',
      { mark: status('{ id: 1 }', ', absentAfterSeconds: 0') },
      /annotation-invalid: absentAfterSeconds/,
    ],
  ])('with %s is refused', (_, written, message) => {
    const { found } = pay(written)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(message)
  })
})

describe('cache', () => {
  function cached(mark: string, method = 'get', exposure = nothingExposed) {
    const diagnostics = new Diagnostics()
    const document = readValid(`openapi: 3.1.0
paths:
  /a:
    ${method}:
      operationId: a
      x-soap: { operation: A, ${mark} }
      parameters: [{ name: X-Branch, in: header, schema: {} }]
      responses: { '200': { description: x } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    cookie: { type: apiKey, in: cookie, name: k }
    query: { type: apiKey, in: query, name: k }
    token: { type: http, scheme: bearer }
`)
    const [rest] = operationsOf(document, diagnostics)
    const annotation = rest && readOperation({ document, diagnostics }, rest)
    const policy = rest && annotation && cachePolicy({ document, rest, annotation, diagnostics }, exposure)
    return { policy, found: diagnostics.list.map(({ code }) => code) }
  }

  test('in short and in full', () => {
    expect(cached('cache: { maxAgeSeconds: 30 }')).toEqual({
      policy: {
        maxAgeSeconds: 30,
        staleIfErrorSeconds: 0,
        shared: false,
        headers: ['x-branch'],
        vary: ['authorization', 'x-branch'],
        claims: [],
      },
      found: [],
    })
    const full = cached('cache: { maxAgeSeconds: 30, staleIfErrorSeconds: 600, shared: true }')
    expect(full.policy).toMatchObject({ staleIfErrorSeconds: 600, shared: true, vary: ['x-branch'] })
    expect(cached('timeoutMs: 1').policy).toBeUndefined()
  })

  test.each([
    ['cache: {}', 'annotation-invalid'],
    ['cache: 30', 'annotation-invalid'],
    ['cache: { maxAgeSeconds: 0 }', 'annotation-invalid'],
    ['cache: { maxAgeSeconds: 1, shared: yes }', 'annotation-invalid'],
    ['cache: { maxAgeSeconds: 1, maxAge: 1 }', 'annotation-unknown'],
  ])('%s is refused', (mark, code) => {
    expect(cached(mark).found).toEqual([code])
  })

  test('depends on the claims that the backend is told, and cannot be shared then', () => {
    const told = { claims: [['org', 'branch']], headers: [], anything: true }
    expect(cached('cache: { maxAgeSeconds: 1 }', 'get', told).policy).toMatchObject({ claims: told.claims })
    expect(cached('cache: { maxAgeSeconds: 1, shared: true }', 'get', told)).toEqual({
      policy: undefined,
      found: ['cache-shared'],
    })
  })

  test('of a SAML assertion in a header is kept for that assertion, and cannot be shared', () => {
    const exposure = assertedBy('x-assertion')
    expect(cached('cache: { maxAgeSeconds: 1 }', 'get', exposure).policy).toMatchObject({
      headers: ['x-branch', 'x-assertion'],
      vary: ['authorization', 'x-branch', 'x-assertion'],
    })
    expect(cached('cache: { maxAgeSeconds: 1, shared: true }', 'get', exposure).found).toEqual([
      'cache-shared',
    ])
  })

  test.each([
    ['[{ key: [] }]', ['authorization', 'x-key', 'x-branch']],
    ['[{ cookie: [] }, { query: [] }]', ['authorization', 'cookie', 'x-branch']],
    ['[{ token: [], key: [] }]', ['authorization', 'x-key', 'x-branch']],
    ['[]', ['authorization', 'x-branch']],
  ])('varies with the headers of credentials: %s', (security, vary) => {
    const { policy } = cached(`cache: { maxAgeSeconds: 1 } }\n      security: ${security} #`)
    expect(policy?.vary).toEqual(vary)
  })

  test('is for GET alone', () => {
    expect(cached('cache: { maxAgeSeconds: 1 }', 'post')).toEqual({
      policy: undefined,
      found: ['annotation-invalid'],
    })
  })
})
