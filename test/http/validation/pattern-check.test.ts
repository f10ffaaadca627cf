import { expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { checkPatterns } from '../../../src/http/validation/pattern-check.js'
import { OpenApiDocument } from '../../../src/openapi/document.js'

it('names the patterns of a document that was made by a program by their pointers', () => {
  const diagnostics = new Diagnostics()
  const schemas = { A: { pattern: '(a)\\1' }, B: { items: { pattern: '(' } } }
  checkPatterns(new OpenApiDocument('openapi', { paths: {}, components: { schemas } }), diagnostics)
  expect(diagnostics.list.map(({ code, message }) => `${code} ${message.split(':')[0] ?? ''}`)).toEqual([
    'pattern-backtracks /components/schemas/A/pattern',
    'pattern-invalid /components/schemas/B/items/pattern',
  ])
})
