import { describe, expect, test } from 'vitest'
import { OpenApiDocument } from '../../src/openapi/document.js'
import { type SchemaView, viewSchema } from '../../src/openapi/schema-view.js'

const schemas = {
  Text: { type: 'string', maxLength: 5, xml: { name: 'T' }, 'x-soap': { text: true } },
  Maybe: { type: ['string', 'null'] },
  Base: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
  Derived: {
    allOf: [{ $ref: '#/components/schemas/Base' }],
    required: ['name'],
    properties: { name: { type: 'string' } },
  },
  Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } },
  Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }] },
  Cat: { type: 'object' },
  Dog: { type: 'object' },
}

function view(schema: unknown): SchemaView {
  const document = new OpenApiDocument('a', { openapi: '3.1.0', components: { schemas }, schema })
  return viewSchema(document, { value: schema, pointer: '/schema' })
}

const ref = (name: string, beside: object = {}): object => ({
  $ref: `#/components/schemas/${name}`,
  ...beside,
})

describe('a schema', () => {
  test.each<[string, unknown, string[], boolean]>([
    ['one type', { type: 'integer' }, ['integer'], false],
    ['a type or null', { type: ['integer', 'null'] }, ['integer'], true],
    ['several types', { type: ['integer', 'string'] }, ['integer', 'string'], false],
    ['null alone', { type: 'null' }, [], true],
    ['no type', {}, [], false],
    ['true', true, [], false],
    ['a reference', ref('Maybe'), ['string'], true],
    ['oneOf with null', { oneOf: [ref('Text'), { type: 'null' }] }, ['string'], true],
    ['anyOf with null', { anyOf: [{ type: 'null' }, ref('Base')] }, ['object'], true],
    ['anyOf with const null', { anyOf: [ref('Base'), { const: null }] }, ['object'], true],
    ['allOf of one', { allOf: [ref('Text')] }, ['string'], false],
  ])('%s: types and null', (_, schema, types, nullable) => {
    const seen = view(schema)
    expect([...seen.types]).toEqual(types)
    expect(seen.nullable).toBe(nullable)
  })

  test('a reference has the name and place of its component', () => {
    expect(view(ref('Text'))).toMatchObject({ pointer: '/components/schemas/Text', componentName: 'Text' })
    expect(view({ type: 'string' })).toMatchObject({ pointer: '/schema' })
    expect(view({ type: 'string' }).componentName).toBeUndefined()
  })

  test('what may be null keeps the component of what it else is', () => {
    expect(view({ oneOf: [ref('Base'), { type: 'null' }] }).componentName).toBe('Base')
  })

  test('what stands beside a reference counts, and wins', () => {
    const seen = view(
      ref('Text', { maxLength: 3, description: 'd', xml: { attribute: true }, 'x-soap': { path: 'A/B' } }),
    )
    expect(seen.keywords).toMatchObject({ maxLength: 3, description: 'd' })
    expect(seen.xml).toEqual({ name: 'T', attribute: true, wrapped: false })
    expect(seen.annotation).toEqual({ text: true, path: 'A/B' })
  })

  test('allOf is merged: members, required ones and keywords', () => {
    const seen = view(ref('Derived'))
    expect([...seen.properties.keys()]).toEqual(['id', 'name'])
    expect([...seen.required].sort()).toEqual(['id', 'name'])
    expect([...seen.types]).toEqual(['object'])
    expect(seen.properties.get('id')?.pointer).toBe('/components/schemas/Base/properties/id')
    expect(view({ allOf: [{ maxLength: 9, minLength: 1 }, { maxLength: 4 }] }).keywords).toMatchObject({
      minLength: 1,
      maxLength: 4,
    })
  })

  test('items have their place', () => {
    expect(view({ type: 'array', items: ref('Text') }).items).toEqual({
      value: ref('Text'),
      pointer: '/schema/items',
    })
  })

  test('real alternatives stay alternatives', () => {
    const seen = view({ oneOf: [ref('Cat'), ref('Dog'), { type: 'null' }] })
    expect(seen.alternatives.map(({ pointer }) => pointer)).toEqual(['/schema/oneOf/0', '/schema/oneOf/1'])
    expect(seen.nullable).toBe(true)
  })

  test('a discriminator maps values to schemas, by reference or by name', () => {
    const seen = view({
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: {
        propertyName: 'kind',
        mapping: { cat: '#/components/schemas/Cat', dog: 'Dog', cow: '#/components/schemas/Cow' },
      },
    })
    expect(seen.discriminator?.propertyName).toBe('kind')
    expect([...(seen.discriminator?.valueOf ?? [])]).toEqual([
      ['/components/schemas/Cat', 'cat'],
      ['/components/schemas/Dog', 'dog'],
    ])
  })

  test('one that contains itself is seen one level at a time', () => {
    const seen = view(ref('Node'))
    expect(seen.properties.get('next')?.value).toEqual(ref('Node'))
  })

  test('one that is nothing but itself comes to an end', () => {
    expect(view(ref('Loop')).types.size).toBe(0)
  })
})
