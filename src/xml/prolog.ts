import { BANG, checkChars, LESS, nameEnd, octetAt, QUESTION, skipSpace } from './chars.js'
import { XmlError } from './error.js'
import type { XmlSource } from './source.js'

const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y

/** What does not go on after `<?xml` where that begins a declaration. */
const GOES_ON = /[-.0-9A-Za-z_:\u0080-\uffff]/

/**
 * Reads the XML declaration (XML 1.0 production [23]), where the document has one.
 *
 * @param start the offset after the byte order mark
 * @returns the offset after it, and the encoding that it declares
 * @throws XmlError
 */
export function xmlDeclaration(
  input: string,
  start = input.startsWith('\uFEFF') ? 1 : 0,
): { end: number; encoding?: string } {
  if (!input.startsWith('<?xml', start) || GOES_ON.test(input.charAt(start + 5))) return { end: start }
  DECLARATION.lastIndex = start
  const match = DECLARATION.exec(input)
  if (match === null) {
    const before = start === 0 ? 0 : 1
    const what = 'An XML declaration that is not as it should be'
    throw new XmlError('not-well-formed', what, before, `1:${before + 1}`)
  }
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
export function skipMisc(source: XmlSource, p: number): number {
  const c = octetAt(source, p) === LESS ? octetAt(source, p + 1) : -1
  if (c === QUESTION) return instructionEnd(source, p)
  if (c === BANG && source.image.startsWith('--', p + 2)) return commentEnd(source, p)
  if (c === BANG && source.image.startsWith('DOCTYPE', p + 2)) {
    throw source.error('A document type declaration, which is not read here', p, 'doctype')
  }
  return p
}

function commentEnd(source: XmlSource, p: number): number {
  const end = source.image.indexOf('--', p + 4)
  if (end === -1) throw source.error('A comment that does not end', p)
  checkChars(source, p + 4, end)
  if (source.image.startsWith('>', end + 2)) return end + 3
  throw source.error('"--" within a comment', end)
}

function instructionEnd(source: XmlSource, p: number): number {
  const target = nameEnd(source, p + 2)
  const name = source.text(p + 2, Math.min(target, p + 1024))
  if (name === '' || source.image.slice(p + 2, target).includes(':') || name.toLowerCase() === 'xml') {
    const what = 'A processing instruction whose target is not a name, has a colon or is xml'
    throw source.error(what, p)
  }
  const end = source.image.indexOf('?>', target)
  if (end === -1) throw source.error('A processing instruction that does not end', p)
  if (end !== target && skipSpace(source.octets, target) === target) {
    throw source.error('A processing instruction without white space after its target', target)
  }
  checkChars(source, target, end)
  source.hasInstruction = true
  return end + 2
}
