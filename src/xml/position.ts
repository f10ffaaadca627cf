import type { SourceLocation } from '../base/diagnostic/diagnostic.js'

/** Turns an index into a text into its line and column; asked in rising order it costs next to nothing. */
export function positions(text: string, file: string): (index: number) => SourceLocation {
  let line = 1
  let lineStart = 0
  let lineEnd = endOfLine(text, 0)
  return (index) => {
    if (index < lineStart) {
      line = 1
      lineStart = 0
      lineEnd = endOfLine(text, 0)
    }
    while (index >= lineEnd && lineEnd < text.length) {
      line++
      lineStart = lineEnd
      lineEnd = endOfLine(text, lineStart)
    }
    return { file, line, column: index - lineStart + 1 }
  }
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline < 0 ? text.length : newline + 1
}
