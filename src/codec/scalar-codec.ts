import { type JsonValue } from '../json/value.js'
import { type XmlReader } from '../xml/reader.js'
import { type JsonText, type ValueCodec, type XmlText } from './codec.js'

/** A simple type between its lexical form and its JSON text. */
export interface ScalarCodec extends ValueCodec {
  /** Whether it may stand for octets beside the envelope. */
  readonly isBinary: boolean
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
