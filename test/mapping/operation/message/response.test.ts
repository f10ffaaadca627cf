import { describe, expect, test } from 'vitest'
import type { ResponseMapping } from '../../../../src/mapping/operation/mapping.js'
import { check, openapi } from '../../contract.js'

const got =
  "'200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }"

function changed(changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, openapi)
}

function responseOf(changes: readonly (readonly [string, string])[], operationId: string): ResponseMapping {
  const { diagnostics, joined } = check(changed(changes))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const mapping = joined.operations.find(({ rest }) => rest.operationId === operationId)
  if (!mapping) throw new Error(`no ${operationId}`)
  return mapping.response
}

function findings(changes: readonly (readonly [string, string])[]): string[] {
  return check(changed(changes)).diagnostics.map(({ code, severity }) => `${severity} ${code}`)
}

describe('a response', () => {
  test('is a part of the output', () => {
    const response = responseOf([], 'getBook')
    expect(response).toMatchObject({ status: 200, mediaType: 'application/json', headers: [] })
    expect(response.selected).toBeDefined()
    expect(response.body?.wrapper?.localName).toBe('GetBookResponse')
  })

  test('is the whole output where nothing is selected', () => {
    const response = responseOf([], 'addBook')
    expect(response).toMatchObject({ status: 201, mediaType: 'application/json' })
    expect(response.selected).toBeUndefined()
    expect(response.headers).toEqual([
      { name: 'location', template: ['/v1/books/', { kind: 'response', part: 'body', steps: ['id'] }] },
    ])
  })

  test('without content checks the output all the same', () => {
    const response = responseOf(
      [
        [got, "'204': { description: done }"],
        ['response: /Book\n        ', ''],
      ],
      'getBook',
    )
    expect(response).toMatchObject({ status: 204, mediaType: undefined, selected: undefined })
    expect(response.body?.wrapper?.localName).toBe('GetBookResponse')
  })

  test('may be a scalar', () => {
    const response = responseOf(
      [
        ['response: /Book', 'response: /Book/Title'],
        [got, "'200': { description: ok, content: { application/json: { schema: { type: string } } } }"],
      ],
      'getBook',
    )
    expect(response.selected).toBeDefined()
  })

  test('of an optional part needs a 404, of a list within a part that must be there does not', () => {
    expect(findings([["        '404': { description: none }\n", '']])).toEqual(['error response-absent'])
  })
})

describe('findings', () => {
  test.each<[string, readonly (readonly [string, string])[], string]>([
    ['no success', [[got, "'400': { description: bad }"]], 'error response-success'],
    ['success as a range', [[got, got.replace("'200'", "'2XX'")]], 'error response-success'],
    [
      'a body that is not an object',
      [
        ['response: /Book\n        ', ''],
        [got, "'200': { description: ok, content: { application/json: { schema: { type: string } } } }"],
      ],
      'error schema-mismatch',
    ],
    [
      'a header from the request body',
      [['{$response.body#/id}', '{$request.body#/id}']],
      'error header-template',
    ],
    ['a header from an optional member', [['required: [id], ', '']], 'error header-template'],
    [
      'a header from an unknown parameter',
      [['{$response.body#/id}', '{$request.query.id}']],
      'error header-template',
    ],
    ['a header from what is not an expression', [['{$response.body#/id}', '{id}']], 'error header-template'],
    [
      'a header with what no field can have',
      [['{$response.body#/id}', '→ {$response.body#/id}']],
      'error header-template',
    ],
    [
      'a member that is required and may be absent',
      [['required: [isbn, title, status, authors]', 'required: [isbn, title, status, authors, pages]']],
      'warning member-narrowed',
    ],
    ['an enumeration that is narrowed', [['enum: [IN, OUT]', 'enum: [IN]']], 'warning enumeration-narrowed'],
  ])('%s', (_, changes, finding) => {
    expect(findings(changes)).toContain(finding)
  })
})
