import { AdapterError } from '../../base/errors.js'

/** What the head of a response turned out to be: status line and header fields, up to the empty line. */
export type ResponseHead =
  | { readonly kind: 'interim' }
  /** @param text what the HTTP parser is given instead; absent where the head is fine as it stands */
  | { readonly kind: 'final'; readonly text?: string }

const STATUS_LINE = /^HTTP\/\d\.\d (\d{3})(?!\d)/
const FRAMING = /(content-length|transfer-encoding)[ \t]*:([^\r\n]*)/iy
/** What an ASCII letter has in lower case alone. */
const LOWER_CASE = 0x20
const LETTER_C = 0x63
const LETTER_T = 0x74
const FOLD = /\r?\n[ \t]+/g

/** Exact as a double. */
const LENGTH = /^\d{1,15}$/

/**
 * Judges the head of a response before the HTTP parser does, where the parser gives up although RFC 9110 and 9112 tell
 * what is meant: an interim response (RFC 9110, section 15.2), lines that end in LF alone (RFC 9112, section 2.2),
 * lines that are folded (5.2), one Content-Length several times (RFC 9110, section 8.6) or where there is no body,
 * `Transfer-Encoding: identity` (RFC 2616, section 3.6). A connection on which anything but the first came is not used
 * again.
 *
 * @param text in ISO-8859-1, the empty line included
 * @throws AdapterError `backend-malformed` where two recipients could disagree on where the response ends
 */
export function readResponseHead(text: string): ResponseHead {
  const status = Number(STATUS_LINE.exec(text)?.[1] ?? NaN)
  // The parser says best what else is wrong with it.
  if (Number.isNaN(status)) return { kind: 'final' }
  if (status === 101) throw malformed('it switches protocols (101), which was not asked for')
  if (status < 100) throw malformed('its status is below 100 (RFC 9110, section 15)')
  if (status < 200) return { kind: 'interim' }
  const plain = isPlain(text) ? text : text.replace(FOLD, ' ').replace(/\r?\n/g, '\r\n')
  // Neither has a body, whatever a length says (RFC 9112, section 6.3).
  const repaired = status === 204 || status === 304 ? withoutFraming(plain) : framed(plain)
  return repaired === text ? { kind: 'final' } : { kind: 'final', text: closing(repaired) }
}

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
const CONTENT_LENGTH = Buffer.from('content-length')
const TRANSFER_ENCODING = Buffer.from('transfer-encoding')
const CHUNKED = Buffer.from('chunked')
const STATUS = Buffer.byteLength('HTTP/1.1 ')
const NO_CONTENT = 204
const NOT_MODIFIED = 304
/** Of a Content-Length that is exact as a double. */
const MOST_DIGITS = 15

/**
 * Whether octets begin with a whole head that {@link readResponseHead} would leave as it is, seen in one pass over them. Nearly all
 * are such heads; of others this says false, and of some that are fine.
 */
export function beginsWithPlainHead(octets: Uint8Array): boolean {
  if (!hasPlainStatus(octets)) return false
  let framings = 0
  for (let p = STATUS; p < octets.length; p++) {
    if (octets[p] !== LF) continue
    if (octets[p - 1] !== CR) return false
    const first = octets[p + 1] ?? 0
    if (first === CR) return octets[p + 2] === LF
    if (first === SPACE || first === TAB) return false
    const letter = first | LOWER_CASE
    if (letter !== LETTER_C && letter !== LETTER_T) continue
    const name = letter === LETTER_C ? CONTENT_LENGTH : TRANSFER_ENCODING
    if (!standsAt(octets, p + 1, name)) continue
    const value = p + 1 + name.length
    const isPlain = letter === LETTER_C ? isLength(octets, value) : isChunked(octets, value)
    if (!isPlain || ++framings > 1) return false
  }
  return false
}

/** A status of three digits from 200 on, of a response that has a body. */
function hasPlainStatus(octets: Uint8Array): boolean {
  let status = 0
  for (let p = STATUS; p < STATUS + 3; p++) {
    const digit = (octets[p] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return false
    status = status * 10 + digit
  }
  const ends = octets[STATUS + 3]
  return (ends === SPACE || ends === CR) && status >= 200 && status !== NO_CONTENT && status !== NOT_MODIFIED
}

/** @param text in lower case */
function standsAt(octets: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let p = 0; p < text.length; p++) {
    if (((octets[start + p] ?? 0) | LOWER_CASE) !== text[p]) return false
  }
  return true
}

/** The value of a field, from its colon on: where it begins, and -1 where there is no colon. */
function valueStart(octets: Uint8Array, start: number): number {
  if (octets[start] !== COLON) return -1
  let p = start + 1
  while (octets[p] === SPACE || octets[p] === TAB) p++
  return p
}

function isLength(octets: Uint8Array, start: number): boolean {
  const begin = valueStart(octets, start)
  if (begin === -1) return false
  let p = begin
  while ((octets[p] ?? 0) >= 0x30 && (octets[p] ?? 0) <= 0x39) p++
  return p > begin && p - begin <= MOST_DIGITS && octets[p] === CR && octets[p + 1] === LF
}

function isChunked(octets: Uint8Array, start: number): boolean {
  const begin = valueStart(octets, start)
  const end = begin + CHUNKED.length
  return begin !== -1 && standsAt(octets, begin, CHUNKED) && octets[end] === CR && octets[end + 1] === LF
}

/** Lines end in CR LF, and none goes on in the next. */
function isPlain(text: string): boolean {
  for (let lf = text.indexOf('\n'); lf !== -1; lf = text.indexOf('\n', lf + 1)) {
    const next = text.charCodeAt(lf + 1)
    if (text.charCodeAt(lf - 1) !== 0x0d || next === 0x20 || next === 0x09) return false
  }
  return true
}

/** The same head with what frames the body said once. */
function framed(text: string): string {
  const lengths: string[] = []
  const codings: string[] = []
  for (let lf = text.indexOf('\n'); lf !== -1; lf = text.indexOf('\n', lf + 1)) {
    // Few fields begin with these letters; the expression is asked about no others.
    const letter = text.charCodeAt(lf + 1) | LOWER_CASE
    if (letter !== LETTER_C && letter !== LETTER_T) continue
    FRAMING.lastIndex = lf + 1
    const found = FRAMING.exec(text)
    if (!found) continue
    const [, name = '', value = ''] = found
    const list = name.toLowerCase() === 'content-length' ? lengths : codings
    if (!value.includes(',')) list.push(value.trim().toLowerCase())
    else for (const each of value.split(',')) list.push(each.trim().toLowerCase())
  }
  if (lengths.length > 0 && codings.length > 0) {
    throw malformed('it has Content-Length and Transfer-Encoding (RFC 9112, section 6.1)')
  }
  if (codings.length > 0) return withCoding(text, codings)
  if (lengths.some((length) => !LENGTH.test(length))) throw malformed('its Content-Length is not a number')
  if (lengths.length < 2) return text
  const [length = '', ...others] = [...new Set(lengths.map(Number))]
  if (others.length > 0) throw malformed('it has two Content-Lengths that differ')
  return `${withoutFraming(text).slice(0, -2)}Content-Length: ${length}\r\n\r\n`
}

function withCoding(text: string, codings: readonly string[]): string {
  if (codings.length === 1 && codings[0] === 'chunked') return text
  if (codings.every((coding) => coding === 'identity')) return withoutFraming(text)
  throw malformed(
    codings.every((coding) => coding === 'chunked')
      ? 'it says twice that it is chunked'
      : 'it has a transfer coding other than chunked',
  )
}

function withoutFraming(text: string): string {
  return text.replace(/\r\n(?:content-length|transfer-encoding)[ \t]*:[^\r\n]*(?=\r\n)/gi, '')
}

/** Also of HTTP/1.0, where a parser that has seen `keep-alive` keeps the connection whatever else it sees. */
function closing(text: string): string {
  const rest = text.replace(/\r\nconnection[ \t]*:[^\r\n]*(?=\r\n)/gi, '')
  return `${rest.slice(0, -2)}Connection: close\r\n\r\n`
}

function malformed(what: string): AdapterError {
  return new AdapterError('backend-malformed', `The backend's response is not valid HTTP: ${what}.`)
}
