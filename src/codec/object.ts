import { clark } from '../base/qname.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.js'
import { type AttributeMapping, type ObjectMapping } from '../mapping/value-mapping.js'
import { escapeAttribute } from '../xml/escape.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import {
  type ContentCodec,
  EncodeError,
  type JsonText,
  mismatch,
  type Tag,
  type ValueCodec,
  within,
  type XmlText,
  memberOf,
} from './codec.js'
import { escaped } from './escaped.js'
import { inPlace, type ScalarCodec } from './scalar.js'

export interface AttributeCodec {
  readonly mapping: AttributeMapping
  /** The name in Clark notation. */
  readonly name: string
  /** The JSON member's name, quoted, with its colon. */
  readonly key: string
  /** The prefixed name with what surrounds it: ` n1:unit="`. */
  readonly open: string
  readonly value: ScalarCodec
}

/** A complex type: attributes, then text or content. */
export class ObjectCodec implements ValueCodec {
  /** Filled after construction: types may contain themselves. */
  attributes: readonly AttributeCodec[] = []
  text:
    | {
        readonly member: string
        readonly required: boolean
        readonly hidden: boolean
        /** The JSON member's name, quoted, with its colon. */
        readonly key: string
        readonly value: ScalarCodec
      }
    | undefined
  content: ContentCodec | undefined
  readonly #declared: string | undefined

  /** @param isLenient whether an xsi:type that is not the declared one is passed over */
  constructor(
    readonly mapping: ObjectMapping,
    readonly isLenient = false,
  ) {
    this.#declared = mapping.type.name && internName(clark(mapping.type.name))
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    this.encodeAs(value, out, tag, '')
  }

  /** @param extra attributes to put first: xsi:type */
  encodeAs(value: JsonValue, out: XmlText, tag: Tag, extra: string): void {
    if (!isJsonObject(value)) throw new EncodeError('must be an object')
    out.text += tag.open + extra
    for (const attribute of this.attributes) encodeAttribute(attribute, value, out)
    out.text += '>'
    if (this.text) {
      const { member, value: codec, hidden } = this.text
      const text = hidden ? undefined : (memberOf(value, member) ?? this.mapping.text?.member.default)
      if (text === undefined) throw new EncodeError('is required by the backend').within(member)
      out.text += within(member, () => escaped(codec.toLexical(text)))
    }
    this.content?.encode(value, out)
    out.text += tag.close
  }

  decode(reader: XmlReader, out: JsonText): void {
    this.#checkType(reader)
    out.open('{')
    this.decodeInside(reader, out)
    out.close('}')
  }

  #checkType(reader: XmlReader): void {
    if (reader.attributeCount === 0) return
    const type = reader.typeName()
    if (type !== undefined && type !== this.#declared && !this.isLenient) {
      throw mismatch(reader, `${reader.localName} has an xsi:type that the contract does not allow.`)
    }
  }

  /** The members alone, without braces. */
  decodeInside(reader: XmlReader, out: JsonText): void {
    for (const attribute of this.attributes) decodeAttribute(attribute, reader, out)
    if (this.text) {
      const { key, value, hidden } = this.text
      const text = reader.text()
      if (hidden) return
      out.member(key)
      try {
        out.value(value.toJson(text, reader.plain))
      } catch (error) {
        throw inPlace(reader, error)
      }
      return
    }
    const more = reader.nextElement()
    const left = this.content ? this.content.decode(reader, out, more) : more
    if (left) throw mismatch(reader, `${reader.localName} is not expected here by the WSDL.`)
  }
}

function encodeAttribute(
  { mapping, open, value: codec }: AttributeCodec,
  object: JsonObject,
  out: XmlText,
): void {
  const { member, fixed, required } = mapping
  const value = member.hidden ? undefined : (memberOf(object, member.name) ?? member.default)
  if (value !== undefined) {
    out.text += within(member.name, () => `${open}${escaped(codec.toLexical(value), escapeAttribute)}"`)
  } else if (required) {
    if (fixed === undefined) throw new EncodeError('is required by the backend').within(member.name)
    out.text += `${open}${escaped(fixed, escapeAttribute)}"`
  }
}

function decodeAttribute(
  { mapping, name, key, value }: AttributeCodec,
  reader: XmlReader,
  out: JsonText,
): void {
  const { member, required } = mapping
  if (member.hidden) return
  const { localName } = mapping.name
  const text = reader.attributeCount === 0 ? undefined : reader.attribute(name)
  if (text === undefined) {
    if (!required && !member.required) return
    throw mismatch(reader, `The attribute ${localName} of ${reader.localName} is missing.`)
  }
  out.member(key)
  try {
    out.value(value.toJson(text, false))
  } catch (error) {
    throw inPlace(reader, error, localName)
  }
}
