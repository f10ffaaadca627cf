import type { JsonObject, JsonValue } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import {
  EncodeError,
  memberOf,
  mismatch,
  type Tag,
  together,
  type ValueCodec,
  within,
  type XmlText,
} from '../codec.js'
import type { JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'
import { ElementSite, Occurrence } from './element-site.js'

/** One element that may repeat: always an array, also for one and for none. */
export class RepeatedElementCodec extends ElementSite {
  readonly #occurrence: Occurrence
  /** So many and no more: where the number is fixed, what follows may have the same name. */
  readonly #most: number

  constructor(mapping: ElementMapping, tag: Tag, value: ValueCodec) {
    super(mapping, tag)
    this.#occurrence = new Occurrence(mapping, tag, value)
    this.#most = mapping.minOccurs === mapping.maxOccurs ? mapping.maxOccurs : Infinity
  }

  override isPresent(object: JsonObject): boolean {
    const items = memberOf(object, this.member)
    return Array.isArray(items) ? items.length > 0 : items !== undefined
  }

  override isComplete(object: JsonObject): boolean {
    const items = memberOf(object, this.member) ?? this.mapping.member.default ?? []
    const { minOccurs, maxOccurs } = this.mapping
    return Array.isArray(items) && items.length >= minOccurs && items.length <= maxOccurs
  }

  override encode(object: JsonObject, out: XmlText): void {
    const items = memberOf(object, this.member) ?? this.mapping.member.default ?? []
    within(this.member, () => {
      this.encodeItems(items, out)
    })
  }

  encodeItems(items: JsonValue, out: XmlText): void {
    if (!Array.isArray(items)) throw new EncodeError('must be an array')
    const { minOccurs, maxOccurs } = this.mapping
    if (items.length < minOccurs) throw new EncodeError(`needs at least ${minOccurs} items for the backend`)
    if (items.length > maxOccurs) {
      throw new EncodeError(`may have at most ${maxOccurs} items for the backend`)
    }
    let wrong: EncodeError | undefined
    for (const [index, item] of (items as readonly JsonValue[]).entries()) {
      try {
        this.#occurrence.encode(item, out, index)
      } catch (error) {
        wrong = together(wrong, error)
      }
    }
    if (wrong) throw wrong
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    out.member(this.key)
    return this.decodeItems(reader, out, more, plan)
  }

  decodeItems(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    const { pager } = out
    out.open('[')
    let count = pager?.enter(out) ?? 0
    let next = more
    while (next && this.#takesAnother(reader, count, plan)) {
      pager?.item(reader, out, count)
      count++
      out.item()
      this.#occurrence.decode(reader, out)
      next = reader.nextElement()
    }
    pager?.leave()
    const { minOccurs, maxOccurs, name } = this.mapping
    if (count < minOccurs || count > maxOccurs) {
      const allowed = maxOccurs === Infinity ? `${minOccurs} or more` : `${minOccurs} to ${maxOccurs}`
      throw mismatch(reader, `${name.localName} occurs ${count} times; the WSDL says ${allowed}.`)
    }
    out.close(']')
    return next
  }

  #takesAnother(reader: XmlReader, count: number, plan: Plan | undefined): boolean {
    if (plan) return plan.takes(this.mapping)
    return count < this.#most && (reader.name === this.name || this.isPositional)
  }

  override decodeAbsent(out: JsonText): void {
    out.member(this.key)
    out.value('[]')
  }
}
