import { compilePattern } from '../pattern/pattern.js'
import { readClass } from './character-class.js'

/** Why an expression cannot be translated. */
export interface Untranslatable {
  readonly reason: string
}

/**
 * Translates a regular expression of XML Schema (Part 2, appendix F) into one of JavaScript that is anchored on both
 * sides and means the same with the flag `u`.
 */
export function translatePattern(source: string): string | Untranslatable {
  try {
    const javaScript = `^(?:${new Translation(source).run()})$`
    compilePattern(javaScript)
    return javaScript
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

const MAX_LENGTH = 20_000
/** Characters that stand for themselves in XML Schema and do not in JavaScript. */
const literal = new Set(['^', '$', '/'])

class Translation {
  #at = 0
  #open = 0
  #out = ''

  constructor(private readonly source: string) {
    if (source.length > MAX_LENGTH) throw new SyntaxError('it is too long')
  }

  run(): string {
    let quantifiable = false
    while (this.#at < this.source.length) quantifiable = this.#next(quantifiable)
    if (this.#open > 0) throw new SyntaxError('a group is not closed')
    return this.#out
  }

  /** @returns whether a quantifier may follow what was read */
  #next(quantifiable: boolean): boolean {
    const c = this.source.charAt(this.#at)
    switch (c) {
      case '(':
        this.#open++
        return this.#write('(?:', 1, false)
      case ')':
        if (--this.#open < 0) throw new SyntaxError('a group is closed that was not opened')
        return this.#write(')', 1, true)
      case '|':
        return this.#write('|', 1, false)
      case '?':
      case '*':
      case '+':
      case '{':
        if (!quantifiable) throw new SyntaxError(`the quantifier at ${this.#at + 1} follows nothing`)
        return this.#quantifier(c)
      case '.':
        return this.#write('[^\\n\\r]', 1, true)
      case '[':
      case '\\': {
        const { javaScript, end } = readClass(this.source, this.#at)
        return this.#write(javaScript, end - this.#at, true)
      }
      case ']':
      case '}':
        return this.#write(`\\${c}`, 1, true)
      default: {
        const character = String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0)
        return this.#write(literal.has(character) ? `\\${character}` : character, character.length, true)
      }
    }
  }

  #quantifier(c: string): boolean {
    if (c !== '{') return this.#write(c, 1, false)
    const counted = /^\{\d{1,6}(?:,\d{0,6})?\}/.exec(this.source.slice(this.#at, this.#at + 20))?.[0]
    if (counted === undefined)
      throw new SyntaxError(`the quantifier at ${this.#at + 1} is not {n}, {n,} or {n,m}`)
    return this.#write(counted, counted.length, false)
  }

  #write(javaScript: string, length: number, quantifiable: boolean): boolean {
    this.#out += javaScript
    this.#at += length
    return quantifiable
  }
}
