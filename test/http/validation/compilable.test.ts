import { describe, expect, it } from 'vitest'
import { compileContract } from '../../../src/adapter/adapter.js'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { doubtfulOperations } from '../../../src/http/validation/compilable.js'
import { RequestValidators } from '../../../src/http/validation/validate.js'
import { OpenApiDocument, type OpenApiObject } from '../../../src/openapi/document.js'
import { operationsOf } from '../../../src/openapi/operations.js'

const content = { 'application/json': { schema: { $ref: '#/components/schemas/Body' } } }

/** Of two operations the first takes a body of a schema. */
function documentOf(schema: unknown): OpenApiObject {
  const responses = { 204: { description: 'done' } }
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } }
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: {
      '/things': {
        post: { operationId: 'addThing', requestBody: { content }, responses },
        get: { operationId: 'listThings', parameters: [limit], responses },
      },
    },
    components: { schemas: { Body: { type: 'object', properties: { part: schema } } } },
  }
}

function doubtfulIn(root: OpenApiObject): readonly string[] {
  const operations = operationsOf(new OpenApiDocument('openapi', root), new Diagnostics())
  return doubtfulOperations(root, operations).map(({ operationId }) => operationId)
}

/** @returns what is wrong with a document; nothing where all is well */
function judgement(root: OpenApiObject, which: 'all' | 'doubtful'): Promise<string> {
  return new RequestValidators({ document: root }).judge(which).then(() => '', String)
}

describe('a schema that is certain to compile', () => {
  it.each([
    [{ type: ['string', 'null'], minLength: 1, maxLength: 9, pattern: '^[a-z]+$', format: 'date' }],
    [{ type: 'string', pattern: '^(a+)+$' }],
    [{ type: 'string', format: 'of-their-own', contentEncoding: 'base64', contentMediaType: 'text/xml' }],
    [{ enum: ['a', 1, null], const: 'a', default: 'a', description: 'd', 'x-unknown': { type: 7 } }],
    [{ type: 'number', multipleOf: 0.01, minimum: -1, exclusiveMaximum: 10 }],
    [{ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3, uniqueItems: true, contains: {} }],
    [{ type: 'array', prefixItems: [{ type: 'string' }, true], items: false, minItems: 2, maxItems: 2 }],
    [{ type: 'array', prefixItems: [{ type: 'string' }], items: false }],
    [{ type: 'object', required: ['a'], additionalProperties: false, patternProperties: { '^x': {} } }],
    [{ dependentRequired: { a: ['b'] }, dependentSchemas: { a: true }, propertyNames: { maxLength: 3 } }],
    [{ allOf: [{ not: {} }, { if: true, then: false, else: {} }], unevaluatedProperties: false }],
    [{ oneOf: [{ $ref: '#/components/schemas/Body' }, { type: 'null' }], readOnly: true }],
    [{ $defs: { one: { type: 'string' } }, $ref: '#/components/schemas/Body' }],
  ])('%j is compiled when it is needed', async (schema) => {
    const root = documentOf(schema)
    expect(doubtfulIn(root)).toEqual([])
    await expect(new RequestValidators({ document: root }).judge('all')).resolves.toBeUndefined()
  })
})

describe('a schema that only the compiler can judge', () => {
  it.each([
    ['type must be', { type: 'thing' }],
    ['type must be', { type: ['string', 'thing'] }],
    ['"nullable" cannot be used', { nullable: true }],
    ['maxLength value must be', { maxLength: '9' }],
    ['enum must have non-empty array', { enum: [] }],
    ['required value must be', { required: 'a' }],
    ['allOf value must be', { allOf: {} }],
    ['invalid anchor', { $anchor: 'a b' }],
    [undefined, { $dynamicRef: '#none' }],
    [undefined, { dependencies: {} }],
    [undefined, { properties: { ['__proto__']: {} } }],
  ])('%s: %j', async (reason, schema) => {
    const root = documentOf(schema)
    expect(doubtfulIn(root)).toEqual(['addThing'])
    const said = await judgement(root, 'doubtful')
    expect(said).toBe(await judgement(root, 'all'))
    expect(said).toContain(reason ?? '')
  })

  it('is found in a part of a large schema, where nothing is referred to', async () => {
    const names = Array.from({ length: 149 }, (_, index) => [`p${index}`, { type: 'string' }] as const)
    const large = { type: 'object', properties: { ...Object.fromEntries(names), last: { nullable: true } } }
    const root = documentOf({})
    const { paths } = root as { paths: { '/things': { post: { requestBody: unknown } } } }
    paths['/things'].post.requestBody = { content: { 'application/json': { schema: large } } }
    expect(doubtfulIn(root)).toEqual(['addThing'])
    expect(await judgement(root, 'doubtful')).toContain('"nullable" cannot be used')
    expect(await judgement(root, 'doubtful')).toBe(await judgement(root, 'all'))
  })

  it.each([
    ['in the order of the document', ['A', 'B'] as const],
    ['in the other order', ['B', 'A'] as const],
  ])(
    'is told of each operation that reaches it, through others that reach each other, too: %s',
    async (_, bodies) => {
      const root = documentOf({})
      const { paths, components } = root as {
        paths: Record<string, unknown>
        components: { schemas: OpenApiObject }
      }
      components.schemas = {
        A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B' }, x: { nullable: true } } },
        B: { type: 'object', properties: { a: { $ref: '#/components/schemas/A' } } },
      }
      delete paths['/things']
      for (const name of bodies) {
        const schema = { $ref: `#/components/schemas/${name}` }
        const requestBody = { content: { 'application/json': { schema } } }
        const responses = { 204: { description: 'done' } }
        paths[`/${name}`] = { post: { operationId: `add${name}`, requestBody, responses } }
      }
      expect(doubtfulIn(root)).toEqual(bodies.map((name) => `add${name}`))
      const said = await judgement(root, 'all')
      for (const name of bodies) expect(said).toContain(`add${name}: a schema cannot be compiled`)
      expect(await judgement(root, 'doubtful')).toBe(said)
    },
  )

  it('is judged where the document cannot even be cut', async () => {
    const root = documentOf({ patternProperties: { '(': {} } })
    expect(await judgement(root, 'doubtful')).toContain('Invalid regular expression')
    expect(await judgement(root, 'doubtful')).toBe(await judgement(root, 'all'))
  })

  it('is refused as often as it is asked for', async () => {
    const judge = new RequestValidators({ document: documentOf({ pattern: '(' }) })
    const said = await judge.judge('all').then(() => '', String)
    expect(said).toContain('Invalid regular expression')
    expect(await judge.judge('all').then(() => '', String)).toBe(said)
  })

  it('makes no difference to operations whose own schemas are plain', async () => {
    const root = documentOf({})
    const { paths } = root as { paths: { '/things': { get: { parameters: OpenApiObject[] } } } }
    paths['/things'].get.parameters.push({ name: 'kind', in: 'query', schema: { type: 'thing' } })
    expect(doubtfulIn(root)).toEqual(['listThings'])
    expect(await judgement(root, 'doubtful')).toBe(await judgement(root, 'all'))
  })
})

it.each(['openapi.yaml', 'bench/contract/openapi.yaml'])('holds for all operations of %s', (contract) => {
  const { document } = compileContract({ contract, env: {} })
  expect(doubtfulIn(document)).toEqual([])
})
