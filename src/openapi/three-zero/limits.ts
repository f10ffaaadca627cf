import type { OpenApiObject } from '../document.js'
import type { Schema30 } from './schema30.js'

/** Limits that exclude themselves are numbers in 3.1, and marks on `minimum` and `maximum` in 3.0. */
export function writeLimits(schema: OpenApiObject, out: Schema30): void {
  write(out, schema, { limit: 'minimum', exclusive: 'exclusiveMinimum', isTighter: (a, b) => a > b })
  write(out, schema, { limit: 'maximum', exclusive: 'exclusiveMaximum', isTighter: (a, b) => a < b })
}

interface Side {
  readonly limit: 'minimum' | 'maximum'
  readonly exclusive: 'exclusiveMinimum' | 'exclusiveMaximum'
  readonly isTighter: (a: number, b: number) => boolean
}

function write(out: Schema30, schema: OpenApiObject, { limit, exclusive, isTighter }: Side): void {
  const inclusiveLimit = schema[limit]
  const exclusiveLimit = schema[exclusive]
  if (typeof inclusiveLimit === 'number') out[limit] = inclusiveLimit
  if (typeof exclusiveLimit !== 'number') return
  if (typeof inclusiveLimit === 'number' && isTighter(inclusiveLimit, exclusiveLimit)) return
  out[limit] = exclusiveLimit
  out[exclusive] = true
}
