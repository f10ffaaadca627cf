import { type Narrowing, type ScalarForm } from './value-mapping.js'

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
  if (narrowing.enum) {
    const allowed = new Set(narrowing.enum.map(String))
    checks.push((text) => (allowed.has(text) ? undefined : 'is not in the enumeration of the contract'))
  }
  if (form === 'number') checks.push(...bounds(narrowing))
  else if (form !== 'boolean') checks.push(...shape(narrowing))
  if (checks.length === 0) return undefined
  return (text) => {
    for (const check of checks) {
      const rule = check(text)
      if (rule !== undefined) return rule
    }
    return undefined
  }
}

function shape({ pattern, minLength, maxLength }: Narrowing): ((text: string) => string | undefined)[] {
  const checks: ((text: string) => string | undefined)[] = []
  if (pattern !== undefined) {
    const expression = new RegExp(pattern, 'u')
    checks.push((text) => (expression.test(text) ? undefined : 'does not match the pattern of the contract'))
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

function bounds({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: Narrowing): ((text: string) => string | undefined)[] {
  const rules: [number | undefined, (value: number, limit: number) => boolean, string][] = [
    [minimum, (value, limit) => value >= limit, 'is below the minimum of the contract'],
    [maximum, (value, limit) => value <= limit, 'is above the maximum of the contract'],
    [exclusiveMinimum, (value, limit) => value > limit, 'is not above the exclusiveMinimum of the contract'],
    [exclusiveMaximum, (value, limit) => value < limit, 'is not below the exclusiveMaximum of the contract'],
  ]
  return rules.flatMap(([limit, holds, rule]) => {
    if (limit === undefined) return []
    return [(text: string) => (holds(Number(text), limit) ? undefined : rule)]
  })
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
