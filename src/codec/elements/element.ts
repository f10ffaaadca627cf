import type { JsonObject, JsonValue } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { EncodeError, memberOf, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { Leaf } from '../leaves/leaf.js'
import type { Plan } from '../plan.js'
import { ElementSite, Occurrence } from './element-site.js'

/** One element that occurs at most once. */
export class ElementCodec extends ElementSite {
  readonly leaf: Leaf | undefined
  readonly #occurrence: Occurrence
  /** An accessor that is left out has no value (SOAP 1.1, 5.6). */
  readonly #isNilAbsent: boolean

  readonly #fixed: string | undefined

  /** @param fixed the element where its value is fixed and nothing is said of it */
  constructor(
    mapping: ElementMapping,
    tag: Tag,
    { value, fixed }: { readonly value: ValueCodec; readonly fixed?: string | undefined },
  ) {
    super(mapping, tag)
    this.#fixed = fixed
    this.#occurrence = new Occurrence(mapping, tag, value)
    const { minOccurs, member } = mapping
    this.leaf = value.plain && new Leaf(this.name, this.key, value.plain, minOccurs === 0 && !member.required)
    this.#isNilAbsent = mapping.accessor !== undefined && mapping.member.nullable
  }

  override isPresent(object: JsonObject): boolean {
    const said = memberOf(object, this.member)
    return said !== undefined && this.given(said) !== undefined
  }

  /** What the value of the member says of the element; undefined where it is to be left out. */
  protected given(said: JsonValue): JsonValue | undefined {
    return said
  }

  override isComplete(object: JsonObject): boolean {
    const { fixed, member } = this.mapping
    return this.emptiable || this.isPresent(object) || fixed !== undefined || member.default !== undefined
  }

  override encode(object: JsonObject, out: XmlText): void {
    const said = memberOf(object, this.member)
    const value = said === undefined ? this.mapping.member.default : this.given(said)
    if (value !== undefined) this.#occurrence.encode(value, out, this.member)
    else if (!this.emptiable) {
      if (this.#fixed === undefined) throw new EncodeError('is required by the backend').within(this.member)
      out.text += this.#fixed
    }
  }

  override decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    if (more && this.takes(reader, plan)) {
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
      if (this.absent === undefined) throw this.missing(reader, more)
      this.decodeAbsent(out)
    }
    return more
  }

  /** Nothing, unless the contract promises what says so: a list is then empty. */
  override decodeAbsent(out: JsonText): void {
    if (!this.mapping.member.required || this.absent === undefined) return
    out.member(this.key)
    out.value(this.absent)
  }

  /** JSON text of a value that says that the element is absent, if there is one. */
  protected get absent(): string | undefined {
    return this.mapping.value.kind === 'array' ? '[]' : undefined
  }
}
