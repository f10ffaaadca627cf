import { type JsonObject } from '../json/value.js'
import { type ElementMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { type JsonText, type Tag, type XmlText } from './codec.js'
import { ElementSite } from './element-site.js'
import { escaped } from './escaped.js'

/** An element that the contract leaves out: passed over in answers, never written unless its value is fixed. */
export class HiddenElementCodec extends ElementSite {
  constructor(mapping: ElementMapping, tag: Tag) {
    super(mapping, tag, [])
  }

  override isPresent(): boolean {
    return false
  }

  override encode(_object: JsonObject, out: XmlText): void {
    const { fixed } = this.mapping
    if (!this.emptiable && fixed !== undefined) {
      out.text += `${this.tag.open}>${escaped(fixed)}${this.tag.close}`
    }
  }

  override decode(reader: XmlReader, _out: JsonText, more: boolean): boolean {
    const { minOccurs, maxOccurs } = this.mapping
    let count = 0
    let next = more
    while (next && count < maxOccurs && reader.name === this.name) {
      count++
      reader.skip()
      next = reader.nextElement()
    }
    if (count < minOccurs) throw this.missing(reader, next)
    return next
  }

  override decodeAbsent(): void {
    // Nothing: it has no member.
  }
}
