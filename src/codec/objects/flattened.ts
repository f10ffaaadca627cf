import type { JsonObject } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { memberOf, type Tag, type XmlText } from '../codec.js'
import { ElementSite } from '../elements/element-site.js'
import type { JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'
import type { ObjectCodec } from './object.js'

/** An element whose members stand in the JSON object of its parent, and are compiled with it. */
export class FlattenedCodec extends ElementSite {
  /** Members that are no content: visible attributes, and the text. */
  readonly #own: readonly string[]

  constructor(
    mapping: ElementMapping,
    tag: Tag,
    readonly object: ObjectCodec,
  ) {
    const { attributes, text, content } = object.parts
    const own = [
      ...attributes.filter((a) => !a.mapping.member.hidden).map((a) => a.mapping.member.name),
      ...(text && !text.hidden ? [text.member] : []),
    ]
    super(mapping, tag, [...own, ...(content?.members ?? [])])
    this.#own = own
  }

  override isPresent(object: JsonObject): boolean {
    const own = this.#own.some((name) => memberOf(object, name) !== undefined)
    return own || this.object.parts.content?.isPresent(object) === true
  }

  override isComplete(object: JsonObject): boolean {
    if (this.emptiable && !this.isPresent(object)) return true
    return this.object.isComplete(object)
  }

  override encode(object: JsonObject, out: XmlText): void {
    if (!this.emptiable || this.isPresent(object)) this.object.encode(object, out, this.tag)
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    if (more && this.takes(reader, plan)) {
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
    this.object.parts.content?.decodeAbsent(out)
  }
}
