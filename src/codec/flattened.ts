import { type JsonObject } from '../json/value.js'
import { type ElementMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { type JsonText, memberOf, type Tag, type XmlText } from './codec.js'
import { ElementSite } from './element-site.js'
import { type ObjectCodec } from './object.js'

/** An element whose members stand in the JSON object of its parent. */
export class FlattenedCodec extends ElementSite {
  /** Members that are no content: visible attributes, and the text. */
  readonly #own: readonly string[]

  constructor(
    mapping: ElementMapping,
    tag: Tag,
    readonly object: ObjectCodec,
  ) {
    const own = [
      ...object.attributes.filter((a) => !a.mapping.member.hidden).map((a) => a.mapping.member.name),
      ...(object.text && !object.text.hidden ? [object.text.member] : []),
    ]
    super(mapping, tag, [...own, ...(object.content?.members ?? [])])
    this.#own = own
  }

  override isPresent(object: JsonObject): boolean {
    const own = this.#own.some((name) => memberOf(object, name) !== undefined)
    return own || this.object.content?.isPresent(object) === true
  }

  override encode(object: JsonObject, out: XmlText): void {
    if (!this.emptiable || this.isPresent(object)) this.object.encode(object, out, this.tag)
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (more && reader.name === this.name) {
      if (reader.attributeCount > 0 && reader.isNil()) {
        reader.skip()
        this.decodeAbsent(out)
      } else this.object.decodeInside(reader, out)
      return reader.nextElement()
    }
    if (!this.emptiable) throw this.missing(reader, more)
    this.decodeAbsent(out)
    return more
  }

  override decodeAbsent(out: JsonText): void {
    this.object.content?.decodeAbsent(out)
  }
}
