import type { XmlError } from './error.js'
import type { XmlSource } from './source.js'

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

function octetTable(classify: (c: string) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => classify(String.fromCharCode(code)))
}

/** What may stand for an ASCII character in a name: 0 nothing, 1 a later character, 2 any character. */
const NAME = octetTable((c) => (/[A-Za-z_:]/.test(c) ? 2 : /[-.0-9]/.test(c) ? 1 : 0))

/** Of octets in content. */
export const TEXT = octetTable((c) =>
  /[\t\n"\\]/.test(c) ? 1 : /[ -~\x7f-\xec]/.test(c) && !/[<>&]/.test(c) ? 0 : 2,
)
export const TEXT_PLAIN = 0
/** Allowed, but escaped in JSON. */
export const TEXT_ESCAPED = 1

/** Of octets in an attribute value. */
export const VALUE = octetTable((c) =>
  /[\t\n\r&]/.test(c) ? 1 : /[ -~\x7f-\xec]/.test(c) && !/[<"']/.test(c) ? 0 : 2,
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

/** The octet at an offset; 0 at the end. */
export function octetAt({ octets }: XmlSource, p: number): number {
  return octets[p] ?? 0
}

export function skipSpace(octets: Uint8Array, p: number): number {
  while (isSpace(octets[p] ?? 0)) p++
  return p
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

/** Whether an octet can be nothing of a name, nor begin a character of one. */
export function endsName(octet: number): boolean {
  return octet < 128 && NAME[octet] === 0
}

/** Whether a text is a name (XML 1.0 production [5]). */
export function isName(text: string): boolean {
  let isFirst = true
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0
    if (!(isFirst ? isNameStart(codePoint) : isNameChar(codePoint))) return false
    isFirst = false
  }
  return !isFirst
}

/**
 * Scans a name (XML 1.0 production [5]).
 *
 * @returns the offset after it; `p` itself where there is none
 */
export function nameEnd(source: XmlSource, p: number): number {
  const { octets } = source
  if (!isNameStart(source.codePointAt(p))) return p
  p += octetsOf(octets[p] ?? 0)
  for (;;) {
    const c = octets[p] ?? 0
    if (c < 128) {
      if (NAME[c] === 0) return p
      p++
    } else {
      if (!isNameChar(source.codePointAt(p))) return p
      p += octetsOf(c)
    }
  }
}

/** @param first octet of a character */
function octetsOf(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/**
 * Scans character data (XML 1.0 production [14]).
 *
 * @returns the offset of the first `<` or `&`, or the end
 * @throws XmlError for a character that XML does not allow, and for `]]>`
 */
export function charDataEnd(source: XmlSource, p: number): number {
  const { octets } = source
  for (; ; p++) {
    const c = octets[p] ?? 0
    if ((TEXT[c] ?? 0) <= TEXT_ESCAPED) continue
    if (c === LESS || c === AMPERSAND) return p
    if (c === GREATER) {
      if (endsSection(octets, p)) throw sectionEndInText(source, p)
    } else if (c >= FIRST_DOUBTFUL) {
      checkDoubtful(source, p)
    } else if (c !== CR) {
      if (p === source.end) return p
      throw characterNotAllowed(source, p)
    }
  }
}

/** The offset of the first octet of content that is not a character of a text which stands so in JSON, too. */
export function plainEnd(octets: Uint8Array, p: number): number {
  for (; ; p++) {
    const c = octets[p] ?? 0
    if (TEXT[c] !== TEXT_PLAIN && (c < FIRST_DOUBTFUL || beginsForbidden(octets, p))) return p
  }
}

/** From here on an octet may begin a character that XML does not allow: a surrogate, U+FFFE or U+FFFF. */
export const FIRST_DOUBTFUL = 0xed

/** @throws XmlError where the octet at `p`, a doubtful one, begins a character that XML does not allow */
export function checkDoubtful(source: XmlSource, p: number): void {
  if (beginsForbidden(source.octets, p)) throw characterNotAllowed(source, p)
}

/** Whether the octet at `p`, a doubtful one, begins a character that XML does not allow. */
export function beginsForbidden(octets: Uint8Array, p: number): boolean {
  const c = octets[p]
  const next = octets[p + 1] ?? 0
  return (c === 0xed && next >= 0xa0) || (c === 0xef && next === 0xbf && (octets[p + 2] ?? 0) >= 0xbe)
}

/** Whether the `>` at `p` ends `]]>`. */
export function endsSection(octets: Uint8Array, p: number): boolean {
  return octets[p - 1] === BRACKET && octets[p - 2] === BRACKET
}

/** @throws XmlError for a character that XML does not allow, between two offsets */
export function checkChars(source: XmlSource, from: number, to: number): void {
  const { octets } = source
  for (let p = from; p < to; p++) {
    const c = octets[p] ?? 0
    if (c >= FIRST_DOUBTFUL) checkDoubtful(source, p)
    else if (c < SPACE && !isSpace(c)) throw characterNotAllowed(source, p)
  }
}

export function characterNotAllowed(source: XmlSource, p: number): XmlError {
  return source.error('A character that XML 1.0 does not allow', p)
}

export function sectionEndInText(source: XmlSource, p: number): XmlError {
  return source.error('"]]>" in text, where it must be written "]]&gt;"', p - 2)
}

/** Line ends as XML 1.0 section 2.11 normalises them. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
