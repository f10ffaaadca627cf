const BOUNDARY = /;[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;"]+))/i
const LINE_BREAK = Buffer.from('\r\n')
const CR = 0x0d
const SPACES: ReadonlySet<number | undefined> = new Set([0x20, 0x09])

/**
 * Counts the parts of a multipart body by their delimiters (RFC 2046, section 5.1.1) while it comes in: a parser of forms
 * passes over those without a name or a Content-Disposition in silence.
 */
export class PartCounter {
  #parts = 0
  readonly #delimiter: Buffer | undefined
  /** What may hold the beginning of a delimiter, or lacks what comes after one. The first stands at the beginning. */
  #rest: Buffer = LINE_BREAK

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
    const bytes = Buffer.concat([this.#rest, chunk])
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
    this.#rest = bytes.subarray(from)
  }
}
