import type { OpenApiObject } from '../../src/openapi/document.js'
import { valueAt } from '../../src/openapi/pointer.js'

/** Keywords that say what others apply to, or that assert nothing. */
const SILENT = new Set([
  '$ref',
  'allOf',
  'contentEncoding',
  'default',
  'deprecated',
  'description',
  'example',
  'examples',
  'items',
  'properties',
  'title',
  'xml',
])
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])
const DATA = new Set(['const', 'default', 'discriminator', 'enum', 'example', 'examples', 'required', 'xml'])

/** The keywords by which schemas of a document, and those that they refer to, refuse values. */
export function assertingKeywords(document: OpenApiObject, schemas: readonly unknown[]): ReadonlySet<string> {
  const seen = new Set<unknown>()
  const keywords = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      value.forEach(visit)
      return
    }
    for (const [keyword, inner] of Object.entries(value)) {
      if (!SILENT.has(keyword) && !keyword.startsWith('x-')) keywords.add(keyword)
      if (keyword === '$ref') visit(valueAt(document, String(inner).slice(1)))
      else if (NAMED.has(keyword)) Object.values(inner as object).forEach(visit)
      else if (!DATA.has(keyword)) visit(inner)
    }
  }
  schemas.forEach(visit)
  return keywords
}
