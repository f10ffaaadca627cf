import type { JSONValue } from '@modelcontextprotocol/server'
import { isObject, type Located, type OpenApiDocument } from '../openapi/document.js'

/** A JSON Schema of objects. */
export type ObjectSchema = { type: 'object' } & Record<string, JSONValue>

/** Formats that JSON Schema itself knows; validators of clients may refuse others. */
const FORMATS = new Set([
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'uri',
  'uri-reference',
  'uuid',
  'hostname',
  'ipv4',
  'ipv6',
])
/** Keywords of OpenAPI alone. */
const DROPPED = new Set(['xml', 'discriminator', 'externalDocs', 'example'])
const COMPONENT = /^#\/components\/schemas\/([^/]+)$/

/**
 * Makes JSON Schemas of a contract's schemas that stand alone: what they refer to comes with them, under `$defs`. A number that a double
 * may not hold may be a string of its digits as well, both ways: JSON readers of clients would round it.
 */
export class ToolSchemas {
  readonly #document: OpenApiDocument

  constructor(document: OpenApiDocument) {
    this.#document = document
  }

  /** @param parts schemas by the names that they get as members of an object */
  objectOf(
    parts: readonly {
      readonly name: string
      readonly schema: Located
      readonly required: boolean
      readonly description?: string
    }[],
  ): ObjectSchema {
    const definitions = new Map<string, JSONValue>()
    const properties = Object.fromEntries(
      parts.map(({ name, schema, description }) => {
        const made = this.#convert(schema.value, definitions)
        return [name, description !== undefined && isObject(made) ? { ...made, description } : made]
      }),
    )
    return {
      type: 'object',
      properties,
      required: parts.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
      ...(definitions.size > 0 && { $defs: Object.fromEntries(definitions) }),
    }
  }

  /** @param schema of an object, or of one of several */
  rootOf(schema: Located): ObjectSchema {
    const definitions = new Map<string, JSONValue>()
    const made = this.#convert(schema.value, definitions)
    const { $ref, ...others } = isObject(made) ? made : {}
    // The root must say that it is an object; what is said beside a reference holds as well.
    return {
      type: 'object',
      ...others,
      ...($ref !== undefined && { $ref }),
      ...(definitions.size > 0 && { $defs: Object.fromEntries(definitions) }),
    }
  }

  #convert(schema: unknown, definitions: Map<string, JSONValue>): JSONValue {
    if (Array.isArray(schema)) return schema.map((each) => this.#convert(each, definitions))
    if (!isObject(schema)) return schema as JSONValue
    const made: Record<string, JSONValue> = {}
    for (const [keyword, value] of Object.entries(schema)) {
      if (DROPPED.has(keyword) || keyword.startsWith('x-')) continue
      if (keyword === '$ref') made.$ref = this.#reference(String(value), definitions)
      else if (LITERAL.has(keyword)) made[keyword] = value as JSONValue
      else if (NAMED.has(keyword)) made[keyword] = this.#named(value, definitions)
      else if (keyword !== 'format' || FORMATS.has(String(value)))
        made[keyword] = this.#convert(value, definitions)
    }
    return widened(made)
  }

  /** Schemas by names: names are no keywords, whatever they are called. */
  #named(value: unknown, definitions: Map<string, JSONValue>): JSONValue {
    if (!isObject(value)) return value as JSONValue
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.#convert(each, definitions)]),
    )
  }

  #reference(reference: string, definitions: Map<string, JSONValue>): string {
    const [, name] = COMPONENT.exec(reference) ?? []
    if (name === undefined) return reference
    if (!definitions.has(name)) {
      // Schemas may refer to themselves.
      definitions.set(name, {})
      const target = this.#document.follow({ value: { $ref: reference }, pointer: '' })
      definitions.set(name, this.#convert(target?.value ?? {}, definitions))
    }
    return `#/$defs/${name}`
  }
}

const LITERAL = new Set(['enum', 'const', 'default', 'examples', 'required'])
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])

const DIGITS = '^[+-]?[0-9]+$'
const DECIMAL = '^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$'

/** A schema of numbers that may have more digits than a double takes the digits as a text, too. */
function widened(schema: Record<string, JSONValue>): Record<string, JSONValue> {
  const types = [schema.type ?? []].flat()
  const isInteger = types.includes('integer')
  if ((!isInteger && !types.includes('number')) || types.includes('string')) return schema
  if (schema.enum !== undefined || schema.const !== undefined) return schema
  if (isInteger ? fitsDouble(schema) : schema.format === 'double' || schema.format === 'float') return schema
  return { ...schema, type: [...types, 'string'], pattern: isInteger ? DIGITS : DECIMAL }
}

function fitsDouble({
  format,
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
}: Record<string, JSONValue>): boolean {
  if (format === 'int32') return true
  const [least, most] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum]
  return Number.isSafeInteger(least) && Number.isSafeInteger(most)
}
