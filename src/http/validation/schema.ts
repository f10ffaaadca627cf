import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { valueAt } from '../../openapi/pointer.js'
import { NAMED_SUBSCHEMAS, SUBSCHEMA, SUBSCHEMAS } from '../../openapi/schema-places.js'
import { compilePattern } from '../../pattern/pattern.js'
import { countsOnOthers, IN_PLACE } from './in-place.js'

/** What a schema needs of the document that it is rewritten for. */
export interface Rewriting {
  /** @returns the reference to write in the place of one */
  readonly refer: (ref: string) => string
  /** Is told of each pattern that JavaScript's engine must not judge: it is asserted as a format of this name. */
  readonly format: (name: string, test: (text: string) => boolean) => void
  /** @returns the reference to a schema that is rewritten already, and is compiled as a function of its own */
  readonly share: (schema: object) => string
}

/** More subschemas of one schema are compiled in parts: the time for one function grows with their square. */
const MAX_IN_ONE = 100

/** How the names of formats begin that stand for patterns; the pattern follows. */
export const PATTERN_FORMAT = 'pattern '

/** Keywords that assert nothing. Defaults are among them: nothing is added to what the client sent. */
const ANNOTATIONS = new Set([
  'default',
  'deprecated',
  'description',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'title',
  'xml',
  '$comment',
  '$schema',
  'contentSchema',
])

/** The formats that the validator asserts; others are annotations (JSON Schema Validation 2020-12, section 7). */
export const ASSERTED_FORMATS: ReadonlySet<string> = new Set([
  'date',
  'date-time',
  'decimal',
  'double',
  'duration',
  'email',
  'float',
  'hostname',
  'int32',
  'int64',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
])

/**
 * Rewrites a schema of the contract for the validator: without annotations, with a discriminator made into
 * `if` and `then` – so that one wrong member is one violation and not one for each alternative –, and with
 * members that are read-only not required.
 *
 * Patterns that can be slow in JavaScript's engine become formats.
 *
 * @throws Error where names are to match such a pattern, which no keyword but patternProperties can say
 * @throws SyntaxError, RangeError where a pattern has no linear time at all
 */
export function validationSchema(schema: unknown, root: OpenApiObject, rewriting: Rewriting): object {
  if (typeof schema === 'boolean') return schema ? {} : { not: {} }
  if (!isObject(schema)) return {}
  const rewrite = (subschema: unknown) => validationSchema(subschema, root, rewriting)
  const rewriteIn = (keyword: string, subschema: unknown) => {
    const rewritten = rewrite(subschema)
    // On its own it is compiled when what it counts on is, whichever schema is compiled first.
    return !IN_PLACE.has(keyword) && countsOnOthers(rewritten)
      ? { $ref: rewriting.share(rewritten) }
      : rewritten
  }
  const result: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword) || keyword.startsWith('x-')) continue
    if (keyword === '$ref' && typeof value === 'string') result[keyword] = rewriting.refer(value)
    else if (keyword === 'format' && typeof value === 'string' && !ASSERTED_FORMATS.has(value)) continue
    else if (SUBSCHEMA.has(keyword))
      result[keyword] = typeof value === 'boolean' ? value : rewriteIn(keyword, value)
    else if (SUBSCHEMAS.has(keyword) && Array.isArray(value))
      result[keyword] = value.map((subschema) => rewriteIn(keyword, subschema))
    else if (NAMED_SUBSCHEMAS.has(keyword) && isObject(value)) {
      result[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, subschema]) => [name, rewriteIn(keyword, subschema)]),
      )
    } else result[keyword] = value
  }
  closeTuples(result)
  judgePatterns(result, rewriting)
  requireWritableOnly(schema, root, result)
  selectByDiscriminator(schema, rewriting, result)
  divideMembers(result, rewriting)
  return result
}

/** Members stay named where they are: what else there may be goes by that. */
function divideMembers(result: Record<string, unknown>, { share }: Rewriting): void {
  const { properties } = result
  const members = isObject(properties) ? Object.entries(properties) : []
  if (members.length <= MAX_IN_ONE) return
  result.properties = Object.fromEntries(members.map(([name]) => [name, true]))
  const parts = inParts(members).map((part) => ({ $ref: share({ properties: Object.fromEntries(part) }) }))
  result.allOf = [...(Array.isArray(result.allOf) ? (result.allOf as unknown[]) : []), ...parts]
}

function inParts<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / MAX_IN_ONE)
  return Array.from({ length: count }, (_, part) => items.slice(part * MAX_IN_ONE, (part + 1) * MAX_IN_ONE))
}

/**
 * The validator takes schemas by position only where the number of items is fixed: one schema for each number that there
 * may be. Documents whose tuples are open are refused when they are loaded.
 */
function closeTuples(result: Record<string, unknown>): void {
  const { prefixItems, minItems, maxItems } = result
  if (!Array.isArray(prefixItems)) return
  const most = Math.min(prefixItems.length, typeof maxItems === 'number' ? maxItems : Infinity)
  const least = typeof minItems === 'number' ? minItems : 0
  const tuples: unknown[] = []
  for (let count = Math.max(1, least); count <= most; count++) {
    const exactly = { minItems: count, maxItems: count }
    tuples.push({ if: exactly, then: { ...exactly, prefixItems: prefixItems.slice(0, count), items: false } })
  }
  delete result.prefixItems
  delete result.items
  result.maxItems = most
  result.allOf = [...(Array.isArray(result.allOf) ? (result.allOf as unknown[]) : []), ...tuples]
}

function judgePatterns(result: Record<string, unknown>, { format }: Rewriting): void {
  const { pattern, patternProperties } = result
  for (const names of isObject(patternProperties) ? Object.keys(patternProperties) : []) {
    if (!compilePattern(names).native)
      throw new Error(`the pattern ${names} of patternProperties can be slow`)
  }
  if (typeof pattern !== 'string') return
  const { native, test } = compilePattern(pattern)
  if (native) return
  const name = `${PATTERN_FORMAT}${pattern}`
  format(name, test)
  delete result.pattern
  if (result.format === undefined) result.format = name
  else result.allOf = [...(Array.isArray(result.allOf) ? (result.allOf as unknown[]) : []), { format: name }]
}

/** Required applies to read-only members in responses only (OpenAPI 3.0.3, section 4.7.24.2). */
function requireWritableOnly(
  schema: OpenApiObject,
  root: OpenApiObject,
  result: Record<string, unknown>,
): void {
  const { required, properties } = schema
  if (!Array.isArray(required) || !isObject(properties)) return
  const writable = required.filter(
    (name) =>
      typeof name !== 'string' || !isReadOnly(Object.hasOwn(properties, name) && properties[name], root),
  )
  if (writable.length > 0) result.required = writable
  else delete result.required
}

function isReadOnly(schema: unknown, root: OpenApiObject): boolean {
  if (!isObject(schema)) return false
  if (schema.readOnly === true) return true
  const target = typeof schema.$ref === 'string' ? valueAt(root, schema.$ref) : undefined
  return isObject(target) && target.readOnly === true
}

/** OpenAPI 3.1, section 4.8.25: the discriminator names the alternative to judge by. */
function selectByDiscriminator(
  schema: OpenApiObject,
  { refer, share }: Rewriting,
  result: Record<string, unknown>,
): void {
  const { discriminator, oneOf, anyOf } = schema
  const alternatives: unknown = oneOf ?? anyOf
  if (!isObject(discriminator) || !Array.isArray(alternatives)) return
  const { propertyName } = discriminator
  const refs = alternatives.flatMap((a) => (isObject(a) && typeof a.$ref === 'string' ? [a.$ref] : []))
  const nullable = alternatives.some((a) => isObject(a) && a.type === 'null')
  const others = alternatives.length - refs.length - (nullable ? 1 : 0)
  if (typeof propertyName !== 'string' || others > 0) return
  const byValue = discriminatorValues(discriminator.mapping, refs)
  const allOf = Array.isArray(result.allOf) ? (result.allOf as unknown[]) : []
  const where = (value: object): object => ({
    type: 'object',
    required: [propertyName],
    properties: { [propertyName]: value },
  })
  const whereOne = ([value, ref]: readonly [string, string]): object => ({
    if: where({ const: value }),
    then: { $ref: refer(ref) },
  })
  delete result.oneOf
  delete result.anyOf
  result.allOf = [
    ...allOf,
    {
      type: nullable ? ['object', 'null'] : 'object',
      required: [propertyName],
      properties: { [propertyName]: { enum: [...byValue.keys()] } },
    },
    ...(byValue.size <= MAX_IN_ONE
      ? [...byValue].map(whereOne)
      : inParts([...byValue]).map((part) => ({
          if: where({ enum: part.map(([value]) => value) }),
          then: { $ref: share({ allOf: part.map(whereOne) }) },
        }))),
  ]
}

function discriminatorValues(mapping: unknown, refs: readonly string[]): Map<string, string> {
  const byValue = new Map<string, string>()
  for (const [value, target] of Object.entries(isObject(mapping) ? mapping : {})) {
    if (typeof target !== 'string') continue
    byValue.set(value, target.includes('/') ? target : `#/components/schemas/${target}`)
  }
  const mapped = new Set(byValue.values())
  for (const ref of refs) {
    if (!mapped.has(ref)) byValue.set(ref.slice(ref.lastIndexOf('/') + 1), ref)
  }
  return byValue
}
