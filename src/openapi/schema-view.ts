import { isObject, type Located, type OpenApiDocument, type OpenApiObject } from './document.js'
import { join } from './pointer.js'

/** The OpenAPI XML Object (OpenAPI 3.1, 4.8.26). */
export interface XmlObject {
  readonly name?: string
  readonly namespace?: string
  readonly attribute: boolean
  readonly wrapped: boolean
}

export interface Discriminator {
  readonly propertyName: string
  /** Discriminator value by the pointer of the schema that it selects. */
  readonly valueOf: ReadonlyMap<string, string>
}

/**
 * What a JSON Schema asks for, with `$ref` followed, `allOf` merged and `null` taken out of the type:
 * the one way in which the mapping looks at schemas.
 */
export interface SchemaView {
  /** Where the schema is written, references followed. */
  readonly pointer: string
  /** Name under components/schemas, if it has one. */
  readonly componentName?: string
  readonly types: ReadonlySet<string>
  readonly nullable: boolean
  readonly properties: ReadonlyMap<string, Located>
  readonly required: ReadonlySet<string>
  readonly items?: Located
  readonly alternatives: readonly Located[]
  readonly discriminator?: Discriminator
  readonly xml: XmlObject
  /** Its x-soap, as the document has it; what stands beside a reference wins. src/annotation reads it. */
  readonly annotation: OpenApiObject
  /** The parts that the annotation is merged from, as they are written. */
  readonly annotations: readonly Located[]
  /** All other keywords: format, enum, pattern, default, …; of an `allOf` the last one wins. */
  readonly keywords: OpenApiObject
}

interface Parts {
  types: Set<string>
  nullable: boolean
  readonly properties: Map<string, Located>
  readonly required: Set<string>
  items?: Located
  alternatives: Located[]
  discriminator?: Discriminator
  xml: OpenApiObject
  annotation: OpenApiObject
  readonly annotations: Located[]
  keywords: Record<string, unknown>
  /** Pointers that have been merged: once is enough, and `allOf` may double at each level. */
  readonly merged: Set<string>
}

/** Reads a schema; the view is made anew at each call, since schemas may recur. */
export function viewSchema(document: OpenApiDocument, schema: Located): SchemaView {
  const parts: Parts = {
    types: new Set(),
    nullable: false,
    properties: new Map(),
    required: new Set(),
    alternatives: [],
    xml: {},
    annotation: {},
    annotations: [],
    keywords: {},
    merged: new Set(),
  }
  const pointer = collect(document, schema, parts, 0)
  const componentName = /^\/components\/schemas\/([^/]+)$/.exec(pointer)?.[1]
  const { name, namespace } = parts.xml
  return {
    pointer,
    ...(componentName !== undefined && { componentName }),
    types: parts.types,
    nullable: parts.nullable,
    properties: parts.properties,
    required: parts.required,
    ...(parts.items && { items: parts.items }),
    alternatives: parts.alternatives,
    ...(parts.discriminator && { discriminator: parts.discriminator }),
    xml: {
      ...(typeof name === 'string' && { name }),
      ...(typeof namespace === 'string' && { namespace }),
      attribute: parts.xml.attribute === true,
      wrapped: parts.xml.wrapped === true,
    },
    annotation: parts.annotation,
    annotations: parts.annotations,
    keywords: parts.keywords,
  }
}

/** Merges one schema object into the parts; returns the pointer of the schema that says most: the end of its references. */
function collect(document: OpenApiDocument, schema: Located, parts: Parts, depth: number): string {
  if (depth > 64 || !isObject(schema.value) || parts.merged.has(schema.pointer)) return schema.pointer
  parts.merged.add(schema.pointer)
  const own = schema.value
  let pointer = schema.pointer
  if (typeof own.$ref === 'string') {
    const target = document.follow({ value: { $ref: own.$ref }, pointer: schema.pointer })
    const reached = target && collect(document, target, parts, depth + 1)
    if (reached !== undefined && !changes(own)) pointer = reached
  }
  subschemas(schema, 'allOf').forEach((part) => collect(document, part, parts, depth + 1))
  for (const keyword of ['oneOf', 'anyOf']) {
    const all = subschemas(schema, keyword)
    const real = all.filter((part) => !isNull(part.value))
    if (real.length < all.length) parts.nullable = true
    const only = real.length === 1 ? real[0] : undefined
    if (only && all.length > 1) pointer = collect(document, only, parts, depth + 1)
    else if (real.length > 0) parts.alternatives = real
  }
  const types = Array.isArray(own.type) ? own.type : own.type === undefined ? [] : [own.type]
  for (const type of types) {
    if (type === 'null') parts.nullable = true
    else if (typeof type === 'string') parts.types.add(type)
  }
  if (isObject(own.properties)) {
    for (const [name, value] of Object.entries(own.properties)) {
      parts.properties.set(name, { value, pointer: join(schema.pointer, 'properties', name) })
    }
  }
  if (Array.isArray(own.required)) {
    for (const name of own.required) if (typeof name === 'string') parts.required.add(name)
  }
  if (own.items !== undefined) parts.items = { value: own.items, pointer: join(schema.pointer, 'items') }
  if (isObject(own.discriminator)) parts.discriminator = discriminatorOf(document, own.discriminator)
  if (isObject(own.xml)) parts.xml = { ...parts.xml, ...own.xml }
  const annotation = own['x-soap']
  if (isObject(annotation)) parts.annotation = { ...parts.annotation, ...annotation }
  if (annotation !== undefined) {
    parts.annotations.push({ value: annotation, pointer: join(schema.pointer, 'x-soap') })
  }
  parts.keywords = { ...parts.keywords, ...own }
  return pointer
}

const annotations = new Set(
  '$ref title description summary example examples default deprecated readOnly writeOnly xml x-soap'.split(
    ' ',
  ),
)

/** Do the keywords beside a reference make another schema of it? */
function changes(schema: OpenApiObject): boolean {
  return Object.keys(schema).some((keyword) => !annotations.has(keyword))
}

function subschemas(schema: Located, keyword: string): Located[] {
  const list = isObject(schema.value) ? schema.value[keyword] : undefined
  if (!Array.isArray(list)) return []
  return list.map((value: unknown, index) => ({ value, pointer: join(schema.pointer, keyword, index) }))
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && (schema.type === 'null' || schema.const === null)
}

function discriminatorOf(document: OpenApiDocument, discriminator: OpenApiObject): Discriminator {
  const valueOf = new Map<string, string>()
  const mapping = isObject(discriminator.mapping) ? discriminator.mapping : {}
  for (const [value, target] of Object.entries(mapping)) {
    if (typeof target !== 'string') continue
    const reference = target.includes('/') ? target : `#/components/schemas/${target}`
    const located = document.follow({ value: { $ref: reference }, pointer: '' })
    if (located) valueOf.set(located.pointer, value)
  }
  return { propertyName: String(discriminator.propertyName), valueOf }
}
