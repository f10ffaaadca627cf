import type { Document, LineCounter, Pair, YAMLError } from 'yaml'
import { yamlLibrary } from './library.js'

/** 1-based. */
interface Place {
  readonly line: number
  readonly col: number
}

/** What is wrong with a text that is meant to be YAML. */
export interface YamlMistake {
  readonly message: string
  readonly at: Place
  /** Other places that belong to it. */
  readonly related: readonly { readonly message: string; readonly at: Place }[]
}

/**
 * Finds what a person has to mend: of what the parser complains of, the first is the cause, and what follows is told as a
 * number. Keys that stand twice are reported each, with both places.
 *
 * @param document parsed without a look for keys that stand twice
 */
export function yamlMistakes(text: string, document: Document, lines: LineCounter): readonly YamlMistake[] {
  const [first, ...others] = document.errors
  if (!first) return duplicateKeys(document, lines)
  const cause =
    quoteThatStaysOpen(document, lines, first) ?? indentationOf(text, first, lines) ?? asSaid(first, lines)
  if (others.length === 0) return [cause]
  const more = others.length === 1 ? 'One more complaint follows' : `${others.length} more complaints follow`
  return [{ ...cause, message: `${cause.message} ${more} from it, or can be seen once it is mended.` }]
}

function duplicateKeys(document: Document, lines: LineCounter): readonly YamlMistake[] {
  const { isScalar, visit } = yamlLibrary()
  const mistakes: YamlMistake[] = []
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Map<string, Pair>()
      for (const pair of items) {
        const { key } = pair
        if (!isScalar(key) || key.value === '<<') continue
        const name = String(key.value)
        const before = seen.get(name)
        if (!before) {
          seen.set(name, pair)
          continue
        }
        mistakes.push({
          message: `The key ${name} stands twice in one map, and only one can count: remove one, or rename it.`,
          at: placeOf(key, lines),
          related: [{ message: 'it stands here first', at: placeOf(before.key, lines) }],
        })
      }
    },
  })
  return mistakes
}

function placeOf(node: unknown, lines: LineCounter): Place {
  const { isScalar } = yamlLibrary()
  return lines.linePos(isScalar(node) ? (node.range?.[0] ?? 0) : 0)
}

/** A quoted text that runs over the end of its line, up to where the parser stumbles. */
function quoteThatStaysOpen(
  document: Document,
  lines: LineCounter,
  error: YAMLError,
): YamlMistake | undefined {
  const { Scalar, visit } = yamlLibrary()
  const stumbled = lines.linePos(error.pos[0]).line
  let found: Place | undefined
  visit(document, {
    Scalar: (_key, { type, range }) => {
      if (found || !range || (type !== Scalar.QUOTE_SINGLE && type !== Scalar.QUOTE_DOUBLE)) return undefined
      const begin = lines.linePos(range[0])
      const end = lines.linePos(range[1])
      const isAtError = begin.line <= stumbled && end.line + 1 >= stumbled
      if (end.line > begin.line && isAtError) found = begin
      return found ? visit.BREAK : undefined
    },
  })
  if (!found) return undefined
  const message =
    'The quotation mark that opens here is closed on a later line: is one missing at the end of this text?'
  return { message, at: found, related: [] }
}

interface Line {
  readonly number: number
  readonly indent: number
  readonly text: string
}

/** A line of a block whose indentation fits neither those beside it nor those above it. */
function indentationOf(text: string, error: YAMLError, lines: LineCounter): YamlMistake | undefined {
  const stumbled = lines.linePos(error.pos[0])
  const all = text.split(/\r?\n/)
  const tab = /^ *\t/.exec(all[stumbled.line - 1] ?? '')
  if (tab) {
    const message = 'The line is indented with a tab; YAML takes blanks alone: replace it.'
    return { message, at: { line: stumbled.line, col: tab[0].length }, related: [] }
  }
  const levels: Line[] = []
  let before: Line | undefined
  let previous: Line | undefined
  for (const line of blockLines(all)) {
    const misfit = misfitOf(line, previous, levels)
    if (misfit) {
      // What stands much later is a mistake of its own.
      return line.number > stumbled.line + 1 ? undefined : explained(misfit, all, before)
    }
    while ((levels.at(-1)?.indent ?? -1) > line.indent) levels.pop()
    if (levels.at(-1)?.indent !== line.indent) levels.push(line)
    before = previous
    previous = line
  }
  return undefined
}

interface Misfit {
  readonly line: Line
  /** The line that it disagrees with. */
  readonly other: Line
}

function misfitOf(line: Line, previous: Line | undefined, levels: readonly Line[]): Misfit | undefined {
  if (!previous) return undefined
  if (line.indent > previous.indent) {
    return /^[^#]{0,9999}:\s{1,99}[^\s#&!|>{['"]/.test(previous.text) &&
      /^\s*[^\s#][^#]*?:(?:\s|$)/.test(line.text)
      ? { line, other: previous }
      : undefined
  }
  if (levels.some(({ indent }) => indent === line.indent)) return undefined
  const above = levels.find(({ indent }) => indent > line.indent)
  return above && { line, other: above }
}

/** Of two lines that disagree, the one that is alone with its indentation is the wrong one. */
function explained({ line, other }: Misfit, all: readonly string[], before: Line | undefined): YamlMistake {
  const isOtherAlone = before?.indent === line.indent || siblings(other, all) < siblings(line, all)
  const [wrong, right] = isOtherAlone ? [other, line] : [line, other]
  return {
    message: `The line is indented by ${wrong.indent}, the keys beside it by ${right.indent}: keys of one map begin in the same column.`,
    at: { line: wrong.number, col: wrong.indent + 1 },
    related: [{ message: 'a key beside it', at: { line: right.number, col: right.indent + 1 } }],
  }
}

/** How many lines of the block around a line are indented like it. */
function siblings({ number, indent }: Line, all: readonly string[]): number {
  let count = 0
  for (const step of [-1, 1]) {
    for (let at = number - 1 + step; at >= 0 && at < all.length; at += step) {
      const text = all[at] ?? ''
      if (text.trim() === '') continue
      const own = text.length - text.trimStart().length
      if (own < indent) break
      if (own === indent) count++
    }
  }
  return count
}

/** The lines that begin an entry: no comments, and nothing of what stands in block scalars. */
function* blockLines(all: readonly string[]): Generator<Line, void> {
  let scalarAbove: number | undefined
  for (const [index, text] of all.entries()) {
    if (text.trim() === '') continue
    const lead = text.length - text.trimStart().length
    if (scalarAbove !== undefined && lead > scalarAbove) continue
    scalarAbove = undefined
    if (/^\s*#/.test(text)) continue
    // The first key of a list's item stands behind the dash.
    const indent = lead + (/^(?:-\s+)+/.exec(text.trimStart())?.[0].length ?? 0)
    yield { number: index + 1, indent, text }
    if (/[|>][+-]?\d?\s*(?:#.*)?$/.test(text)) scalarAbove = lead
  }
}

const WORDS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'A key stands where a value of one line was begun: is the line above, or this one, indented wrongly?',
  MULTILINE_IMPLICIT_KEY:
    'The text goes on in a line that looks like a key: is one of both indented wrongly?',
  BAD_INDENT: 'The line does not begin in the column of the keys beside it.',
  TAB_AS_INDENT: 'The line is indented with a tab; YAML takes blanks alone: replace it.',
  MISSING_CHAR: 'A colon, a comma, a bracket or a quotation mark is missing before this place.',
}

function asSaid(error: YAMLError, lines: LineCounter): YamlMistake {
  const said = (error.message.split('\n')[0] ?? error.code).replace(/ at line \d+, column \d+:?$/, '')
  const message = WORDS[error.code] ?? `${said}.`
  return { message, at: lines.linePos(error.pos[0]), related: [] }
}
