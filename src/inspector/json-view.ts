import { Binary, ExactNumber, isJsonScalar, type JsonValue, scalarText } from '../json/value.js'
import type { Disclosure, JsonView } from './view.js'

/** Texts that are longer are cut: a page is for looking at. */
const LONGEST_TEXT = 2_000

export function jsonView(value: JsonValue, disclosure: Disclosure): JsonView {
  if (value === null) return { kind: 'null' }
  if (Array.isArray(value)) {
    return { kind: 'array', items: (value as readonly JsonValue[]).map((item) => jsonView(item, disclosure)) }
  }
  if (!isJsonScalar(value)) {
    const members = Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[name, jsonView(member, disclosure)] as const],
    )
    return { kind: 'object', members }
  }
  const text = shownText(scalarText(value), disclosure)
  if (typeof value === 'boolean') return { kind: 'boolean', ...text }
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber) {
    return { kind: 'number', ...text }
  }
  if (value instanceof Binary)
    return { kind: 'string', ...shownText(`${value.byteLength} bytes`, disclosure) }
  return { kind: 'string', ...text }
}

/** @returns nothing where values are not shown */
export function shownText(text: string, { values }: Disclosure): { readonly text?: string } {
  if (!values) return {}
  return { text: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text }
}
