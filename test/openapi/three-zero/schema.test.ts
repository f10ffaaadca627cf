import { describe, expect, it } from 'vitest'
import { toOpenApi30 } from '../../../src/openapi/three-zero/document.js'

const NULL = { type: 'object', nullable: true, enum: [null] }

function convert(schema: unknown, others: object = {}) {
  const components = { schemas: { It: schema, ...others } }
  const { document, notes } = toOpenApi30({
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    components,
  })
  const { It, ...rest } = (document.components as { schemas: Record<string, unknown> }).schemas
  return { It, rest, notes: notes.map(({ pointer }) => pointer.replace('/components/schemas/It', '')) }
}

describe('a schema that 3.0 can say', () => {
  it.each<[string, unknown, unknown]>([
    ['true', true, {}],
    ['false', false, { not: {} }],
    ['text or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    ['one type in a list', { type: ['string'] }, { type: 'string' }],
    ['null alone', { type: 'null' }, NULL],
    ['null as a constant', { const: null }, NULL],
    ['every type', { type: ['null', 'boolean', 'string', 'number', 'array', 'object'] }, {}],
    [
      'several types, each with its keywords',
      { type: ['string', 'integer', 'null'], maxLength: 3, minimum: 1, description: 'One.' },
      {
        description: 'One.',
        anyOf: [
          { type: 'string', nullable: true, maxLength: 3 },
          { type: 'integer', minimum: 1 },
        ],
      },
    ],
    ['integer within number', { type: ['integer', 'number'] }, { type: 'number' }],
    ['a constant', { type: 'string', const: 'a' }, { type: 'string', enum: ['a'] }],
    ['a constant without a type', { const: 1 }, { type: 'integer', enum: [1] }],
    ['a constant that is not listed', { const: 1, enum: [2] }, { not: {} }],
    ['a list with null', { enum: ['a', null] }, { type: 'string', nullable: true, enum: ['a', null] }],
    ['a list without null', { type: ['string', 'null'], enum: ['a'] }, { type: 'string', enum: ['a'] }],
    ['values of several types', { enum: [null, 'a', 1] }, { enum: [null, 'a', 1] }],
    ['an exclusive limit', { exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
    ['the tighter of two limits', { minimum: 1, exclusiveMinimum: 0 }, { minimum: 1 }],
    ['the other tighter one', { maximum: 9, exclusiveMaximum: 9 }, { maximum: 9, exclusiveMaximum: true }],
    ['an array of anything', { type: 'array' }, { type: 'array', items: {} }],
    ['an array of nothing', { type: 'array', items: false }, { type: 'array', items: {}, maxItems: 0 }],
    ['base64', { type: 'string', contentEncoding: 'base64' }, { type: 'string', format: 'byte' }],
    ['bytes', { type: 'string', contentMediaType: 'image/png' }, { type: 'string', format: 'binary' }],
    ['one example', { type: 'string', examples: ['a'] }, { type: 'string', example: 'a' }],
    [
      'a closed object',
      { type: 'object', unevaluatedProperties: false },
      { type: 'object', additionalProperties: false },
    ],
    ['nothing required', { type: 'object', required: [] }, { type: 'object' }],
    ['comments', { $comment: 'a', $schema: 'b' }, {}],
    ['an extension', { 'x-internal': { nullable: 1 } }, { 'x-internal': { nullable: 1 } }],
  ])('%s', (_, schema, expected) => {
    expect(convert(schema)).toEqual({ It: expected, rest: {}, notes: [] })
  })
})

describe('a reference', () => {
  const Name = { type: 'string', maxLength: 9 }
  const Person = { type: 'object', properties: { name: Name } }

  it('keeps what stands beside it', () => {
    const { It } = convert({ $ref: '#/components/schemas/Name', description: 'Whose.' }, { Name })
    expect(It).toEqual({ description: 'Whose.', allOf: [{ $ref: '#/components/schemas/Name' }] })
  })

  it.each(['oneOf', 'anyOf'])('to a text, or null by %s, is a text that may be null', (keyword) => {
    const schema = {
      [keyword]: [{ $ref: '#/components/schemas/Name' }, { type: 'null' }],
      description: 'Whose.',
    }
    expect(convert(schema, { Name }).It).toEqual({
      type: 'string',
      maxLength: 9,
      nullable: true,
      description: 'Whose.',
    })
  })

  it('to an object, or null, has a name of its own, which is free', () => {
    const schema = { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Person' }] }
    const { It, rest } = convert(schema, { Person, PersonOrNull: Name })
    expect(It).toEqual({ $ref: '#/components/schemas/PersonOrNull2' })
    expect(rest).toEqual({ Person, PersonOrNull: Name, PersonOrNull2: { ...Person, nullable: true } })
  })

  it('to an object that holds itself, or null, ends', () => {
    const next = { oneOf: [{ $ref: '#/components/schemas/It' }, { type: 'null' }] }
    const { It, rest } = convert({ type: 'object', properties: { next } })
    const properties = { next: { $ref: '#/components/schemas/ItOrNull' } }
    expect(It).toEqual({ type: 'object', properties })
    expect(rest).toEqual({ ItOrNull: { type: 'object', nullable: true, properties } })
  })

  it('to alternatives, or null, are alternatives', () => {
    const Either = { oneOf: [Name, Person] }
    const { It } = convert({ oneOf: [{ $ref: '#/components/schemas/Either' }, { type: 'null' }] }, { Either })
    expect(It).toEqual({ oneOf: [{ $ref: '#/components/schemas/Either' }, NULL] })
  })

  it('to a place that 3.0 does not have leads to a component', () => {
    const { It, rest, notes } = convert({
      $defs: { 'a b': Name },
      properties: { name: { $ref: '#/components/schemas/It/$defs/a%20b' } },
    })
    expect(It).toEqual({ properties: { name: { $ref: '#/components/schemas/a_b' } } })
    expect([rest, notes]).toEqual([{ a_b: Name }, []])
  })

  it('keeps the discriminator with the alternatives that it tells apart', () => {
    const discriminator = { propertyName: 'kind' }
    const oneOf = [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }]
    const { It } = convert({ oneOf: [...oneOf, { type: 'null' }], discriminator }, { A: Person, B: Person })
    expect(It).toEqual({ oneOf: [{ oneOf, discriminator }, NULL] })
  })
})

describe('a schema that 3.0 cannot say becomes wider, with a note:', () => {
  it.each<[string, object, unknown]>([
    [
      'prefixItems',
      { prefixItems: [{ type: 'string' }], items: false },
      { items: { type: 'string' }, maxItems: 1 },
    ],
    ['contains', { contains: { type: 'string' } }, {}],
    ['unevaluatedItems', { allOf: [{}], unevaluatedItems: false }, {}],
    ['patternProperties', { patternProperties: { '^a': true } }, {}],
    [
      'patternProperties',
      { patternProperties: { '^a': { type: 'string' } }, additionalProperties: false },
      { additionalProperties: { type: 'string' } },
    ],
    ['unevaluatedProperties', { allOf: [{}], unevaluatedProperties: false }, {}],
    ['propertyNames', { propertyNames: { maxLength: 3 } }, {}],
    ['if', { if: { required: ['a'] }, then: { required: ['b'] } }, {}],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, {}],
    ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, {}],
    ['not', { not: { propertyNames: { maxLength: 3 } } }, {}],
    ['oneOf', { oneOf: [{ contains: true }, { type: 'string' }] }, { anyOf: [{}, { type: 'string' }] }],
    ['contentEncoding', { contentEncoding: 'base64url' }, {}],
    ['contentMediaType', { contentMediaType: 'application/json' }, {}],
    ['contentSchema', { contentSchema: {} }, {}],
    ['examples', { examples: [1, 2] }, { example: 1 }],
    ['units', { units: 'm' }, {}],
  ])('%s', (keyword, schema, expected) => {
    const { It, notes } = convert(schema)
    expect(It).toEqual(expected)
    expect(notes).toContain(`/${keyword}`)
  })

  it('a reference to one, too, in what would become narrower by it', () => {
    const Loose = { propertyNames: { maxLength: 3 } }
    const { It, notes } = convert({ not: { $ref: '#/components/schemas/Loose' } }, { Loose })
    expect([It, notes]).toEqual([{}, ['/not', '/components/schemas/Loose/propertyNames']])
  })
})
