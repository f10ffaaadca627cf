/** A text holds a character that XML 1.0 cannot carry, not even as a reference. */
export class XmlCharacterError extends Error {
  override readonly name = 'XmlCharacterError'

  /** @param index of the character in the text, in UTF-16 code units */
  constructor(readonly index: number) {
    super(`The character at index ${index} cannot be written in XML 1.0`)
  }
}

const SPECIAL_IN_TEXT = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/
const SPECIAL_IN_ATTRIBUTE = /[&<>"\r\0-\x1f\ud800-\udfff\ufffe\uffff]/
/** Outside XML 1.0 production [2] Char. */
const NOT_ALLOWED = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

/** By code unit, what is written instead; undefined for what is written as it is. */
type References = readonly (string | undefined)[]

const IN_TEXT = referencesFor('&<>\r')
const IN_ATTRIBUTE = referencesFor('&<>"\r\n\t')

function referencesFor(characters: string): References {
  const last = Math.max(...Array.from(characters, (c) => c.charCodeAt(0)))
  return Array.from({ length: last + 1 }, (_, code) => {
    const character = String.fromCharCode(code)
    return characters.includes(character) ? REFERENCES[character] : undefined
  })
}

/**
 * Writes a text as the content of an element, so that a reader gets it back as it is (XML 1.0 sections 2.4 and 2.11).
 *
 * @throws XmlCharacterError for a control character, half a surrogate pair, U+FFFE and U+FFFF
 */
export function escapeText(text: string): string {
  return SPECIAL_IN_TEXT.test(text) ? escape(text, IN_TEXT) : text
}

/**
 * Writes a text as an attribute value between double quotes, so that a reader gets it back as it is (XML 1.0 section
 * 3.3.3).
 *
 * @throws XmlCharacterError as {@link escapeText}
 */
export function escapeAttribute(text: string): string {
  return SPECIAL_IN_ATTRIBUTE.test(text) ? escape(text, IN_ATTRIBUTE) : text
}

function escape(text: string, references: References): string {
  const index = text.search(NOT_ALLOWED)
  if (index !== -1) throw new XmlCharacterError(index)
  // Most texts are short: `replace` with a function takes three times as long for them.
  let written = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const reference = references[text.charCodeAt(at)]
    if (reference === undefined) continue
    written += text.slice(from, at) + reference
    from = at + 1
  }
  return written + text.slice(from)
}
