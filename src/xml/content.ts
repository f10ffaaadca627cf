import {
  AMPERSAND,
  BANG,
  charDataEnd,
  checkChars,
  normaliseLineEnds,
  QUESTION,
  skipSpace,
  unitAt,
} from './chars.js'
import { XmlError } from './error.js'
import { skipMisc } from './prolog.js'
import { referencedCodePoint, referenceEnd } from './reference.js'

const SECTION_START = '<![CDATA['
const SECTION_END = ']]>'

/**
 * Checks a CDATA section (XML 1.0 section 2.7).
 *
 * @param p the offset of its `<`
 * @returns the offset after it
 */
export function sectionEnd(input: string, p: number): number {
  if (!input.startsWith(SECTION_START, p)) {
    throw new XmlError('not-well-formed', '"<!" that begins neither a comment nor a CDATA section', p, input)
  }
  const end = input.indexOf(SECTION_END, p + SECTION_START.length)
  if (end === -1) throw new XmlError('not-well-formed', 'A CDATA section that does not end', p, input)
  checkChars(input, p + SECTION_START.length, end)
  return end + SECTION_END.length
}

/** Whether the CDATA section between two offsets holds nothing but white space. */
export function isBlankSection(input: string, p: number, end: number): boolean {
  return skipSpace(input, p + SECTION_START.length) === end - SECTION_END.length
}

/**
 * Skips text, references, CDATA sections, comments and processing instructions.
 *
 * @param units of the input, a zero after them
 * @returns the offset of the next tag, or the length of the input
 */
export function skipToTag(input: string, units: Uint16Array, p: number): number {
  for (;;) {
    p = charDataEnd(input, units, p)
    const next = unitAt(input, p + 1)
    if (unitAt(input, p) === AMPERSAND) {
      referencedCodePoint(input, p)
      p = referenceEnd(input, p)
    } else if (next === BANG || next === QUESTION) {
      const end = skipMisc(input, p)
      p = end === p ? sectionEnd(input, p) : end
    } else {
      return p
    }
  }
}

/**
 * Reads what {@link skipToTag} skips: text as it is, references and CDATA sections expanded, line ends normalised,
 * comments and processing instructions dropped.
 */
export function textToTag(input: string, units: Uint16Array, p: number): { text: string; end: number } {
  let text = ''
  for (;;) {
    const end = charDataEnd(input, units, p)
    text += normaliseLineEnds(input.slice(p, end))
    const next = unitAt(input, end + 1)
    if (unitAt(input, end) === AMPERSAND) {
      text += String.fromCodePoint(referencedCodePoint(input, end))
      p = referenceEnd(input, end)
    } else if (next === BANG || next === QUESTION) {
      p = skipMisc(input, end)
      if (p !== end) continue
      p = sectionEnd(input, end)
      text += normaliseLineEnds(input.slice(end + SECTION_START.length, p - SECTION_END.length))
    } else {
      return { text, end }
    }
  }
}
