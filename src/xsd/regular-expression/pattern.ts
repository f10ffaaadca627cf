import { compilePattern } from '../../pattern/pattern.js'
import type { PublishedPattern } from '../model/model.js'
import { readClass } from './character-class.js'
import { publishedClass } from './published-class.js'

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

/**
 * The same expression for a JSON Schema: anchored, in the subset that all engines share (Core 2020-12, 6.4), the flag
 * `u` making no difference.
 *
 * @param source one that can be translated
 * @param isAscii whether texts have ASCII only, whatever the pattern says
 * @returns undefined where it would not be one that is matched in linear time
 */
export function publishedPattern(
  source: string,
  { isAscii }: { readonly isAscii: boolean },
): PublishedPattern | undefined {
  const writer = new PublishedWriter({ isAscii })
  const translation = new Translation(source, writer)
  try {
    const inner = translation.run()
    const javaScript = translation.hasAlternatives ? `^(${inner})$` : `^${inner}$`
    compilePattern(javaScript)
    new RegExp(javaScript)
    return { javaScript, isNarrower: writer.isNarrower }
  } catch {
    return undefined
  }
}

/** Does a pattern have `^` or `$` where nearly all other languages take them for the ends of a text? */
export function looksAnchored(source: string): boolean {
  const outline = source.replace(/\\./gs, 'x').replace(/\[[^\]]*\]?/g, 'x')
  return /(?:^|[(|])\^(?![|)]|$)/.test(outline) || /[^(|]\$(?=$|[)|])/.test(outline)
}

const MAX_LENGTH = 20_000
/** Groups within groups: what reads them goes as deep. */
const MAX_DEPTH = 200

/** How the parts of an expression are written. */
interface Writer {
  readonly group: string
  character(character: string, place: { readonly isQuantified: boolean }): string
  characterClass(source: string, at: number): { readonly javaScript: string; readonly end: number }
}

/** Characters that stand for themselves in XML Schema and do not in JavaScript. */
const literal = new Set(['^', '$', '/'])

const exactWriter: Writer = {
  group: '(?:',
  character: (character) => (literal.has(character) ? `\\${character}` : character),
  characterClass: readClass,
}

class PublishedWriter implements Writer {
  readonly group = '('
  isNarrower = false
  readonly #isAscii: boolean

  constructor({ isAscii }: { readonly isAscii: boolean }) {
    this.#isAscii = isAscii
  }

  /** Without the flag `u`, a character beyond U+FFFF is two. */
  character(character: string, { isQuantified }: { readonly isQuantified: boolean }): string {
    if (character === '^' || character === '$') return `\\${character}`
    return character.length > 1 && isQuantified ? `(${character})` : character
  }

  characterClass(source: string, at: number): { readonly javaScript: string; readonly end: number } {
    const { expression, end } = readClass(source, at)
    const published = publishedClass(expression, { isAscii: this.#isAscii })
    this.isNarrower ||= published.isNarrower
    return { javaScript: published.javaScript, end }
  }
}

class Translation {
  hasAlternatives = false
  #at = 0
  #open = 0
  /** May a quantifier follow what was read last? */
  #isQuantifiable = false
  #out = ''

  constructor(
    private readonly source: string,
    private readonly writer: Writer = exactWriter,
  ) {
    if (source.length > MAX_LENGTH) throw new SyntaxError('it is too long')
  }

  run(): string {
    while (this.#at < this.source.length) this.#isQuantifiable = this.#next()
    if (this.#open > 0) throw new SyntaxError('a group is not closed')
    return this.#out
  }

  /** @returns whether a quantifier may follow what was read */
  #next(): boolean {
    const c = this.source.charAt(this.#at)
    switch (c) {
      case '(':
        if (++this.#open > MAX_DEPTH) throw new SyntaxError('its groups are nested too deeply')
        return this.#write(this.writer.group, 1, { isQuantifiable: false })
      case ')':
        if (--this.#open < 0) throw new SyntaxError('a group is closed that was not opened')
        return this.#write(')', 1, { isQuantifiable: true })
      case '|':
        this.hasAlternatives ||= this.#open === 0
        return this.#write('|', 1, { isQuantifiable: false })
      case '?':
      case '*':
      case '+':
      case '{':
        if (!this.#isQuantifiable) throw new SyntaxError(`the quantifier at ${this.#at + 1} follows nothing`)
        return this.#quantifier(c)
      case '.':
        return this.#write('[^\\n\\r]', 1, { isQuantifiable: true })
      case '[':
      case '\\': {
        const { javaScript, end } = this.writer.characterClass(this.source, this.#at)
        return this.#write(javaScript, end - this.#at, { isQuantifiable: true })
      }
      case ']':
      case '}':
        return this.#write(`\\${c}`, 1, { isQuantifiable: true })
      default: {
        const character = String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0)
        const isQuantified = /[?*+{]/.test(this.source.charAt(this.#at + character.length))
        return this.#write(this.writer.character(character, { isQuantified }), character.length, {
          isQuantifiable: true,
        })
      }
    }
  }

  #quantifier(c: string): boolean {
    if (c !== '{') return this.#write(c, 1, { isQuantifiable: false })
    const counted = /^\{\d{1,6}(?:,\d{0,6})?\}/.exec(this.source.slice(this.#at, this.#at + 20))?.[0]
    if (counted === undefined)
      throw new SyntaxError(`the quantifier at ${this.#at + 1} is not {n}, {n,} or {n,m}`)
    return this.#write(counted, counted.length, { isQuantifiable: false })
  }

  /** @returns whether a quantifier may follow */
  #write(
    javaScript: string,
    length: number,
    { isQuantifiable }: { readonly isQuantifiable: boolean },
  ): boolean {
    this.#out += javaScript
    this.#at += length
    return isQuantifiable
  }
}
