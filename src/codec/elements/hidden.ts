import type { JsonObject } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import type { Tag, XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'
import { ElementSite } from './element-site.js'

/** An element that the contract leaves out: passed over in responses, never written unless its value is fixed. */
export class HiddenElementCodec extends ElementSite {
  readonly #fixed: string | undefined

  /** @param fixed the element where its value is fixed */
  constructor(mapping: ElementMapping, tag: Tag, fixed?: string) {
    super(mapping, tag, [])
    this.#fixed = fixed
  }

  override isPresent(): boolean {
    return false
  }

  override isComplete(): boolean {
    return this.emptiable || this.mapping.fixed !== undefined
  }

  override encode(_object: JsonObject, out: XmlText): void {
    if (!this.emptiable && this.#fixed !== undefined) out.text += this.#fixed
  }

  override decode(reader: XmlReader, _out: JsonText, more: boolean, plan?: Plan): boolean {
    const { minOccurs, maxOccurs } = this.mapping
    let count = 0
    let next = more
    while (next && count < maxOccurs && this.takes(reader, plan)) {
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
