import { ExactNumber, type JsonValue } from '../../json/value.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { canonicalOf } from '../../xsd/values/facets.js'
import { hasNames } from '../../xsd/values/qualified-names.js'
import { jsonOf } from './json-value.js'
import { isFloating } from './scalar.js'
import type { ScalarMapping } from './value-mapping.js'

/** JSON Schema keywords that follow from the facets of a simple type (JSON Schema Validation 2020-12, section 6). */
export interface FacetKeywords {
  readonly enum?: readonly JsonValue[]
  readonly pattern?: string
  readonly allOf?: readonly { readonly pattern: string }[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

/**
 * What a type's facets say in the words of JSON Schema. Facets that have none – digits of a decimal that is a
 * text, lengths in bytes of base64 – are left to the codec, which checks all of them.
 */
export function facetKeywords(mapping: ScalarMapping): FacetKeywords {
  const { type, form } = mapping
  if (form === 'boolean' || form === 'day') return {}
  const values = enumerated(mapping)
  if (values) return { enum: values }
  if (form === 'list' || hasNames(type)) return {}
  return form === 'number' ? numberKeywords(mapping) : textKeywords(type)
}

const texts = new Set(
  'string normalizedString token language NMTOKEN Name NCName ID IDREF ENTITY anyURI anySimpleType'.split(
    ' ',
  ),
)

function textKeywords(type: SimpleType): FacetKeywords {
  const { facets, variety, builtIn } = type
  const isText = variety === 'atomic' && texts.has(builtIn)
  const characters = builtIn === 'hexBinary' ? 2 : 1
  const counted = isText || builtIn === 'hexBinary'
  const least = facets.length ?? facets.minLength
  const most = facets.length ?? facets.maxLength
  return {
    // The white space that a pattern of base64 may ask for is not in JSON.
    ...(builtIn !== 'base64Binary' && patternsOf(type)),
    ...(counted && least !== undefined && least > 0 && { minLength: least * characters }),
    ...(counted && most !== undefined && { maxLength: most * characters }),
  }
}

/** The values of an enumeration, equal ones once; nothing where a double cannot hold one of them. */
function enumerated(mapping: ScalarMapping): readonly JsonValue[] | undefined {
  const { enumeration } = mapping.type.facets
  if (!enumeration) return undefined
  const canonical = canonicalOf(mapping.type)
  const distinct = new Map<string, JsonValue>()
  for (const { value } of enumeration) {
    const key = canonical(value)
    if (!distinct.has(key)) distinct.set(key, jsonOf(mapping, value))
  }
  const values = [...distinct.values()]
  return values.some(isInexact) ? undefined : values
}

function isInexact(value: JsonValue): boolean {
  return value instanceof ExactNumber || (Array.isArray(value) && value.some(isInexact))
}

/** Each derivation step must match. */
function patternsOf({ facets }: SimpleType): Pick<FacetKeywords, 'pattern' | 'allOf'> {
  const published = facets.patterns.flatMap(({ published }) => (published ? [published.javaScript] : []))
  const [only, ...others] = new Set(published)
  if (only === undefined) return {}
  return others.length === 0
    ? { pattern: only }
    : { allOf: [only, ...others].map((pattern) => ({ pattern })) }
}

/** Bounds of these are said by `format`. */
const formatted = new Set(['-2147483648', '2147483647', '-9223372036854775808', '9223372036854775807'])

function numberKeywords({ type }: ScalarMapping): FacetKeywords {
  const { facets, builtIn } = type
  const isWhole = !isFloating(builtIn)
  const digits =
    isWhole && facets.totalDigits !== undefined && facets.totalDigits <= 15 ? facets.totalDigits : undefined
  const limit = digits === undefined ? undefined : 10 ** digits - 1
  const minimum = bound(facets.minInclusive) ?? (limit === undefined ? undefined : -limit)
  const maximum = bound(facets.maxInclusive) ?? limit
  const above = bound(facets.minExclusive)
  const below = bound(facets.maxExclusive)
  return {
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(below !== undefined && { exclusiveMaximum: below }),
  }
}

function bound(lexical: string | undefined): number | undefined {
  return lexical === undefined || formatted.has(lexical) ? undefined : exact(lexical)
}

/** The number, where a double holds it as written. */
function exact(lexical: string): number | undefined {
  const value = Number(lexical)
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined
}
