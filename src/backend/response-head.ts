import { AdapterError } from '../base/errors.js'

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
