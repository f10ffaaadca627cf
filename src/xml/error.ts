/**
 * What an {@link XmlError} is about: `not-well-formed` covers XML 1.0 and Namespaces in XML, `doctype` a document
 * type declaration, `limit` a document that is larger than allowed, `encoding` bytes that cannot be decoded; the
 * `unexpected-…` codes and `lexical` are said of well-formed documents that are not what the caller asked for.
 */
export type XmlErrorCode =
  'not-well-formed' | 'doctype' | 'limit' | 'encoding' | 'unexpected-text' | 'unexpected-element' | 'lexical'

/** A document cannot be read. The message says what is wrong and where, and holds no text of the document, no names either. */
export class XmlError extends Error {
  override readonly name = 'XmlError'

  /**
   * @param what the fault, without a full stop
   * @param position 0-based offset: in UTF-16 code units where `input` is given, otherwise in bytes
   * @param input the document, to say line and column; it is not kept
   */
  constructor(
    readonly code: XmlErrorCode,
    readonly what: string,
    readonly position: number,
    input?: string,
  ) {
    super(
      input === undefined ? `${what}, at byte ${position}` : `${what}, at ${lineAndColumn(input, position)}`,
    )
  }
}

/**
 * Says where an offset lies; lines end as XML 1.0 section 2.11 has it.
 *
 * @returns `line:column`, both counted from 1, the column in UTF-16 code units
 */
export function lineAndColumn(input: string, position: number): string {
  let line = 1
  let lineStart = 0
  LINE_END.lastIndex = 0
  for (;;) {
    const end = LINE_END.test(input) ? LINE_END.lastIndex : Infinity
    if (end > position) break
    line++
    lineStart = end
  }
  return `${line}:${position - lineStart + 1}`
}

const LINE_END = /\r\n?|\n/g
