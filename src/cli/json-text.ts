import { ExactNumber, type JsonObject, type JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'

/** Writes JSON with every digit, indented for people. */
export function jsonText(value: JsonValue, indent = ''): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) return String(value)
  const inner = `${indent}  `
  const lines = isArray(value)
    ? value.map((item) => jsonText(item, inner))
    : membersOf(value).map(([name, member]) => `${quote(name)}: ${jsonText(member, inner)}`)
  const [open, close] = isArray(value) ? ['[', ']'] : ['{', '}']
  if (lines.length === 0) return open + close
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`
}

function isArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function membersOf(object: JsonObject): [string, JsonValue][] {
  return Object.entries(object).flatMap(([name, member]) => (member === undefined ? [] : [[name, member]]))
}
