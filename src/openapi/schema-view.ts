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

/** What most schemas have of each is nothing, and the same nothing. */
const NONE: OpenApiObject = {}
const NO_SCHEMAS: readonly Located[] = []
const NO_PROPERTIES: ReadonlyMap<string, Located> = new Map()
const NO_NAMES: ReadonlySet<string> = new Set()
const NO_XML: XmlObject = { attribute: false, wrapped: false }

interface Parts {
  readonly types: string[]
  nullable: boolean
  properties?: Map<string, Located>
  required?: Set<string>
  items?: Located
  alternatives: readonly Located[]
  discriminator?: Discriminator
  xml: OpenApiObject
  annotation: OpenApiObject
  annotations: readonly Located[]
  keywords: OpenApiObject
  /** Pointers that have been merged: once is enough, and `allOf` may double at each level. */
  merged?: Set<string>
}

const COMPONENTS = '/components/schemas/'

/** Reads a schema; the view is made anew at each call, since schemas may recur. */
export function viewSchema(document: OpenApiDocument, schema: Located): SchemaView {
  const parts: Parts = {
    types: [],
    nullable: false,
    alternatives: NO_SCHEMAS,
    xml: NONE,
    annotation: NONE,
    annotations: NO_SCHEMAS,
    keywords: NONE,
  }
  const pointer = collect(document, schema, parts, 0)
  const componentName = componentNameOf(pointer)
  return {
    pointer,
    ...(componentName !== undefined && { componentName }),
    types: typesNamed(parts.types),
    nullable: parts.nullable,
    properties: parts.properties ?? NO_PROPERTIES,
    required: parts.required ?? NO_NAMES,
    ...(parts.items && { items: parts.items }),
    alternatives: parts.alternatives,
    ...(parts.discriminator && { discriminator: parts.discriminator }),
    xml: parts.xml === NONE ? NO_XML : xmlOf(parts.xml),
    annotation: parts.annotation,
    annotations: parts.annotations,
    keywords: parts.keywords,
  }
}

function componentNameOf(pointer: string): string | undefined {
  if (!pointer.startsWith(COMPONENTS)) return undefined
  const name = pointer.slice(COMPONENTS.length)
  return name === '' || name.includes('/') ? undefined : name
}

const ofOneType = new Map(
  ['array', 'boolean', 'integer', 'number', 'object', 'string'].map((type) => [type, new Set([type])]),
)

function typesNamed(names: readonly string[]): ReadonlySet<string> {
  const [first] = names
  if (first === undefined) return NO_NAMES
  return (names.length === 1 ? ofOneType.get(first) : undefined) ?? new Set(names)
}

function xmlOf({ name, namespace, attribute, wrapped }: OpenApiObject): XmlObject {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof namespace === 'string' && { namespace }),
    attribute: attribute === true,
    wrapped: wrapped === true,
  }
}

/** Merges one schema object into the parts; returns the pointer of the schema that says most: the end of its references. */
function collect(document: OpenApiDocument, schema: Located, parts: Parts, depth: number): string {
  if (depth > 64 || !isObject(schema.value) || parts.merged?.has(schema.pointer)) return schema.pointer
  const own = schema.value
  if (depth > 0 || leadsOn(own)) (parts.merged ??= new Set()).add(schema.pointer)
  let pointer = schema.pointer
  if (typeof own.$ref === 'string') {
    const target = document.follow({ value: { $ref: own.$ref }, pointer: schema.pointer })
    const reached = target && collect(document, target, parts, depth + 1)
    if (reached !== undefined && !changes(own)) pointer = reached
  }
  for (const part of subschemas(schema, 'allOf')) collect(document, part, parts, depth + 1)
  for (const keyword of UNIONS) {
    const all = subschemas(schema, keyword)
    if (all.length === 0) continue
    const real = all.filter((part) => !isNull(part.value))
    if (real.length < all.length) parts.nullable = true
    const only = real.length === 1 ? real[0] : undefined
    if (only && all.length > 1) pointer = collect(document, only, parts, depth + 1)
    else if (real.length > 0) parts.alternatives = real
  }
  for (const type of Array.isArray(own.type) ? (own.type as unknown[]) : [own.type]) {
    if (type === 'null') parts.nullable = true
    else if (typeof type === 'string') parts.types.push(type)
  }
  if (isObject(own.properties)) {
    const holder = join(schema.pointer, 'properties')
    const properties = (parts.properties ??= new Map())
    for (const name of Object.keys(own.properties)) {
      properties.set(name, { value: own.properties[name], pointer: join(holder, name) })
    }
  }
  if (Array.isArray(own.required)) {
    const required = (parts.required ??= new Set())
    for (const name of own.required) if (typeof name === 'string') required.add(name)
  }
  if (own.items !== undefined) parts.items = { value: own.items, pointer: join(schema.pointer, 'items') }
  if (isObject(own.discriminator)) parts.discriminator = discriminatorOf(document, own.discriminator)
  if (isObject(own.xml)) parts.xml = { ...parts.xml, ...own.xml }
  const annotation = own['x-soap']
  if (isObject(annotation)) parts.annotation = { ...parts.annotation, ...annotation }
  if (annotation !== undefined) {
    parts.annotations = [...parts.annotations, { value: annotation, pointer: join(schema.pointer, 'x-soap') }]
  }
  parts.keywords = parts.keywords === NONE ? own : { ...parts.keywords, ...own }
  return pointer
}

/** Whether other schemas say, too, what values of this one are. */
function leadsOn({ $ref, allOf, oneOf, anyOf }: OpenApiObject): boolean {
  return $ref !== undefined || allOf !== undefined || oneOf !== undefined || anyOf !== undefined
}

const UNIONS = ['oneOf', 'anyOf'] as const

const annotations = new Set(
  '$ref title description summary example examples default deprecated readOnly writeOnly xml x-soap'.split(
    ' ',
  ),
)

/** Do the keywords beside a reference make another schema of it? */
function changes(schema: OpenApiObject): boolean {
  return Object.keys(schema).some((keyword) => !annotations.has(keyword))
}

function subschemas(schema: Located, keyword: string): readonly Located[] {
  const list = isObject(schema.value) ? schema.value[keyword] : undefined
  if (!Array.isArray(list)) return NO_SCHEMAS
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
