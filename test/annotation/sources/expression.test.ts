import { describe, expect, test } from 'vitest'
import { parseSource, parseTemplate } from '../../../src/annotation/sources/expression.js'

describe('a source', () => {
  test.each([
    ['$request.path.accountId', { kind: 'parameter', in: 'path', name: 'accountId' }],
    ['$request.query.a[b]', { kind: 'parameter', in: 'query', name: 'a[b]' }],
    ['$request.header.X-Tenant', { kind: 'parameter', in: 'header', name: 'X-Tenant' }],
    ['$request.query.from.date', { kind: 'parameter', in: 'query', name: 'from.date' }],
    ['$request.body', { kind: 'body', steps: [] }],
    ['$request.body#/', { kind: 'body', steps: [''] }],
    ['$request.body#/a/b~1c/0', { kind: 'body', steps: ['a', 'b/c', '0'] }],
    ['$response.body#/id', { kind: 'response', part: 'body', steps: ['id'] }],
    ['A', { kind: 'constant', value: 'A' }],
    ['', { kind: 'constant', value: '' }],
    ['$$5', { kind: 'constant', value: '$5' }],
    ['$$$', { kind: 'constant', value: '$$' }],
    ['a$request.path.x', { kind: 'constant', value: 'a$request.path.x' }],
    [5, { kind: 'constant', value: 5 }],
    [0, { kind: 'constant', value: 0 }],
    [false, { kind: 'constant', value: false }],
  ])('%j', (written, source) => {
    expect(parseSource(written)).toEqual(source)
  })

  test.each([
    '$',
    '$x',
    '$request',
    '$request.path.',
    '$request.path.a b',
    '$request.cookie.a',
    '$request.body#id',
    '$request.body/id',
    '$url',
    '$method',
    '$statusCode',
    '$response.header.a',
    '$Request.path.a',
    null,
    undefined,
    {},
    ['a'],
  ])('%j is none', (written) => {
    expect(parseSource(written)).toBeUndefined()
  })
})

describe('a template', () => {
  test.each([
    ['/v1/x', ['/v1/x']],
    ['', []],
    ['{$response.body#/id}', [{ kind: 'response', part: 'body', steps: ['id'] }]],
    [
      '/a/{$request.path.a}/b/{$response.body#/x/y}?z',
      [
        '/a/',
        { kind: 'parameter', in: 'path', name: 'a' },
        '/b/',
        { kind: 'response', part: 'body', steps: ['x', 'y'] },
        '?z',
      ],
    ],
    [
      '{$request.query.a}{$request.query.b}',
      [
        { kind: 'parameter', in: 'query', name: 'a' },
        { kind: 'parameter', in: 'query', name: 'b' },
      ],
    ],
  ])('%j', (text, template) => {
    expect(parseTemplate(text)).toEqual(template)
  })

  test.each(['{id}', '{}', '/a/{$}', '/a/{$$x}', '/a/{$request.cookie.a}', '{$request.path.a b}'])(
    '%j is none',
    (text) => {
      expect(parseTemplate(text)).toBeUndefined()
    },
  )

  test.each(['/a/{$request.path.a', '/a/$request.path.a}'])('%j has a brace without its other', (text) => {
    expect(parseTemplate(text)).toBeUndefined()
  })
})
