import { Base64, type Body, bodyOf, type Segment, textOf, type TextSegment } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import type { Binary } from '../../json/value.js'
import { quote } from '../../json/write.js'
import { covers, hasWildcard, isRange } from '../../openapi/media-type.js'

/** Selects the one member that the output's object has. @throws AdapterError `resource-not-found` */
export function selectedPart(segments: readonly Segment[], member: string): readonly Segment[] {
  return withoutBracket(startOfPart(segments, member))
}

/** The same of an object that goes on after these segments. @throws AdapterError `resource-not-found` */
export function startOfPart(segments: readonly Segment[], member: string): readonly Segment[] {
  const [first] = segments
  if (!isText(first) || !hasPart(segments, member)) throw notFound()
  const start = startOf(member)
  const length = typeof first === 'string' ? start.length : Buffer.byteLength(start)
  return [sliced(first, length), ...segments.slice(1)]
}

export function hasPart([first]: readonly Segment[], member: string): boolean {
  const start = startOf(member)
  if (typeof first === 'string') return first.startsWith(start)
  if (!isText(first)) return false
  const wanted = Buffer.from(start)
  return wanted.equals(first.subarray(0, wanted.length))
}

function startOf(member: string): string {
  return `{${quote(member)}:`
}

/** What follows such a start. */
export async function* endOfPart(
  pages: AsyncIterable<readonly Segment[]>,
): AsyncGenerator<readonly Segment[], void> {
  let held: readonly Segment[] | undefined
  for await (const page of pages) {
    if (held) yield held
    held = page
  }
  if (held) yield withoutBracket(held)
}

/** The last segment is always a text. */
function withoutBracket(segments: readonly Segment[]): readonly Segment[] {
  const last = segments.at(-1)
  return isText(last) ? [...segments.slice(0, -1), sliced(last, 0, -1)] : segments
}

function isText(segment: Segment | undefined): segment is TextSegment {
  return typeof segment === 'string' || segment instanceof Uint8Array
}

/** @param from and `to` in UTF-16 code units of a string, in octets of UTF-8 */
function sliced(text: TextSegment, from: number, to?: number): TextSegment {
  return typeof text === 'string' ? text.slice(from, to) : text.subarray(from, to)
}

export function notFound(): AdapterError {
  return new AdapterError('resource-not-found', 'The backend has nothing under these identifiers.')
}

/** Adds members that are bytes in base64 to the text of a JSON object. */
export function withMembers(
  segments: readonly Segment[],
  members: ReadonlyMap<string, Binary>,
): readonly Segment[] {
  if (members.size === 0) return segments
  const [first = '{}', ...rest] = segments
  const text = isText(first) ? first : '{}'
  const isEmpty = text.length === 2
  const added = [...members].flatMap(([name, { content }], index): Segment[] => [
    `${index === 0 ? '{' : '",'}${quote(name)}:"`,
    new Base64(content),
  ])
  return [...added, `"${isEmpty ? '' : ','}`, sliced(text, 1), ...rest]
}

/** Each page as a body. */
export async function* bodiesOf(pages: AsyncIterable<readonly Segment[]>): AsyncGenerator<Body, void> {
  for await (const page of pages) yield bodyOf(page)
}

/**
 * The text that is the body, out of its JSON.
 *
 * @throws AdapterError `resource-not-found`
 */
export function textBody(json: readonly Segment[]): Body {
  const text: unknown = JSON.parse(textOf(json))
  if (typeof text !== 'string') throw notFound()
  return text
}

/**
 * The media type of bytes: what the backend says of them, as far as the contract allows it.
 *
 * @param declared media types and ranges of the contract
 * @param said by an element of the response
 * @throws AdapterError `backend-mismatch` for bytes of a type that the contract does not promise
 */
export function bytesMediaType(declared: readonly string[], said: string | undefined, bytes: Binary): string {
  const [only = '', ...others] = declared
  const isOpen = others.length > 0 || isRange(only)
  if (said === undefined && !isOpen) return only
  const mediaType = said?.trim() ?? bytes.mediaType ?? 'application/octet-stream'
  if (
    !/^[\x20-\x7e]{3,256}$/.test(mediaType) ||
    hasWildcard(mediaType) ||
    !declared.some((range) => covers(range, mediaType))
  ) {
    throw new AdapterError(
      'backend-mismatch',
      `The response is of a media type that the contract does not promise; it promises ${declared.join(', ')}.`,
    )
  }
  return mediaType
}
