import { jsonLine } from '../json/text.js'
import { isJsonObject, type JsonValue } from '../json/value.js'

/** The largest list of a value, by the members that lead to it. */
interface LongList {
  readonly path: readonly string[]
  readonly items: readonly JsonValue[]
}

/** A part of a long answer. */
export interface Part {
  readonly value: JsonValue
  /** The value as JSON. */
  readonly text: string
  /** Items that are in it: the first, and the one after the last, of all that there are; 0 where nothing was cut. */
  readonly from: number
  readonly to: number
  readonly total: number
}

/**
 * Takes as many items of the longest list of a value as fit a limit.
 *
 * @param from the first item, 0-based
 * @param maxBytes of the value as JSON
 * @param text the value as JSON, where it is known already
 * @returns the whole where it fits; undefined where there is no list, or not even one item fits
 */
export function partOf(
  value: JsonValue,
  from: number,
  maxBytes: number,
  text = jsonLine(value),
): Part | undefined {
  const size = Buffer.byteLength(text)
  // What fits is not looked through.
  if (size <= maxBytes && from === 0) return { value, text, from: 0, to: 0, total: 0 }
  const list = longestList(value)
  const total = list?.items.length ?? 0
  if (!list) return undefined
  const sizes = list.items.map((item) => bytesIn(item) + 1)
  let left = maxBytes - (size - sizes.reduce((sum, each) => sum + each, 0))
  let to = from
  while (to < total && (sizes[to] ?? 0) <= left) left -= sizes[to++] ?? 0
  if (to === from && from < total) return undefined
  const part = replaced(value, list.path, list.items.slice(from, to))
  return { value: part, text: jsonLine(part), from, to, total }
}

function bytesIn(value: JsonValue): number {
  return Buffer.byteLength(jsonLine(value))
}

/** How deep lists are looked for: those of a page stand near the root. */
const DEEPEST = 4

function longestList(value: JsonValue, path: readonly string[] = []): LongList | undefined {
  if (Array.isArray(value)) return { path, items: value as readonly JsonValue[] }
  if (!isJsonObject(value) || path.length >= DEEPEST) return undefined
  let longest: (LongList & { readonly bytes: number }) | undefined
  for (const [name, member = null] of Object.entries(value)) {
    const list = longestList(member, [...path, name])
    if (!list) continue
    const bytes = bytesIn(list.items)
    if (!longest || bytes > longest.bytes) longest = { ...list, bytes }
  }
  return longest
}

function replaced(value: JsonValue, path: readonly string[], items: readonly JsonValue[]): JsonValue {
  const [name, ...rest] = path
  if (name === undefined) return items
  if (!isJsonObject(value)) return value
  return { ...value, [name]: replaced(value[name] ?? null, rest, items) }
}
