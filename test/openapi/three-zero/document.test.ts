import { describe, expect, it } from 'vitest'
import { toOpenApi30 } from '../../../src/openapi/three-zero/document.js'

const info = { title: 'A', version: '1' }
const text = { type: ['string', 'null'] }
const text30 = { type: 'string', nullable: true }

const convert = (rest: object) => toOpenApi30({ openapi: '3.1.1', info, ...rest })

describe('the document', () => {
  it('has paths, and no webhooks and dialect', () => {
    const { document, notes } = convert({ jsonSchemaDialect: 'https://a.example', webhooks: { paid: {} } })
    expect(document).toEqual({ openapi: '3.0.3', info, paths: {} })
    expect(notes.map(({ pointer }) => pointer)).toEqual(['/jsonSchemaDialect', '/webhooks/paid'])
  })

  it.each([
    [{ name: 'A', identifier: 'MIT' }, { name: 'A', url: 'https://spdx.org/licenses/MIT.html' }, []],
    [{ name: 'A', url: 'https://a.example' }, { name: 'A', url: 'https://a.example' }, []],
    [{ name: 'A', identifier: 'MIT OR ISC' }, { name: 'A' }, ['/info/license/identifier']],
  ])('has the licence %j', (license, expected, pointers) => {
    const { document, notes } = convert({
      info: { ...info, summary: 'Short.', description: 'Long.', license },
    })
    expect(document.info).toEqual({ ...info, description: 'Short.\n\nLong.', license: expected })
    expect(notes.map(({ pointer }) => pointer)).toEqual(pointers)
  })

  it('converts every schema wherever it stands', () => {
    const content = { 'application/json': { schema: text } }
    const headers = { H: { schema: text } }
    const operation = {
      parameters: [
        { name: 'q', in: 'query', schema: text },
        { name: 'r', in: 'query', content },
      ],
      requestBody: { content: { 'multipart/form-data': { schema: text, encoding: { a: { headers } } } } },
      responses: { 200: { description: '', headers, content } },
      callbacks: { done: { '{$request.query.q}': { post: { requestBody: { content } } } } },
    }
    const components = {
      schemas: { S: text },
      parameters: { P: { name: 'q', in: 'query', schema: text } },
      headers,
      requestBodies: { B: { content } },
      responses: { R: { description: '', content } },
      callbacks: operation.callbacks,
    }
    const { document, notes } = convert({ paths: { '/a': { get: operation } }, components })
    expect(JSON.stringify(document)).not.toContain('["string","null"]')
    const count = (value: object, part: object) =>
      JSON.stringify(value).split(JSON.stringify(part)).length - 1
    expect(count(document, text30)).toBe(count({ operation, components }, text))
    expect(notes).toEqual([])
  })

  it('has path items where they are used', () => {
    const pathItems = { Item: { get: { responses: { 200: { description: 'Yes.' } } } } }
    const { document } = convert({
      paths: { '/a': { $ref: '#/components/pathItems/Item', summary: 'An a.' } },
      components: { pathItems },
    })
    expect(document.paths).toEqual({ '/a': { ...pathItems.Item, summary: 'An a.' } })
    expect(document.components).toEqual({})
  })

  it('has nothing beside references to parameters and responses', () => {
    const parameters = [{ $ref: '#/components/parameters/P', description: 'Mine.' }]
    const { document, notes } = convert({
      paths: { '/a': { parameters, get: {} } },
      components: { parameters: { P: { name: 'q', in: 'query', schema: text } } },
    })
    expect(document.paths).toEqual({
      '/a': {
        parameters: [{ $ref: '#/components/parameters/P' }],
        get: { responses: { default: { description: 'Any response.' } } },
      },
    })
    expect(notes.map(({ pointer }) => pointer)).toEqual(['/paths/~1a/parameters/0/description'])
  })

  it('says that bodies and parts of forms are bytes', () => {
    const binary = { type: 'string', format: 'binary' }
    const content = {
      'image/*': {},
      'application/pdf': { schema: { contentMediaType: 'application/pdf', description: 'A letter.' } },
      'multipart/form-data': {
        schema: { type: 'object', properties: { file: {}, note: { type: 'string' } } },
      },
      'application/json': { schema: {} },
    }
    const { document } = convert({ components: { requestBodies: { B: { content } } } })
    expect(document.components).toMatchObject({
      requestBodies: {
        B: {
          content: {
            'image/*': { schema: binary },
            'application/pdf': { schema: { ...binary, description: 'A letter.' } },
            'multipart/form-data': {
              schema: { type: 'object', properties: { file: binary, note: { type: 'string' } } },
            },
            'application/json': { schema: {} },
          },
        },
      },
    })
  })

  it('has neither mutual TLS nor roles of API keys', () => {
    const key = { type: 'apiKey', in: 'header', name: 'K' }
    const securitySchemes = {
      tls: { type: 'mutualTLS' },
      key,
      also: { $ref: '#/components/securitySchemes/tls' },
    }
    const security = [{ tls: [], key: ['admin'] }, { also: [] }]
    const { document, notes } = convert({ security, components: { securitySchemes } })
    expect(document.security).toEqual([{ key: [] }, {}])
    expect(document.components).toEqual({ securitySchemes: { key } })
    expect(notes.map(({ pointer }) => pointer)).toEqual([
      '/security/0/key',
      '/components/securitySchemes/tls',
      '/components/securitySchemes/also',
    ])
  })
})
