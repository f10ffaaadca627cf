import { type Base64Text, ExactNumber, type JsonValue, setMember } from './value.js'

export interface JsonLimits {
  /** Arrays and objects within each other. Default 64. */
  readonly maxDepth?: number
  /** Values in the whole text: members, items and the root. Default 100000. */
  readonly maxValues?: number
}

/** Where a value of the tree is. */
export interface Place {
  readonly container: object
  readonly key: string | number
}

/** A number of the tree whose digits the double in its place does not give back. */
export interface ExactPlace extends Place {
  readonly source: string
}

/** A string of the tree that is held as bytes; while the tree is judged, {@link STAND_IN} is in its place. */
export interface HeldText extends Place {
  readonly text: Base64Text
}

export interface ParsedJson {
  /** Numbers are doubles, so that a JSON Schema validator can judge them. */
  value: unknown
  readonly exact: readonly ExactPlace[]
  /** How many values the text holds. */
  readonly values: number
}

/** The text is not JSON, or more of it than allowed. Holds no part of the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError'

  constructor(
    /** What was expected, without the position. */
    readonly expectation: string,
    /** 1-based. */
    readonly line: number,
    /** 1-based, in UTF-16 code units. */
    readonly column: number,
    /** 0-based, in UTF-16 code units. */
    readonly offset: number,
  ) {
    super(`line ${line}, column ${column}: ${expectation}`)
  }
}

/**
 * Reads a JSON text (RFC 8259), strictly: member names are unique (section 4), strings are well-formed
 * Unicode (section 8.2), there is no byte order mark (section 8.1).
 *
 * A member named `__proto__` is an own member like any other.
 *
 * @throws JsonError
 */
export function parseJson(text: string, limits: JsonLimits = {}): ParsedJson {
  return new Reader(text, limits.maxDepth ?? 64, limits.maxValues ?? 100_000).read()
}

/** What stands in the tree for a string that was cut out of its text. */
export const STAND_IN = 'AAAA'

/** A JSON text that long strings have been cut out of. */
export interface CutJson extends ParsedJson {
  /** Of the strings, in their order; {@link STAND_IN} stands there. */
  readonly places: readonly Place[]
}

/**
 * Reads a JSON text of which only the quotes of some strings are left.
 *
 * @param cuts where these strings stand, in order: offsets of their opening quotes in UTF-16 code units
 * @returns undefined where one of them is no value, but a name, or in the midst of something else
 * @throws JsonError as {@link parseJson}; positions are those in the cut text
 */
export function parseCutJson(
  text: string,
  cuts: readonly number[],
  { maxDepth = 64, maxValues = 100_000 }: JsonLimits,
): CutJson | undefined {
  const reader = new Reader(text, maxDepth, maxValues, cuts)
  const parsed = reader.read()
  return reader.places.length === cuts.length ? Object.assign(parsed, { places: reader.places }) : undefined
}

/** Puts the digits as sent in the places of the doubles that stood for them. */
export function restoreExactNumbers(exact: readonly ExactPlace[]): void {
  for (const { container, key, source } of exact) setMember(container, key, new ExactNumber(source))
}

/** Puts texts that are held as bytes in the places of what stood for them. */
export function restoreHeldTexts(held: readonly HeldText[]): void {
  for (const { container, key, text } of held) setMember(container, key, text)
}

const Char = {
  Tab: 0x09,
  LineFeed: 0x0a,
  CarriageReturn: 0x0d,
  Space: 0x20,
  Quote: 0x22,
  Plus: 0x2b,
  Comma: 0x2c,
  Minus: 0x2d,
  Point: 0x2e,
  Zero: 0x30,
  Nine: 0x39,
  Colon: 0x3a,
  UpperE: 0x45,
  OpenBracket: 0x5b,
  Backslash: 0x5c,
  CloseBracket: 0x5d,
  LowerE: 0x65,
  LowerF: 0x66,
  LowerN: 0x6e,
  LowerT: 0x74,
  LowerU: 0x75,
  OpenBrace: 0x7b,
  CloseBrace: 0x7d,
  HighSurrogate: 0xd800,
  LowSurrogate: 0xdc00,
  AfterSurrogates: 0xe000,
} as const

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Every integer of so many digits is a double of its own. */
const SAFE_DIGITS = 15

class Reader {
  readonly #text: string
  readonly #maxDepth: number
  readonly #maxValues: number
  readonly #exact: ExactPlace[] = []
  #offset = 0
  #depth = 0
  #values = 0
  /** Set by the reading of a number, taken by whoever puts it into the tree. */
  #exactSource: string | undefined
  /** Where strings were cut out, and the places of those that have been read. */
  readonly #cuts: readonly number[]
  readonly places: Place[] = []
  #isCut = false

  constructor(text: string, maxDepth: number, maxValues: number, cuts: readonly number[] = []) {
    this.#text = text
    this.#maxDepth = maxDepth
    this.#maxValues = maxValues
    this.#cuts = cuts
  }

  read(): ParsedJson {
    this.#space()
    const result: { value: unknown; exact: ExactPlace[]; values: number } = {
      value: this.#value(),
      exact: this.#exact,
      values: 0,
    }
    this.#keepExact(result, 'value')
    this.#space()
    if (this.#offset < this.#text.length) this.#fail('expected nothing more after the value')
    result.values = this.#values
    return result
  }

  /** Skips white space and gives the code of what follows, NaN at the end. */
  #space(): number {
    const text = this.#text
    for (;;) {
      const code = text.charCodeAt(this.#offset)
      if (
        code !== Char.Space &&
        code !== Char.LineFeed &&
        code !== Char.CarriageReturn &&
        code !== Char.Tab
      ) {
        return code
      }
      this.#offset += 1
    }
  }

  #value(): unknown {
    this.#values += 1
    if (this.#values > this.#maxValues) this.#fail(`expected no more than ${this.#maxValues} values`)
    const code = this.#text.charCodeAt(this.#offset)
    switch (code) {
      case Char.Quote:
        return this.#offset === this.#cuts[this.places.length] ? this.#cutString() : this.#string()
      case Char.OpenBrace:
        return this.#object()
      case Char.OpenBracket:
        return this.#array()
      case Char.LowerT:
        return this.#literal('true', true)
      case Char.LowerF:
        return this.#literal('false', false)
      case Char.LowerN:
        return this.#literal('null', null)
      default:
        if (code === Char.Minus || isDigit(code)) return this.#number()
        return this.#fail('expected a value')
    }
  }

  #literal<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#offset)) this.#fail('expected a value')
    this.#offset += word.length
    return value
  }

  #object(): object {
    this.#enter()
    const object: Record<string, unknown> = {}
    if (this.#space() === Char.CloseBrace) return this.#leave(object)
    for (;;) {
      if (this.#text.charCodeAt(this.#offset) !== Char.Quote) this.#fail('expected a member name in quotes')
      const at = this.#offset
      const name = this.#string()
      if (Object.hasOwn(object, name))
        this.#fail('expected a member name that the object does not have yet', at)
      if (this.#space() !== Char.Colon) this.#fail('expected ":"')
      this.#offset += 1
      this.#space()
      const value = this.#value()
      if (name === '__proto__') setMember(object, name, value)
      else object[name] = value
      this.#keepExact(object, name)
      const code = this.#space()
      if (code === Char.CloseBrace) return this.#leave(object)
      if (code !== Char.Comma) this.#fail('expected "," or "}"')
      this.#offset += 1
      this.#space()
    }
  }

  #array(): unknown[] {
    this.#enter()
    const array: unknown[] = []
    if (this.#space() === Char.CloseBracket) return this.#leave(array)
    for (;;) {
      array.push(this.#value())
      this.#keepExact(array, array.length - 1)
      const code = this.#space()
      if (code === Char.CloseBracket) return this.#leave(array)
      if (code !== Char.Comma) this.#fail('expected "," or "]"')
      this.#offset += 1
      this.#space()
    }
  }

  #enter(): void {
    this.#depth += 1
    if (this.#depth > this.#maxDepth) {
      this.#fail(`expected no more than ${this.#maxDepth} arrays and objects within each other`)
    }
    this.#offset += 1
  }

  #leave<T>(container: T): T {
    this.#depth -= 1
    this.#offset += 1
    return container
  }

  #keepExact(container: object, key: string | number): void {
    if (this.#isCut) this.places.push({ container, key })
    this.#isCut = false
    if (this.#exactSource === undefined) return
    this.#exact.push({ container, key, source: this.#exactSource })
    this.#exactSource = undefined
  }

  #number(): number {
    const text = this.#text
    const start = this.#offset
    let at = start
    const negative = text.charCodeAt(at) === Char.Minus
    if (negative) at += 1
    const firstDigit = at
    let value = 0
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(at)) {
      value = value * 10 + (code - Char.Zero)
      at += 1
    }
    const digits = at - firstDigit
    if (digits === 0) this.#fail('expected a digit', at)
    if (digits > 1 && text.charCodeAt(firstDigit) === Char.Zero) {
      this.#fail('expected no digit after a leading 0', firstDigit + 1)
    }
    let isInteger = true
    if (text.charCodeAt(at) === Char.Point) {
      isInteger = false
      at = this.#digits(at + 1)
    }
    const exponent = text.charCodeAt(at)
    if (exponent === Char.LowerE || exponent === Char.UpperE) {
      isInteger = false
      const sign = text.charCodeAt(at + 1)
      at = this.#digits(sign === Char.Plus || sign === Char.Minus ? at + 2 : at + 1)
    }
    this.#offset = at
    if (isInteger && digits <= SAFE_DIGITS && !(negative && value === 0)) return negative ? -value : value
    const source = text.slice(start, at)
    const double = Number(source)
    if (String(double) !== source) this.#exactSource = source
    return double
  }

  /** Skips one digit or more and gives the offset behind them. */
  #digits(from: number): number {
    let at = from
    while (isDigit(this.#text.charCodeAt(at))) at += 1
    if (at === from) this.#fail('expected a digit', at)
    return at
  }

  #string(): string {
    const text = this.#text
    const start = this.#offset + 1
    for (let at = start; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === Char.Quote) {
        this.#offset = at + 1
        return text.slice(start, at)
      }
      if (code === Char.Backslash) return this.#escapedString(start, at)
      at += this.#checkCharacter(code, at)
    }
    return this.#fail('expected a quote at the end of the string', text.length)
  }

  #cutString(): string {
    this.#isCut = true
    this.#offset += 2
    return STAND_IN
  }

  /** Goes on with a string at its first escape. */
  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text
    let result = text.slice(start, firstEscape)
    let plain = firstEscape
    let hasSurrogates = false
    for (let at = firstEscape; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === Char.Quote) {
        this.#offset = at + 1
        result += text.slice(plain, at)
        if (hasSurrogates && /\p{Surrogate}/u.test(result)) {
          this.#fail('expected surrogates in pairs in this string', start - 1)
        }
        return result
      }
      if (code !== Char.Backslash) {
        at += this.#checkCharacter(code, at)
        continue
      }
      result += text.slice(plain, at)
      at += 1
      if (text.charCodeAt(at) === Char.LowerU) {
        const unit = this.#hexadecimal(at + 1)
        hasSurrogates ||= unit >= Char.HighSurrogate && unit < Char.AfterSurrogates
        result += String.fromCharCode(unit)
        at += 4
      } else {
        const letter = text.charAt(at)
        const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
        result += character ?? this.#fail('expected one of " \\ / b f n r t u after a backslash', at)
      }
      plain = at + 1
    }
    return this.#fail('expected a quote at the end of the string', text.length)
  }

  /** @returns how many code units of the character follow the first */
  #checkCharacter(code: number, at: number): 0 | 1 {
    if (code < Char.Space) this.#fail('expected control characters in a string to be escaped', at)
    if (code < Char.HighSurrogate || code >= Char.AfterSurrogates) return 0
    const next = this.#text.charCodeAt(at + 1)
    if (code < Char.LowSurrogate && next >= Char.LowSurrogate && next < Char.AfterSurrogates) return 1
    return this.#fail('expected surrogates in pairs', at)
  }

  #hexadecimal(at: number): number {
    const digits = this.#text.slice(at, at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('expected four hexadecimal digits after \\u', at)
    return Number.parseInt(digits, 16)
  }

  #fail(expectation: string, offset = this.#offset): never {
    const end = Math.min(offset, this.#text.length)
    let line = 1
    let lineStart = 0
    for (let at = this.#text.indexOf('\n'); at !== -1 && at < end; at = this.#text.indexOf('\n', at + 1)) {
      line += 1
      lineStart = at + 1
    }
    const what = end === this.#text.length ? `${expectation}, found the end` : expectation
    throw new JsonError(what, line, end - lineStart + 1, end)
  }
}

function isDigit(code: number): boolean {
  return code >= Char.Zero && code <= Char.Nine
}

/** A number whose digits a double may not give back; or, since texts are not told from it, what looks like one in a text. */
const INEXACT = /(?:^|[:[,])\s*-?(?:\d+[.eE]|\d{16}|(?<=-)0)/

/**
 * Parses JSON that we have written ourselves from a response: what its reader and the limits of the backend let through is
 * not limited again, and every number keeps its digits.
 */
export function parseWritten(text: string): JsonValue {
  // Where nothing has digits to be kept the engine's own parser takes a third of the time.
  if (!INEXACT.test(text)) return JSON.parse(text) as JsonValue
  const parsed = parseJson(text, { maxDepth: Infinity, maxValues: Infinity })
  restoreExactNumbers(parsed.exact)
  // Read only now: a text that is one number has its place here.
  return parsed.value as JsonValue
}
