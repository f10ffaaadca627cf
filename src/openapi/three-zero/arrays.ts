import type { OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { standsAlone } from './exactness.js'
import type { Notes } from './notes.js'
import type { Schema30 } from './schema30.js'
import { listed } from './subschemas.js'

/** Items: one schema for all of them is what 3.0 can say. */
export function writeItems(
  schema: OpenApiObject,
  pointer: string,
  out: Schema30,
  conversion: Conversion,
): void {
  const { notes } = conversion
  const prefix = listed(schema, pointer, 'prefixItems')
  let rest = { value: schema.items, pointer: join(pointer, 'items') }
  if (schema.unevaluatedItems !== undefined && rest.value === undefined) {
    const unevaluated = join(pointer, 'unevaluatedItems')
    if (prefix.length === 0 && standsAlone(schema))
      rest = { value: schema.unevaluatedItems, pointer: unevaluated }
    else notes.add(unevaluated, '`unevaluatedItems` is left out: further items may be of any kind.')
  }
  if (prefix.length > 0) {
    notes.add(
      join(pointer, 'prefixItems'),
      '`prefixItems` became `items`: the places of the items are not said.',
    )
    const isClosed = rest.value === false
    if (isClosed) out.maxItems = Math.min(limitOf(out.maxItems, Infinity), prefix.length)
    const kinds = [...prefix, ...(isClosed || rest.value === undefined ? [] : [rest])]
    out.items = rest.value === undefined ? {} : conversion.oneOfThese(kinds)
  } else if (rest.value === false) {
    out.items = {}
    out.maxItems = 0
  } else if (rest.value !== undefined) {
    out.items = conversion.schema(rest.value, rest.pointer)
  }
  reportContains(schema, pointer, notes)
}

function reportContains(
  { contains, minContains, maxContains }: OpenApiObject,
  pointer: string,
  notes: Notes,
): void {
  if (contains === undefined || (minContains === 0 && maxContains === undefined)) return
  notes.add(join(pointer, 'contains'), '`contains` is left out: which items must be there is not said.')
}

function limitOf(limit: unknown, fallback: number): number {
  return typeof limit === 'number' ? limit : fallback
}
