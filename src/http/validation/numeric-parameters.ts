import type { Violation } from '../../base/errors.js'
import { isObject } from '../../openapi/document.js'
import type { OpenApiParameter } from '../../openapi/operations.js'
import type { RequestInput } from './request-input.js'

const LEXICAL: Readonly<Record<string, RegExp>> = {
  integer: /^-?[0-9]+$/,
  number: /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/,
}

/** Of the largest double, which has 309. */
const MOST_DIGITS = 308

/**
 * Judges how numbers in parameters are written. The validator takes whatever JavaScript converts to a number:
 * `0x10`, `1e3` for an integer, blanks. What is past the largest double it takes for infinite, and compares with no bound.
 */
export function numericViolations(parameter: OpenApiParameter, input: RequestInput): readonly Violation[] {
  const schema = parameter.schema.value
  const type = isObject(schema) ? schema.type : undefined
  const lexical = typeof type === 'string' ? LEXICAL[type] : undefined
  if (!lexical) return []
  const value = valueOf(parameter, input)
  if (typeof value !== 'string') return []
  const isRead = lexical.test(value)
  if (isRead && Number.isFinite(Number(value))) return []
  const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name
  return [
    {
      pointer: `${parameter.in}/${name}`,
      detail: isRead ? `must have at most ${MOST_DIGITS} digits` : `must be ${String(type)}`,
    },
  ]
}

function valueOf(parameter: OpenApiParameter, input: RequestInput): string | readonly string[] | undefined {
  if (parameter.in === 'path') return input.path[parameter.name]
  return parameter.in === 'query' ? input.query[parameter.name] : input.headers[parameter.name.toLowerCase()]
}
