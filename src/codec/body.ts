import { clark } from '../base/qname.js'
import { type JsonObject } from '../json/value.js'
import { type BodyMapping } from '../mapping/operation-mapping.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import { type JsonText, mismatch, type Tag, type XmlText } from './codec.js'
import { type Compiler } from './compile.js'
import { type ObjectCodec } from './object.js'

/** The children of soap:Body as one JSON object. */
export class BodyCodec {
  readonly #object: ObjectCodec
  readonly #wrapper: { readonly name: string; readonly tag: Tag } | undefined

  constructor({ wrapper, object }: BodyMapping, compiler: Compiler) {
    this.#object = compiler.object(object)
    this.#wrapper = wrapper && { name: internName(clark(wrapper)), tag: compiler.tag(wrapper) }
  }

  encode(object: JsonObject, out: XmlText): void {
    if (this.#wrapper) this.#object.encode(object, out, this.#wrapper.tag)
    else this.#object.content?.encode(object, out)
  }

  /**
   * Consumes what is left of soap:Body and its end.
   *
   * @param more whether the reader stands on a child of soap:Body
   */
  decode(reader: XmlReader, out: JsonText, more: boolean): void {
    let left = more
    if (!this.#wrapper) {
      out.open('{')
      left = this.#object.content?.decode(reader, out, more) ?? more
      out.close('}')
    } else {
      const { name, tag } = this.#wrapper
      if (!more || reader.name !== name) {
        throw mismatch(
          reader,
          `soap:Body must hold ${tag.localName}${more ? `, not ${reader.localName}` : ''}.`,
        )
      }
      this.#object.decode(reader, out)
      left = reader.nextElement()
    }
    if (left) throw mismatch(reader, `${reader.localName} is not expected in soap:Body.`)
  }
}
