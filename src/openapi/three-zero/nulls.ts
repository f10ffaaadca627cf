import { isObject, type Located, type OpenApiObject } from '../document.js'
import type { Conversion } from './conversion.js'
import { ANNOTATIONS } from './keywords.js'
import type { Schema30 } from './schema30.js'
import { hasType, listedValues } from './values.js'

/** Is `null` the one value of a schema? */
export function isNull(schema: unknown): boolean {
  if (!isObject(schema) || (schema.type !== 'null' && schema.const !== null)) return false
  return Object.keys(schema).every(
    (keyword) => keyword === 'type' || keyword === 'const' || isAnnotation(keyword),
  )
}

export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword) || keyword.startsWith('x-')
}

/**
 * One schema or `null`, as `nullable` says it: generators make a class of it, and of alternatives they make none.
 *
 * @param alternative what may be there instead of `null`
 * @returns undefined where 3.0 needs both as alternatives: `nullable` says something beside a type only (3.0.3,
 *   section 4.7.24.1)
 */
export function nullableOf(alternative: Located, conversion: Conversion): Schema30 | undefined {
  const { value, pointer } = alternative
  if (!isObject(value)) return undefined
  const { $ref, ...beside } = value
  if (takesNull(value)) return withNull(conversion.schema(value, pointer))
  if (typeof $ref !== 'string') return undefined
  if (!Object.keys(beside).every(isAnnotation)) return undefined
  return conversion.nullable($ref)
}

/** Does nothing of a schema but its one type, and its list of values, refuse `null`? */
export function takesNull(schema: unknown): schema is OpenApiObject & { readonly type: string } {
  if (!isObject(schema) || typeof schema.type !== 'string' || schema.type === 'null') return false
  if (['$ref', 'allOf', 'anyOf', 'oneOf', 'not'].some((keyword) => keyword in schema)) return false
  const { type } = schema
  return listedValues(schema)?.some((value) => hasType(value, [type])) ?? true
}

/** Allows `null` in what a schema became of which `takesNull` is true. */
export function withNull({ enum: values, ...rest }: Schema30): Schema30 {
  return { ...rest, nullable: true, ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) }
}

/** Only annotations, and the keyword itself? */
export function saysNothingBeside(schema: OpenApiObject, keyword: string): boolean {
  return Object.keys(schema).every((each) => each === keyword || isAnnotation(each))
}
