import {
  CharacterSet,
  type CodePoints,
  complement,
  escapedCharacters,
  intersection,
  LAST_CODE_POINT,
  union,
} from './characters.js'

/** A regular expression of ECMA-262 with the flag `u` as a tree. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly least: number; readonly most: number }
  | { readonly kind: 'place'; readonly place: Place; readonly negative: boolean }
  | {
      readonly kind: 'look'
      readonly behind: boolean
      readonly negative: boolean
      readonly body: PatternNode
    }

/** Where a text begins or ends, or a word does. */
export type Place = 'start' | 'end' | 'boundary'

/**
 * Reads a regular expression. Which group captured what is not kept: it does not matter to whether a text matches.
 *
 * @param source what `new RegExp(source, 'u')` takes
 * @throws SyntaxError where it is not a regular expression in the mathematical sense: it refers back to what a group
 *   captured; and where it has syntax that came after ECMA-262 of 2024
 */
export function parsePattern(source: string): PatternNode {
  return new Parser(source).choice()
}

const MOST_NESTED = 200
const DIGIT: CodePoints = [0x30, 0x39]
const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
/** White space and line terminators (ECMA-262, 12.2 and 12.3). */
const SPACE: CodePoints = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
]
/** All but line terminators. */
const DOT = complement([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029])
const CLASSES: Readonly<Record<string, CodePoints>> = { d: DIGIT, s: SPACE, w: WORD }
const CONTROLS: Readonly<Record<string, number>> = { f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b, '0': 0 }

export const wordCharacters = new CharacterSet(() => WORD)

class Parser {
  #at = 0
  #depth = 0

  constructor(private readonly source: string) {}

  choice(): PatternNode {
    if (++this.#depth > MOST_NESTED) throw new SyntaxError('its groups are nested too deep')
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    this.#depth--
    return one(options) ?? { kind: 'choice', options }
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = []
    while (this.#at < this.source.length && !this.#sees('|') && !this.#sees(')')) {
      const part = this.#quantified(this.#atom())
      const narrowed = restrict(parts.at(-1), part)
      if (narrowed) parts[parts.length - 1] = narrowed
      else parts.push(part)
    }
    return one(parts) ?? { kind: 'sequence', parts }
  }

  #atom(): PatternNode {
    if (this.#take('^')) return { kind: 'place', place: 'start', negative: false }
    if (this.#take('$')) return { kind: 'place', place: 'end', negative: false }
    if (this.#take('\\b')) return { kind: 'place', place: 'boundary', negative: false }
    if (this.#take('\\B')) return { kind: 'place', place: 'boundary', negative: true }
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return setOf(this.#class())
    if (this.#take('.')) return setOf(() => DOT)
    if (this.#sees('\\')) {
      const escaped = this.#classEscape()
      if (escaped) return setOf(escaped)
    }
    const character = this.#character()
    return setOf(() => [character, character])
  }

  #group(): PatternNode {
    const look = LOOKS.find(([opening]) => this.#take(opening))
    if (!look) {
      if (this.#take('?<')) this.#at = this.source.indexOf('>', this.#at) + 1
      else if (this.#sees('?') && !this.#take('?:'))
        throw new SyntaxError('it has a group of an unknown kind')
    }
    const body = this.choice()
    this.#at++
    return look ? { kind: 'look', behind: look[1], negative: look[2], body } : body
  }

  #quantified(body: PatternNode): PatternNode {
    const [written, bounds] = this.#find(QUANTIFIER) ?? []
    if (written === undefined) return body
    this.#at += written.length
    this.#take('?')
    const [least, most] = (bounds ?? '').split(',')
    if (bounds === undefined) {
      return { kind: 'repeat', body, least: written === '+' ? 1 : 0, most: written === '?' ? 1 : Infinity }
    }
    return {
      kind: 'repeat',
      body,
      least: Number(least),
      most: Number(most === '' ? Infinity : (most ?? least)),
    }
  }

  /** A class after its bracket. */
  #class(): () => CodePoints {
    const negative = this.#take('^')
    const members: (() => CodePoints)[] = []
    while (!this.#take(']')) {
      if (this.#at >= this.source.length) throw new SyntaxError('it has a class that is not closed')
      members.push(this.#member())
    }
    return () => {
      const points = union(members.flatMap((member) => member()))
      return negative ? complement(points) : points
    }
  }

  #member(): () => CodePoints {
    const escaped = this.#classEscape()
    if (escaped) return escaped
    const first = this.#character()
    if (!this.#sees('-') || this.source.charAt(this.#at + 1) === ']') return () => [first, first]
    this.#at++
    const last = this.#character()
    return () => [first, last]
  }

  /** An escape that stands for several characters. */
  #classEscape(): (() => CodePoints) | undefined {
    const [escape, letter = ''] = this.#find(CLASS_ESCAPE) ?? []
    if (escape === undefined) return undefined
    this.#at += escape.length
    const points = CLASSES[letter.toLowerCase()]
    if (!points) return () => escapedCharacters(escape)
    return letter === letter.toLowerCase() ? () => points : () => complement(points)
  }

  /** One character, written as itself or by an escape. */
  #character(): number {
    const point = this.source.codePointAt(this.#at)
    if (point === undefined) throw new SyntaxError('it ends too early')
    this.#at += point > 0xffff ? 2 : 1
    if (point !== BACKSLASH) return point
    const [pair, high, low] = this.#find(PAIR) ?? []
    if (pair !== undefined) {
      this.#at += pair.length
      return 0x10000 + ((hex(high) - 0xd800) << 10) + (hex(low) - 0xdc00)
    }
    const [code] = this.#find(CODE) ?? []
    if (code !== undefined) {
      this.#at += code.length
      return hex(code.replace(/[ux{}]/g, ''))
    }
    const letter = this.source.charAt(this.#at)
    if (/[1-9k]/.test(letter)) throw new SyntaxError('it refers back to a group')
    if (letter === 'c') {
      this.#at += 2
      return this.source.charCodeAt(this.#at - 1) % 32
    }
    this.#at++
    // In a class, `\b` is a backspace.
    return letter === 'b' ? 0x08 : (CONTROLS[letter] ?? letter.charCodeAt(0))
  }

  /** @param expression a sticky one */
  #find(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    return expression.exec(this.source)
  }

  #sees(text: string): boolean {
    return this.source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    const found = this.#sees(text)
    if (found) this.#at += text.length
    return found
  }
}

const BACKSLASH = 0x5c
const QUANTIFIER = /[*+?]|\{(\d+(?:,\d*)?)\}/y
const CLASS_ESCAPE = /\\([dDwWsS]|[pP]\{[^}]*\})/y
const PAIR = /u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/iy
const CODE = /u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}/iy

/** How look-around is opened; whether it looks behind; whether it is negative. */
const LOOKS = [
  ['?=', false, false],
  ['?!', false, true],
  ['?<=', true, false],
  ['?<!', true, true],
] as const

function hex(digits: string | undefined): number {
  return Math.min(parseInt(digits ?? '', 16), LAST_CODE_POINT)
}

function one(nodes: readonly PatternNode[]): PatternNode | undefined {
  return nodes.length === 1 ? nodes[0] : undefined
}

function setOf(find: () => CodePoints): PatternNode {
  return { kind: 'set', set: new CharacterSet(find) }
}

/** `(?![aeiou])[a-z]` is a set like any other: so a class taken from another is written. */
function restrict(look: PatternNode | undefined, node: PatternNode): PatternNode | undefined {
  if (look?.kind !== 'look' || look.behind || look.body.kind !== 'set' || node.kind !== 'set')
    return undefined
  const { negative, body } = look
  return setOf(() => intersection(negative ? complement(body.set.points) : body.set.points, node.set.points))
}
