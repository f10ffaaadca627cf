import type { JsonValue } from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { XmlReader } from '../../xml/reader.js'
import { EncodeError, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { fragmentOf, readFragment } from './wildcard.js'

/** xs:anyType and mixed content: the element itself as XML text. */
export class XmlCodec implements ValueCodec {
  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    const { name, xml } = readFragment(value)
    if (name !== tag.name) throw new EncodeError(`must be an element ${tag.name}`)
    out.text += xml
  }

  decode(reader: XmlReader, out: JsonText): void {
    out.value(quote(fragmentOf(reader, out)))
  }
}
