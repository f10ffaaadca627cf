import { isChar, normaliseLineEnds } from './chars.js'
import { standsAt } from './names.js'
import type { XmlSource } from './source.js'

/** A reference to one of the five entities that every document has. */
export interface PredefinedReference {
  readonly octets: Uint8Array
  readonly codePoint: number
}

const PREDEFINED = new Map([
  ['&lt;', 0x3c],
  ['&gt;', 0x3e],
  ['&amp;', 0x26],
  ['&apos;', 0x27],
  ['&quot;', 0x22],
])
const PREDEFINED_OCTETS: readonly PredefinedReference[] = [...PREDEFINED].map(([text, codePoint]) => ({
  octets: Uint8Array.from(Buffer.from(text)),
  codePoint,
}))
const CHARACTER_REFERENCE = /&(?:#[0-9]+|#x[0-9A-Fa-f]+);/y
const SEMICOLON = 0x3b

/** The offset after the reference at `p`, which {@link referencedCodePoint} has accepted. */
export function referenceEnd({ octets }: XmlSource, p: number): number {
  while (octets[p] !== SEMICOLON) p++
  return p + 1
}

/** The reference to a predefined entity at `p`, if there is one. */
export function predefinedAt(octets: Uint8Array, p: number): PredefinedReference | undefined {
  for (const reference of PREDEFINED_OCTETS) if (standsAt(octets, p, reference.octets)) return reference
  return undefined
}

/**
 * Reads a character or entity reference (XML 1.0 section 4.1). Without a DTD only the five predefined entities exist.
 *
 * @param p the offset of the `&`
 * @returns the code point that it stands for
 * @throws XmlError
 */
export function referencedCodePoint(source: XmlSource, p: number): number {
  const predefined = predefinedAt(source.octets, p)
  if (predefined) return predefined.codePoint
  CHARACTER_REFERENCE.lastIndex = p
  const text = CHARACTER_REFERENCE.exec(source.image)?.[0]
  if (text === undefined) {
    throw source.error(
      '"&" that begins neither a character reference nor one of &lt; &gt; &amp; &apos; &quot;',
      p,
    )
  }
  const codePoint = codePointOf(text)
  if (isChar(codePoint)) return codePoint
  throw source.error('A reference to a character that XML 1.0 does not allow', p)
}

/** @param reference a whole one, as {@link referencedCodePoint} accepts it */
function codePointOf(reference: string): number {
  const predefined = PREDEFINED.get(reference)
  if (predefined !== undefined) return predefined
  const digits = reference.slice(2, -1)
  return digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10)
}

/** Puts in a text that has been checked the characters for their references. */
export function withoutReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&[^&;]*;/g, (reference) => String.fromCodePoint(codePointOf(reference)))
}

/**
 * Normalises an attribute value that has been checked (XML 1.0 section 3.3.3, CDATA type).
 *
 * @param raw what stands between the quotes
 */
export function attributeValue(raw: string): string {
  return withoutReferences(normaliseLineEnds(raw).replace(/[\t\n]/g, ' '))
}

/** Whether a text holds a reference that could stand for any character, a colon too. */
export function mayHideCharacters(raw: string): boolean {
  return raw.includes('&#')
}
