import { type JsonObject } from '../json/value.js'
import { type ElementMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { EncodeError, type JsonText, memberOf, type Tag, type ValueCodec, type XmlText } from './codec.js'
import { ElementSite, Occurrence } from './element-site.js'
import { escaped } from './escaped.js'

/** One element that occurs at most once. */
export class ElementCodec extends ElementSite {
  readonly #occurrence: Occurrence
  /** An accessor that is left out has no value (SOAP 1.1, 5.6). */
  readonly #isNilAbsent: boolean

  constructor(mapping: ElementMapping, tag: Tag, value: ValueCodec) {
    super(mapping, tag)
    this.#occurrence = new Occurrence(mapping, tag, value)
    this.#isNilAbsent = mapping.accessor !== undefined && mapping.member.nullable
  }

  override isPresent(object: JsonObject): boolean {
    return memberOf(object, this.member) !== undefined
  }

  override encode(object: JsonObject, out: XmlText): void {
    const given = memberOf(object, this.member)
    const value = given === undefined ? this.mapping.member.default : given
    if (value !== undefined) this.#occurrence.encode(value, out, this.member)
    else if (!this.emptiable) {
      const { fixed } = this.mapping
      if (fixed === undefined) throw new EncodeError('is required by the backend').within(this.member)
      out.text += `${this.tag.open}>${escaped(fixed)}${this.tag.close}`
    }
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (more && reader.name === this.name) {
      out.member(this.key)
      this.#occurrence.decode(reader, out)
      return reader.nextElement()
    }
    if (!this.emptiable) {
      if (!this.#isNilAbsent) throw this.missing(reader, more)
      out.member(this.key)
      out.value('null')
      return more
    }
    if (this.mapping.member.required) {
      if (this.mapping.value.kind !== 'array') throw this.missing(reader, more)
      this.decodeAbsent(out)
    }
    return more
  }

  /** Nothing, unless the contract promises a list: then it is empty. */
  override decodeAbsent(out: JsonText): void {
    if (!this.mapping.member.required || this.mapping.value.kind !== 'array') return
    out.member(this.key)
    out.value('[]')
  }
}
