import { XmlError } from './error.js'

export const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
export const BANG = 0x21
export const QUOTE = 0x22
export const AMPERSAND = 0x26
export const APOSTROPHE = 0x27
export const SLASH = 0x2f
export const COLON = 0x3a
export const LESS = 0x3c
export const EQUALS = 0x3d
export const GREATER = 0x3e
export const QUESTION = 0x3f
export const BRACKET = 0x5d

function asciiTable(classify: (c: string) => number): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => classify(String.fromCharCode(code)))
}

/** What may stand for an ASCII character in a name: 0 nothing, 1 a later character, 2 any character. */
const NAME = asciiTable((c) => (/[A-Za-z_:]/.test(c) ? 2 : /[-.0-9]/.test(c) ? 1 : 0))

/** Of ASCII characters in content. */
export const TEXT = asciiTable((c) =>
  /[\t\n"\\]/.test(c) ? 1 : /[ -~\x7f]/.test(c) && !/[<>&]/.test(c) ? 0 : 2,
)
export const TEXT_PLAIN = 0
/** Allowed, but escaped in JSON. */
export const TEXT_ESCAPED = 1

/** Of ASCII characters in an attribute value. */
export const VALUE = asciiTable((c) =>
  /[\t\n\r&]/.test(c) ? 1 : /[ -~\x7f]/.test(c) && !/[<"']/.test(c) ? 0 : 2,
)
export const VALUE_PLAIN = 0
/** Allowed, but the value is not what stands in the document. */
export const VALUE_NORMALISED = 1

/** XML 1.0 production [2] Char. */
export function isChar(codePoint: number): boolean {
  if (codePoint < SPACE) return codePoint === TAB || codePoint === LF || codePoint === CR
  return (
    codePoint < 0xd800 ||
    (codePoint > 0xdfff && codePoint < 0xfffe) ||
    (codePoint > 0xffff && codePoint < 0x110000)
  )
}

/** XML 1.0 production [3] S. */
export function isSpace(c: number): boolean {
  return c === SPACE || c === LF || c === CR || c === TAB
}

/** The code unit at an offset, -1 past the end. */
export function unitAt(input: string, p: number): number {
  return p < input.length ? input.charCodeAt(p) : -1
}

export function skipSpace(input: string, p: number): number {
  while (p < input.length && isSpace(input.charCodeAt(p))) p++
  return p
}

/** How many code units the character at `p` takes; 0 where XML allows none. */
function charLength(input: string, p: number): 0 | 1 | 2 {
  const c = input.charCodeAt(p)
  if (c < 0xd800 || c > 0xdfff) return isChar(c) ? 1 : 0
  if (c > 0xdbff) return 0
  const low = unitAt(input, p + 1)
  return low >= 0xdc00 && low <= 0xdfff ? 2 : 0
}

/** Beyond ASCII, XML 1.0 production [4] NameStartChar. */
const NAME_START_BEYOND_ASCII =
  /^[\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\u{10000}-\u{EFFFF}]$/u

export function isNameStart(codePoint: number): boolean {
  if (codePoint < 128) return NAME[codePoint] === 2
  return NAME_START_BEYOND_ASCII.test(String.fromCodePoint(codePoint))
}

/** XML 1.0 production [4a] NameChar. */
export function isNameChar(codePoint: number): boolean {
  if (codePoint < 128) return NAME[codePoint] !== 0
  if (codePoint === 0xb7 || codePoint === 0x203f || codePoint === 0x2040) return true
  return (codePoint >= 0x300 && codePoint <= 0x36f) || isNameStart(codePoint)
}

/**
 * Scans a name (XML 1.0 production [5]).
 *
 * @returns the offset after it; `p` itself where there is none
 */
export function nameEnd(input: string, p: number): number {
  const first = input.codePointAt(p)
  if (first === undefined || !isNameStart(first)) return p
  p += first > 0xffff ? 2 : 1
  while (p < input.length) {
    const c = input.charCodeAt(p)
    if (c < 128) {
      if (NAME[c] === 0) return p
      p++
    } else {
      const codePoint = input.codePointAt(p) ?? 0
      if (!isNameChar(codePoint)) return p
      p += codePoint > 0xffff ? 2 : 1
    }
  }
  return p
}

/**
 * Scans character data (XML 1.0 production [14]).
 *
 * @param units of the input, a zero after them
 * @returns the offset of the first `<` or `&`, or the length of the input
 * @throws XmlError for a character that XML does not allow, and for `]]>`
 */
export function charDataEnd(input: string, units: Uint16Array, p: number): number {
  for (; ; p++) {
    const c = units[p] ?? 0
    if (c < 128) {
      if ((TEXT[c] ?? 0) <= TEXT_ESCAPED) continue
      if (c === LESS || c === AMPERSAND) return p
      if (c === GREATER) {
        if (isSectionEnd(input, p)) throw sectionEndInText(input, p)
      } else if (c !== CR) {
        if (p === input.length) return p
        throw characterNotAllowed(input, p)
      }
    } else if (c >= 0xd800) {
      p += wideLength(input, p) - 1
    }
  }
}

/**
 * How many code units the character at `p` takes, for the hot loops to call beyond U+D7FF.
 *
 * @throws XmlError where XML allows no such character
 */
export function wideLength(input: string, p: number): number {
  const length = charLength(input, p)
  if (length === 0) throw characterNotAllowed(input, p)
  return length
}

/** The code units of a text, and a zero after them: reading these is faster than reading the string. */
export function codeUnits(text: string): Uint16Array {
  const bytes = Buffer.allocUnsafe(2 * text.length + 2)
  bytes.write(text, 'utf16le')
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, text.length + 1)
  units[text.length] = 0
  return units
}

/** Whether the `>` at `p` ends `]]>`. */
export function isSectionEnd(input: string, p: number): boolean {
  return input.charCodeAt(p - 1) === BRACKET && input.charCodeAt(p - 2) === BRACKET
}

/** @throws XmlError for a character that XML does not allow, between two offsets */
export function checkChars(input: string, from: number, to: number): void {
  for (let p = from; p < to; p++) {
    const c = input.charCodeAt(p)
    if (c >= SPACE && c < 0xd800) continue
    p += wideLength(input, p) - 1
  }
}

export function characterNotAllowed(input: string, p: number): XmlError {
  return new XmlError('not-well-formed', 'A character that XML 1.0 does not allow', p, input)
}

export function sectionEndInText(input: string, p: number): XmlError {
  return new XmlError('not-well-formed', '"]]>" in text, where it must be written "]]&gt;"', p - 2, input)
}

/** Line ends as XML 1.0 section 2.11 normalises them. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
