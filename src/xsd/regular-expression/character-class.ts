import { blockRange } from './unicode-block.js'

/** What a class says of characters, as the schema writes it. */
export type ClassExpression =
  /** The characters of the inside of a JavaScript class: single ones, ranges and escapes. */
  | { readonly kind: 'members'; readonly inside: string }
  | { readonly kind: 'union'; readonly of: readonly ClassExpression[] }
  | { readonly kind: 'not'; readonly of: ClassExpression }
  | { readonly kind: 'without'; readonly of: ClassExpression; readonly subtracted: ClassExpression }

interface Read {
  readonly javaScript: string
  readonly expression: ClassExpression
  /** Index after what was read. */
  readonly end: number
}

const NAME_START = ':A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}' // prettier-ignore
const NAME_CHAR = `\\-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040${NAME_START}`
const NOT_NAME_START = '\\0-9;-@\\[-\\^`\\{-\\xBF\\xD7\\xF7\\u0300-\\u036F\\u037E\\u2000-\\u200B\\u200E-\\u206F\\u2190-\\u2BFF\\u2FF0-\\u3000\\uD800-\\uF8FF\\uFDD0-\\uFDEF\\uFFFE\\uFFFF\\u{F0000}-\\u{10FFFF}' // prettier-ignore
const NOT_NAME_CHAR = '\\0-,\\/;-@\\[-\\^`\\{-\\xB6\\xB8-\\xBF\\xD7\\xF7\\u037E\\u2000-\\u200B\\u200E-\\u203E\\u2041-\\u206F\\u2190-\\u2BFF\\u2FF0-\\u3000\\uD800-\\uF8FF\\uFDD0-\\uFDEF\\uFFFE\\uFFFF\\u{F0000}-\\u{10FFFF}' // prettier-ignore

/** Multi-character escapes as the inside of a JavaScript class (Part 2, appendix F.1.1). */
const multiple: Readonly<Record<string, string>> = {
  s: ' \\t\\n\\r',
  S: '\\0-\\x08\\x0B\\x0C\\x0E-\\x1F!-\\u{10FFFF}',
  i: NAME_START,
  I: NOT_NAME_START,
  c: NAME_CHAR,
  C: NOT_NAME_CHAR,
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
  W: '\\p{P}\\p{Z}\\p{C}',
}

/** The general categories that appendix F names; JavaScript knows more. */
const category = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/

/** Reads one escape or one class expression at an index; both stand for a single character. */
export function readClass(source: string, at: number): Read {
  if (source.charAt(at) === '[') return readExpression(source, at, 0)
  const { inside, character, end } = readEscape(source, at)
  const expression = { kind: 'members', inside } as const
  if (character === undefined) return { javaScript: `[${inside}]`, expression, end }
  return { javaScript: character === '-' ? '-' : inside, expression, end }
}

/** `[…]`, `[^…]`, `[…-[…]]`: a class taken from another is a look-ahead that forbids it. */
function readExpression(source: string, start: number, depth: number): Read {
  if (depth > 50) throw new SyntaxError('classes are nested too deep')
  let at = start + 1
  const negative = source.charAt(at) === '^'
  if (negative) at++
  let inside = ''
  let without = ''
  const members: ClassExpression[] = []
  let removed: ClassExpression | undefined
  for (;;) {
    const c = source.charAt(at)
    if (c === '') throw new SyntaxError('a class is not closed')
    if (c === ']') break
    if (c === '-' && source.charAt(at + 1) === '[' && inside !== '') {
      const subtracted = readExpression(source, at + 1, depth + 1)
      without = `(?!${subtracted.javaScript})`
      removed = subtracted.expression
      at = subtracted.end
      if (source.charAt(at) !== ']') throw new SyntaxError('a subtraction must end its class')
      break
    }
    const member = readMember(source, at)
    inside += member.javaScript
    members.push(member.expression)
    at = member.end
  }
  if (inside === '') throw new SyntaxError('a class is empty')
  const javaScript = `[${negative ? '^' : ''}${inside}]`
  const all: ClassExpression = { kind: 'union', of: members }
  const expression: ClassExpression = negative ? { kind: 'not', of: all } : all
  return {
    javaScript: without === '' ? javaScript : `(?:${without}${javaScript})`,
    expression: removed ? { kind: 'without', of: expression, subtracted: removed } : expression,
    end: at + 1,
  }
}

/** One character, escape or range inside of a class. */
function readMember(source: string, at: number): Read {
  const from = readCharacter(source, at)
  const next = source.charAt(from.end + 1)
  const isRange = source.charAt(from.end) === '-' && next !== ']' && next !== '[' && next !== ''
  if (!isRange || from.character === undefined) return member(from.inside, from.end)
  const to = readCharacter(source, from.end + 1)
  if (to.character === undefined) throw new SyntaxError('a range ends in a class')
  return member(`${from.inside}-${to.inside}`, to.end)
}

function member(inside: string, end: number): Read {
  return { javaScript: inside, expression: { kind: 'members', inside }, end }
}

interface Escape {
  /** Written so that it may stand inside of a JavaScript class. */
  readonly inside: string
  /** Present where it is one character. */
  readonly character?: string
  readonly end: number
}

function readCharacter(source: string, at: number): Escape {
  const c = source.charAt(at)
  if (c === '\\') return readEscape(source, at)
  if (c === '[') throw new SyntaxError('a "[" in a class must be escaped')
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  return { inside: quoted(character), character, end: at + character.length }
}

function readEscape(source: string, at: number): Escape {
  const c = source.charAt(at + 1)
  const end = at + 2
  if (c === 'p' || c === 'P') return readProperty(source, at)
  const known = multiple[c]
  if (known !== undefined) return { inside: known, end }
  if (c === 'n' || c === 'r' || c === 't') return { inside: `\\${c}`, character: `\\${c}`, end }
  if (c === '' || /[\p{L}\p{N}]/u.test(c)) throw new SyntaxError(`the escape \\${c} is unknown`)
  return { inside: quoted(c), character: c, end }
}

function readProperty(source: string, at: number): Escape {
  const match = /^\\[pP]\{([A-Za-z0-9-]+)\}/.exec(source.slice(at, at + 60))
  const name = match?.[1]
  if (!match || name === undefined) throw new SyntaxError('a category escape is not \\p{…}')
  const end = at + match[0].length
  const complement = source.charAt(at + 1) === 'P'
  if (category.test(name)) return { inside: `\\${complement ? 'P' : 'p'}{${name}}`, end }
  const range = name.startsWith('Is') ? blockRange(name.slice(2)) : undefined
  if (!range) throw new SyntaxError(`the category or block ${name} is unknown`)
  const [first, last] = range
  if (!complement) return { inside: `${hex(first)}-${hex(last)}`, end }
  const below = first > 0 ? `\\0-${hex(first - 1)}` : ''
  return { inside: `${below}${hex(last + 1)}-\\u{10FFFF}`, end }
}

function quoted(character: string): string {
  return /^[\^$\\.*+?()[\]{}|/-]$/.test(character) ? `\\${character}` : character
}

function hex(code: number): string {
  return `\\u{${code.toString(16).toUpperCase()}}`
}
