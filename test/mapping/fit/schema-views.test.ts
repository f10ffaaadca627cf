import { expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { SchemaViews } from '../../../src/mapping/fit/schema-views.js'
import { OpenApiDocument } from '../../../src/openapi/document.js'

const name = { type: 'string', 'x-soap': { texts: true } }
const root = {
  components: { schemas: { Name: name, Alias: { $ref: '#/components/schemas/Name' } } },
}

it('looks at a schema once, however many refer to it, and says once what is wrong with it', () => {
  const diagnostics = new Diagnostics()
  const views = new SchemaViews(new OpenApiDocument('openapi', root), diagnostics)
  const pointer = '/components/schemas/Name'
  const view = views.of({ value: root.components.schemas.Alias, pointer: '/components/schemas/Alias' })
  expect(view.pointer).toBe(pointer)
  expect(views.of({ value: { $ref: `#${pointer}` }, pointer: '/elsewhere' })).toBe(view)
  expect(views.of({ value: name, pointer })).toBe(view)
  expect(diagnostics.list.map(({ code }) => code)).toEqual(['annotation-unknown'])
})

it('looks at a schema by itself where something stands beside its reference', () => {
  const views = new SchemaViews(new OpenApiDocument('openapi', root), new Diagnostics())
  const beside = { $ref: '#/components/schemas/Name', maxLength: 3 }
  const view = views.of({ value: beside, pointer: '/elsewhere' })
  expect(view.keywords.maxLength).toBe(3)
  expect(views.of({ value: name, pointer: '/components/schemas/Name' }).keywords.maxLength).toBeUndefined()
})
