import { expect, it } from 'vitest'
import { Diagnostics, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { checkDocument } from '../../../src/http/validation/document-check.js'
import { OpenApiDocument, type OpenApiObject } from '../../../src/openapi/document.js'
import { sampleDocument } from '../sample-facade.js'

function messages(document: OpenApiObject): string {
  const diagnostics = new Diagnostics()
  checkDocument(new OpenApiDocument('openapi', document), diagnostics)
  return diagnostics.list.map(formatDiagnostic).join('\n')
}

it('accepts a document of OpenAPI 3.1', () => {
  expect(messages(sampleDocument)).toBe('')
})

it('names each place that is none', () => {
  expect(messages({ ...sampleDocument, info: { title: 'x' } })).toContain(
    "openapi:1: error openapi-invalid: The place /info is not OpenAPI 3.1: it must have required property 'version'.",
  )
  expect(messages({ ...sampleDocument, paths: { accounts: {} } })).toContain(
    'openapi:1: error openapi-invalid: The place /paths is not',
  )
  expect(messages({ ...sampleDocument, surplus: 1 })).toContain(
    'openapi:1: error openapi-invalid: The document is not OpenAPI 3.1: it must NOT have',
  )
})
