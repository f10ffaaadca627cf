import { describe, expect, test } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { scalar } from '../../../src/mapping/canonical/scalar.js'
import type { Narrowing } from '../../../src/mapping/canonical/value-mapping.js'
import { ContractFitting } from '../../../src/mapping/fit/contract-fitting.js'
import { OpenApiDocument } from '../../../src/openapi/document.js'
import { simpleTypeNamed, soundSchema } from '../../xsd/load-schemas.js'

/** What a schema allows less than the restriction of a built-in type does. */
function narrowingOf(base: string, facets: string, keywords: object): Narrowing | undefined {
  const type = simpleTypeNamed(
    soundSchema(
      `<xs:simpleType name="T"><xs:restriction base="xs:${base}">${facets}</xs:restriction></xs:simpleType>`,
    ),
    'T',
  )
  const diagnostics = new Diagnostics()
  const fitting = new ContractFitting(new OpenApiDocument('openapi', {}), 'request', diagnostics)
  const mapping = fitting.value(scalar(type), { value: keywords, pointer: '/schema' }, type.at)
  expect(diagnostics.list).toEqual([])
  return mapping.kind === 'scalar' ? mapping.narrowing : undefined
}

const string = { type: 'string' }
const integer = { type: 'integer' }

describe('a keyword narrows by itself', () => {
  test.each<[string, object, Narrowing]>([
    ['string', { enum: ['a', 'b'] }, { enum: ['a', 'b'] }],
    ['string', { ...string, const: 'a' }, { enum: ['a'] }],
    ['string', { ...string, const: 'a', enum: ['a', 'b'] }, { enum: ['a'] }],
    ['string', { ...string, pattern: '^a/b' }, { pattern: '^a\\/b' }],
    ['string', { ...string, minLength: 2 }, { minLength: 2 }],
    ['string', { ...string, maxLength: 0 }, { maxLength: 0 }],
    ['int', { ...integer, minimum: 0 }, { minimum: 0 }],
    ['int', { ...integer, maximum: 5 }, { maximum: 5 }],
    ['int', { ...integer, exclusiveMinimum: 0 }, { exclusiveMinimum: 0 }],
    ['int', { ...integer, exclusiveMaximum: 5 }, { exclusiveMaximum: 5 }],
    ['date', { ...string, format: 'date' }, { format: 'date' }],
    ['dateTime', { ...string, format: 'date-time' }, { format: 'date-time' }],
    ['time', { ...string, format: 'time' }, { format: 'time' }],
  ])('xs:%s by %j', (base, keywords, narrowing) => {
    expect(narrowingOf(base, '', keywords)).toEqual(narrowing)
  })
})

describe('nothing is narrowed', () => {
  test.each<[string, string, object]>([
    ['string', '', string],
    ['string', '', { ...string, format: 'date-time', description: 'd', examples: ['a'] }],
    ['dateTime', '', { ...string, format: 'date' }],
    ['int', '', { ...integer, minimum: '0', format: 'int32' }],
    // What the XSD checks anyway.
    ['string', '<xs:enumeration value="a"/>', { ...string, enum: ['a'] }],
    ['string', '<xs:pattern value="[a-z]+"/>', { ...string, pattern: '[a-z]+' }],
    ['string', '<xs:minLength value="2"/>', { ...string, minLength: 2 }],
    ['string', '<xs:minLength value="2"/>', { ...string, minLength: 1 }],
    ['string', '<xs:maxLength value="2"/>', { ...string, maxLength: 2 }],
    ['string', '<xs:length value="2"/>', { ...string, minLength: 1, maxLength: 3 }],
  ])('of xs:%s with %j by %j', (base, facets, keywords) => {
    expect(narrowingOf(base, facets, keywords)).toBeUndefined()
  })
})

test.each<[string, string, object, Narrowing]>([
  ['string', '<xs:minLength value="2"/>', { minLength: 3, maxLength: 9 }, { minLength: 3, maxLength: 9 }],
  ['string', '<xs:length value="4"/>', { minLength: 5, maxLength: 3 }, { minLength: 5, maxLength: 3 }],
  ['string', '<xs:maxLength value="4"/>', { maxLength: 4, pattern: 'a' }, { pattern: 'a' }],
  // Bytes are counted there, characters here.
  ['hexBinary', '<xs:length value="2"/>', { minLength: 2, maxLength: 2 }, { minLength: 2, maxLength: 2 }],
])('of xs:%s with %s, %j is narrower', (base, facets, keywords, narrowing) => {
  expect(narrowingOf(base, facets, { ...string, ...keywords })).toEqual(narrowing)
})
