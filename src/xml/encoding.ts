import { isAscii, isUtf8, transcode } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { XmlError } from './error.js'
import { xmlDeclaration } from './prolog.js'
import { XmlSource } from './source.js'

/** @param offset of the bytes in the document, for messages */
type Decoder = (bytes: Buffer, offset: number) => string

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['utf-8', utf8],
  ['utf8', utf8],
  ['utf-16le', (bytes, offset) => utf16('utf-16le', bytes, offset)],
  ['utf-16be', (bytes, offset) => utf16('utf-16be', bytes, offset)],
  ['us-ascii', ascii],
  ['ascii', ascii],
  ['iso-8859-1', latin1],
  ['iso8859-1', latin1],
  ['latin1', latin1],
  ['windows-1252', windows1252],
  ['cp1252', windows1252],
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].flatMap((part) =>
    singleByte(`iso-8859-${part}`, `iso8859-${part}`),
  ),
  ...singleByte('iso-8859-9', 'iso8859-9'),
  ...[1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258].flatMap((page) =>
    singleByte(`windows-${page}`, `cp${page}`),
  ),
  ...singleByte('koi8-r'),
  ...singleByte('koi8-u'),
])

/** What windows-1252 has at 0x80 to 0x9F where ISO-8859-1 has control characters; U+FFFD where it has nothing. */
const WINDOWS_1252 =
  '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd' +
  '\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178'

const REPLACEMENT = Buffer.from('\ufffd')

/** An XML declaration is looked for within so many bytes. */
const DECLARATION_BYTES = 1024

/**
 * Decodes an XML document. A byte order mark decides on the encoding; without one the `charset` of the Content-Type
 * does, then the XML declaration; without any of them it is UTF-8 (RFC 7303 section 3, XML 1.0 appendix F).
 *
 * @param charset without quotes, in any case
 * @returns the document without byte order mark
 * @throws XmlError `encoding` for an encoding that is not known and for bytes that it does not allow: nothing is
 *   replaced
 */
export function decodeXml(bytes: Uint8Array, charset?: string): string {
  const { encoding, evident, markLength } = encodingOf(bufferOf(bytes), charset)
  const text = decoderNamed(encoding)(bufferOf(bytes).subarray(markLength), markLength)
  if (evident !== undefined && charset === undefined) checkDeclared(evident, text)
  return text
}

/**
 * The same for a reader, which takes UTF-8 as it is.
 *
 * @throws XmlError `encoding`
 */
export function sourceOf(bytes: Uint8Array, charset?: string): XmlSource {
  const buffer = bufferOf(bytes)
  const { encoding, evident, markLength } = encodingOf(buffer, charset)
  const octets = octetsIn(encoding, markLength === 0 ? buffer : buffer.subarray(markLength), markLength)
  if (evident !== undefined && charset === undefined) checkDeclared(evident, octets)
  return XmlSource.ofUtf8(octets)
}

/** Octets of UTF-8 for those of another encoding. @throws XmlError for bytes that the encoding does not allow */
function octetsIn(encoding: string, bytes: Buffer, offset: number): Buffer {
  const decode = decoderNamed(encoding)
  if (decode !== utf8) return Buffer.from(decode(bytes, offset))
  if (!isUtf8(bytes)) throw notAllowed('UTF-8', offset + firstNotUtf8(bytes))
  return bytes
}

/** Makes UTF-8 of an XML document that comes in pieces, as {@link sourceOf} does of one that is there. */
export class XmlDecoder {
  readonly #charset: string | undefined
  #encoding: string | undefined
  #left = Buffer.alloc(0)
  #offset = 0

  /** @param charset as for {@link decodeXml} */
  constructor(charset?: string) {
    this.#charset = charset
  }

  /**
   * @param bytes the first ones with the XML declaration in them
   * @param isLast whether no more will come
   * @returns whole characters, perhaps a part of the same memory
   * @throws XmlError `encoding`
   */
  decode(bytes: Uint8Array, { isLast = false }: { readonly isLast?: boolean } = {}): Buffer {
    let buffer = this.#left.length === 0 ? bufferOf(bytes) : Buffer.concat([this.#left, bytes])
    const isFirst = this.#encoding === undefined
    const found = isFirst ? encodingOf(buffer, this.#charset) : undefined
    this.#encoding ??= found?.encoding ?? 'utf-8'
    buffer = buffer.subarray(found?.markLength ?? 0)
    this.#offset += found?.markLength ?? 0
    const end = isLast ? buffer.length : wholeCharacters(this.#encoding, buffer)
    const octets = octetsIn(this.#encoding, buffer.subarray(0, end), this.#offset)
    this.#left = Buffer.from(buffer.subarray(end))
    this.#offset += end
    if (found?.evident !== undefined && this.#charset === undefined) {
      checkDeclared(found.evident, octets)
    }
    return octets
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** How many of the bytes are characters that do not go on after them. */
function wholeCharacters(encoding: string, bytes: Buffer): number {
  const { length } = bytes
  if (encoding.startsWith('utf-16')) {
    const even = length - (length % 2)
    const isHigh = ((bytes[even - (encoding === 'utf-16le' ? 1 : 2)] ?? 0) & 0xfc) === 0xd8
    return isHigh ? even - 2 : even
  }
  if (!encoding.startsWith('utf')) return length
  // What is not UTF-8 is left to the decoder to refuse.
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const bytesOfCharacter = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return bytesOfCharacter > back ? length - back : length
  }
  return length
}

/** By which encoding a document is decoded, whether its bytes show it, and how long its byte order mark is. */
function encodingOf(
  buffer: Buffer,
  charset: string | undefined,
): { encoding: string; evident: string | undefined; markLength: number } {
  const mark = byteOrderMark(buffer)
  const evident = mark?.encoding ?? wideEncoding(buffer)
  const named = mark?.encoding ?? charset?.toLowerCase() ?? evident ?? declared(buffer)
  const encoding = named === 'utf-16' ? evident : named
  if (encoding === undefined) {
    throw new XmlError(
      'encoding',
      'A document in UTF-16 that neither a byte order mark nor its first bytes show',
      0,
    )
  }
  return { encoding, evident, markLength: mark?.length ?? 0 }
}

function byteOrderMark(bytes: Buffer): { encoding: string; length: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  return undefined
}

/** XML 1.0 section 4.3.3 forbids a declaration that the bytes contradict. */
function checkDeclared(evident: string, document: Buffer | string): void {
  // As text, before which a second mark may stand.
  const name = xmlDeclaration(document.toString()).encoding?.toLowerCase()
  if (name === undefined || name === evident || (name === 'utf-16' && evident.startsWith('utf-16'))) return
  throw new XmlError(
    'encoding',
    `An encoding declaration that contradicts the bytes, which are ${evident}`,
    0,
  )
}

/** UTF-16 shows in how `<` and the character after it are written. */
function wideEncoding(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return 'utf-16le'
  if (bytes[0] === 0 && bytes[1] === 0x3c && bytes[2] === 0 && bytes[3] !== 0) return 'utf-16be'
  return undefined
}

function declared(bytes: Buffer): string {
  if (bytes[0] !== 0x3c || bytes[1] !== 0x3f) return 'utf-8'
  const start = bytes.toString('latin1', 0, DECLARATION_BYTES)
  const declaration = start.startsWith('<?xml') ? start.slice(0, start.indexOf('?>') + 2) : ''
  return xmlDeclaration(declaration).encoding?.toLowerCase() ?? 'utf-8'
}

function decoderNamed(encoding: string): Decoder {
  const decoder = DECODERS.get(encoding)
  if (decoder !== undefined) return decoder
  const known = [...DECODERS.keys()].join(', ')
  throw new XmlError('encoding', `A character encoding that is not one of ${known}, utf-16`, 0)
}

function utf8(bytes: Buffer, offset: number): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  // The way over UTF-16 takes a third of the time of toString('utf8').
  if (isUtf8(bytes)) return transcode(bytes, 'utf8', 'utf16le').toString('utf16le')
  throw notAllowed('UTF-8', offset + firstNotUtf8(bytes))
}

function utf16(encoding: string, bytes: Buffer, offset: number): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw notAllowed(encoding.toUpperCase(), offset)
  }
}

function ascii(bytes: Buffer, offset: number): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  const index = bytes.findIndex((byte) => byte > 0x7f)
  throw notAllowed('US-ASCII', offset + index)
}

function latin1(bytes: Buffer): string {
  return bytes.toString('latin1')
}

function windows1252(bytes: Buffer, offset: number): string {
  const text = bytes.toString('latin1')
  return text.replace(/[\x80-\x9f]/g, (c, index: number) => {
    const decoded = WINDOWS_1252.charAt(c.charCodeAt(0) - 0x80)
    if (decoded === '\ufffd') throw notAllowed('windows-1252', offset + index)
    return decoded
  })
}

/**
 * An encoding of one byte for each character, as the WHATWG's Encoding Standard has it, under its names. Bytes that would
 * be C1 control characters are refused: the standard reads so what the encoding leaves open, and ISO-8859-9 as
 * windows-1254.
 */
function singleByte(name: string, ...aliases: readonly string[]): readonly (readonly [string, Decoder])[] {
  let decoder: TextDecoder | undefined
  const isWindows = name.startsWith('windows')
  const decode: Decoder = (bytes, offset) => {
    decoder ??= new TextDecoder(name, { fatal: true, ignoreBOM: true })
    const isC1 = (byte: number): boolean => byte >= 0x80 && byte < 0xa0
    const wrong = name.startsWith('iso') ? bytes.findIndex(isC1) : -1
    if (wrong !== -1) throw notAllowed(name.toUpperCase(), offset + wrong)
    try {
      const text = decoder.decode(bytes)
      const control = isWindows ? text.search(/[\x80-\x9f]/) : -1
      if (control === -1) return text
      throw notAllowed(name, offset + control)
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause
      throw notAllowed(name, offset)
    }
  }
  return [name, ...aliases].map((label) => [label, decode] as const)
}

function notAllowed(encoding: string, index: number): XmlError {
  return new XmlError('encoding', `Bytes that are not ${encoding}`, index)
}

/** Where decoding would put a replacement character that the bytes do not hold themselves. */
function firstNotUtf8(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  let from = 0
  let offset = 0
  for (;;) {
    const index = text.indexOf('\ufffd', from)
    offset += Buffer.byteLength(text.slice(from, index))
    if (!bytes.subarray(offset, offset + REPLACEMENT.length).equals(REPLACEMENT)) return offset
    offset += REPLACEMENT.length
    from = index + 1
  }
}
