import type { OpenApiObject } from '../../openapi/document.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { CALENDAR_PATTERNS, LOCAL_DATE, LOCAL_DATE_TIME } from '../canonical/calendar-format.js'
import { facetKeywords } from '../canonical/facet-keywords.js'
import type { ScalarMapping } from '../canonical/value-mapping.js'
import { hasSample, sampleScalar } from '../sample/scalar.js'

/** Type and format of each built-in type (docs/annotation.md, "What an XSD type may be in JSON"). */
const forms: Readonly<Record<string, OpenApiObject>> = {
  boolean: { type: 'boolean' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  long: { type: 'integer', format: 'int64' },
  int: { type: 'integer', format: 'int32' },
}

const texts: Readonly<Record<string, OpenApiObject>> = {
  decimal: { type: 'string', format: 'decimal' },
  dateTime: { type: 'string', format: LOCAL_DATE_TIME },
  date: { type: 'string', format: LOCAL_DATE },
  base64Binary: { type: 'string', contentEncoding: 'base64' },
}

/** The JSON Schema of a scalar, without documentation. */
export function scalarSchema(mapping: ScalarMapping): OpenApiObject {
  const { type, form, item } = mapping
  const keywords = facetKeywords(mapping)
  if (form === 'list' && item) return listSchema(mapping, item)
  const base = baseOf(mapping)
  const schema = { ...base, ...keywords }
  if (keywords.enum) return schema
  if (mapping.specials) return withSpecials(schema, mapping.specials)
  const lexicalSpace = calendarPattern(mapping)
  const isPatterned = keywords.pattern !== undefined || keywords.allOf !== undefined
  const needsExample = isPatterned && form === 'string' && type.facets.patterns.length > 0
  const example = needsExample && hasSample(mapping) ? sampleScalar(mapping) : undefined
  return {
    ...schema,
    ...(lexicalSpace !== undefined && !isPatterned && { pattern: lexicalSpace }),
    ...(typeof example === 'string' && { examples: [example] }),
  }
}

/**
 * Numbers, and texts for those that JSON does not have. Two schemas rather than a list of types with a pattern, which
 * generators take for a pattern of the number.
 */
function withSpecials(number: OpenApiObject, specials: readonly string[]): OpenApiObject {
  return { anyOf: [number, { type: 'string', enum: [...specials] }] }
}

function listSchema(mapping: ScalarMapping, item: ScalarMapping): OpenApiObject {
  const { length, minLength, maxLength } = mapping.type.facets
  const least = length ?? minLength
  const most = length ?? maxLength
  const { enum: values } = facetKeywords(mapping)
  return {
    type: 'array',
    items: scalarSchema(item),
    ...(values && { enum: values }),
    ...(!values && least !== undefined && { minItems: least }),
    ...(!values && most !== undefined && { maxItems: most }),
  }
}

function baseOf({ type, form }: ScalarMapping): OpenApiObject {
  const { variety, builtIn, facets } = type
  if (variety !== 'atomic') return { type: 'string' }
  if (form !== 'string') return forms[builtIn] ?? { type: 'integer' }
  // A pattern may ask for a form that the format does not have: `.25`.
  if (builtIn === 'decimal' && facets.patterns.length > 0) return { type: 'string' }
  return texts[builtIn] ?? { type: 'string' }
}

function calendarPattern({ type, form }: ScalarMapping): string | undefined {
  if (form !== 'string' || type.variety !== 'atomic') return undefined
  return CALENDAR_PATTERNS[type.builtIn]
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
