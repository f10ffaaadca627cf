const BOUNDARY = /;[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;"]+))/i
/** The first delimiter stands at the begin of a line, too. */
const LINE_BREAK = '\r\n'
const CR = 0x0d
const SPACES: ReadonlySet<number | undefined> = new Set([0x20, 0x09])

/**
 * Counts the parts of a multipart body by their delimiters (RFC 2046, section 5.1.1) while it comes in: a parser of forms
 * passes over those without a name or a Content-Disposition in silence.
 */
export class PartCounter {
  #parts = 0
  readonly #delimiter: Buffer | undefined
  /** The rest and the chunk after it; used again for each, so that a long body leaves no copy of itself behind. */
  #room: Buffer = Buffer.from(LINE_BREAK)
  /** Octets at the begin of the room that may hold the beginning of a delimiter, or lack what comes after one. */
  #rest = LINE_BREAK.length

  /** @param contentType of the body; without a boundary nothing is counted */
  constructor(contentType: string) {
    const [, quoted, bare] = BOUNDARY.exec(contentType) ?? []
    const boundary = quoted ?? bare ?? ''
    if (boundary !== '') this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  }

  get parts(): number {
    return this.#parts
  }

  take(chunk: Buffer): void {
    const delimiter = this.#delimiter
    if (!delimiter) return
    const bytes = this.#withRest(chunk)
    let from = 0
    for (;;) {
      const found = bytes.indexOf(delimiter, from)
      const end = found + delimiter.length
      if (found === -1) {
        from = Math.max(from, bytes.length - delimiter.length + 1)
        break
      }
      if (end >= bytes.length) {
        from = found
        break
      }
      // Two hyphens end the body, anything else is a line of a part that begins alike.
      if (bytes[end] === CR || SPACES.has(bytes[end])) this.#parts += 1
      from = end
    }
    bytes.copyWithin(0, from)
    this.#rest = bytes.length - from
  }

  #withRest(chunk: Buffer): Buffer {
    const length = this.#rest + chunk.length
    if (length > this.#room.length) {
      const room = Buffer.allocUnsafeSlow(length)
      room.set(this.#room.subarray(0, this.#rest))
      this.#room = room
    }
    this.#room.set(chunk, this.#rest)
    return this.#room.subarray(0, length)
  }
}
