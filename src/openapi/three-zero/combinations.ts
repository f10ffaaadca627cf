import { isObject, type Located, type OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { isNull, nullableOf, saysNothingBeside } from './nulls.js'
import { requireAll, requireAlso, type Schema30 } from './schema30.js'
import { listed } from './subschemas.js'
import { nullSchema } from './types.js'

/** Writes `$ref`, `allOf`, `anyOf`, `oneOf` and `not`. */
export function writeCombinations(
  schema: OpenApiObject,
  pointer: string,
  out: Schema30,
  conversion: Conversion,
): void {
  const parts = listed(schema, pointer, 'allOf').map(({ value, pointer: at }) => conversion.schema(value, at))
  if (typeof schema.$ref === 'string') {
    const reference = conversion.reference(schema.$ref)
    if (reference !== undefined) parts.unshift({ $ref: reference })
    else conversion.notes.add(join(pointer, '$ref'), 'The reference leads nowhere: any value is allowed.')
  }
  if (parts.length > 0) requireAll(out, parts)
  writeAlternatives(schema, pointer, out, conversion, 'anyOf')
  writeAlternatives(schema, pointer, out, conversion, 'oneOf')
  if (schema.not !== undefined)
    writeNot({ value: schema.not, pointer: join(pointer, 'not') }, out, conversion)
}

/** A schema that became wider would refuse more here. */
function writeNot(not: Located, out: Schema30, conversion: Conversion): void {
  if (conversion.exactness.isExact(not)) requireAlso(out, 'not', conversion.schema(not.value, not.pointer))
  else
    conversion.notes.add(
      not.pointer,
      '`not` is left out: what it refuses cannot be said exactly, and is allowed.',
    )
}

function writeAlternatives(
  schema: OpenApiObject,
  pointer: string,
  out: Schema30,
  conversion: Conversion,
  keyword: 'anyOf' | 'oneOf',
): void {
  const all = listed(schema, pointer, keyword)
  if (all.length === 0) return
  const real = all.filter(({ value }) => !isNull(value))
  const [only] = real
  if (only && real.length === 1 && all.length === 2 && saysNothingBeside(schema, keyword)) {
    const merged = nullableOf(only, conversion)
    if (merged) {
      const own = { ...out }
      if (merged.$ref === undefined) Object.assign(out, merged, own)
      else requireAll(out, [merged])
      return
    }
  }
  const isExact = all.every((each) => conversion.exactness.isExact(each))
  if (keyword === 'oneOf' && !isExact) {
    conversion.notes.add(
      join(pointer, keyword),
      '`oneOf` became `anyOf`: an alternative cannot be said exactly, and others may fit the same value.',
    )
  }
  const kept = keyword === 'oneOf' && isExact ? 'oneOf' : 'anyOf'
  const alternatives = real.map(({ value, pointer: at }) => conversion.schema(value, at))
  const nulls = all.slice(real.length).map(nullSchema)
  const { discriminator } = out
  if (isObject(discriminator) && nulls.length > 0) {
    // A discriminator tells references apart, and nothing else.
    delete out.discriminator
    requireAlso(out, kept, [{ [kept]: alternatives, discriminator }, ...nulls])
  } else requireAlso(out, kept, [...alternatives, ...nulls])
}
