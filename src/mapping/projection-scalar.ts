import { type OpenApiObject } from '../openapi/document.js'
import { type SimpleType } from '../xsd/model.js'
import { facetKeywords } from './facet-keywords.js'
import { sampleScalar } from './sample-scalar.js'
import { type ScalarMapping } from './value-mapping.js'

/** Type and format of each built-in type (docs/annotation.md, "What an XSD type may be in JSON"). */
const forms: Readonly<Record<string, OpenApiObject>> = {
  decimal: { type: 'string', format: 'decimal' },
  boolean: { type: 'boolean' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  dateTime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  base64Binary: { type: 'string', contentEncoding: 'base64' },
  long: { type: 'integer', format: 'int64' },
  int: { type: 'integer', format: 'int32' },
}

/** The JSON Schema of a scalar, without documentation. */
export function scalarSchema(mapping: ScalarMapping): OpenApiObject {
  const { type, form, item } = mapping
  if (form === 'list' && item) {
    const { length, minLength, maxLength } = type.facets
    const least = length ?? minLength
    const most = length ?? maxLength
    return {
      type: 'array',
      items: scalarSchema(item),
      ...(least !== undefined && { minItems: least }),
      ...(most !== undefined && { maxItems: most }),
    }
  }
  const known = type.variety === 'atomic' ? forms[type.builtIn] : undefined
  const base = known ?? { type: form === 'number' ? 'integer' : 'string' }
  const keywords = facetKeywords(mapping)
  const example = keywords.pattern === undefined ? undefined : sampleScalar(mapping)
  return { ...base, ...keywords, ...(typeof example === 'string' && { examples: [example] }) }
}

/** The documentation of a simple type and of its enumerated values, as CommonMark. */
export function scalarDescription({ documentation, facets }: SimpleType): string | undefined {
  const values = (facets.enumeration ?? []).flatMap(({ value, documentation: text }) =>
    text === undefined || text === '' ? [] : [`- \`${value}\`: ${text}`],
  )
  const parts = [documentation, values.length > 0 ? values.join('\n') : undefined]
  const text = parts.filter((part) => part !== undefined && part !== '').join('\n\n')
  return text === '' ? undefined : text
}
