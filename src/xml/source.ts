import { isAscii } from 'node:buffer'
import { XmlError, type XmlErrorCode } from './error.js'

const ZEROS = 4
const GREATER = 0x3e
const REPLACEMENT = '\ufffd'
const LONE_SURROGATE = /[\ud800-\udfff]/u

/**
 * A document as its reader sees it: the octets of its UTF-8, and the same as a string of one character an octet, in which
 * names of the syntax are looked for and texts of ASCII are cut from without being decoded. Offsets are the same in both.
 */
export class XmlSource {
  /** With four zeros after them, so that loops need not ask whether they are at the end. */
  readonly octets: Uint8Array
  /** The same. */
  readonly view: DataView
  /** How many octets the document has. */
  readonly end: number
  /** Whether a processing instruction has been read. */
  hasInstruction = false
  readonly #isAscii: boolean
  readonly #buffer: Buffer
  #image: string | undefined
  #document: string | undefined
  /** An offset and how many UTF-16 code units are before it. */
  #counted = { octets: 0, units: 0 }

  readonly #isPart: boolean

  private constructor(
    buffer: Buffer,
    { document, isPart = false }: { document?: string; isPart?: boolean } = {},
  ) {
    this.#isPart = isPart
    this.end = buffer.length - ZEROS
    this.octets = buffer
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    this.#buffer = buffer
    this.#isAscii = document === undefined ? isAscii(buffer) : document.length === this.end
    this.#document = document
  }

  static ofText(text: string): XmlSource {
    const length = Buffer.byteLength(text)
    const buffer = Buffer.allocUnsafe(length + ZEROS)
    buffer.write(text, 'utf8')
    buffer.fill(0, length)
    if (length !== text.length) keepLoneSurrogate(text, buffer)
    return new XmlSource(buffer, { document: text })
  }

  /**
   * @param octets that are UTF-8, without a byte order mark
   * @param isPart whether more of the document may come: where it is not well-formed then it is read again, and its errors
   *   tell bytes, which need not be counted, instead of places
   * @param hasInstruction whether a processing instruction has been read in what is left out of the octets
   */
  static ofUtf8(
    octets: Uint8Array,
    {
      isPart = false,
      hasInstruction = false,
    }: { readonly isPart?: boolean; readonly hasInstruction?: boolean } = {},
  ): XmlSource {
    const buffer = Buffer.allocUnsafe(octets.length + ZEROS)
    buffer.set(octets)
    for (let at = octets.length; at < buffer.length; at++) buffer[at] = 0
    const source = new XmlSource(buffer, { isPart })
    source.hasInstruction = hasInstruction
    return source
  }

  /** Octets of the byte order mark. */
  get markLength(): number {
    return this.octets[0] === 0xef && this.octets[1] === 0xbb && this.octets[2] === 0xbf ? 3 : 0
  }

  /** One character an octet; made when somebody first looks for something in it. */
  get image(): string {
    return (this.#image ??= this.#buffer.toString('latin1', 0, this.end))
  }

  /** What there is up to the first `>`, where an XML declaration would end; one character an octet. */
  get beginning(): string {
    const end = this.octets.indexOf(GREATER)
    return end === -1 ? this.image : this.#buffer.toString('latin1', 0, end + 1)
  }

  /** The whole document. */
  get document(): string {
    return (this.#document ??= this.#buffer.toString('utf8', 0, this.end))
  }

  /** What stands between two offsets. */
  text(start: number, end: number): string {
    if (this.#isAscii) return this.image.slice(start, end)
    const { octets } = this
    for (let p = start; p < end; p++) {
      if ((octets[p] ?? 0) > 127) return this.#buffer.toString('utf8', start, end)
    }
    return this.image.slice(start, end)
  }

  /** The character at an offset; 0 at the end. */
  codePointAt(p: number): number {
    const { octets } = this
    const c = octets[p] ?? 0
    if (c < 0x80) return c
    const second = (octets[p + 1] ?? 0) & 0x3f
    if (c < 0xe0) return ((c & 0x1f) << 6) | second
    const third = (octets[p + 2] ?? 0) & 0x3f
    if (c < 0xf0) return ((c & 0x0f) << 12) | (second << 6) | third
    return ((c & 0x07) << 18) | (second << 12) | (third << 6) | ((octets[p + 3] ?? 0) & 0x3f)
  }

  /**
   * How many UTF-16 code units are before an offset. Counted from where it was asked last, so that a walk through the
   * document costs no more than its length.
   */
  unitsBefore(p: number): number {
    if (this.#isAscii) return p
    let { octets: from, units } = this.#counted
    for (; from < p; from++) units += unitsOf(this.octets[from] ?? 0)
    while (from > p) units -= unitsOf(this.octets[--from] ?? 0)
    this.#counted = { octets: p, units }
    return units
  }

  /**
   * `line:column` of an offset, both counted from 1, the column in UTF-16 code units; lines end as XML 1.0 section 2.11
   * has it.
   */
  location(p: number): string {
    let line = 1
    let lineStart = 0
    LINE_END.lastIndex = 0
    for (;;) {
      const end = LINE_END.test(this.image) ? LINE_END.lastIndex : Infinity
      if (end > p) break
      line++
      lineStart = end
    }
    return `${line}:${this.unitsBefore(p) - this.unitsBefore(lineStart) + 1}`
  }

  /** @param what the fault, without a full stop */
  error(what: string, p: number, code: XmlErrorCode = 'not-well-formed'): XmlError {
    if (this.#isPart && code === 'not-well-formed') return new XmlError(code, what, p)
    return new XmlError(code, what, this.unitsBefore(p), this.location(p))
  }
}

const LINE_END = /\r\n?|\n/g

/** What the octet adds to the length of the text in UTF-16: its character, where it is the first one of it. */
function unitsOf(octet: number): number {
  if (octet < 0x80) return 1
  return octet < 0xc0 ? 0 : octet < 0xf0 ? 1 : 2
}

/** A lone surrogate is no character, and must not become one: it stays what readers refuse. */
function keepLoneSurrogate(text: string, buffer: Buffer): void {
  if (!buffer.includes(REPLACEMENT)) return
  const at = text.search(LONE_SURROGATE)
  if (at !== -1) buffer.set([0xed, 0xa0, 0x80], Buffer.byteLength(text.slice(0, at)))
}
