/** A set of code points: first and last of each range in turn, ascending, neither touching nor overlapping. */
export type CodePoints = readonly number[]

export const LAST_CODE_POINT = 0x10ffff

/** Characters of one place of a pattern. What they are is found out when it is first asked for. */
export class CharacterSet {
  #points: CodePoints | undefined
  readonly #find: () => CodePoints

  constructor(find: () => CodePoints) {
    this.#find = find
  }

  get points(): CodePoints {
    return (this.#points ??= this.#find())
  }
}

/** @param ranges first and last of each range in turn, in any order */
export function union(ranges: CodePoints): CodePoints {
  const pairs: [number, number][] = []
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0])
  pairs.sort(([a], [b]) => a - b)
  const merged: number[] = []
  for (const [first, last] of pairs) {
    const end = merged.at(-1)
    if (end === undefined || first > end + 1) merged.push(first, last)
    else merged[merged.length - 1] = Math.max(end, last)
  }
  return merged
}

export function complement(points: CodePoints): CodePoints {
  const others: number[] = []
  let from = 0
  for (let i = 0; i < points.length; i += 2) {
    const first = points[i] ?? 0
    if (first > from) others.push(from, first - 1)
    from = (points[i + 1] ?? 0) + 1
  }
  if (from <= LAST_CODE_POINT) others.push(from, LAST_CODE_POINT)
  return others
}

export function intersection(a: CodePoints, b: CodePoints): CodePoints {
  const both: number[] = []
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    const first = Math.max(a[i] ?? 0, b[k] ?? 0)
    const [endOfA, endOfB] = [a[i + 1] ?? 0, b[k + 1] ?? 0]
    const last = Math.min(endOfA, endOfB)
    if (first <= last) both.push(first, last)
    if (endOfA <= endOfB) i += 2
    if (endOfB <= endOfA) k += 2
  }
  return both
}

const known = new Map<string, CodePoints>()

/** The characters that JavaScript takes an escape for, such as `\p{L}` (ECMA-262, 22.2.1). */
export function escapedCharacters(escape: string): CodePoints {
  let points = known.get(escape)
  if (points === undefined) {
    points = search(escape)
    known.set(escape, points)
  }
  return points
}

/** Stretches in whose order low surrogates never follow high ones, so that each is a character of its own. */
const STRETCHES = [
  [0, 0xdbff],
  [0xdc00, 0xffff],
  [0x10000, 0x4ffff],
  [0xe0000, LAST_CODE_POINT],
] as const
const PLANE = 0x10000
const CHUNK = 0x8000

function search(escape: string): CodePoints {
  const expression = new RegExp(`(?:${escape})+`, 'gu')
  const ranges: number[] = []
  for (const [from, to] of STRETCHES) {
    const units = from > 0xffff ? 2 : 1
    for (let first = from; first <= to; first += CHUNK) {
      for (const { 0: found, index } of textOf(first, Math.min(first + CHUNK - 1, to)).matchAll(expression)) {
        const start = first + index / units
        const end = start + found.length / units - 1
        ranges.push(start, end)
        // Unicode has assigned nothing in these planes: what holds in the first holds in all.
        if (start >> 16 !== 4) continue
        for (let plane = 1; plane < 10; plane++) ranges.push(start + plane * PLANE, end + plane * PLANE)
      }
    }
  }
  return union(ranges)
}

/** The characters from one to another. */
function textOf(first: number, last: number): string {
  const units = new Uint16Array((last - first + 1) * (first > 0xffff ? 2 : 1))
  let at = 0
  for (let point = first; point <= last; point++) {
    if (point > 0xffff) units[at++] = 0xd800 + ((point - 0x10000) >> 10)
    units[at++] = point > 0xffff ? 0xdc00 + ((point - 0x10000) & 0x3ff) : point
  }
  return Buffer.from(units.buffer).toString('utf16le')
}
