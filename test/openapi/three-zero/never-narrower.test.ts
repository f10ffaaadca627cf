import { expect, it } from 'vitest'
import { toOpenApi30 } from '../../../src/openapi/three-zero/document.js'
import fc from '../../oracle/property.js'
import { judge30, judge31 } from './judge.js'

const names = ['a', 'b', 'ab']
const name = fc.constantFrom(...names)
const text = fc.constantFrom('', 'a', 'b', 'ab', 'aba')
const small = fc.integer({ min: 0, max: 3 })
const number = fc.constantFrom(-1, 0, 1, 1.5, 2, 3)
const type = fc.constantFrom('null', 'boolean', 'string', 'integer', 'number', 'array', 'object')

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.oneof(fc.constant(null), fc.boolean(), text, number),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))

const reference = fc.constantFrom(
  ...['B', 'A/$defs/inner', 'B/properties/a'].map((target) => `#/components/schemas/${target}`),
)

/** Schemas with every keyword that can refuse a value, in any company. */
const { schema } = fc.letrec((tie) => {
  const one = tie('schema')
  const list = fc.array(one, { minLength: 1, maxLength: 3 })
  const map = fc.dictionary(name, one, { maxKeys: 2, noNullPrototype: true })
  const keyword: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 7 })),
    enum: fc.uniqueArray(fc.oneof(fc.constant(null), text, number), { minLength: 1, maxLength: 3 }),
    const: value,
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    exclusiveMaximum: number,
    multipleOf: fc.constantFrom(1, 2),
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom('^a', 'b$'),
    items: one,
    prefixItems: list,
    unevaluatedItems: one,
    contains: one,
    minContains: small,
    maxContains: small,
    minItems: small,
    maxItems: small,
    uniqueItems: fc.boolean(),
    properties: map,
    required: fc.uniqueArray(name, { maxLength: 2 }),
    additionalProperties: one,
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), one, { maxKeys: 2, noNullPrototype: true }),
    unevaluatedProperties: one,
    propertyNames: one,
    minProperties: small,
    maxProperties: small,
    dependentRequired: fc.constant({ a: ['b'] }),
    dependentSchemas: map,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: one,
    if: one,
    then: one,
    else: one,
    $ref: reference,
  }
  const keywords = fc
    .uniqueArray(fc.constantFrom(...Object.keys(keyword)), { minLength: 1, maxLength: 4 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((each) => [each, keyword[each] ?? fc.constant(true)]))),
    )
  const orNull = fc
    .tuple(fc.constantFrom('oneOf', 'anyOf'), one)
    .map(([combination, other]) => ({ [combination]: [other, { type: 'null' }], description: 'What it is.' }))
  return {
    schema: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      fc.oneof(fc.boolean(), fc.record({ type }), fc.record({ $ref: reference })),
      { weight: 4, arbitrary: keywords },
      orNull,
    ),
  }
})

/** Without references: a schema that leads back to itself at the same value would be judged for ever. */
const plain = schema.map((value): unknown =>
  JSON.parse(JSON.stringify(value), (keyword, member: unknown) => (keyword === '$ref' ? undefined : member)),
)

const documents = fc
  .record({ A: schema, B: plain, inner: plain, part: plain })
  .map(({ A, B, inner, part }) => ({
    openapi: '3.1.0',
    info: { title: 'Any', version: '1' },
    components: {
      schemas: {
        A: { ...(typeof A === 'object' ? A : {}), $defs: { inner } },
        B: { ...(typeof B === 'object' ? B : {}), properties: { a: part } },
      },
    },
  }))

/** Ajv 8.20 throws where a reference leads to `unevaluatedProperties` whose names others have evaluated. */
function judged(judge: () => boolean): boolean | undefined {
  try {
    return judge()
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

it('takes every value that the schema takes, and where it notes nothing no other', () => {
  let valid = 0
  let exact = 0
  fc.assert(
    fc.property(documents, fc.array(value, { minLength: 12, maxLength: 12 }), (document, values) => {
      const { document: converted, notes } = toOpenApi30(document)
      for (const component of ['A', 'B']) {
        const pointer = `/components/schemas/${component}`
        const [by31, by30] = [judge31(document, pointer), judge30(converted, pointer)]
        for (const each of values) {
          const before = judged(() => by31(each))
          if (before === undefined) continue
          const after = by30(each)
          if (before) {
            valid++
            expect(after, JSON.stringify({ each, converted })).toBe(true)
          } else if (notes.length === 0) {
            exact++
            expect(after, JSON.stringify({ each, converted })).toBe(false)
          }
        }
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 80) },
  )
  expect(valid).toBeGreaterThan(200)
  expect(exact).toBeGreaterThan(50)
}, 240_000)
