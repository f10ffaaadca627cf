import { describe, expect, test } from 'vitest'
import { unusablePatterns } from '../../../src/openapi/judgement/patterns.js'
import { places, read } from '../contract-text.js'

const findings = (schema: object) =>
  unusablePatterns({ paths: {}, components: { schemas: { A: schema } } }).map(
    ({ code, pointer }) => `${code} ${pointer}`,
  )

describe('patterns of a contract', () => {
  test.each([
    [{ pattern: '^(a+)+$' }],
    [{ patternProperties: { '^x-': {} } }],
    [{ properties: { pattern: { type: 'string' } } }],
    [{ examples: [{ pattern: '(a)\\1' }] }],
    [{ const: { properties: { a: { pattern: '(a)\\1' } } } }],
    [{ properties: { properties: { enum: [{ pattern: '(a)\\1' }] } } }],
    [{ 'x-note': { pattern: '(a)\\1' } }],
    [{ patternProperties: 'none' }],
  ])('may be %j', (schema) => {
    expect(findings(schema)).toEqual([])
  })

  test.each([
    [{ pattern: '(a)\\1' }, 'backtracks', '/pattern'],
    [{ pattern: '(a' }, 'invalid', '/pattern'],
    [
      { properties: { a: { allOf: [{ pattern: '(?<b>.)\\k<b>' }] } } },
      'backtracks',
      '/properties/a/allOf/0/pattern',
    ],
    [{ propertyNames: { pattern: '(a)\\1' } }, 'backtracks', '/propertyNames/pattern'],
    [{ patternProperties: { '^(a+)+$': {} } }, 'backtracks', '/patternProperties/^(a+)+$'],
    [{ patternProperties: { 'a/(': {} } }, 'invalid', '/patternProperties/a~1('],
    [{ properties: { default: { pattern: '(a)\\1' } } }, 'backtracks', '/properties/default/pattern'],
    [{ $defs: { 'x-a': { pattern: '(a)\\1' } } }, 'backtracks', '/$defs/x-a/pattern'],
  ])('must not be %j', (schema, problem, pointer) => {
    expect(findings(schema)).toEqual([`pattern-${problem} /components/schemas/A${pointer}`])
  })

  test('are found in responses and parameters, whatever these are called', () => {
    const schema = { pattern: '(a)\\1' }
    const found = unusablePatterns({
      paths: {
        '/a': {
          get: {
            parameters: [{ name: 'q', in: 'query', schema }],
            responses: { default: { content: { 'text/plain': { schema } } } },
          },
        },
      },
      components: { parameters: { 'x-id': { name: 'x-id', in: 'header', schema } } },
    })
    expect(found.map(({ pointer }) => pointer)).toEqual([
      '/paths/~1a/get/parameters/0/schema/pattern',
      '/paths/~1a/get/responses/default/content/text~1plain/schema/pattern',
      '/components/parameters/x-id/schema/pattern',
    ])
  })

  test('are reported where they stand when a document is read from a file', () => {
    const { document, diagnostics } = read(
      [
        'openapi: 3.1.0',
        'components:',
        '  schemas:',
        '    A:',
        "      pattern: '(a)\\1'",
        '    B:',
        "      properties: { b: { pattern: '(' } }",
      ].join('\n'),
    )
    expect(document).toBeDefined()
    expect(places(diagnostics.list)).toEqual(['pattern-backtracks api.yaml:5', 'pattern-invalid api.yaml:7'])
    expect(diagnostics.list.map(({ at }) => at?.column)).toEqual([7, 26])
  })
})
