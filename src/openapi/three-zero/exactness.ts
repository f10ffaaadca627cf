import { isObject, type Located, type OpenApiObject } from '../document.js'
import { join, steps, valueAt } from '../pointer.js'
import { ANNOTATIONS, WIDENING } from './keywords.js'
import { subschemas } from './subschemas.js'

/**
 * Knows which schemas 3.0 can say as they are. Others become wider, and a wider schema in `not` or among those of `oneOf`
 * would make what is around it narrower.
 */
export class Exactness {
  readonly #known = new Map<string, boolean>()

  constructor(private readonly root: OpenApiObject) {}

  isExact(schema: Located): boolean {
    const seen = new Set<string>()
    const pending = [schema]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next.pointer) || this.#known.get(next.pointer) === true) continue
      seen.add(next.pointer)
      if (!isObject(next.value)) continue
      if (this.#known.get(next.pointer) === false || isWidened(next.value)) {
        this.#known.set(schema.pointer, false)
        return false
      }
      pending.push(...subschemas(next.value, next.pointer))
      const { $ref } = next.value
      if (typeof $ref === 'string') {
        pending.push({ value: valueAt(this.root, $ref), pointer: join('', ...steps($ref)) })
      }
    }
    for (const pointer of seen) this.#known.set(pointer, true)
    return true
  }
}

function isWidened(schema: OpenApiObject): boolean {
  for (const keyword of WIDENING.keys()) if (schema[keyword] !== undefined) return true
  const { patternProperties, prefixItems, contains } = schema
  if (isObject(patternProperties) && Object.keys(patternProperties).length > 0) return true
  if (Array.isArray(prefixItems) && prefixItems.length > 0) return true
  if (contains !== undefined) return true
  return (
    ['unevaluatedProperties', 'unevaluatedItems'].some((keyword) => schema[keyword] !== undefined) &&
    !standsAlone(schema)
  )
}

const ALONE = new Set(
  (
    'type enum const not required minProperties maxProperties properties additionalProperties unevaluatedProperties ' +
    'items unevaluatedItems minItems maxItems uniqueItems format'
  ).split(' '),
)

/** Does nothing beside `properties` and `items` evaluate what `unevaluatedProperties` and `unevaluatedItems` look at? */
export function standsAlone(schema: OpenApiObject): boolean {
  return Object.keys(schema).every(
    (keyword) => ALONE.has(keyword) || ANNOTATIONS.has(keyword) || keyword.startsWith('x-'),
  )
}
