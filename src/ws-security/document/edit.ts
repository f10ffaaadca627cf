/** A stretch of a text, and what takes its place. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @param edits in any order; what lies within another plays no part */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = ''
  let p = 0
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start)) {
    if (start < p) continue
    result += text.slice(p, start) + replacement
    p = end
  }
  return result + text.slice(p)
}
