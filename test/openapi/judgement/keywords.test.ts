import { describe, expect, it } from 'vitest'
import { keywordFindings } from '../../../src/openapi/judgement/keywords.js'
import { places, read } from '../contract-text.js'

const findings = (schema: object) =>
  keywordFindings({ paths: {}, components: { schemas: { A: schema } } }).map(
    ({ severity, code, pointer }) => `${severity} ${code} ${pointer.replace('/components/schemas/A', '')}`,
  )

describe('keywords of schemas', () => {
  it.each([
    [
      {
        type: ['string', 'null'],
        maxLength: 0,
        pattern: '^(?:a|b)$',
        enum: ['a'],
        examples: [1],
        default: null,
      },
    ],
    [{ prefixItems: [{}, true], items: false, unevaluatedItems: false, contains: {}, minContains: 0 }],
    [{ prefixItems: [{}, {}], maxItems: 2 }],
    [{ if: {}, then: true, else: {}, not: {}, dependentSchemas: { a: {} }, dependentRequired: { a: ['b'] } }],
    [{ properties: { nullable: { type: 'string' }, items: {}, dependencies: {} }, required: ['nullable'] }],
    [{ $schema: 'https://json-schema.org/draft/2020-12/schema', $comment: 'a', $defs: { a: true } }],
    [{ exclusiveMinimum: 0.5, multipleOf: 0.01, readOnly: true, nullable: false, 'x-a': { items: [] } }],
    [{ const: { items: [] }, enum: [{ type: 7 }], example: { pattern: '^a|b$' } }],
    [{ pattern: '^a|^b' }],
    [{ pattern: 'a$|b$' }],
    [{ pattern: 'a|b' }],
    [{ pattern: '^a$|^b$' }],
  ])('may be %j', (schema) => {
    expect(findings(schema)).toEqual([])
  })

  it.each<[object, ...string[]]>([
    [{ exclusiveMaximum: true }, '/exclusiveMaximum'],
    [{ items: [{ type: 'string' }] }, '/items'],
    [{ prefixItems: [{}] }, '/prefixItems'],
    [{ prefixItems: [] }, '/prefixItems'],
    [{ properties: { a: { type: 'str' } } }, '/properties/a/type'],
    [{ type: [] }, '/type'],
    [{ allOf: [{ maxLength: -1 }, { minItems: '1' }] }, '/allOf/0/maxLength', '/allOf/1/minItems'],
    [{ required: true }, '/required'],
    [{ oneOf: {} }, '/oneOf'],
    [{ $recursiveAnchor: true }, '/$recursiveAnchor'],
    [{ dependencies: { a: ['b'] } }, '/dependencies'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema'],
    [{ additionalProperties: { unevaluatedProperties: 1 } }, '/additionalProperties/unevaluatedProperties'],
    [{ dependentRequired: { a: 'b' } }, '/dependentRequired'],
    [{ multipleOf: 0 }, '/multipleOf'],
  ])('must not be %j', (schema, ...wrong) => {
    expect(findings(schema)).toEqual(wrong.map((pointer) => `error schema-keyword ${pointer}`))
  })

  it.each<[object, string]>([
    [{ nullable: true }, 'schema-keyword /nullable'],
    [{ additionalItems: false }, 'schema-keyword /additionalItems'],
    [{ pattern: '^a|b$' }, 'pattern-anchor /pattern'],
    [{ items: { pattern: '^[0-9]{4}|x|[A-Z]+$' } }, 'pattern-anchor /items/pattern'],
  ])('warns of %j', (schema, finding) => {
    expect(findings(schema)).toEqual([`warning ${finding}`])
  })

  it('are judged in parameters, bodies and webhooks, with their lines', () => {
    const { diagnostics } = read(
      [
        'openapi: 3.1.0',
        'paths:',
        '  /a:',
        '    parameters:',
        '      - { name: a, in: query, schema: { exclusiveMinimum: false } }',
        '    post:',
        '      requestBody:',
        '        content:',
        '          text/plain: { schema: { type: text } }',
        'webhooks:',
        '  b: { post: { requestBody: { content: { a/b: { schema: { items: [] } } } } } }',
        'components:',
        '  headers: { C: { schema: { required: c } } }',
      ].join('\n'),
    )
    expect(places(diagnostics.list)).toEqual([5, 9, 11, 13].map((line) => `schema-keyword api.yaml:${line}`))
  })
})
