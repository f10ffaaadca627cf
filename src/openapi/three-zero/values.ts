import { isDeepStrictEqual } from 'node:util'
import type { OpenApiObject } from '../document.js'

/** The values that `enum` and `const` leave; undefined where there is neither. */
export function listedValues(schema: OpenApiObject): readonly unknown[] | undefined {
  const values: readonly unknown[] | undefined = Array.isArray(schema.enum) ? schema.enum : undefined
  if (schema.const === undefined) return values
  const isAllowed = values?.some((value) => isDeepStrictEqual(value, schema.const)) ?? true
  return isAllowed ? [schema.const] : []
}

/** The JSON type of a value, numbers without a fraction as `integer`. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** Is a value of one of the types? */
export function hasType(value: unknown, types: readonly string[]): boolean {
  const type = typeOf(value)
  return types.includes(type) || (type === 'integer' && types.includes('number'))
}
