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
   * @param position 0-based offset: in UTF-16 code units where `place` is given, otherwise in bytes
   * @param place `line:column`
   */
  constructor(
    readonly code: XmlErrorCode,
    readonly what: string,
    readonly position: number,
    place?: string,
  ) {
    super(`${what}, at ${place ?? `byte ${position}`}`)
  }
}
