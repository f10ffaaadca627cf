import {
  AMPERSAND,
  BANG,
  charDataEnd,
  checkChars,
  normaliseLineEnds,
  octetAt,
  QUESTION,
  skipSpace,
} from './chars.js'
import { skipMisc } from './prolog.js'
import { referencedCodePoint, referenceEnd } from './reference.js'
import type { XmlSource } from './source.js'

const SECTION_START = '<![CDATA['
const SECTION_END = ']]>'

/**
 * Checks a CDATA section (XML 1.0 section 2.7).
 *
 * @param p the offset of its `<`
 * @returns the offset after it
 */
export function sectionEnd(source: XmlSource, p: number): number {
  if (!source.image.startsWith(SECTION_START, p)) {
    throw source.error('"<!" that begins neither a comment nor a CDATA section', p)
  }
  const end = source.image.indexOf(SECTION_END, p + SECTION_START.length)
  if (end === -1) throw source.error('A CDATA section that does not end', p)
  checkChars(source, p + SECTION_START.length, end)
  return end + SECTION_END.length
}

/** Whether the CDATA section between two offsets holds nothing but white space. */
export function isBlankSection(source: XmlSource, p: number, end: number): boolean {
  return skipSpace(source.octets, p + SECTION_START.length) === end - SECTION_END.length
}

/**
 * Skips text, references, CDATA sections, comments and processing instructions.
 *
 * @returns the offset of the next tag, or the end
 */
export function skipToTag(source: XmlSource, p: number): number {
  for (;;) {
    p = charDataEnd(source, p)
    const next = octetAt(source, p + 1)
    if (octetAt(source, p) === AMPERSAND) {
      referencedCodePoint(source, p)
      p = referenceEnd(source, p)
    } else if (next === BANG || next === QUESTION) {
      const end = skipMisc(source, p)
      p = end === p ? sectionEnd(source, p) : end
    } else {
      return p
    }
  }
}

/**
 * Reads what {@link skipToTag} skips: text as it is, references and CDATA sections expanded, line ends normalised,
 * comments and processing instructions dropped.
 */
export function textToTag(source: XmlSource, p: number): { text: string; end: number } {
  let text = ''
  for (;;) {
    const end = charDataEnd(source, p)
    text += normaliseLineEnds(source.text(p, end))
    const next = octetAt(source, end + 1)
    if (octetAt(source, end) === AMPERSAND) {
      text += String.fromCodePoint(referencedCodePoint(source, end))
      p = referenceEnd(source, end)
    } else if (next === BANG || next === QUESTION) {
      p = skipMisc(source, end)
      if (p !== end) continue
      p = sectionEnd(source, end)
      text += normaliseLineEnds(source.text(end + SECTION_START.length, p - SECTION_END.length))
    } else {
      return { text, end }
    }
  }
}
