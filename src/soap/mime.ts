import { decodeBase64 } from '../base/bytes/base64.js'
import { PieceScanner } from '../base/bytes/piece-scanner.js'
import { bytesOf, type Octets } from '../base/bytes/source.js'
import { AdapterError } from '../base/errors.js'
import { type HeaderField, mediaTypeEssence, mediaTypeParameter } from './mime-header.js'
import { type Attachment, inOnePiece, type MessagePart } from './xop.js'

/** A message of several parts (RFC 2387): the envelope, and what travels beside it. */
export interface RelatedParts {
  /** In one piece, to be parsed. */
  readonly root: Attachment
  /** All others, as they came. */
  readonly attachments: readonly MessagePart[]
}

/** Bounds of what a sender can make us keep beside the bytes themselves. */
export const MAX_ATTACHMENTS = 100
const MAX_HEADER_BYTES = 8192
const MAX_HEADER_FIELDS = 50

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d

/** Is it the media type of a message with attachments? */
export function isRelated(contentType: string | undefined): boolean {
  return contentType !== undefined && mediaTypeEssence(contentType) === 'multipart/related'
}

/**
 * Takes a multipart/related message apart (RFC 2046, section 5.1; RFC 2387). Parts are views of the body, in the pieces in which
 * it came: nothing is copied but what is in base64 or quoted-printable, and a root that is cut. Lines may end in LF alone.
 *
 * @param contentType of the whole
 * @param maxAttachments beside the root
 * @throws AdapterError `backend-malformed` for everything that is not told apart without doubt: no boundary, no end,
 *   parts within parts, two parts of one Content-ID, a Content-Length that is wrong
 */
export function readRelated(
  body: Octets,
  contentType: string,
  maxAttachments = MAX_ATTACHMENTS,
): RelatedParts {
  const boundary = mediaTypeParameter(contentType, 'boundary')
  // RFC 2046, section 5.1.1: bcharsnospace; a sender's other characters are not worth a refusal.
  if (boundary === undefined || !/^[\x20-\x7e]{1,70}$/.test(boundary) || boundary.endsWith(' ')) {
    throw malformed('has no boundary of 1 to 70 characters')
  }
  const parts = split(new PieceScanner(body), boundary, maxAttachments).map(readPart)
  const ids = new Set<string>()
  for (const { contentId } of parts) {
    if (contentId === undefined) continue
    if (ids.has(contentId)) throw malformed('has two parts of the same Content-ID')
    ids.add(contentId)
  }
  const start = mediaTypeParameter(contentType, 'start')
  const root =
    start === undefined ? parts[0] : parts.find(({ contentId }) => contentId === withoutBrackets(start))
  if (!root) throw malformed('has no part that its start parameter names')
  return { root: inOnePiece(root), attachments: parts.filter((part) => part !== root) }
}

function malformed(what: string): AdapterError {
  return new AdapterError(
    'backend-malformed',
    `The response is not a valid multipart/related message: it ${what}.`,
  )
}

/** The parts between the delimiter lines, headers included; preamble and epilogue mean nothing. */
function split(body: PieceScanner, boundary: string, maxAttachments: number): Octets[] {
  const dashed = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Octets[] = []
  let partStart: number | undefined
  for (const at of linesThatBegin(body, dashed)) {
    const line = delimiterAt(body, at + dashed.byteLength)
    if (!line) continue
    if (partStart !== undefined) {
      // The line end before a delimiter belongs to it; a part without header and body has shared it.
      const end = at - (body.at(at - 2) === CR ? 2 : 1)
      parts.push(body.slice(partStart, Math.max(partStart, end)))
    }
    if (parts.length > maxAttachments + 1)
      throw malformed(`has more than ${maxAttachments} attachments, the limit`)
    if (line.isClose) {
      if (parts.length === 0) throw malformed('has no parts')
      return parts
    }
    partStart = line.end
  }
  throw malformed(partStart === undefined ? 'has no delimiter line' : 'ends without its closing delimiter')
}

/** Where lines begin with these octets. */
function* linesThatBegin(body: PieceScanner, octets: Buffer): Generator<number> {
  if (octets.equals(bytesOf(body.slice(0, octets.byteLength)))) yield 0
  const afterLine = Buffer.concat([Buffer.of(LF), octets])
  for (let at = body.indexOf(afterLine, 0); at !== -1; at = body.indexOf(afterLine, at + 1)) yield at + 1
}

/** What follows the boundary on a delimiter line; undefined where it is another text that begins alike. */
function delimiterAt(
  body: PieceScanner,
  at: number,
): { readonly isClose: boolean; readonly end: number } | undefined {
  const isClose = body.at(at) === DASH && body.at(at + 1) === DASH
  let p = isClose ? at + 2 : at
  while (body.at(p) === 0x20 || body.at(p) === 0x09) p += 1
  if (body.at(p) === CR && body.at(p + 1) === LF) p += 1
  else if (body.at(p) !== LF) return isClose && p === body.byteLength ? { isClose, end: p } : undefined
  return { isClose, end: p + 1 }
}

/**
 * A part: its header, an empty line and its content.
 *
 * @throws AdapterError `backend-malformed`
 */
export function readPart(part: Octets): MessagePart {
  const scanner = new PieceScanner(part)
  const beginning = bytesOf(scanner.slice(0, MAX_HEADER_BYTES + 1))
  const { fields, header, end } = readFields(beginning, part.byteLength)
  const content = scanner.slice(end, part.byteLength)
  const mediaType = fields.get('content-type')
  if (mediaType !== undefined && mediaTypeEssence(mediaType)?.startsWith('multipart/')) {
    throw malformed('has a part that is a multipart itself')
  }
  const length = fields.get('content-length')
  if (length !== undefined && (!/^\d{1,15}$/.test(length) || Number(length) !== content.byteLength)) {
    throw malformed('has a part whose Content-Length is not its length')
  }
  const contentId = fields.get('content-id')
  const bytes = decoded(content, fields.get('content-transfer-encoding') ?? '7bit')
  return {
    contentId: contentId === undefined ? undefined : withoutBrackets(contentId),
    mediaType,
    bytes,
    header,
  }
}

/**
 * Header fields of a part, unfolded (RFC 5322, section 2.2.3), by their names in lower case.
 *
 * @param beginning of the part: all of it, or one octet more than its header may have
 * @param byteLength of the part
 */
function readFields(
  beginning: Buffer,
  byteLength: number,
): {
  readonly fields: ReadonlyMap<string, string>
  /** As it is written. */
  readonly header: readonly HeaderField[]
  readonly end: number
} {
  const lines: string[] = []
  let p = 0
  for (;;) {
    const lf = beginning.indexOf(LF, p)
    // A part without a body has no empty line of its own (RFC 2046, section 5.1.1, body-part).
    if (p > 0 && p === byteLength) break
    if (lf === -1) {
      throw malformed(
        beginning.byteLength === byteLength
          ? 'has a part without an empty line'
          : `has a part whose header is over ${MAX_HEADER_BYTES} bytes`,
      )
    }
    const line = beginning.toString('latin1', p, beginning[lf - 1] === CR && lf > p ? lf - 1 : lf)
    p = lf + 1
    if (line === '') break
    const last = lines.length - 1
    if (/^[ \t]/.test(line) && last >= 0) lines[last] = `${lines[last] ?? ''}${line}`
    else if (lines.push(line) > MAX_HEADER_FIELDS) {
      throw malformed(`has a part with more than ${MAX_HEADER_FIELDS} header fields`)
    }
  }
  const fields = new Map<string, string>()
  const header: HeaderField[] = []
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? []
    if (name === '') throw malformed('has a header line without a name')
    const key = name.toLowerCase()
    if (fields.has(key) && key.startsWith('content-'))
      throw malformed('has a part with a Content- field twice')
    fields.set(key, value.trim().replaceAll('\t', ' '))
    header.push({ name, value })
  }
  return { fields, header, end: p }
}

/** RFC 2045, section 6. */
function decoded(content: Octets, transferEncoding: string): Octets {
  switch (transferEncoding.toLowerCase()) {
    case 'binary':
    case '8bit':
    case '7bit':
      return content
    case 'base64': {
      const bytes = decodeBase64(content)
      if (!bytes) throw malformed('has a part whose base64 is none')
      return bytes
    }
    case 'quoted-printable':
      return quotedPrintable(bytesOf(content))
    default:
      throw malformed('has a part in a Content-Transfer-Encoding that RFC 2045 does not have')
  }
}

/** RFC 2045, section 6.7. */
function quotedPrintable(content: Buffer): Buffer {
  const text = content.toString('latin1').replace(/(?<![ \t])[ \t]+(?=\r?\n|$)/g, '')
  const joined = text.replace(/=\r?\n/g, '')
  if (/=(?![0-9A-Fa-f]{2})/.test(joined)) throw malformed('has a part whose quoted-printable is none')
  const bytes = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

function withoutBrackets(id: string): string {
  return id.trim().replace(/^<(.*)>$/, '$1')
}
