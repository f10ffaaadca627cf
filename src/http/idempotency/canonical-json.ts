import { hash } from 'node:crypto'
import { Binary, isJsonObject, isJsonScalar, type JsonValue, scalarText } from '../../json/value.js'
import { quote } from '../../json/write.js'

/** JSON text that is the same for the same value: members sorted, no white space, numbers with the digits they came with. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (typeof value === 'string') return quote(value)
  if (value === undefined) return ''
  if (value instanceof Binary) return `sha256:${hash('sha256', value.bytes, 'hex')}`
  if (isJsonScalar(value)) return scalarText(value)
  if (!isJsonObject(value)) return `[${value.map(canonicalJson).join()}]`
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
  return `{${members.map((name) => `${quote(name)}:${canonicalJson(value[name])}`).join()}}`
}
