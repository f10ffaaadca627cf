import { isJsonScalar, type JsonValue, scalarText } from '../../json/value.js'
import { compilePattern } from '../../pattern/pattern.js'
import { compareDigits, digitsOf, isDecimal } from '../../xsd/values/decimal.js'
import { keepsTo, type PromisedFormat } from '../canonical/calendar-format.js'
import type { Narrowing, ScalarForm } from '../canonical/value-mapping.js'

/**
 * Compiles what the contract asks for beyond the XSD (JSON Schema Validation 2020-12, section 6).
 *
 * @returns a function from the value's text (unquoted) to the rule that it breaks
 */
export function compileNarrowing(
  narrowing: Narrowing | undefined,
  form: ScalarForm,
): ((text: string) => string | undefined) | undefined {
  if (!narrowing) return undefined
  const checks: ((text: string) => string | undefined)[] = []
  if (narrowing.enum && form !== 'list') checks.push(membership(narrowing.enum, form))
  if (form === 'number') checks.push(...bounds(narrowing))
  else if (form !== 'boolean') checks.push(...shape(narrowing))
  if (narrowing.format) checks.push(promise(narrowing.format))
  if (checks.length === 0) return undefined
  return (text) => {
    for (const check of checks) {
      const rule = check(text)
      if (rule !== undefined) return rule
    }
    return undefined
  }
}

function promise(format: PromisedFormat): (text: string) => string | undefined {
  const rule =
    format === 'date'
      ? 'is not a date of RFC 3339, which the contract promises with format: date'
      : `has no offset, or is otherwise no ${format} of RFC 3339, which the contract promises with its format; give the backend its timeZone, or the schema another format`
  return (text) => (keepsTo(format, text) ? undefined : rule)
}

function shape({ pattern, minLength, maxLength }: Narrowing): ((text: string) => string | undefined)[] {
  const checks: ((text: string) => string | undefined)[] = []
  if (pattern !== undefined) {
    const { test } = compilePattern(pattern)
    checks.push((text) => (test(text) ? undefined : 'does not match the pattern of the contract'))
  }
  if (minLength !== undefined) {
    checks.push((text) =>
      characters(text) >= minLength
        ? undefined
        : `has fewer than the ${minLength} characters of the contract`,
    )
  }
  if (maxLength !== undefined) {
    checks.push((text) =>
      characters(text) <= maxLength ? undefined : `has more than the ${maxLength} characters of the contract`,
    )
  }
  return checks
}

/** Numbers are equal by what they are worth, whatever their digits (JSON Schema Core, 4.2.2). */
function membership(values: readonly JsonValue[], form: ScalarForm): (text: string) => string | undefined {
  const rule = 'is not in the enumeration of the contract'
  const allowed = new Set(values.filter(isJsonScalar).map(scalarText))
  if (form !== 'number') return (text) => (allowed.has(text) ? undefined : rule)
  return (text) => {
    if (allowed.has(text)) return undefined
    for (const value of allowed) if (compare(text, value) === 0) return undefined
    return rule
  }
}

function bounds({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: Narrowing): ((text: string) => string | undefined)[] {
  const rules: [number | undefined, (order: number) => boolean, string][] = [
    [minimum, (order) => order >= 0, 'is below the minimum of the contract'],
    [maximum, (order) => order <= 0, 'is above the maximum of the contract'],
    [exclusiveMinimum, (order) => order > 0, 'is not above the exclusiveMinimum of the contract'],
    [exclusiveMaximum, (order) => order < 0, 'is not below the exclusiveMaximum of the contract'],
  ]
  return rules.flatMap(([limit, holds, rule]) => {
    if (limit === undefined) return []
    const digits = String(limit)
    return [(text: string) => (holds(compare(text, digits)) ? undefined : rule)]
  })
}

/** Exactly, by digits; through doubles only where an exponent is written. */
function compare(a: string, b: string): number {
  if (isDecimal(a) && isDecimal(b)) return compareDigits(digitsOf(a), digitsOf(b))
  return Number(a) - Number(b)
}

/** JSON Schema counts characters, not UTF-16 code units. */
function characters(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) count--
  }
  return count
}
