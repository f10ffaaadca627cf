import { clark } from '../base/qname.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { type AttributeMapping, type ObjectMapping } from '../mapping/value-mapping.js'
import { escapeAttribute } from '../xml/escape.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import { toldName, toldSubject } from '../xml/told-name.js'
import {
  type ContentCodec,
  EncodeError,
  type JsonText,
  mismatch,
  type Tag,
  together,
  type ValueCodec,
  within,
  type XmlText,
  memberOf,
} from './codec.js'
import { escaped } from './escaped.js'
import { encodeQName } from './qname.js'
import { inPlace } from './rule.js'
import { type ScalarCodec } from './scalar-codec.js'
import { type ValueConstraint } from './value-constraint.js'

export interface AttributeCodec {
  readonly mapping: AttributeMapping
  /** The name in Clark notation. */
  readonly name: string
  /** The JSON member's name, quoted, with its colon. */
  readonly key: string
  /** The prefixed name with what surrounds it: ` n1:unit="`. */
  readonly open: string
  readonly value: ScalarCodec
  readonly constraint: ValueConstraint | undefined
  /** The prefix that an xs:QName gets, none beside it having the same; absent for other types. */
  readonly prefix: string | undefined
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
        /** Whether it is an xs:QName, whose prefix must be declared. */
        readonly isName: boolean
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
    let wrong: EncodeError | undefined
    out.text += tag.open + extra
    for (const attribute of this.attributes) {
      try {
        encodeAttribute(attribute, value, out)
      } catch (error) {
        wrong = together(wrong, error)
      }
    }
    try {
      if (this.text) this.#encodeText(value, out)
      else out.text += '>'
      this.content?.encode(value, out)
    } catch (error) {
      wrong = together(wrong, error)
    }
    if (wrong) throw wrong
    out.text += tag.close
  }

  /** The end of the start tag, and the text. */
  #encodeText(object: JsonObject, out: XmlText): void {
    if (!this.text) return
    const { member, value: codec, hidden, isName } = this.text
    const text = hidden ? undefined : (memberOf(object, member) ?? this.mapping.text?.member.default)
    if (text === undefined) throw new EncodeError('is required by the backend').within(member)
    within(member, () => {
      if (isName) {
        const { declaration, lexical } = encodeQName(codec.toLexical(text))
        out.text += `${declaration}>${lexical}`
      } else {
        out.text += '>'
        codec.encodeContent(text, out)
      }
    })
  }

  /** @param passedOver name in Clark notation, interned, of a first child that is none of the content */
  decode(reader: XmlReader, out: JsonText, passedOver?: string): void {
    this.#checkType(reader)
    out.open('{')
    this.decodeInside(reader, out, passedOver)
    out.close('}')
  }

  #checkType(reader: XmlReader): void {
    if (reader.attributeCount === 0) return
    const type = reader.typeName()
    if (type !== undefined && type !== this.#declared && !this.isLenient) {
      throw mismatch(
        reader,
        `${toldSubject(reader.localName)} has an xsi:type that the contract does not allow.`,
      )
    }
  }

  /** The members alone, without braces. */
  decodeInside(reader: XmlReader, out: JsonText, passedOver?: string): void {
    for (const attribute of this.attributes) decodeAttribute(attribute, reader, out)
    if (this.text) {
      const { key, value, hidden } = this.text
      if (hidden) {
        if (value.isBinary) reader.skip()
        else reader.text()
        return
      }
      out.member(key)
      value.decodeContent(reader, out)
      return
    }
    let more = reader.nextElement()
    if (more && reader.name === passedOver) {
      reader.skip()
      more = reader.nextElement()
    }
    const left = this.content ? this.content.decode(reader, out, more) : more
    if (left) throw mismatch(reader, `${toldSubject(reader.localName)} is not expected here by the WSDL.`)
  }
}

function encodeAttribute(
  { mapping, open, value: codec, constraint, prefix }: AttributeCodec,
  object: JsonObject,
  out: XmlText,
): void {
  const { member, fixed, required } = mapping
  const value = member.hidden ? undefined : (memberOf(object, member.name) ?? member.default)
  if (value !== undefined) {
    within(member.name, () => {
      const lexical = codec.toLexical(value)
      if (prefix === undefined) {
        out.text += `${open}${escaped(constraint?.written(lexical) ?? lexical, escapeAttribute)}"`
      } else {
        const name = encodeQName(lexical, prefix)
        out.text += `${name.declaration}${open}${name.lexical}"`
      }
    })
  } else if (required) {
    if (fixed === undefined) throw new EncodeError('is required by the backend').within(member.name)
    out.text += `${open}${escaped(fixed, escapeAttribute)}"`
  }
}

function decodeAttribute(
  { mapping, name, key, value, constraint, prefix }: AttributeCodec,
  reader: XmlReader,
  out: JsonText,
): void {
  const { member, required } = mapping
  if (member.hidden) return
  const { localName } = mapping.name
  const given = reader.attributeCount === 0 ? undefined : reader.attribute(name)
  if (given === undefined && required) {
    throw mismatch(reader, `The attribute ${localName} of ${toldName(reader.localName)} is missing.`)
  }
  // An absent attribute has the value of its constraint (XML Schema Part 1, 3.4.5).
  const text = given ?? constraint?.value
  if (text === undefined) {
    if (!member.required) return
    throw mismatch(reader, `The attribute ${localName} of ${toldName(reader.localName)} is missing.`)
  }
  out.member(key)
  try {
    constraint?.check(text)
    if (prefix === undefined) out.value(value.toJson(text, false))
    else out.value(quote(given === undefined ? text : reader.resolveQName(text, true)))
  } catch (error) {
    throw inPlace(reader, error, localName)
  }
}
