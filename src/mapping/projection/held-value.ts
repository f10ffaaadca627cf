import { ExactNumber, type JsonValue } from '../../json/value.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { jsonOf } from '../canonical/json-value.js'
import type { ValueMapping } from '../canonical/value-mapping.js'

/** What a declaration says of a value, as a text. */
interface Held {
  readonly fixed?: string | undefined
  readonly default?: string | undefined
}

/**
 * `fixed` and `default` of a declaration as keywords of a schema: the value, not the text. Nothing where a document cannot
 * hold it: more digits than a double has. The codec holds values to it anyway.
 */
export function withHeldValues(schema: OpenApiObject, mapping: ValueMapping, held: Held): OpenApiObject {
  const fixed = valueOf(mapping, held.fixed)
  const preset = valueOf(mapping, held.default)
  const { format, ...unformatted } = schema
  // Of one number a format says nothing, and generators make a BigInt of it, which JSON's number is not.
  const base = typeof fixed === 'number' && format !== undefined ? unformatted : schema
  return {
    ...base,
    ...(fixed !== undefined && { const: fixed }),
    ...(preset !== undefined && { default: preset }),
  }
}

function valueOf(mapping: ValueMapping, lexical: string | undefined): JsonValue | undefined {
  if (lexical === undefined || mapping.kind !== 'scalar') return undefined
  const value = jsonOf(mapping, lexical)
  return isExact(value) ? value : undefined
}

function isExact(value: JsonValue): boolean {
  return !(value instanceof ExactNumber) && !(Array.isArray(value) && !value.every(isExact))
}
