import { createHash } from 'node:crypto'
import { chunksOf } from '../../base/bytes/source.js'
import {
  Base64Text,
  Binary,
  isJsonObject,
  isJsonScalar,
  type JsonValue,
  scalarText,
} from '../../json/value.js'
import { quote } from '../../json/write.js'

/** JSON text that is the same for the same value: members sorted, no white space, numbers with the digits they came with. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (typeof value === 'string' || value instanceof Base64Text) return quote(String(value))
  if (value === undefined) return ''
  if (value instanceof Binary) return `sha256:${digestOf(value)}`
  if (isJsonScalar(value)) return scalarText(value)
  if (!isJsonObject(value)) return `[${value.map(canonicalJson).join()}]`
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
  return `{${members.map((name) => `${quote(name)}:${canonicalJson(value[name])}`).join()}}`
}

function digestOf({ content }: Binary): string {
  const hash = createHash('sha256')
  for (const chunk of chunksOf(content)) hash.update(chunk)
  return hash.digest('hex')
}
