import { describe, expect, test } from 'vitest'
import { OpenApiDocument } from '../../src/openapi/document.js'
import { basePathOf, publishedDocument } from '../../src/openapi/published.js'
import { readContract } from '../oracle/contracts.js'

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

  test('leaves the document itself as it is', () => {
    const root = { openapi: '3.1.0', a: { 'x-soap': { operation: 'A' } } }
    publishedDocument(new OpenApiDocument('a', root))
    expect(root.a).toEqual({ 'x-soap': { operation: 'A' } })
  })

  test('of our own contract names no backend, WSDL, port or SOAP operation', () => {
    const text = JSON.stringify(publishedDocument(new OpenApiDocument('openapi.yaml', readContract())))
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
