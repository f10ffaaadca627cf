/** Parts of foreign texts, each in time that is linear in the text: `replace(/x+$/, '')` takes its square. */

/** A text without the given characters at its end. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** A text without the given characters at either end. */
export function trimmedOf(text: string, characters: string): string {
  let start = 0
  while (start < text.length && characters.includes(text.charAt(start))) start += 1
  return withoutTrailing(text.slice(start), characters)
}

/** What precedes the first of the given delimiters; all of a text that has none. */
export function upTo(text: string, ...delimiters: readonly string[]): string {
  let end = text.length
  for (const delimiter of delimiters) {
    const at = text.indexOf(delimiter)
    if (at !== -1 && at < end) end = at
  }
  return text.slice(0, end)
}
