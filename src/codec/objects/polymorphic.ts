import { XSD } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import { isJsonObject, type JsonValue } from '../../json/value.js'
import type { Alternative, PolymorphicMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { EncodeError, memberOf, mismatch, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { JsonKey, JsonText } from '../json/text.js'
import type { Leniency } from '../leniency.js'
import type { ObjectCodec } from './object.js'

export interface AlternativeCodec {
  readonly alternative: Alternative
  /** ` xsi:type="n1:Mortgage"`; empty for the declared type. */
  readonly attribute: string
  readonly object: ObjectCodec
  /** Of the discriminator. */
  readonly key: JsonKey
  /** JSON text of what it is for this type. */
  readonly value: string
}

/** A type or one derived from it: a JSON member ↔ xsi:type, from the contract's list and no other. */
export class PolymorphicCodec implements ValueCodec {
  readonly #byValue = new Map<string, AlternativeCodec>()
  readonly #byType = new Map<string, AlternativeCodec>()
  #declared: AlternativeCodec | undefined
  /** What an element of any type is that says nothing of itself: a struct of SOAP encoding, where it has elements. */
  #struct: AlternativeCodec | undefined
  readonly isLenient: boolean
  readonly #leniency: Leniency | undefined

  /** @param isLenient whether a type may be told by its local name, and text without a type is a string */
  constructor(
    readonly mapping: PolymorphicMapping,
    { isLenient = false, leniency }: { readonly isLenient?: boolean; readonly leniency?: Leniency } = {},
  ) {
    this.isLenient = isLenient
    this.#leniency = leniency
  }

  /** Fills in the alternatives: types may contain themselves. */
  complete(alternatives: readonly AlternativeCodec[]): void {
    for (const codec of alternatives) {
      const { value, typeName, isDeclared } = codec.alternative
      this.#byValue.set(value, codec)
      if (typeName) this.#byType.set(clark(typeName), codec)
      if (isDeclared) this.#declared = codec
      const { encoded } = this.mapping.declared
      if (encoded && typeName?.namespace === encoded.style && typeName.localName === 'Struct')
        this.#struct = codec
    }
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    if (!isJsonObject(value)) throw new EncodeError('must be an object')
    const wanted = memberOf(value, this.mapping.discriminator)
    const found =
      wanted === undefined
        ? this.#declared
        : typeof wanted === 'string'
          ? this.#byValue.get(wanted)
          : undefined
    if (!found) {
      throw new EncodeError(`must be one of ${[...this.#byValue.keys()].join(', ')}`).within(
        this.mapping.discriminator,
      )
    }
    found.object.encodeAs(value, out, tag, found.attribute)
  }

  decode(reader: XmlReader, out: JsonText): void {
    const type = reader.typeName()
    const found = type === undefined ? this.#untyped(reader) : (this.#byType.get(type) ?? this.#like(type))
    if (!found) {
      const why =
        type === undefined
          ? 'has no xsi:type, but its type is abstract'
          : 'has an xsi:type that the contract does not allow'
      throw mismatch(reader, `${safeSubject(reader.localName)} ${why}.`)
    }
    out.open('{')
    out.member(found.key)
    out.value(found.value)
    found.object.decodeInside(reader, out)
    out.close('}')
  }

  #untyped(reader: XmlReader): AlternativeCodec | undefined {
    if (this.#declared || !this.#struct) return this.#declared
    if (reader.hasElements()) return this.#struct
    if (!this.isLenient) return undefined
    this.#leniency?.count('encoding')
    return this.#byType.get(`{${XSD}}string`)
  }

  /** The one type of the same local name, for stacks that invent namespaces. */
  #like(type: string): AlternativeCodec | undefined {
    if (!this.isLenient) return undefined
    const localName = type.slice(type.indexOf('}') + 1)
    const [only, ...others] = [...this.#byType.values()].filter(
      ({ alternative }) => alternative.typeName?.localName === localName,
    )
    if (!only || others.length > 0) return undefined
    this.#leniency?.count('encoding')
    return only
  }
}
