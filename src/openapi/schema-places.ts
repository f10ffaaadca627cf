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

/**
 * Finds all Schema Objects of a document: those of components, parameters, headers, bodies and webhooks, and the ones
 * within them.
 *
 * @param look is called with a schema before those within it
 */
export function eachSchema(root: OpenApiObject, look: (place: SchemaPlace) => void): void {
  const schema = (value: unknown, pointer: string): void => {
    if (!isObject(value)) return
    look({ schema: value, pointer })
    for (const [keyword, inner] of Object.entries(value)) {
      if (SUBSCHEMA.has(keyword)) schema(inner, join(pointer, keyword))
      else if (SUBSCHEMAS.has(keyword) && Array.isArray(inner))
        inner.forEach((each, index) => {
          schema(each, join(pointer, keyword, index))
        })
      else if (NAMED_SUBSCHEMAS.has(keyword)) named(inner, join(pointer, keyword))
    }
  }
  const named = (value: unknown, pointer: string): void => {
    if (!isObject(value)) return
    for (const [name, inner] of Object.entries(value)) schema(inner, join(pointer, name))
  }
  const other = (value: unknown, pointer: string, { isNames }: { readonly isNames: boolean }): void => {
    if (Array.isArray(value)) {
      value.forEach((inner, index) => {
        other(inner, join(pointer, index), { isNames: false })
      })
    }
    if (!isObject(value)) return
    for (const [key, inner] of Object.entries(value)) {
      const at = join(pointer, key)
      if (isNames) other(inner, at, { isNames: false })
      else if (key === 'schema') schema(inner, at)
      else if (!DATA.has(key) && !key.startsWith('x-')) other(inner, at, { isNames: BY_NAME.has(key) })
    }
  }
  other(root.paths, '/paths', { isNames: true })
  other(root.webhooks, '/webhooks', { isNames: true })
  if (!isObject(root.components)) return
  named(root.components.schemas, '/components/schemas')
  for (const [kind, components] of Object.entries(root.components)) {
    if (kind !== 'schemas' && BY_NAME.has(kind))
      other(components, join('/components', kind), { isNames: true })
  }
}
