import { ExactNumber, type JsonValue } from '../../json/value.js'

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const xsdNumber = /^(?=[+-]?\.?\d)([+-]?)0*((?:[1-9]\d*)?)(?:\.(\d*))?([eE][+-]?\d+)?$/

/**
 * Writes the lexical form of an XSD number as a JSON number with the same digits: `+007` → `7`, `.5` → `0.5`.
 *
 * @returns undefined for INF and NaN, which JSON does not have
 */
export function toJsonNumber(lexical: string): string | undefined {
  if (jsonNumber.test(lexical)) return lexical
  const match = xsdNumber.exec(lexical)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent = ''] = match
  const integral = whole === '' ? '0' : whole
  return `${sign === '-' ? '-' : ''}${integral}${fraction === '' ? '' : `.${fraction}`}${exponent}`
}

/** A decimal as people write it, digit for digit: `+5` → `5`, `.5` → `0.5`, `5.` → `5`. */
export function plainDecimal(lexical: string): string {
  const first = lexical.charCodeAt(0)
  const startsPlain = first >= 48 || (first === 45 && lexical.charCodeAt(1) >= 48)
  if (startsPlain && !lexical.endsWith('.')) return lexical
  return lexical
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.$/, '')
}

/**
 * The digits of a JSON number, without an exponent where the XSD type has none.
 *
 * @returns undefined where the value is not a number
 */
export function fromJsonNumber(
  value: JsonValue,
  { exponentAllowed }: { readonly exponentAllowed: boolean },
): string | undefined {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) return undefined
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  const digits = Object.is(value, -0) ? '0' : String(value)
  return exponentAllowed || !/[eE]/.test(digits) ? digits : withoutExponent(digits)
}

const MAX_EXPANDED_DIGITS = 400

/** `1.5e3` → `1500`: exactly, by moving the point. */
function withoutExponent(digits: string): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(digits)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  if (Math.abs(shift) > MAX_EXPANDED_DIGITS) return undefined
  const all = whole + fraction
  const point = whole.length + shift
  const padded = point <= 0 ? '0'.repeat(1 - point) + all : all.padEnd(point, '0')
  const at = Math.max(point, 1)
  const integral = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const rest = padded.slice(at)
  return `${sign}${integral}${/[1-9]/.test(rest) ? `.${rest}` : ''}`
}
