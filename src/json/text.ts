import { Base64Text, Binary, isJsonScalar, type JsonObject, type JsonValue, scalarText } from './value.js'
import { quote } from './write.js'

/** Writes JSON with every digit, in as few characters as it takes. */
export function jsonLine(value: JsonValue): string {
  if (typeof value === 'string' || value instanceof Binary || value instanceof Base64Text)
    return quote(String(value))
  if (isJsonScalar(value)) return scalarText(value)
  if (isArray(value)) return `[${value.map(jsonLine).join()}]`
  return `{${membersOf(value)
    .map(([name, member]) => `${quote(name)}:${jsonLine(member)}`)
    .join()}}`
}

/** Writes JSON with every digit, indented for people. */
export function jsonText(value: JsonValue, indent = ''): string {
  if (isJsonScalar(value)) return jsonLine(value)
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
