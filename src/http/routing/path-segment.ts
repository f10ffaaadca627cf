/** One segment of a path template: texts around parameters, `{from}-{to}.csv`. */
export interface SegmentPattern {
  readonly names: readonly string[]
  /** Percent-decoded; one more than names. */
  readonly texts: readonly string[]
  readonly textLength: number
  /** @returns the values of the parameters, none of them empty */
  match(segment: string): readonly string[] | undefined
}

/** @param template without slashes (OpenAPI 3.1, section 4.8.2: path templating) */
export function compileSegment(template: string): SegmentPattern {
  const parts = template.split(/\{([^{}]*)\}/)
  const names = parts.filter((_, index) => index % 2 === 1)
  const texts = parts.filter((_, index) => index % 2 === 0).map((text) => decodeURIComponent(text))
  return {
    names,
    texts,
    textLength: texts.reduce((sum, text) => sum + text.length, 0),
    match: (segment) => matchTexts(segment, texts),
  }
}

/** Each parameter ends at the first place where the next text begins, the last one at the end. */
function matchTexts(segment: string, texts: readonly string[]): readonly string[] | undefined {
  const first = texts[0] ?? ''
  if (!segment.startsWith(first)) return undefined
  const values: string[] = []
  let from = first.length
  for (let index = 1; index < texts.length; index += 1) {
    const text = texts[index] ?? ''
    const isLast = index === texts.length - 1
    const end = isLast ? segment.length - text.length : segment.indexOf(text, from + 1)
    if (end <= from || (isLast && !segment.endsWith(text))) return undefined
    values.push(segment.slice(from, end))
    from = end + text.length
  }
  return values
}
