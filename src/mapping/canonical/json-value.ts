import { ExactNumber, isJsonScalar, type JsonValue, scalarText } from '../../json/value.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { itemsOf } from '../../xsd/values/facets.js'
import { normalizeWhiteSpace } from '../../xsd/values/white-space.js'
import { plainDecimal, toJsonNumber } from './json-number.js'
import type { ScalarMapping } from './value-mapping.js'

/**
 * The JSON value of a lexical form.
 *
 * @param lexical valid, white space dealt with, qualified names in Clark notation
 */
export function jsonOf(mapping: ScalarMapping, lexical: string): JsonValue {
  const { type, form, item, values } = mapping
  switch (form) {
    case 'list':
      return itemsOf(lexical).map((part) => (item ? jsonOf(item, part) : part))
    case 'boolean':
      return lexical === 'true' || lexical === '1'
    case 'number': {
      const digits = toJsonNumber(lexical)
      if (digits === undefined) return lexical
      return String(Number(digits)) === digits ? Number(digits) : new ExactNumber(digits)
    }
    case 'day':
      return withoutZone(lexical)
    case 'string': {
      if (!values) return textOf(type)(lexical)
      return [...values].find(([, xml]) => xml === lexical)?.[0] ?? lexical
    }
  }
}

/**
 * The lexical form of a JSON value, for what the contract holds: defaults, constants, enumerations.
 *
 * @returns undefined where the value is none of the form
 */
export function lexicalOf(mapping: ScalarMapping, value: unknown): string | undefined {
  const { form, item, values, type } = mapping
  const json = value as JsonValue
  if (form === 'list') {
    if (!Array.isArray(json) || !item) return undefined
    const items = (json as readonly JsonValue[]).map((entry) => lexicalOf(item, entry))
    return items.some((entry) => entry === undefined || entry === '') ? undefined : items.join(' ')
  }
  if (json === null || !isJsonScalar(json)) return undefined
  const text = scalarText(json)
  return normalizeWhiteSpace(type.facets.whiteSpace, values ? (values.get(text) ?? text) : text)
}

/** How a value that is a text in JSON is written there. */
export function textOf({ builtIn, variety, facets }: SimpleType): (lexical: string) => string {
  if (variety !== 'atomic') return asItIs
  // A pattern may ask for the very form that is not plain: `.25`.
  if (builtIn === 'decimal') return facets.patterns.length > 0 ? asItIs : plainDecimal
  return builtIn === 'base64Binary' ? withoutSpaces : asItIs
}

/** An xs:date without its offset. */
export function withoutZone(lexical: string): string {
  return lexical.replace(/(?:Z|[+-]\d\d:\d\d)$/, '')
}

function asItIs(lexical: string): string {
  return lexical
}

/** MIME encoders break lines; base64 by itself has no white space (RFC 4648, 3.1). */
function withoutSpaces(lexical: string): string {
  return lexical.includes(' ') ? lexical.replaceAll(' ', '') : lexical
}
