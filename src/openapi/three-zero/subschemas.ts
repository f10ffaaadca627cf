import { isObject, type Located, type OpenApiObject } from '../document.js'
import { join } from '../pointer.js'

const ONE = [
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'items',
  'unevaluatedItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
]
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const MAPS = ['properties', 'patternProperties', 'dependentSchemas']

/** The schemas that a schema is made of, references not followed. */
export function subschemas(schema: OpenApiObject, pointer: string): Located[] {
  const found: Located[] = []
  for (const keyword of ONE) {
    if (schema[keyword] !== undefined) found.push({ value: schema[keyword], pointer: join(pointer, keyword) })
  }
  for (const keyword of LISTS) found.push(...listed(schema, pointer, keyword))
  for (const keyword of MAPS) found.push(...mapped(schema, pointer, keyword))
  return found
}

/** The schemas of a keyword that has a list. */
export function listed(schema: OpenApiObject, pointer: string, keyword: string): Located[] {
  const list = schema[keyword]
  if (!Array.isArray(list)) return []
  return list.map((value: unknown, index) => ({ value, pointer: join(pointer, keyword, index) }))
}

/** The schemas of a keyword that has a map. */
export function mapped(schema: OpenApiObject, pointer: string, keyword: string): Located[] {
  const map = schema[keyword]
  if (!isObject(map)) return []
  return Object.entries(map).map(([name, value]) => ({ value, pointer: join(pointer, keyword, name) }))
}
