import { BANG, checkChars, LESS, nameEnd, QUESTION, skipSpace, unitAt } from './chars.js'
import { XmlError } from './error.js'

const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y

/**
 * Reads the XML declaration (XML 1.0 production [23]), where the document has one.
 *
 * @returns the offset after it, and the encoding that it declares
 * @throws XmlError
 */
export function xmlDeclaration(input: string): { end: number; encoding?: string } {
  const start = input.startsWith('\uFEFF') ? 1 : 0
  if (!input.startsWith('<?xml', start) || nameEnd(input, start + 2) !== start + 5) return { end: start }
  DECLARATION.lastIndex = start
  const match = DECLARATION.exec(input)
  if (match === null)
    throw new XmlError('not-well-formed', 'An XML declaration that is not as it should be', start, input)
  const encoding = match[1] ?? match[2]
  return { end: DECLARATION.lastIndex, ...(encoding !== undefined && { encoding }) }
}

/**
 * Skips a comment or a processing instruction (XML 1.0 productions [15] and [16]).
 *
 * @param p the offset of its `<`
 * @returns the offset after it; `p` itself where neither stands there
 * @throws XmlError
 */
export function skipMisc(input: string, p: number): number {
  const c = unitAt(input, p) === LESS ? unitAt(input, p + 1) : -1
  if (c === QUESTION) return instructionEnd(input, p)
  if (c === BANG && input.startsWith('--', p + 2)) return commentEnd(input, p)
  if (c === BANG && input.startsWith('DOCTYPE', p + 2)) {
    throw new XmlError('doctype', 'A document type declaration, which is not read here', p, input)
  }
  return p
}

function commentEnd(input: string, p: number): number {
  const end = input.indexOf('--', p + 4)
  if (end === -1) throw new XmlError('not-well-formed', 'A comment that does not end', p, input)
  checkChars(input, p + 4, end)
  if (input.startsWith('>', end + 2)) return end + 3
  throw new XmlError('not-well-formed', '"--" within a comment', end, input)
}

function instructionEnd(input: string, p: number): number {
  const target = nameEnd(input, p + 2)
  const name = input.slice(p + 2, Math.min(target, p + 1024))
  if (name === '' || name.includes(':') || name.toLowerCase() === 'xml') {
    const what = 'A processing instruction whose target is not a name, has a colon or is xml'
    throw new XmlError('not-well-formed', what, p, input)
  }
  const end = input.indexOf('?>', target)
  if (end === -1)
    throw new XmlError('not-well-formed', 'A processing instruction that does not end', p, input)
  if (end !== target && skipSpace(input, target) === target) {
    throw new XmlError(
      'not-well-formed',
      'A processing instruction without white space after its target',
      target,
      input,
    )
  }
  checkChars(input, target, end)
  return end + 2
}
