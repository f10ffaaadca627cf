import { type JsonValue } from '../json/value.js'
import { type XmlReader } from '../xml/reader.js'
import { toldSubject } from '../xml/told-name.js'
import { type JsonText, mismatch, type Tag, type ValueCodec, type XmlText } from './codec.js'
import { type RepeatedElementCodec } from './repeated-element.js'

/** A wrapper of one repeated element: a plain array. */
export class ArrayCodec implements ValueCodec {
  /** Filled after construction: types may contain themselves. */
  item: RepeatedElementCodec | undefined

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    out.text += `${tag.open}>`
    this.item?.encodeItems(value, out)
    out.text += tag.close
  }

  decode(reader: XmlReader, out: JsonText): void {
    const more = reader.nextElement()
    const left = this.item?.decodeItems(reader, out, more) ?? more
    if (left) throw mismatch(reader, `${toldSubject(reader.localName)} is not expected here by the WSDL.`)
  }
}
