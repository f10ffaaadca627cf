import { isObject, type OpenApiObject } from '../document.js'
import { join } from '../pointer.js'
import { writeItems } from './arrays.js'
import { writeCombinations } from './combinations.js'
import { writeContent } from './content.js'
import type { Conversion } from './conversion.js'
import { CONDITIONAL, KEPT, REWRITTEN, SILENT, WIDENING } from './keywords.js'
import { writeLimits } from './limits.js'
import type { Notes } from './notes.js'
import { writeProperties } from './objects.js'
import type { Schema30 } from './schema30.js'
import { nothing, writeTypes } from './types.js'

/**
 * The Schema Object of OpenAPI 3.0 for a JSON Schema of 3.1. Every value that fits the one fits the other; where 3.0 cannot
 * say all of it, more values do, and a note says so.
 */
export function schema30(schema: unknown, pointer: string, conversion: Conversion): Schema30 {
  if (schema === false) return nothing()
  if (!isObject(schema)) return {}
  const out: Schema30 = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (KEPT.has(keyword) || keyword.startsWith('x-')) out[keyword] = value
  }
  writeLimits(schema, out)
  writeContent(schema, pointer, out, conversion.notes)
  writeItems(schema, pointer, out, conversion)
  writeProperties(schema, pointer, out, conversion)
  writeTypes(schema, out)
  writeCombinations(schema, pointer, out, conversion)
  writeExample(schema, pointer, out, conversion.notes)
  reportLost(schema, pointer, conversion.notes)
  return bare(out)
}

function writeExample(schema: OpenApiObject, pointer: string, out: Schema30, notes: Notes): void {
  const examples: readonly unknown[] = Array.isArray(schema.examples) ? schema.examples : []
  const [first] = examples
  if (schema.example !== undefined) out.example = schema.example
  else if (examples.length > 0) out.example = first
  if (examples.length > 1) {
    notes.add(join(pointer, 'examples'), 'Only the first example is kept: a schema has one.')
  }
}

function reportLost(schema: OpenApiObject, pointer: string, notes: Notes): void {
  for (const keyword of Object.keys(schema)) {
    const loss = WIDENING.get(keyword)
    if (loss !== undefined) notes.add(join(pointer, keyword), `\`${keyword}\` is left out: ${loss}.`)
    else if (!isKnown(keyword)) {
      notes.add(join(pointer, keyword), `\`${keyword}\` is left out: it is not a keyword of OpenAPI 3.0.`)
    }
  }
}

function isKnown(keyword: string): boolean {
  const isNamed = [KEPT, REWRITTEN, SILENT, CONDITIONAL].some((keywords) => keywords.has(keyword))
  return isNamed || keyword.startsWith('x-')
}

/** A reference that nothing stands beside needs no `allOf`. */
function bare(out: Schema30): Schema30 {
  const { allOf } = out
  if (!Array.isArray(allOf) || allOf.length !== 1 || Object.keys(out).length > 1) return out
  const only: unknown = allOf[0]
  return isObject(only) ? { ...only } : out
}
