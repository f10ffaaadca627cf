import type { JsonValue } from '../../json/value.js'
import type { XmlReader } from '../../xml/reader.js'
import type { ValueCodec, XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'

/** Between names as documents have them, with prefixes, and Clark notation. */
export interface NamesCodec {
  /**
   * @param text as the document has it
   * @param reader whose namespaces are in scope
   * @returns the lexical form with names in Clark notation
   */
  resolved(text: string, reader: XmlReader): string
  /**
   * @param prefix for the first namespace
   * @returns what an element must declare, with a space before it, and the text; not escaped, and without what would be
   * @throws EncodeError
   */
  prefixed(lexical: string, prefix: string): { readonly declaration: string; readonly lexical: string }
}

/** A simple type between its lexical form and its JSON text. */
export interface ScalarCodec extends ValueCodec {
  /** Whether it may stand for bytes beside the envelope. */
  readonly isBinary: boolean
  /** Present where values are or contain qualified names: lexical forms have them in Clark notation. */
  readonly names?: NamesCodec
  /** @returns the lexical form, not escaped @throws EncodeError */
  toLexical(value: JsonValue): string
  /**
   * @param plain whether the text can stand in a JSON string as it is
   * @returns JSON text
   * @throws RuleError
   */
  toJson(text: string, plain: boolean): string
  /** Writes what stands between the tags. @throws EncodeError */
  encodeContent(value: JsonValue, out: XmlText): void
  /** Reads what stands between the tags, and the end tag. */
  decodeContent(reader: XmlReader, out: JsonText): void
}
