import { ExactNumber } from './value.js'

/** A value that `JSON.stringify` writes without rounding: numbers that a double cannot hold are strings. */
export function plain(value: unknown): unknown {
  if (value instanceof ExactNumber) return value.source
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
