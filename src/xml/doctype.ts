/**
 * Blanks out the document type declaration (XML 1.0, section 2.8), lines kept, so that whatever reads on never
 * meets an entity declaration.
 *
 * @returns the text, and where the declaration began; one that does not end is left for the reader to refuse
 */
export function withoutDoctype(text: string): { markup: string; doctypeAt?: number } {
  const start = endOfProlog(text)
  if (!text.startsWith('<!DOCTYPE', start)) return { markup: text }
  const end = endOfDoctype(text, start)
  if (end < 0) return { markup: text, doctypeAt: start }
  const blank = text.slice(start, end).replace(/[^\r\n]/g, ' ')
  return { markup: text.slice(0, start) + blank + text.slice(end), doctypeAt: start }
}

function endOfProlog(text: string): number {
  let i = 0
  for (;;) {
    while (i < text.length && /[ \t\n\r\uFEFF]/.test(text.charAt(i))) i++
    const close = text.startsWith('<?', i) ? '?>' : text.startsWith('<!--', i) ? '-->' : undefined
    if (close === undefined) return i
    const end = text.indexOf(close, i + 2)
    if (end < 0) return i
    i = end + close.length
  }
}

function endOfDoctype(text: string, start: number): number {
  let depth = 0
  let i = start
  while (i < text.length) {
    const skipped = skip(text, i)
    if (skipped < 0) return -1
    if (skipped > i) {
      i = skipped
      continue
    }
    const c = text.charAt(i++)
    if (c === '<') depth++
    else if (c === '>' && --depth === 0) return i
  }
  return -1
}

/** Past a literal, a comment or a processing instruction that begins here; -1 when it does not end. */
function skip(text: string, i: number): number {
  const c = text.charAt(i)
  const close =
    c === '"' || c === "'"
      ? c
      : text.startsWith('<!--', i)
        ? '-->'
        : text.startsWith('<?', i)
          ? '?>'
          : undefined
  if (close === undefined) return i
  const end = text.indexOf(close, i + (close.length === 1 ? 1 : 2))
  return end < 0 ? -1 : end + close.length
}
