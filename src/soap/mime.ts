import { decodeBase64 } from '../base/base64.js'
import { AdapterError } from '../base/errors.js'
import { type HeaderField, mediaTypeEssence, mediaTypeParameter } from './mime-header.js'
import type { Attachment } from './xop.js'

/** A message of several parts (RFC 2387): the envelope, and what travels beside it. */
export interface RelatedParts {
  readonly root: Attachment
  /** All others, as they came. */
  readonly attachments: readonly Attachment[]
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
 * Takes a multipart/related message apart (RFC 2046, section 5.1; RFC 2387). Parts are slices of the body: nothing is
 * copied, unless it is in base64 or quoted-printable. Lines may end in LF alone.
 *
 * @param contentType of the whole
 * @param maxAttachments beside the root
 * @throws AdapterError `backend-malformed` for everything that is not told apart without doubt: no boundary, no end,
 *   parts within parts, two parts of one Content-ID, a Content-Length that is wrong
 */
export function readRelated(
  body: Uint8Array,
  contentType: string,
  maxAttachments = MAX_ATTACHMENTS,
): RelatedParts {
  const boundary = mediaTypeParameter(contentType, 'boundary')
  // RFC 2046, section 5.1.1: bcharsnospace; a sender's other characters are not worth a refusal.
  if (boundary === undefined || !/^[\x20-\x7e]{1,70}$/.test(boundary) || boundary.endsWith(' ')) {
    throw malformed('has no boundary of 1 to 70 characters')
  }
  const parts = split(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    boundary,
    maxAttachments,
  ).map(readPart)
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
  return { root, attachments: parts.filter((part) => part !== root) }
}

function malformed(what: string): AdapterError {
  return new AdapterError(
    'backend-malformed',
    `The response is not a valid multipart/related message: it ${what}.`,
  )
}

/** The parts between the delimiter lines, headers included; preamble and epilogue mean nothing. */
function split(body: Buffer, boundary: string, maxAttachments: number): Buffer[] {
  const dashed = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let partStart: number | undefined
  for (let at = body.indexOf(dashed); at !== -1; at = body.indexOf(dashed, at + 1)) {
    if (at > 0 && body[at - 1] !== LF) continue
    const line = delimiterAt(body, at + dashed.byteLength)
    if (!line) continue
    if (partStart !== undefined) {
      // The line end before a delimiter belongs to it; a part without header and body has shared it.
      const end = at - (body[at - 2] === CR ? 2 : 1)
      parts.push(body.subarray(partStart, Math.max(partStart, end)))
    }
    if (parts.length > maxAttachments + 1)
      throw malformed(`has more than ${maxAttachments} attachments, the limit`)
    if (line.isClose) {
      if (parts.length === 0) throw malformed('has no parts')
      return parts
    }
    partStart = line.end
    at = line.end - 1
  }
  throw malformed(partStart === undefined ? 'has no delimiter line' : 'ends without its closing delimiter')
}

/** What follows the boundary on a delimiter line; undefined where it is another text that begins alike. */
function delimiterAt(
  body: Buffer,
  at: number,
): { readonly isClose: boolean; readonly end: number } | undefined {
  const isClose = body[at] === DASH && body[at + 1] === DASH
  let p = isClose ? at + 2 : at
  while (body[p] === 0x20 || body[p] === 0x09) p += 1
  if (body[p] === CR && body[p + 1] === LF) p += 1
  else if (body[p] !== LF) return isClose && p === body.byteLength ? { isClose, end: p } : undefined
  return { isClose, end: p + 1 }
}

/**
 * A part: its header, an empty line and its content.
 *
 * @throws AdapterError `backend-malformed`
 */
export function readPart(part: Buffer): Attachment {
  const { fields, header, end } = readFields(part)
  const content = part.subarray(end)
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

/** Header fields of a part, unfolded (RFC 5322, section 2.2.3), by their names in lower case. */
function readFields(part: Buffer): {
  readonly fields: ReadonlyMap<string, string>
  /** As it is written. */
  readonly header: readonly HeaderField[]
  readonly end: number
} {
  const lines: string[] = []
  let p = 0
  for (;;) {
    const lf = part.indexOf(LF, p)
    // A part without a body has no empty line of its own (RFC 2046, section 5.1.1, body-part).
    if (p > 0 && p === part.byteLength) break
    if (lf === -1 || lf > MAX_HEADER_BYTES) {
      throw malformed(
        lf === -1
          ? 'has a part without an empty line'
          : `has a part whose header is over ${MAX_HEADER_BYTES} bytes`,
      )
    }
    const line = part.toString('latin1', p, part[lf - 1] === CR && lf > p ? lf - 1 : lf)
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
function decoded(content: Buffer, transferEncoding: string): Buffer {
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
      return quotedPrintable(content)
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
