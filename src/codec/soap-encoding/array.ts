import type { JsonValue } from '../../json/value.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { mismatch, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { RepeatedElementCodec } from '../elements/repeated.js'
import type { JsonText } from '../json/text.js'

/** A wrapper of one repeated element: a plain array. */
export class ArrayCodec implements ValueCodec {
  #item: RepeatedElementCodec | undefined
  readonly #compile: () => RepeatedElementCodec

  /** @param compile makes the codec of the items when it is first needed: types may contain themselves */
  constructor(compile: () => RepeatedElementCodec) {
    this.#compile = compile
  }

  /** Compiled at the first use. */
  get item(): RepeatedElementCodec {
    return (this.#item ??= this.#compile())
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    out.text += `${tag.open}>`
    this.item.encodeItems(value, out)
    out.text += tag.close
  }

  decode(reader: XmlReader, out: JsonText): void {
    const more = reader.nextElement()
    const left = this.item.decodeItems(reader, out, more)
    if (left) throw mismatch(reader, `${safeSubject(reader.localName)} is not expected here by the WSDL.`)
  }
}
