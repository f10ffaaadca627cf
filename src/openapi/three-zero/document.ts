import { isObject, type OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { Converter } from './converter.js'
import { info30 } from './info.js'
import type { Note, Notes } from './notes.js'
import { orReference, parameter30, requestBody30, response30 } from './parts.js'
import { Paths } from './paths.js'
import { SecurityRequirements } from './security.js'

const VERSION = '3.0.3'
const DIALECT = /^https:\/\/(?:spec\.openapis\.org\/oas\/3\.1\/|json-schema\.org\/draft\/2020-12\/)/

export interface OpenApi30 {
  readonly document: OpenApiObject
  /** What OpenAPI 3.0 cannot say. */
  readonly notes: readonly Note[]
}

/**
 * Says an OpenAPI 3.1 document in OpenAPI 3.0. Whatever is valid by the one is valid by the other; where 3.0 cannot say all,
 * more is valid, and a note says where and what.
 *
 * @param root a document whose references all lead to places within it
 */
export function toOpenApi30(root: OpenApiObject): OpenApi30 {
  const conversion = new Converter(root)
  const { notes } = conversion
  const security = new SecurityRequirements(conversion)
  const paths = new Paths(conversion, security)
  const { info, jsonSchemaDialect, webhooks, components, ...rest } = root
  reportLost({ jsonSchemaDialect, webhooks }, notes)
  const document = {
    ...rest,
    openapi: VERSION,
    info: info30(info, '/info', notes),
    ...(Array.isArray(rest.security) && { security: security.written(rest.security, '/security') }),
    paths: paths.all(rest.paths, '/paths'),
  }
  const written = isObject(components) ? componentsOf(components, conversion, paths, security) : {}
  const schemas = { ...(isObject(written.schemas) && written.schemas), ...conversion.added() }
  const all = { ...written, ...(Object.keys(schemas).length > 0 && { schemas }) }
  const hasComponents = components !== undefined || Object.keys(all).length > 0
  return { document: { ...document, ...(hasComponents && { components: all }) }, notes: notes.list }
}

function reportLost({ jsonSchemaDialect, webhooks }: OpenApiObject, notes: Notes): void {
  if (typeof jsonSchemaDialect === 'string' && !DIALECT.test(jsonSchemaDialect)) {
    notes.add(
      '/jsonSchemaDialect',
      'Schemas are read as JSON Schema 2020-12, not in the dialect that the document names.',
    )
  }
  for (const name of isObject(webhooks) ? Object.keys(webhooks) : []) {
    notes.add(join('/webhooks', name), 'The webhook is left out: OpenAPI 3.0 has none.')
  }
}

function componentsOf(
  components: OpenApiObject,
  conversion: Conversion,
  paths: Paths,
  security: SecurityRequirements,
): OpenApiObject {
  const writers = new Map<string, (value: unknown, pointer: string) => unknown>(
    Object.entries({
      schemas: (value: unknown, pointer: string) => conversion.schema(value, pointer),
      parameters: orReference(parameter30, conversion),
      headers: orReference(parameter30, conversion),
      requestBodies: orReference(requestBody30, conversion),
      responses: orReference(response30, conversion),
      callbacks: (value: unknown, pointer: string) => paths.callback(value, pointer),
    }),
  )
  const written: [string, unknown][] = []
  for (const [kind, parts] of Object.entries(components)) {
    const pointer = join('/components', kind)
    const write = writers.get(kind)
    if (kind === 'pathItems') continue
    if (kind === 'securitySchemes' && isObject(parts)) written.push([kind, security.schemes(parts, pointer)])
    else written.push([kind, write ? conversion.map(parts, pointer, write) : parts])
  }
  return Object.fromEntries(written)
}
