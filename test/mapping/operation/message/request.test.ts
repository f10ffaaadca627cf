import { describe, expect, test } from 'vitest'
import { elementsOf } from '../../../../src/mapping/canonical/content-walk.js'
import type { RequestMapping } from '../../../../src/mapping/operation/mapping.js'
import { check, openapi } from '../../contract.js'

/** The request of getBook, or of another operation, after changes to the contract. */
function requestOf(
  changes: readonly (readonly [from: string, to: string])[],
  operationId = 'getBook',
): RequestMapping {
  const document = changes.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, openapi)
  const { diagnostics, joined } = check(document)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const mapping = joined.operations.find(({ rest }) => rest.operationId === operationId)
  if (!mapping) throw new Error(`no ${operationId}`)
  return mapping.request
}

function codesOf(from: string, to: string): string[] {
  expect(openapi).toContain(from)
  return check(openapi.replace(from, to)).diagnostics.map(({ code, message }) => `${code}: ${message}`)
}

describe('a request', () => {
  test('takes parameters by their names', () => {
    expect(requestOf([]).members).toMatchObject([
      { key: 'path.isbn', source: { kind: 'parameter', in: 'path', name: 'isbn' }, repeated: false },
      { key: 'query.verbose', source: { kind: 'parameter', in: 'query', name: 'verbose' }, repeated: false },
    ])
  })

  test('takes parameters by sources, whatever their names', () => {
    const { members } = requestOf([
      ['name: verbose, in: query', 'name: detail, in: query'],
      ['response: /Book', 'request: { Verbose: $request.query.detail }\n        response: /Book'],
    ])
    expect(members.map(({ key }) => key).sort()).toEqual(['path.isbn', 'query.detail'])
  })

  test('takes headers in any case', () => {
    const { members } = requestOf([
      ['name: verbose, in: query', 'name: X-Verbose, in: header'],
      ['response: /Book', 'request: { Verbose: $request.header.x-verbose }\n        response: /Book'],
    ])
    expect(members).toContainEqual(
      expect.objectContaining({ source: { kind: 'parameter', in: 'header', name: 'x-verbose' } }),
    )
  })

  test('takes constants', () => {
    const { members } = requestOf([
      ['        - { name: verbose, in: query, schema: { type: boolean } }\n', ''],
      ['response: /Book', 'request: { Verbose: true }\n        response: /Book'],
    ])
    expect(members).toContainEqual(expect.objectContaining({ source: { kind: 'constant', value: true } }))
  })

  test('takes the default of a parameter', () => {
    const { members } = requestOf([
      [
        'name: verbose, in: query, schema: { type: boolean }',
        'name: verbose, in: query, schema: { type: boolean, default: true }',
      ],
    ])
    expect(members).toContainEqual(expect.objectContaining({ key: 'query.verbose', default: true }))
  })

  test('takes the whole body', () => {
    const { members, body } = requestOf([], 'addBook')
    expect(members).toMatchObject([{ source: { kind: 'body', steps: [] }, value: { kind: 'object' } }])
    expect(body.wrapper).toEqual({ namespace: 'urn:library', localName: 'AddBook' })
    expect(elementsOf(body.object.content).map(({ name }) => name.localName)).toEqual(['Book'])
  })

  test('takes members of the body by pointers, and the others by name', () => {
    const { members } = requestOf(
      [
        [
          'request: { Book: $request.body }',
          'request: { Book/ISBN: $request.body#/number, Book/Title: $request.body#/about/title, Book/Status: IN, Book/Author: $request.body#/authors }',
        ],
        [
          "requestBody:\n        required: true\n        content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }",
          'requestBody:\n        required: true\n        content: { application/json: { schema: { type: object, required: [number, about, authors], properties: { number: { type: string }, about: { type: object, required: [title], properties: { title: { type: string } } }, authors: { type: array, items: { type: string } } } } } }',
        ],
      ],
      'addBook',
    )
    expect(members.map(({ source }) => source)).toEqual([
      { kind: 'body', steps: ['number'] },
      { kind: 'body', steps: ['about', 'title'] },
      { kind: 'constant', value: 'IN' },
      { kind: 'body', steps: ['authors'] },
    ])
    expect(members.at(-1)?.repeated).toBe(true)
  })
})

describe('is refused', () => {
  test.each([
    [
      'for a pointer that leads nowhere',
      'request: { Book: $request.body }',
      'request: { Book: $request.body#/volume }',
      /^request-source: .*volume/,
    ],
    [
      'for a source of the response',
      'request: { Book: $request.body }',
      'request: { Book: $response.body#/id }',
      /^request-source: Book needs a source/,
    ],
    [
      'for a target that is not there',
      'request: { Book: $request.body }',
      'request: { Volume: $request.body }',
      /^member-unknown: .*Volume|^member-unknown/,
    ],
    [
      'for a body that is not an object and goes nowhere',
      "request: { Book: $request.body }\n      requestBody:\n        required: true\n        content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }",
      'timeoutMs: 5\n      requestBody:\n        required: true\n        content: { application/json: { schema: { type: array, items: { type: string } } } }',
      /^request-source: The body is not an object/,
    ],
    [
      'for what the WSDL requires and nothing gives',
      'operation: GetBook\n',
      'operation: GetBook\n        request: { Verbose: $request.path.isbn }\n',
      /^(member-missing|member-unknown|schema-mismatch)/,
    ],
    [
      'for a constant of the wrong type',
      '        - { name: verbose, in: query, schema: { type: boolean } }\n      x-soap:\n        operation: GetBook\n',
      '      x-soap:\n        operation: GetBook\n        request: { Verbose: perhaps }\n',
      /^request-source: .*Verbose/,
    ],
    [
      'for an optional parameter that the WSDL requires',
      'name: isbn, in: path, required: true, schema',
      'name: isbn, in: path, required: false, schema',
      /^member-optional: .*isbn/,
    ],
  ])('%s', (_, from, to, finding) => {
    expect(codesOf(from, to)).toContainEqual(expect.stringMatching(finding))
  })
})
