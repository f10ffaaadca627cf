import { describe, expect, test } from 'vitest'
import { Diagnostics, formatDiagnostic } from '../../src/base/diagnostic/diagnostic.js'
import { loadOpenApi, openApiFromObject } from '../../src/openapi/document.js'
import { places, read, readValid } from './contract-text.js'

const yaml = `openapi: 3.1.0
info:
  title: A
paths:
  /a~b/{c}:
    get: { operationId: one, responses: { '200': { $ref: '#/components/responses/Ok' } } }
components:
  responses:
    Ok: { $ref: '#/components/responses/Fine' }
    Fine:
      description: fine
      content:
        application/json:
          schema: { $ref: '#/components/schemas/A%20B' }
  schemas:
    A B:
      type: object
      required:
        - x
        - y
`

describe('an OpenAPI document', () => {
  test('follows references of references to where the value is written', () => {
    const document = readValid(yaml)
    expect(document.at('/paths/~1a~0b~1{c}/get/responses/200')).toMatchObject({
      pointer: '/components/responses/Fine',
      value: { description: 'fine' },
    })
  })

  test('follows references on the way to a member, percent-encoded ones too', () => {
    const document = readValid(yaml)
    const responses = document.at('/paths/~1a~0b~1{c}/get/responses')
    expect(responses).toBeDefined()
    if (!responses) return
    const schema = document.member(responses, '200', 'content', 'application/json', 'schema')
    expect(schema?.pointer).toBe('/components/schemas/A B')
    expect(document.member(responses, '200', 'content', 'text/plain')).toBeUndefined()
    expect(document.member(responses, 'toString')).toBeUndefined()
  })

  test.each([
    ['', 1, 1],
    ['/info/title', 3, 3],
    ['/paths/~1a~0b~1{c}', 5, 3],
    ['/paths/~1a~0b~1{c}/get', 6, 5],
    ['/components/schemas/A B/required/1', 20, 11],
    ['/components/schemas/A B/properties/x', 16, 5],
    ['/nothing/here', 1, 1],
  ])('says where %s was written: line %i, column %i', (pointer, line, column) => {
    expect(readValid(yaml).locate(pointer)).toEqual({ file: 'api.yaml', line, column })
  })

  test('reads JSON, which is YAML', () => {
    const document = readValid('{\n  "openapi": "3.1.1",\n  "paths": {}\n}')
    expect(document.locate('/paths')).toEqual({ file: 'api.yaml', line: 3, column: 3 })
  })

  test('expands anchors and aliases', () => {
    const document = readValid('openapi: 3.1.0\nx: &x { a: 1 }\ny: *x\n')
    expect(document.root.y).toEqual({ a: 1 })
  })

  test('keys are texts: a status written as a number is found', () => {
    const document = readValid('openapi: 3.1.0\nresponses:\n  200: { description: ok }\n')
    expect(document.at('/responses/200')?.value).toEqual({ description: 'ok' })
    expect(document.locate('/responses/200').line).toBe(3)
  })
})

describe('a document that cannot be read', () => {
  test.each([
    ['no YAML', 'openapi: 3.1.0\na: [1, 2\nb: 1\n', 'contract-syntax'],
    ['a key twice', 'openapi: 3.1.0\npaths: {}\npaths: {}\n', 'contract-syntax'],
    ['an alias within its anchor', 'openapi: 3.1.0\npaths: {}\nx: &x { a: { b: *x } }\n', 'contract-syntax'],
    ['lists within lists', `openapi: 3.1.0\nx: ${'['.repeat(100_000)}`, 'contract-syntax'],
    ['objects within objects', `openapi: 3.1.0\nx: ${'{ a: '.repeat(100_000)}`, 'contract-syntax'],
    ['lists within a list with an anchor', `openapi: 3.1.0\nx: &x ${'['.repeat(100_000)}`, 'contract-syntax'],
    ['OpenAPI 3.0', 'openapi: 3.0.3\npaths: {}\n', 'contract-version'],
    ['OpenAPI 3.2', 'openapi: 3.2.0\npaths: {}\n', 'contract-version'],
    ['a version that YAML takes for a number', 'openapi: 3.1\npaths: {}\n', 'contract-version'],
    ['Swagger', 'swagger: "2.0"\n', 'contract-version'],
    ['a list', '- openapi: 3.1.0\n', 'contract-version'],
    ['an empty file', '', 'contract-version'],
  ])('%s', (_, text, code) => {
    const { document, diagnostics } = read(text)
    expect(document).toBeUndefined()
    expect(diagnostics.list.map((diagnostic) => diagnostic.code)).toContain(code)
    expect(diagnostics.hasErrors).toBe(true)
  })

  test('says where it contains itself, and where it is too deep', () => {
    const cyclic = read('openapi: 3.1.0\npaths: {}\nx: &x\n  a:\n    - *x\n').diagnostics
    expect(cyclic.list.map(formatDiagnostic)).toEqual([
      'api.yaml:5:7: error contract-syntax: The value at /x/a/0 contains itself: refer to it by $ref.',
    ])
    const deep = read(`openapi: 3.1.0\npaths: {}\nx:\n${'['.repeat(499)}\n[`).diagnostics
    expect(deep.list.map(formatDiagnostic)).toEqual([
      'api.yaml:5:1: error contract-syntax: The document nests objects and lists deeper than 500; put parts of it under components.',
    ])
  })

  test('that a program has made may contain itself no more', () => {
    const root: Record<string, unknown> = { openapi: '3.1.0', paths: {} }
    root.x = { a: root }
    const diagnostics = new Diagnostics()
    expect(openApiFromObject(root, 'openapi', diagnostics)).toBeUndefined()
    expect(places(diagnostics.list)).toEqual(['contract-syntax openapi:1'])
    const shared = { a: 1 }
    expect(openApiFromObject({ openapi: '3.1.0', x: [shared, shared] }, 'openapi', diagnostics)).toBeDefined()
  })

  test('says which file is not there', () => {
    const diagnostics = new Diagnostics()
    expect(loadOpenApi('/nowhere/api.yaml', 'api.yaml', diagnostics)).toBeUndefined()
    expect(places(diagnostics.list)).toEqual(['contract-unreadable api.yaml:1'])
  })

  test('an alias bomb is refused and not expanded', () => {
    const levels = Array.from({ length: 12 }, (_, n) =>
      n === 0
        ? 'l0: &l0 [x, x, x, x, x, x, x, x, x, x]'
        : `l${n}: &l${n} [${Array.from({ length: 10 }, () => `*l${n - 1}`).join(', ')}]`,
    )
    const { document, diagnostics } = read(`openapi: 3.1.0\n${levels.join('\n')}\n`)
    expect(document).toBeUndefined()
    expect(diagnostics.list.map(({ code }) => code)).toEqual(['contract-syntax'])
  })
})

describe('references', () => {
  test.each([
    ['nowhere', "'#/components/schemas/No'", /leads nowhere/],
    ['to another file', "'other.yaml#/A'", /leaves the document/],
    ['to the network', "'https://example.com/a.yaml'", /leaves the document/],
    ['in a circle of references alone', "'#/components/schemas/A'", /leads nowhere/],
    ['to what objects inherit', "'#/toString'", /leads nowhere/],
  ])('%s are reported where they stand', (_, target, message) => {
    const { diagnostics } = read(`openapi: 3.1.0\ncomponents:\n  schemas:\n    A:\n      $ref: ${target}\n`)
    expect(places(diagnostics.list)).toEqual(['contract-reference api.yaml:5'])
    expect(diagnostics.list[0]?.message).toMatch(message)
  })

  test('all of them are reported at once', () => {
    const { diagnostics } = read(
      'openapi: 3.1.0\ncomponents:\n  schemas:\n    A: { $ref: "#/x" }\n    B: { items: { $ref: "#/y" } }\n',
    )
    expect(places(diagnostics.list).sort()).toEqual([
      'contract-reference api.yaml:4',
      'contract-reference api.yaml:5',
    ])
  })

  test('a schema may contain itself', () => {
    const document = readValid(
      "openapi: 3.1.0\ncomponents:\n  schemas:\n    A: { properties: { a: { $ref: '#/components/schemas/A' } } }\n",
    )
    expect(document.at('/components/schemas/A/properties/a')?.pointer).toBe('/components/schemas/A')
  })

  test('examples are data: a $ref in one refers to nothing', () => {
    expect(read('openapi: 3.1.0\nexample: { $ref: nowhere }\n').diagnostics.list).toEqual([])
  })

  test('a property may be named $ref, or example', () => {
    const { diagnostics } = read(
      'openapi: 3.1.0\ncomponents:\n  schemas:\n    A: { properties: { $ref: { type: string }, example: { $ref: "#/x" } } }\n',
    )
    expect(diagnostics.list.map(({ message }) => message)).toEqual([expect.stringContaining('#/x')])
  })
})

describe('a document that is an object already', () => {
  test('has places too, without lines', () => {
    const diagnostics = new Diagnostics()
    const document = openApiFromObject({ openapi: '3.1.0', paths: {} }, 'made', diagnostics)
    expect(document?.locate('/paths')).toEqual({ file: 'made', line: 1 })
    expect(diagnostics.list).toEqual([])
  })

  test('is checked all the same', () => {
    const diagnostics = new Diagnostics()
    expect(openApiFromObject({ openapi: '3.0.0' }, 'made', diagnostics)).toBeUndefined()
    expect(openApiFromObject({ openapi: '3.1.0', a: { $ref: '#/b' } }, 'made', diagnostics)).toBeDefined()
    expect(places(diagnostics.list)).toEqual(['contract-version made:1', 'contract-reference made:1'])
  })
})
