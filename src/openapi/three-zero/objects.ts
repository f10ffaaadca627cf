import type { OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { standsAlone } from './exactness.js'
import type { Schema30 } from './schema30.js'
import { mapped } from './subschemas.js'

/** Members: 3.0 has names as they are, and one schema for all others. */
export function writeProperties(
  schema: OpenApiObject,
  pointer: string,
  out: Schema30,
  conversion: Conversion,
): void {
  if (Array.isArray(schema.required) && schema.required.length > 0)
    out.required = [...new Set(schema.required)]
  if (schema.properties !== undefined) {
    out.properties = conversion.map(schema.properties, join(pointer, 'properties'), (value, at) =>
      conversion.schema(value, at),
    )
  }
  const additional = writeAdditional(schema, pointer, conversion)
  if (additional !== undefined) out.additionalProperties = additional
}

function writeAdditional(schema: OpenApiObject, pointer: string, conversion: Conversion): unknown {
  const { notes } = conversion
  let additional = { value: schema.additionalProperties, pointer: join(pointer, 'additionalProperties') }
  if (schema.unevaluatedProperties !== undefined && additional.value === undefined) {
    const unevaluated = {
      value: schema.unevaluatedProperties,
      pointer: join(pointer, 'unevaluatedProperties'),
    }
    if (standsAlone(schema)) additional = unevaluated
    else if (unevaluated.value !== true) {
      notes.add(
        unevaluated.pointer,
        '`unevaluatedProperties` is left out: properties that the schema does not name are allowed.',
      )
    }
  }
  const patterns = mapped(schema, pointer, 'patternProperties')
  const { value } = additional
  if (patterns.length > 0) {
    notes.add(
      join(pointer, 'patternProperties'),
      value === undefined || value === true
        ? '`patternProperties` is left out: properties that it is about may have any value.'
        : '`patternProperties` became `additionalProperties`: any name is allowed.',
    )
    if (value === undefined) return undefined
    if (value === true) return true
    return conversion.oneOfThese([...patterns, ...(value === false ? [] : [additional])])
  }
  return typeof value === 'object' ? conversion.schema(value, additional.pointer) : value
}
