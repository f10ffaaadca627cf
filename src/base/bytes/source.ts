import { writeBase64 } from './base64.js'

/** Bytes that are made while they are sent. They can be asked for more than once. */
export interface ByteSource extends Iterable<Uint8Array> {
  readonly byteLength: number
  /** All of it as text in UTF-8. */
  toString(): string
}

/** Bytes in one piece or in several. */
export type Octets = Uint8Array | ByteSource

/** A body as HTTP takes it: text is sent in UTF-8. */
export type Body = string | Uint8Array | ByteSource

/** Bytes that stand in a text in base64 (RFC 4648, section 4), written only while they are sent. */
export class Base64 implements ByteSource {
  readonly byteLength: number

  constructor(readonly bytes: Octets) {
    this.byteLength = 4 * Math.ceil(bytes.byteLength / 3)
  }

  toString(): string {
    return bytesOf(this.bytes).toString('base64')
  }

  *[Symbol.iterator](): Iterator<Uint8Array> {
    for (const some of inGroups(this.bytes)) yield Buffer.from(bytesOf(some).toString('base64'), 'latin1')
  }

  /** Chunks that are good until the next is asked for. */
  *lent(): Generator<Uint8Array> {
    const room = Buffer.allocUnsafeSlow((4 * OCTETS) / 3)
    for (const some of inGroups(this.bytes)) yield writeBase64(some, room)
  }
}

/** Bytes in whole groups of three but for the last; each is good until the next is asked for. */
function* inGroups(bytes: Octets): Generator<Uint8Array> {
  if (bytes instanceof Uint8Array) {
    for (let from = 0; from < bytes.length; from += OCTETS) yield bytes.subarray(from, from + OCTETS)
    return
  }
  const room = Buffer.allocUnsafeSlow(OCTETS)
  let used = 0
  for (const chunk of bytes) {
    for (let from = 0; from < chunk.length;) {
      const some = chunk.subarray(from, from + OCTETS - used)
      room.set(some, used)
      used += some.length
      from += some.length
      if (used < OCTETS) continue
      yield room
      used = 0
    }
  }
  if (used > 0) yield room.subarray(0, used)
}

/** Bytes that have come in pieces, none of them ever copied to make one. */
export class Pieces implements ByteSource {
  readonly byteLength: number

  constructor(readonly pieces: readonly Uint8Array[]) {
    this.byteLength = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  }

  toString(): string {
    return bytesOf(this).toString('utf8')
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return this.pieces[Symbol.iterator]()
  }
}

/** Bytes of one chunk of base64: whole groups of three, so that no chunk but the last is padded. */
const OCTETS = 49_152

/** Code units of one chunk of text. */
const UNITS = 65_536

/** Text as it is, or in UTF-8. */
export type TextSegment = string | Uint8Array

export type Segment = TextSegment | Base64

/** Below this many bytes, base64 is written as text like any other. */
export const WORTH_A_SEGMENT = 65_536

/** Segments one after the other, none of them ever copied as a whole. */
export class Segments implements ByteSource {
  readonly byteLength: number

  constructor(readonly segments: readonly (Segment | Octets)[]) {
    this.byteLength = segments.reduce((sum, segment) => sum + lengthOf(segment), 0)
  }

  toString(): string {
    return bytesOf(this).toString('utf8')
  }

  *[Symbol.iterator](): Iterator<Uint8Array> {
    for (const segment of this.segments) yield* chunksOf(segment)
  }
}

/** Segments as a body: one text stays one text. */
export function bodyOf(segments: readonly Segment[]): Body {
  const [only = ''] = segments
  return segments.length <= 1 && !(only instanceof Base64) ? only : new Segments(segments)
}

/** The length of a body in bytes. */
export function lengthOf(body: Body): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}

/** A body in pieces that are small where they have to be made. */
export function* chunksOf(body: Body): Generator<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else if (typeof body !== 'string') yield* body
  else {
    for (let from = 0; from < body.length;) {
      let to = Math.min(from + UNITS, body.length)
      if (to < body.length && isHighSurrogate(body.charCodeAt(to - 1))) to -= 1
      yield Buffer.from(body.slice(from, to))
      from = to
    }
  }
}

/** As {@link chunksOf}, but a chunk is only good until the next is asked for: for those who have sent it by then. */
export function* lentChunksOf(body: Body): Generator<Uint8Array> {
  if (body instanceof Base64) yield* body.lent()
  else if (body instanceof Segments) for (const segment of body.segments) yield* lentChunksOf(segment)
  else yield* chunksOf(body)
}

/** A body in one piece, for those who keep it. */
export function bytesOf(body: Body): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return Buffer.concat([...body], body.byteLength)
}

/** Segments as one text; bytes are text in UTF-8. */
export function textOf(segments: readonly Segment[]): string {
  const [only] = segments
  if (typeof only === 'string' && segments.length === 1) return only
  return segments
    .map((segment) => (typeof segment === 'string' ? segment : bytesOf(segment).toString('utf8')))
    .join('')
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}
