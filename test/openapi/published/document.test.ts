import { describe, expect, it, test } from 'vitest'
import { OpenApiDocument } from '../../../src/openapi/document.js'
import { basePathOf, publishedDocument, withPublicUrl } from '../../../src/openapi/published/document.js'
import { readContract } from '../../oracle/contracts.js'

describe('the document that clients see', () => {
  test('has everything but what begins with x-soap, at any depth', () => {
    const document = new OpenApiDocument('a', {
      openapi: '3.1.0',
      'x-soap-backends': { a: {} },
      'x-other': { kept: true },
      list: [{ 'x-soap': {}, a: null, b: ['x-soap'] }],
      'x-soapstone': 1,
    })
    expect(publishedDocument(document)).toEqual({
      openapi: '3.1.0',
      'x-other': { kept: true },
      list: [{ a: null, b: ['x-soap'] }],
    })
  })

  test('has no parameter of a path that an operation replaces: each operation has its own', () => {
    const id = (description: string) => ({ name: 'id', in: 'path', required: true, description })
    const other = { name: 'id', in: 'query' }
    const parameters = { Id: id('Shared.') }
    const shared = { $ref: '#/components/parameters/Id' }
    const published = publishedDocument(
      new OpenApiDocument('a', {
        openapi: '3.1.0',
        paths: {
          '/a/{id}': {
            parameters: [other, shared],
            get: { summary: 'Read' },
            delete: { parameters: [id('Own.'), { name: 'reason', in: 'query' }] },
          },
          '/b/{id}': { parameters: [shared], get: { parameters: [other] } },
        },
        components: { parameters },
      }),
    )
    expect(published.paths).toEqual({
      '/a/{id}': {
        parameters: [other],
        get: { summary: 'Read', parameters: [shared] },
        delete: { parameters: [id('Own.'), { name: 'reason', in: 'query' }] },
      },
      '/b/{id}': { parameters: [shared], get: { parameters: [other] } },
    })
  })

  test('says defaults of options of a union in words, which validators would give to other options', () => {
    const union = { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] }
    const lives = { type: 'integer', default: 9 }
    const schemas = {
      Pet: union,
      Cat: { properties: { lives } },
      Dog: { allOf: [{ properties: { trick: { description: 'What it can.', default: 'roll' } } }] },
      Owner: { properties: { pets: { type: 'integer', default: 1 } } },
    }
    const published = publishedDocument(
      new OpenApiDocument('a', { openapi: '3.1.0', components: { schemas } }),
    )
    expect(published).toMatchObject({
      components: {
        schemas: {
          Cat: { properties: { lives: { type: 'integer', description: 'Left out, it is 9.' } } },
          Dog: {
            allOf: [{ properties: { trick: { description: 'What it can.\n\nLeft out, it is "roll".' } } }],
          },
          Owner: { properties: { pets: { default: 1 } } },
        },
      },
    })
    expect(published).not.toHaveProperty('components.schemas.Cat.properties.lives.default')
    expect(lives).toEqual({ type: 'integer', default: 9 })
  })

  test('leaves the document itself as it is', () => {
    const root = { openapi: '3.1.0', a: { 'x-soap': { operation: 'A' } } }
    publishedDocument(new OpenApiDocument('a', root))
    expect(root.a).toEqual({ 'x-soap': { operation: 'A' } })
  })

  test('shares with it what has no x-soap', () => {
    const shared = { a: [{ b: 1 }] }
    const root = { openapi: '3.1.0', list: [{ 'x-soap': {}, c: 2 }, shared], shared }
    const published = publishedDocument(new OpenApiDocument('a', root))
    expect(published).toEqual({ openapi: '3.1.0', list: [{ c: 2 }, shared], shared })
    expect(published.shared).toBe(shared)
  })

  test('of our own contract names no backend, WSDL, port or SOAP operation', () => {
    const published = publishedDocument(new OpenApiDocument('openapi.yaml', readContract()))
    // Links have expressions of OpenAPI itself.
    const text = JSON.stringify(published, (name, value: unknown) => (name === 'links' ? undefined : value))
    expect(text).not.toMatch(/x-soap|\.wsdl|_URL|localhost|GetTransactionHistory|\$request|\$response/)
    expect(text).toContain('"/accounts/{accountId}"')
  })
})

describe('the base path', () => {
  test.each([
    [[{ url: '/v1' }], '/v1'],
    [[{ url: '/v1/' }], '/v1'],
    [[{ url: '/' }], ''],
    [[{ url: 'https://api.example.com/bank/v2' }], '/bank/v2'],
    [[{ url: 'https://api.example.com:8443' }], ''],
    [[{ url: 'https://api.example.com/' }], ''],
    [[{ url: '/a' }, { url: '/b' }], '/a'],
    [[], ''],
    [undefined, ''],
    [[{}], ''],
  ])('of servers %j is %j', (servers, path) => {
    expect(basePathOf(new OpenApiDocument('a', { servers }))).toBe(path)
  })

  test('has neither query nor fragment', () => {
    const servers = [{ url: 'https://api.example.com/v1?x=1#y' }]
    expect(basePathOf(new OpenApiDocument('a', { servers }))).toBe('/v1')
  })

  test('takes the defaults of server variables', () => {
    const servers = [
      {
        url: 'https://{host}/{base}/x',
        variables: { host: { default: 'a.example' }, base: { default: 'v2' } },
      },
    ]
    expect(basePathOf(new OpenApiDocument('a', { servers }))).toBe('/v2/x')
  })
})

describe('the public URL', () => {
  const at = 'https://api.bank.example'

  it.each([
    [[{ url: '/v1', description: 'Here.' }], [{ url: `${at}/v1`, description: 'Here.' }]],
    [[{ url: '/' }], [{ url: at }]],
    [
      [{ url: './v1' }, { url: 'v2' }],
      [{ url: `${at}/v1` }, { url: `${at}/v2` }],
    ],
    [[{ url: 'https://other.example/v1' }], [{ url: 'https://other.example/v1' }]],
    [
      [{ url: '//other.example' }, { url: '{host}/v1' }],
      [{ url: '//other.example' }, { url: '{host}/v1' }],
    ],
    [[], [{ url: at }]],
    [undefined, [{ url: at }]],
  ])('makes %j absolute', (servers, expected) => {
    expect(withPublicUrl({ servers }, at).servers).toEqual(expected)
  })

  it('is put before servers of paths and operations, and loses nothing of its path', () => {
    const servers = [{ url: '/v2' }]
    const paths = { '/a': { servers, get: { servers, summary: 'A.' }, 'x-servers': { servers } } }
    const written = [{ url: `${at}/edge/v2` }]
    expect(withPublicUrl({ paths }, `${at}/edge/`).paths).toEqual({
      '/a': { servers: written, get: { servers: written, summary: 'A.' }, 'x-servers': { servers } },
    })
  })
})
