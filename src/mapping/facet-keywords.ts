import { type SimpleType } from '../xsd/model.js'
import { type ScalarForm, type ScalarMapping } from './value-mapping.js'

/** JSON Schema keywords that follow from the facets of a simple type (JSON Schema Validation 2020-12, section 6). */
export interface FacetKeywords {
  readonly enum?: readonly (string | number)[]
  readonly pattern?: string
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
export function facetKeywords({ type, form }: Pick<ScalarMapping, 'type' | 'form'>): FacetKeywords {
  if (form === 'boolean' || form === 'day' || form === 'list' || type.builtIn === 'QName') return {}
  if (form === 'number') return numberKeywords(type)
  return textKeywords(type, form)
}

const texts = new Set(
  'string normalizedString token language NMTOKEN Name NCName ID IDREF ENTITY anyURI anySimpleType'.split(
    ' ',
  ),
)

function textKeywords(type: SimpleType, form: ScalarForm): FacetKeywords {
  const { facets, variety, builtIn } = type
  const isText = variety === 'atomic' && texts.has(builtIn)
  const values = enumerated(type)
  const pattern = form === 'string' && variety !== 'list' ? patternOf(type) : undefined
  if (values && (isText || variety === 'union')) return { enum: values }
  const characters = builtIn === 'hexBinary' ? 2 : 1
  const counted = isText || builtIn === 'hexBinary'
  const least = facets.length ?? facets.minLength
  const most = facets.length ?? facets.maxLength
  return {
    ...(pattern !== undefined && { pattern }),
    ...(counted && least !== undefined && least > 0 && { minLength: least * characters }),
    ...(counted && most !== undefined && { maxLength: most * characters }),
  }
}

function enumerated({ facets }: SimpleType): string[] | undefined {
  return facets.enumeration && [...new Set(facets.enumeration.map(({ value }) => value))]
}

/** One expression for all: each derivation step must match. */
function patternOf({ facets }: SimpleType): string | undefined {
  const translated = facets.patterns.map(({ javaScript }) => javaScript).filter((p) => p !== undefined)
  const patterns = [...new Set(translated)].map(plain)
  const last = patterns.pop()
  return last === undefined ? undefined : patterns.map((pattern) => `(?=${pattern})`).join('') + last
}

/** `^(?:[A-Z]{3})$` says no more than `^[A-Z]{3}$`. */
function plain(pattern: string): string {
  const inner = /^\^\(\?:([^|]*)\)\$$/.exec(pattern)?.[1]
  return inner === undefined ? pattern : `^${inner}$`
}

const floating = new Set(['float', 'double'])
/** Bounds of these are said by `format`. */
const formatted = new Set(['-2147483648', '2147483647', '-9223372036854775808', '9223372036854775807'])

function numberKeywords(type: SimpleType): FacetKeywords {
  const { facets, builtIn } = type
  const values = enumerated(type)
  const isWhole = !floating.has(builtIn)
  if (
    values &&
    isWhole &&
    values.every((value) => exact(value) !== undefined && String(exact(value)) === value)
  )
    return { enum: values.map(Number) }
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
