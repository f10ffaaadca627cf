import { isObject, type OpenApiObject } from './object.js'
import { join } from './pointer.js'

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

/** @param pointerOf makes the pointer of the schema, until `visit` returns: most walks of a document find nothing to say */
export type SchemaVisitor = (schema: OpenApiObject, pointerOf: () => string) => void

/**
 * Finds all Schema Objects of a document where they are written: those of components, parameters, headers, bodies and
 * webhooks, and the ones within them. References are not followed.
 *
 * @param visit is called with a schema before those within it
 */
export function eachSchema(root: OpenApiObject, visit: SchemaVisitor): void {
  new Walk(visit).document(root)
}

class Walk {
  readonly #visit: SchemaVisitor
  /** Steps to the value that is looked at. */
  readonly #way: (string | number)[] = []
  readonly #pointerOf = (): string => join('', ...this.#way)

  constructor(visit: SchemaVisitor) {
    this.#visit = visit
  }

  document({ paths, webhooks, components }: OpenApiObject): void {
    this.#step('paths', paths, this.#objects)
    this.#step('webhooks', webhooks, this.#objects)
    if (isObject(components)) this.#step('components', components, this.#components)
  }

  #step<T>(step: string | number, value: T, visit: (value: T) => void): void {
    this.#way.push(step)
    visit(value)
    this.#way.pop()
  }

  readonly #components = (components: OpenApiObject): void => {
    this.#step('schemas', components.schemas, this.#named)
    for (const kind of Object.keys(components)) {
      if (kind !== 'schemas' && BY_NAME.has(kind)) this.#step(kind, components[kind], this.#objects)
    }
  }

  readonly #schema = (schema: unknown): void => {
    if (!isObject(schema)) return
    this.#visit(schema, this.#pointerOf)
    for (const keyword of Object.keys(schema)) {
      const inner = schema[keyword]
      if (typeof inner !== 'object') continue
      if (SUBSCHEMA.has(keyword)) this.#step(keyword, inner, this.#schema)
      else if (SUBSCHEMAS.has(keyword)) this.#step(keyword, inner, this.#list)
      else if (NAMED_SUBSCHEMAS.has(keyword)) this.#step(keyword, inner, this.#named)
    }
  }

  readonly #list = (schemas: unknown): void => {
    if (!Array.isArray(schemas)) return
    for (let index = 0; index < schemas.length; index++) this.#step(index, schemas[index], this.#schema)
  }

  readonly #named = (schemas: unknown): void => {
    if (!isObject(schemas)) return
    for (const name of Object.keys(schemas)) this.#step(name, schemas[name], this.#schema)
  }

  /** Objects of OpenAPI by names, which may be any. */
  readonly #objects = (objects: unknown): void => {
    if (Array.isArray(objects)) this.#items(objects)
    if (!isObject(objects)) return
    for (const name of Object.keys(objects)) {
      const inner = objects[name]
      if (typeof inner === 'object') this.#step(name, inner, this.#object)
    }
  }

  readonly #object = (value: unknown): void => {
    if (Array.isArray(value)) this.#items(value)
    if (!isObject(value)) return
    for (const key of Object.keys(value)) {
      const inner = value[key]
      if (typeof inner !== 'object') continue
      if (key === 'schema') this.#step(key, inner, this.#schema)
      else if (!DATA.has(key) && !key.startsWith('x-'))
        this.#step(key, inner, BY_NAME.has(key) ? this.#objects : this.#object)
    }
  }

  #items(list: readonly unknown[]): void {
    for (let index = 0; index < list.length; index++) this.#step(index, list[index], this.#object)
  }
}
