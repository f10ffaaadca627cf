import { isChar, normaliseLineEnds } from './chars.js'
import { XmlError } from './error.js'

const PREDEFINED = new Map([
  ['&lt;', 0x3c],
  ['&gt;', 0x3e],
  ['&amp;', 0x26],
  ['&apos;', 0x27],
  ['&quot;', 0x22],
])

const REFERENCE = /&(?:lt|gt|amp|apos|quot|#[0-9]+|#x[0-9A-Fa-f]+);/y

/** The offset after the reference at `p`, which {@link referencedCodePoint} has accepted. */
export function referenceEnd(input: string, p: number): number {
  return input.indexOf(';', p) + 1
}

/**
 * Reads a character or entity reference (XML 1.0 section 4.1). Without a DTD only the five predefined entities exist.
 *
 * @param p the offset of the `&`
 * @returns the code point that it stands for
 * @throws XmlError
 */
export function referencedCodePoint(input: string, p: number): number {
  REFERENCE.lastIndex = p
  const text = REFERENCE.exec(input)?.[0]
  if (text === undefined) {
    const what = '"&" that begins neither a character reference nor one of &lt; &gt; &amp; &apos; &quot;'
    throw new XmlError('not-well-formed', what, p, input)
  }
  const predefined = PREDEFINED.get(text)
  if (predefined !== undefined) return predefined
  const digits = text.slice(2, -1)
  const codePoint = digits.startsWith('x')
    ? Number.parseInt(digits.slice(1), 16)
    : Number.parseInt(digits, 10)
  if (isChar(codePoint)) return codePoint
  throw new XmlError('not-well-formed', 'A reference to a character that XML 1.0 does not allow', p, input)
}

/**
 * Normalises an attribute value that has been checked (XML 1.0 section 3.3.3, CDATA type).
 *
 * @param from the offset after the opening quote
 * @param to the offset of the closing quote
 */
export function attributeValue(input: string, from: number, to: number): string {
  const raw = input.slice(from, to)
  let value = ''
  let p = 0
  for (let next = raw.indexOf('&'); next !== -1; next = raw.indexOf('&', p)) {
    value += spaced(raw.slice(p, next)) + String.fromCodePoint(referencedCodePoint(raw, next))
    p = referenceEnd(raw, next)
  }
  return value + spaced(raw.slice(p))
}

function spaced(raw: string): string {
  return normaliseLineEnds(raw).replace(/[\t\n]/g, ' ')
}

/** Whether a text holds a reference that could stand for any character, a colon too. */
export function mayHideCharacters(raw: string): boolean {
  return raw.includes('&#')
}
