import type { OpenApiObject } from '../../src/openapi/document.js'
import fc from './property.js'

type Schema = Readonly<Record<string, unknown>>
type Json = null | boolean | number | string | Json[] | { [member: string]: Json }

const DEEPEST = 5

/**
 * Values that satisfy a schema of an OpenAPI document, by the keywords that contracts of this repository use. It
 * reads the document and nothing of ours that was made of it.
 */
export class SchemaArbitrary {
  /** @param options with `tokens`, texts have no spaces at their ends and none in a row, as xs:token wants it */
  constructor(
    private readonly document: OpenApiObject,
    private readonly options: { readonly tokens?: boolean } = {},
  ) {}

  of(schema: unknown, depth = 0): fc.Arbitrary<Json> {
    const { oneOf, ...own } = this.#flatten(schema)
    const alternatives = Array.isArray(oneOf) ? oneOf : undefined
    if (alternatives && own.properties === undefined)
      return fc.oneof(...alternatives.map((one) => this.of(one, depth)))
    if (alternatives)
      return fc.oneof(...alternatives.map((one) => this.#object(merge([own, this.#flatten(one)]), depth)))
    if (own.const !== undefined) return fc.constant(own.const as Json)
    if (Array.isArray(own.enum)) return fc.constantFrom(...(own.enum as Json[]))
    const types = Array.isArray(own.type)
      ? (own.type as string[])
      : [typeof own.type === 'string' ? own.type : 'object']
    return fc.oneof(...types.map((type) => this.#ofType(type, own, depth)))
  }

  #ofType(type: string, schema: Schema, depth: number): fc.Arbitrary<Json> {
    switch (type) {
      case 'null':
        return fc.constant(null)
      case 'boolean':
        return fc.boolean()
      case 'integer':
      case 'number':
        return fc.integer({ min: numberOf(schema.minimum, -1000), max: numberOf(schema.maximum, 100_000) })
      case 'array':
        return fc.array(this.of(schema.items, depth + 1), {
          minLength: numberOf(schema.minItems, 0),
          maxLength: depth >= DEEPEST ? numberOf(schema.minItems, 0) : numberOf(schema.maxItems, 3),
        })
      case 'string':
        return text(schema).filter((value) => this.options.tokens !== true || !/^ | $| {2}/.test(value))
      default:
        return this.#object(schema, depth)
    }
  }

  #object(schema: Schema, depth: number): fc.Arbitrary<Json> {
    const properties = (schema.properties ?? {}) as Record<string, unknown>
    const required = (schema.required ?? []) as string[]
    const names = Object.keys(properties).filter((name) => required.includes(name) || depth < DEEPEST)
    const members = Object.fromEntries(names.map((name) => [name, this.of(properties[name], depth + 1)]))
    if (schema.maxProperties === 1) {
      return fc
        .constantFrom(...names)
        .chain((name) => fc.record({ [name]: members[name] ?? fc.constant(null) }))
    }
    const least = numberOf(schema.minProperties, 0)
    // What is required together with one member of `oneOf` excludes the members of the others.
    const excluded = (schema.excluded ?? []) as string[]
    for (const name of excluded) Reflect.deleteProperty(members, name)
    return fc
      .record(members, { requiredKeys: required.filter((name) => Object.hasOwn(members, name)) })
      .filter((value) => Object.keys(value).length >= least)
  }

  #flatten(schema: unknown): Schema {
    if (typeof schema !== 'object' || schema === null) return {}
    const { $ref, allOf, ...own } = schema as Schema
    const parts = [
      ...(typeof $ref === 'string' ? [this.#flatten(this.#target($ref))] : []),
      ...(Array.isArray(allOf) ? allOf.map((part) => this.#flatten(part)) : []),
      own,
    ]
    return withExclusions(merge(parts))
  }

  #target(ref: string): unknown {
    return ref
      .slice(2)
      .split('/')
      .reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.document)
  }
}

function merge(parts: readonly Schema[]): Schema {
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as object
  const required = parts.flatMap((part) => (part.required ?? []) as string[])
  const excluded = parts.flatMap((part) => (part.excluded ?? []) as string[])
  return {
    ...(Object.assign({}, ...parts) as Schema),
    ...(Object.keys(properties).length > 0 && { properties }),
    required,
    excluded,
  }
}

/** `oneOf: [{ required: [a] }, { required: [b] }]`: each alternative forbids what the others require. */
function withExclusions(schema: Schema): Schema {
  const { oneOf } = schema
  if (!Array.isArray(oneOf) || schema.properties === undefined) return schema
  const needs = oneOf.map((one) => ((one as Schema).required ?? []) as string[])
  const alternatives = oneOf.map((one, index) => ({
    ...(one as Schema),
    excluded: needs.filter((_, other) => other !== index).flat(),
  }))
  return { ...schema, oneOf: alternatives }
}

function text(schema: Schema): fc.Arbitrary<string> {
  const minLength = numberOf(schema.minLength, 0)
  const maxLength = Math.min(numberOf(schema.maxLength, 40), 60)
  if (typeof schema.pattern === 'string') {
    return fc
      .stringMatching(new RegExp(schema.pattern, 'u'))
      .filter((value) => value.length >= minLength && value.length <= numberOf(schema.maxLength, 1000))
  }
  if (schema.contentEncoding === 'base64') {
    return fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'))
  }
  const day = fc
    .date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString())
  switch (schema.format) {
    case 'date':
      return day.map((moment) => moment.slice(0, 10))
    case 'date-time':
      return fc
        .tuple(day, fc.constantFrom('Z', '+05:30', '-11:00', '+00:00'), fc.constantFrom('', '.5', '.000001'))
        .map(([moment, offset, fraction]) => `${moment.slice(0, 19)}${fraction}${offset}`)
    case 'decimal':
      return fc.stringMatching(/^-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,6})?$/)
    default:
      return fc
        .string({ unit: XML_TEXT, minLength, maxLength })
        .filter((value) => Array.from(value).length <= maxLength)
  }
}

/** What no schema forbids: markup, quotes, letters beyond ASCII and beyond the first plane, and spaces. */
const XML_TEXT = fc.oneof(
  fc.constantFrom('<', '>', '&', '"', "'", ']]>', ' ', 'é', '漢', '😀', '\u00a0', '#', '{', '$'),
  fc.stringMatching(/^[a-zA-Z0-9]$/),
)

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
