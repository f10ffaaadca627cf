import type { OpenApiObject } from '../../src/openapi/document.js'

/** A keyword with values that it takes and refuses. */
export interface KeywordRow {
  readonly keyword: string
  readonly schema: object
  readonly good: readonly unknown[]
  /** Each with the JSON pointer to its fault, below the value. */
  readonly bad: readonly (readonly [value: unknown, pointer: string])[]
}

const row = (
  keyword: string,
  schema: object,
  good: KeywordRow['good'],
  bad: KeywordRow['bad'],
): KeywordRow => ({ keyword, schema, good, bad })

const string = { type: 'string' }
const integer = { type: 'integer' }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Every keyword of JSON Schema 2020-12 that refuses something, each format that is asserted, and the discriminator. */
export const keywordRows: readonly KeywordRow[] = [
  row(
    'type',
    string,
    ['', 'a'],
    [
      [1, ''],
      [null, ''],
      [['a'], ''],
      [{}, ''],
      [true, ''],
    ],
  ),
  row(
    'type',
    integer,
    [0, -1, 1.0, 1e3],
    [
      [1.5, ''],
      ['1', ''],
      [null, ''],
    ],
  ),
  row(
    'type',
    { type: 'number' },
    [0, 1.5, -1e300],
    [
      ['1', ''],
      [true, ''],
    ],
  ),
  row(
    'type',
    { type: 'boolean' },
    [true, false],
    [
      ['true', ''],
      [0, ''],
    ],
  ),
  row(
    'type',
    { type: ['string', 'null'] },
    ['a', null],
    [
      [0, ''],
      [{}, ''],
    ],
  ),
  row(
    'type',
    { type: 'array' },
    [[], [1]],
    [
      [{}, ''],
      ['a', ''],
    ],
  ),
  row(
    'type',
    { type: 'object' },
    [{}, { a: 1 }],
    [
      [[], ''],
      ['a', ''],
    ],
  ),
  row(
    'enum',
    { enum: ['a', 1, null, { b: [2] }] },
    ['a', 1, null, { b: [2] }],
    [
      ['b', ''],
      ['1', ''],
      [{ b: [] }, ''],
    ],
  ),
  row(
    'const',
    { const: { a: 1 } },
    [{ a: 1 }],
    [
      [{ a: 2 }, ''],
      ['a', ''],
    ],
  ),
  row(
    'pattern',
    { ...string, pattern: '^[A-Z]{2}\\p{Nd}$' },
    ['AB1', 'AB٣'],
    [
      ['ab1', ''],
      ['AB12', ''],
      ['AB1\n', ''],
    ],
  ),
  row(
    'minLength',
    { ...string, minLength: 2 },
    ['ab', '😀😀'],
    [
      ['a', ''],
      ['😀', ''],
    ],
  ),
  row(
    'maxLength',
    { ...string, maxLength: 2 },
    ['', '😀😀'],
    [
      ['abc', ''],
      ['😀😀😀', ''],
    ],
  ),
  row(
    'minimum',
    { type: 'number', minimum: 1.5 },
    [1.5, 2],
    [
      [1.4, ''],
      [-2, ''],
    ],
  ),
  row(
    'maximum',
    { type: 'number', maximum: 1.5 },
    [1.5, -9],
    [
      [1.6, ''],
      [1e308, ''],
    ],
  ),
  row(
    'exclusiveMinimum',
    { type: 'number', exclusiveMinimum: 0 },
    [0.1],
    [
      [0, ''],
      [-0, ''],
      [-1, ''],
    ],
  ),
  row(
    'exclusiveMaximum',
    { type: 'number', exclusiveMaximum: 0 },
    [-0.1],
    [
      [0, ''],
      [1, ''],
    ],
  ),
  row(
    'multipleOf',
    { type: 'number', multipleOf: 0.5 },
    [0, 1.5, -2],
    [
      [0.3, ''],
      [1.25, ''],
    ],
  ),
  row(
    'items',
    { type: 'array', items: integer },
    [[], [1, 2]],
    [
      [[1, 'a'], '/1'],
      [[null], '/0'],
    ],
  ),
  row(
    'prefixItems',
    { type: 'array', prefixItems: [integer, string], minItems: 2, items: false },
    [[1, 'a']],
    [
      [['a', 'a'], '/0'],
      [[1, 2], '/1'],
      [[1], ''],
      [[1, 'a', 2], ''],
    ],
  ),
  row(
    'prefixItems',
    { type: 'array', prefixItems: [integer, string, integer], items: false },
    [[], [1], [1, 'a'], [1, 'a', 2]],
    [
      [['a'], '/0'],
      [[1, 2], '/1'],
      [[1, 'a', 'b'], '/2'],
      [[1, 'a', 2, 3], ''],
    ],
  ),
  row('minItems', { type: 'array', minItems: 1 }, [[1]], [[[], '']]),
  row('maxItems', { type: 'array', maxItems: 1 }, [[], [1]], [[[1, 2], '']]),
  row(
    'uniqueItems',
    { type: 'array', uniqueItems: true },
    [
      [1, '1', [1]],
      [{ a: 1 }, { a: 2 }],
    ],
    [
      [[1, 1], ''],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        '',
      ],
    ],
  ),
  row(
    'contains',
    { type: 'array', contains: { const: 1 } },
    [[1], [2, 1]],
    [
      [[], ''],
      [[2], ''],
    ],
  ),
  row('minContains', { type: 'array', contains: { const: 1 }, minContains: 2 }, [[1, 1]], [[[1], '']]),
  row('maxContains', { type: 'array', contains: { const: 1 }, maxContains: 1 }, [[1]], [[[1, 1], '']]),
  row('unevaluatedItems', { type: 'array', unevaluatedItems: integer }, [[], [1, 2]], [[[1, 'a'], '/1']]),
  row(
    'required',
    { type: 'object', required: ['a', 'b/c'] },
    [{ a: 1, 'b/c': null }],
    [
      [{ a: 1 }, '/b~1c'],
      [{ 'b/c': 1 }, '/a'],
    ],
  ),
  row(
    'properties',
    { type: 'object', properties: { a: integer } },
    [{}, { a: 1, b: 'x' }],
    [[{ a: 'x' }, '/a']],
  ),
  row(
    'additionalProperties',
    { type: 'object', properties: { a: {} }, additionalProperties: false },
    [{ a: 1 }],
    [[{ b: 1 }, '/b']],
  ),
  row(
    'additionalProperties',
    { type: 'object', additionalProperties: integer },
    [{ a: 1 }],
    [[{ a: 'x' }, '/a']],
  ),
  row(
    'patternProperties',
    { type: 'object', patternProperties: { '^x-': integer } },
    [{ 'x-a': 1, a: 'x' }],
    [[{ 'x-a': 'x' }, '/x-a']],
  ),
  row(
    'propertyNames',
    { type: 'object', propertyNames: { pattern: '^[a-z]+$' } },
    [{ a: 1 }],
    [[{ A: 1 }, '']],
  ),
  row('minProperties', { type: 'object', minProperties: 1 }, [{ a: 1 }], [[{}, '']]),
  row('maxProperties', { type: 'object', maxProperties: 1 }, [{}], [[{ a: 1, b: 1 }, '']]),
  row(
    'dependentRequired',
    { type: 'object', dependentRequired: { a: ['b'] } },
    [{}, { a: 1, b: 1 }],
    [[{ a: 1 }, '/b']],
  ),
  row(
    'dependentSchemas',
    { type: 'object', dependentSchemas: { a: { required: ['b'] } } },
    [{ a: 1, b: 1 }],
    [[{ a: 1 }, '/b']],
  ),
  row(
    'unevaluatedProperties',
    { type: 'object', allOf: [{ properties: { a: integer } }], unevaluatedProperties: false },
    [{ a: 1 }],
    [[{ b: 1 }, '/b']],
  ),
  row(
    'allOf',
    { allOf: [integer, { minimum: 2 }] },
    [2],
    [
      [1, ''],
      ['a', ''],
    ],
  ),
  row(
    'anyOf',
    { anyOf: [integer, { ...string, minLength: 2 }] },
    [1, 'ab'],
    [
      ['a', ''],
      [true, ''],
    ],
  ),
  row(
    'oneOf',
    { oneOf: [integer, { type: 'number', minimum: 2 }] },
    [1, 2.5],
    [
      [2, ''],
      [1.5, ''],
    ],
  ),
  row('not', { not: integer }, ['a', 1.5], [[1, '']]),
  row(
    'if',
    { if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 2 } },
    ['ab', 2],
    [
      ['a', ''],
      [1, ''],
    ],
  ),
  row(
    '$ref',
    ref('Node'),
    [{ next: { next: {} } }],
    [
      [{ next: { next: 1 } }, '/next/next'],
      [{ next: { b: 1 } }, '/next/b'],
    ],
  ),
  row(
    'discriminator',
    {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
    },
    [
      { kind: 'cat', lives: 9 },
      { kind: 'Dog', tricks: [] },
    ],
    [
      [{ kind: 'cat', lives: 'x' }, '/lives'],
      [{ kind: 'Dog' }, '/tricks'],
      [{ kind: 'cow' }, '/kind'],
      [{ lives: 9 }, '/kind'],
    ],
  ),
  row(
    'readOnly',
    { type: 'object', required: ['id'], properties: { id: { ...integer, readOnly: true } } },
    [{}],
    [[{ id: 1 }, '/id']],
  ),
  ...(
    [
      ['date', ['2024-02-29'], ['2023-02-29', '2024-2-1', '2024-02-29Z', '20240229']],
      [
        'date-time',
        ['2024-02-29T23:59:59Z', '2024-02-29T00:00:00.123+05:30'],
        ['2024-02-29', '2024-02-29T24:00:00Z', '2024-02-29T00:00:00'],
      ],
      ['time', ['23:59:59Z', '00:00:00+01:00'], ['24:00:00Z', '1:00:00Z']],
      ['duration', ['P1D', 'PT1H30M'], ['1D', 'P', 'PT']],
      ['email', ['a@b.example'], ['a', 'a@', '@b.example']],
      ['hostname', ['a.example'], ['-a', 'a..b']],
      ['ipv4', ['127.0.0.1'], ['256.0.0.1', '1.2.3']],
      ['ipv6', ['::1'], [':::1', '1.2.3.4']],
      ['uri', ['https://a.example/b?c#d', 'urn:a:b'], ['/a', 'a b', 'http://%']],
      ['uri-reference', ['/a', '#b', '../c'], ['\\\\a', 'a b']],
      [
        'uuid',
        ['123e4567-e89b-12d3-a456-426614174000'],
        ['123e4567', '123e4567-e89b-12d3-a456-42661417400g'],
      ],
      ['json-pointer', ['', '/a~1b'], ['a', '/a~']],
      ['regex', ['^a$'], ['(', '[']],
      ['decimal', ['1', '-0.50', '123456789012345678901234567890.1'], ['1,5', '', '1e5', 'NaN', '٣']],
    ] as const
  ).map(([format, good, bad]) =>
    row(
      `format: ${format}`,
      { ...string, format },
      good,
      bad.map((value) => [value, '']),
    ),
  ),
  row(
    'format: int32',
    { ...integer, format: 'int32' },
    [2147483647, -2147483648],
    [
      [2147483648, ''],
      [1.5, ''],
    ],
  ),
]

/** Parameters, with texts that they take and refuse; what stands in a URL is percent-encoded. */
export const parameterRows: readonly (readonly [
  what: string,
  parameter: { readonly in: string; readonly name: string; readonly [keyword: string]: unknown },
  good: readonly string[],
  bad: readonly string[],
])[] = [
  [
    'an integer',
    { in: 'query', name: 'p', schema: { ...integer, minimum: 1, maximum: 9 } },
    ['p=1', 'p=9', ''],
    ['p=0', 'p=10', 'p=x', 'p=1.5', 'p=', 'p=1&p=2', 'p=1e0', 'p=0x1', 'p=+1', 'p=%201', 'p=1%00', 'p=٣'],
  ],
  [
    'a required one',
    { in: 'query', name: 'p', required: true, schema: string },
    ['p=a', 'p=a+b', 'p=%26'],
    ['', 'q=a', 'P=a', 'p=a&p=b', 'p=%', 'p=%ff', 'p=a&q=1', 'p[]=a'],
  ],
  [
    'a boolean',
    { in: 'query', name: 'p', schema: { type: 'boolean' } },
    ['p=true', 'p=false'],
    ['p=1', 'p=TRUE', 'p=yes', 'p='],
  ],
  ['a constant', { in: 'query', name: 'p', schema: { const: 'a' } }, ['p=a'], ['p=b', 'p=A']],
  [
    'an enumeration',
    { in: 'query', name: 'p', schema: { ...string, enum: ['a', 'b'] } },
    ['p=a'],
    ['p=c', 'p=a,b'],
  ],
  [
    'a repeated one',
    { in: 'query', name: 'p', schema: { type: 'array', items: integer, maxItems: 2, uniqueItems: true } },
    ['p=1', 'p=1&p=2'],
    ['p=1&p=2&p=3', 'p=1&p=1', 'p=a', 'p=1&p=a'],
  ],
  [
    'a list',
    { in: 'query', name: 'p', explode: false, schema: { type: 'array', items: integer, minItems: 2 } },
    ['p=1,2'],
    ['p=1', 'p=a,1'],
  ],
  [
    'a day',
    { in: 'query', name: 'p', schema: { ...string, format: 'date' } },
    ['p=2024-02-29'],
    ['p=2023-02-29', 'p=2024-02-29T00:00:00Z'],
  ],
  [
    'a pattern in a path',
    { in: 'path', name: 'p', required: true, schema: { ...string, pattern: '^[A-Z]{2}$' } },
    ['AB', '%41B'],
    ['ab', 'ABC', 'A%00', 'A%2F', '%41'],
  ],
  [
    'an integer in a path',
    { in: 'path', name: 'p', required: true, schema: { ...integer, maximum: 9 } },
    ['1', '-1'],
    ['10', 'x', '1.0', '%2B1', '1e0'],
  ],
  [
    'a header',
    { in: 'header', name: 'P-Q', required: true, schema: { ...string, maxLength: 3 } },
    ['a', 'abc', ''],
    ['abcd'],
  ],
  [
    'an integer in a header',
    { in: 'header', name: 'P-Q', schema: { ...integer, exclusiveMinimum: 0 } },
    ['1', '007'],
    ['0', 'x', '1, 2', '0x1'],
  ],
]

const ok = { 200: { description: 'ok' }, default: { description: 'a problem' } }

/** A contract with an operation for each row. */
export const keywordsDocument: OpenApiObject = {
  openapi: '3.1.0',
  info: { title: 'Keywords', version: '1' },
  servers: [{ url: '/v1' }],
  security: [],
  paths: Object.fromEntries([
    ...keywordRows.map(({ schema }, n) => [
      `/keywords/${n}`,
      {
        post: {
          operationId: `keyword${n}`,
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { type: 'object', properties: { value: schema } } } },
          },
          responses: ok,
        },
      },
    ]),
    ...parameterRows.map(([, parameter], n) => [
      parameter.in === 'path' ? `/parameters/${n}/{p}` : `/parameters/${n}`,
      { get: { operationId: `parameter${n}`, parameters: [parameter], responses: ok } },
    ]),
  ]),
  components: {
    schemas: {
      Node: { type: 'object', additionalProperties: false, properties: { next: ref('Node') } },
      Cat: {
        type: 'object',
        required: ['kind', 'lives'],
        properties: { kind: string, lives: integer },
      },
      Dog: {
        type: 'object',
        required: ['kind', 'tricks'],
        properties: { kind: string, tricks: { type: 'array' } },
      },
    },
  },
}
