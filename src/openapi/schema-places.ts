import { isObject, type OpenApiObject } from './object.js'
import { join } from './pointer.js'

/** A Schema Object where it is written; references are not followed. */
export interface SchemaPlace {
  readonly schema: OpenApiObject
  readonly pointer: string
}

/** Keywords that hold a schema (JSON Schema 2020-12, Core 10 and Validation 8.5). */
export const SUBSCHEMA: ReadonlySet<string> = new Set([
  ...[
    'items',
    'contains',
    'additionalProperties',
    'unevaluatedProperties',
    'unevaluatedItems',
    'propertyNames',
  ],
  ...['not', 'if', 'then', 'else', 'contentSchema'],
])
/** Keywords that hold a list of schemas. */
export const SUBSCHEMAS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
/** Keywords that hold schemas by names, which may be any. */
export const NAMED_SUBSCHEMAS: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
])

/** What these hold of OpenAPI is found by names, which may be any. */
const BY_NAME = new Set([
  ...[
    'callbacks',
    'headers',
    'links',
    'parameters',
    'pathItems',
    'requestBodies',
    'responses',
    'content',
    'encoding',
  ],
])
/** What these hold of OpenAPI is data. */
const DATA = new Set(['example', 'examples', 'mapping', 'scopes', 'default', 'enum'])

/** The way to a value, of which a pointer is made for those who ask: most walks of a document find nothing to say. */
class Way {
  constructor(
    readonly above: Way | undefined,
    readonly step: string | number,
  ) {}

  get pointer(): string {
    return join(this.above?.pointer ?? '', this.step)
  }
}

class Place implements SchemaPlace {
  constructor(
    readonly schema: OpenApiObject,
    readonly way: Way,
  ) {}

  get pointer(): string {
    return this.way.pointer
  }
}

/**
 * Finds all Schema Objects of a document: those of components, parameters, headers, bodies and webhooks, and the ones
 * within them.
 *
 * @param look is called with a schema before those within it
 */
export function eachSchema(root: OpenApiObject, look: (place: SchemaPlace) => void): void {
  const schema = (value: unknown, way: Way): void => {
    if (!isObject(value)) return
    look(new Place(value, way))
    for (const keyword of Object.keys(value)) {
      const inner = value[keyword]
      if (SUBSCHEMA.has(keyword)) schema(inner, new Way(way, keyword))
      else if (SUBSCHEMAS.has(keyword) && Array.isArray(inner)) {
        const list = new Way(way, keyword)
        inner.forEach((each, index) => {
          schema(each, new Way(list, index))
        })
      } else if (NAMED_SUBSCHEMAS.has(keyword)) named(inner, new Way(way, keyword))
    }
  }
  const named = (value: unknown, way: Way): void => {
    if (!isObject(value)) return
    for (const name of Object.keys(value)) schema(value[name], new Way(way, name))
  }
  const other = (value: unknown, way: Way, { isNames }: { readonly isNames: boolean }): void => {
    if (Array.isArray(value)) {
      value.forEach((inner, index) => {
        other(inner, new Way(way, index), { isNames: false })
      })
    }
    if (!isObject(value)) return
    for (const key of Object.keys(value)) {
      const inner = value[key]
      if (typeof inner !== 'object') continue
      const at = new Way(way, key)
      if (isNames) other(inner, at, { isNames: false })
      else if (key === 'schema') schema(inner, at)
      else if (!DATA.has(key) && !key.startsWith('x-')) other(inner, at, { isNames: BY_NAME.has(key) })
    }
  }
  other(root.paths, new Way(undefined, 'paths'), { isNames: true })
  other(root.webhooks, new Way(undefined, 'webhooks'), { isNames: true })
  if (!isObject(root.components)) return
  const components = new Way(undefined, 'components')
  named(root.components.schemas, new Way(components, 'schemas'))
  for (const [kind, inner] of Object.entries(root.components)) {
    if (kind !== 'schemas' && BY_NAME.has(kind)) other(inner, new Way(components, kind), { isNames: true })
  }
}
