import { translatePattern } from './pattern.js'

/**
 * Makes a text that a pattern of XML Schema matches (Part 2, appendix F), where `^` and `$` are letters. Deterministic.
 * What it does not know it passes over, so the caller checks the result.
 *
 * @param generosity how often a part repeats beyond its minimum
 */
export function samplePattern(pattern: string, generosity: number): string {
  return sample('xsd', pattern, generosity)
}

/** The same for a pattern of JSON Schema (ECMA-262), where `^` and `$` are anchors; look-around is passed over. */
export function sampleEcmaPattern(pattern: string, generosity: number): string {
  return sample('ecma', pattern, generosity)
}

type Dialect = 'xsd' | 'ecma'

function sample(dialect: Dialect, pattern: string, generosity: number): string {
  return nesting(pattern) > MAX_NESTING ? '' : new PatternSampler(dialect, pattern, generosity).alternatives()
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
/** Escapes that stand for a set of characters. */
const classEscapes = new Set('dDwWsSiIcCpP')
const PREFERRED = 'A1a0BbZz9-_ .:/'
const LAST_CANDIDATE = 0x2fff
/** A sample is not a stress test. */
const MAX_REPETITIONS = 5000

/** Groups within groups: reading one goes as deep. */
const MAX_NESTING = 200

function nesting(pattern: string): number {
  let deepest = 0
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern.charAt(at)
    if (c === '\\') at++
    else if (c === '(' || c === '[') deepest = Math.max(deepest, ++depth)
    else if (c === ')' || c === ']') depth--
  }
  return deepest
}

class PatternSampler {
  #at = 0
  readonly #characters: readonly string[]

  constructor(
    readonly dialect: Dialect,
    pattern: string,
    readonly generosity: number,
  ) {
    this.#characters = Array.from(pattern)
  }

  /** The first alternative; the others are read and dropped. */
  alternatives(): string {
    const first = this.#branch()
    while (this.#peek() === '|') {
      this.#at++
      this.#branch()
    }
    return first
  }

  #branch(): string {
    let text = ''
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const atom = this.#atom()
      const wanted = this.#quantity()
      text += atom.repeat(Math.min(wanted, Math.ceil(MAX_REPETITIONS / Math.max(1, atom.length))))
    }
    return text
  }

  #atom(): string {
    const start = this.#at
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        this.#skipClass()
        return memberOfClass(this.#characters.slice(start, this.#at).join(''))
      case '.':
        return 'a'
      case '\\':
        return this.#escape(start)
      case '^':
      case '$':
        return this.dialect === 'xsd' ? character : ''
      default:
        return character
    }
  }

  #group(): string {
    let counts = true
    if (this.#peek() === '?') {
      this.#at++
      const kind = this.#next()
      const behind = kind === '<' && (this.#peek() === '=' || this.#peek() === '!')
      if (behind) this.#at++
      else if (kind === '<') this.#until('>')
      counts = !behind && kind !== '=' && kind !== '!'
    }
    const text = this.alternatives()
    this.#at++
    return counts ? text : ''
  }

  #escape(start: number): string {
    const letter = this.#next()
    if (!classEscapes.has(letter)) return escapes[letter] ?? letter
    if (letter === 'p' || letter === 'P') this.#until('}')
    return memberOfClass(this.#characters.slice(start, this.#at).join(''))
  }

  #until(end: string): string {
    let text = ''
    for (let next = this.#next(); next !== '' && next !== end; next = this.#next()) text += next
    return text
  }

  /** To the end of a class, over those that are subtracted from it. */
  #skipClass(): void {
    for (let next = this.#next(); next !== '' && next !== ']'; next = this.#next()) {
      if (next === '\\') this.#at++
      else if (next === '-' && this.#peek() === '[') {
        this.#at++
        this.#skipClass()
      }
    }
  }

  #quantity(): number {
    const times = this.#times()
    const lazy = this.#peek() === '?' && times !== undefined
    if (lazy) this.#at++
    return times ?? 1
  }

  #times(): number | undefined {
    const mark = this.#peek()
    if (mark === '*' || mark === '+' || mark === '?') {
      this.#at++
      if (mark === '?') return Math.min(1, this.generosity)
      return (mark === '+' ? 1 : 0) + this.generosity
    }
    if (mark !== '{') return undefined
    this.#at++
    const [least = '1', most = least] = this.#until('}').split(',')
    return Math.min(most === '' ? Infinity : Number(most), Number(least) + this.generosity)
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #next(): string {
    return this.#characters[this.#at++] ?? ''
  }
}

const members = new Map<string, string>()

/** A character of a class, a readable one if it has any; '' where none is found. */
function memberOfClass(source: string): string {
  const known = members.get(source)
  if (known !== undefined) return known
  const expression = expressionOf(source)
  const found = expression ? (firstMatch(expression) ?? '') : ''
  if (members.size < 1000) members.set(source, found)
  return found
}

function expressionOf(source: string): RegExp | undefined {
  const translated = translatePattern(source)
  if (typeof translated === 'string') return new RegExp(translated, 'u')
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    return undefined
  }
}

function firstMatch(expression: RegExp): string | undefined {
  for (const character of PREFERRED) if (expression.test(character)) return character
  for (let code = 0x20; code <= LAST_CANDIDATE; code++) {
    const character = String.fromCharCode(code)
    if (expression.test(character)) return character
  }
  return /[\u{10000}-\u{10ffff}]/u.exec(expression.source)?.[0]
}
