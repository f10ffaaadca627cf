import { clark } from '../../base/qname.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/value.js'
import type { AttributeMapping, Member, ObjectMapping } from '../../mapping/canonical/value-mapping.js'
import { escapeAttribute } from '../../xml/escape.js'
import { internName } from '../../xml/names.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeName, safeSubject } from '../../xml/safe-name.js'
import {
  type ContentCodec,
  EncodeError,
  memberOf,
  mismatch,
  type Tag,
  together,
  type ValueCodec,
  within,
  type XmlText,
} from '../codec.js'
import { checkAttributes } from '../elements/stray-attribute.js'
import type { JsonKey, JsonText } from '../json/text.js'
import type { Leniency } from '../leniency.js'
import { escaped } from '../values/escaped.js'
import { inPlace } from '../values/rule.js'
import type { ScalarCodec } from '../values/scalar-codec.js'
import type { ConstrainedScalarCodec, ValueConstraint } from '../values/value-constraint.js'

export interface AttributeCodec {
  readonly mapping: AttributeMapping
  /** The name in Clark notation. */
  readonly name: string
  readonly key: JsonKey
  /** The prefixed name with what surrounds it: ` n1:unit="`. */
  readonly open: string
  readonly value: ScalarCodec
  readonly constraint: ValueConstraint | undefined
  /** The prefix that an xs:QName gets, none beside it having the same. */
  readonly prefix: string
  /** The attribute where its value is fixed. */
  readonly fixed: string | undefined
}

/** The codecs of what an object holds. */
export interface ObjectParts {
  readonly attributes: readonly AttributeCodec[]
  readonly text:
    | {
        readonly member: string
        readonly hidden: boolean
        readonly key: JsonKey
        readonly value: ScalarCodec
        /** The same, where the element has a fixed value or a default. */
        readonly constrained: ConstrainedScalarCodec | undefined
      }
    | undefined
  readonly content: ContentCodec | undefined
}

/** A complex type: attributes, then text or content. */
export class ObjectCodec implements ValueCodec {
  #parts: ObjectParts | undefined
  readonly #compile: () => ObjectParts
  readonly #declared: string | undefined
  /** Of the attributes that may stand; undefined where any may. */
  readonly #names: ReadonlySet<string> | undefined
  readonly isLenient: boolean
  readonly #leniency: Leniency | undefined

  /**
   * @param compile makes its parts when they are first needed: types may contain themselves, and lead to all others
   * @param isLenient whether an xsi:type that is not the declared one is ignored
   */
  constructor(
    readonly mapping: ObjectMapping,
    compile: () => ObjectParts,
    { isLenient = false, leniency }: { readonly isLenient?: boolean; readonly leniency?: Leniency } = {},
  ) {
    this.#compile = compile
    this.isLenient = isLenient
    this.#leniency = leniency
    const { attributeWildcard, encoded } = mapping.type
    const isOpen = attributeWildcard !== undefined || encoded !== undefined
    this.#names = isOpen ? undefined : new Set(mapping.attributes.map(({ name }) => clark(name)))
    this.#declared = mapping.type.name && internName(clark(mapping.type.name))
  }

  /** Compiled at the first use. */
  get parts(): ObjectParts {
    return (this.#parts ??= this.#compile())
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    this.encodeAs(value, out, tag, '')
  }

  /** @param extra attributes to put first: xsi:type */
  encodeAs(value: JsonValue, out: XmlText, tag: Tag, extra: string): void {
    if (!isJsonObject(value)) throw new EncodeError('must be an object')
    const { attributes, text, content } = this.parts
    let wrong: EncodeError | undefined
    out.text += tag.open + extra
    for (const attribute of attributes) {
      try {
        encodeAttribute(attribute, value, out)
      } catch (error) {
        wrong = together(wrong, error)
      }
    }
    try {
      if (text) this.#encodeText(text, value, out)
      else out.text += '>'
      content?.encode(value, out)
    } catch (error) {
      wrong = together(wrong, error)
    }
    if (wrong) throw wrong
    out.text += tag.close
  }

  /** Does the object have all that the type asks for? The values themselves are not judged. */
  isComplete(object: JsonObject): boolean {
    const { attributes, content } = this.parts
    const has = ({ name, hidden, default: preset }: Member): boolean =>
      !hidden && (memberOf(object, name) !== undefined || preset !== undefined)
    return (
      attributes.every(
        ({ mapping: { required, fixed, member } }) => !required || fixed !== undefined || has(member),
      ) &&
      (!this.mapping.text || this.mapping.text.fixed !== undefined || has(this.mapping.text.member)) &&
      (content?.isComplete(object) ?? true)
    )
  }

  /** The end of the start tag, and the text. */
  #encodeText(
    { member, value: codec, hidden, constrained }: NonNullable<ObjectParts['text']>,
    object: JsonObject,
    out: XmlText,
  ): void {
    const text = hidden ? undefined : (memberOf(object, member) ?? this.mapping.text?.member.default)
    if (text === undefined) {
      if (!constrained?.constraint.isFixed) throw new EncodeError('is required by the backend').within(member)
      out.text += constrained.own
      return
    }
    within(member, () => {
      if (constrained) out.text += constrained.written(text)
      else if (codec.names) {
        const { declaration, lexical } = codec.names.prefixed(codec.toLexical(text), 'q')
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
    if (type === undefined || type === this.#declared) return
    if (this.isLenient) this.#leniency?.count('encoding')
    else {
      throw mismatch(
        reader,
        `${safeSubject(reader.localName)} has an xsi:type that the contract does not allow.`,
      )
    }
  }

  /** For types without members: checks that the element holds nothing, and writes nothing. */
  decodeNothing(reader: XmlReader, out: JsonText): void {
    this.#checkType(reader)
    this.decodeInside(reader, out)
  }

  /** The members alone, without braces. */
  decodeInside(reader: XmlReader, out: JsonText, passedOver?: string): void {
    if (this.#names && reader.attributeCount > 0) checkAttributes(reader, this.#names)
    const { attributes, text, content } = this.parts
    for (const attribute of attributes) decodeAttribute(attribute, reader, out)
    if (text) {
      const { key, value, hidden, constrained } = text
      if (hidden) {
        if (value.isBinary) reader.skip()
        else reader.text()
        return
      }
      out.member(key)
      if (constrained) constrained.decodeContent(reader, out)
      else value.decodeContent(reader, out)
      return
    }
    let more = reader.nextElement()
    if (more && reader.name === passedOver) {
      reader.skip()
      more = reader.nextElement()
    }
    const left = content ? content.decode(reader, out, more) : more
    if (left) throw mismatch(reader, `${safeSubject(reader.localName)} is not expected here by the WSDL.`)
  }
}

function encodeAttribute(
  { mapping, open, value: codec, constraint, prefix, fixed }: AttributeCodec,
  object: JsonObject,
  out: XmlText,
): void {
  const { member, required } = mapping
  const value = member.hidden ? undefined : (memberOf(object, member.name) ?? member.default)
  if (value !== undefined) {
    within(member.name, () => {
      const given = codec.toLexical(value)
      const lexical = constraint?.written(given) ?? given
      if (codec.names) {
        const name = codec.names.prefixed(lexical, prefix)
        out.text += `${name.declaration}${open}${name.lexical}"`
      } else out.text += `${open}${escaped(lexical, escapeAttribute)}"`
    })
  } else if (required) {
    if (fixed === undefined) throw new EncodeError('is required by the backend').within(member.name)
    out.text += fixed
  }
}

function decodeAttribute(
  { mapping, name, key, value, constraint }: AttributeCodec,
  reader: XmlReader,
  out: JsonText,
): void {
  const { member, required } = mapping
  if (member.hidden) return
  const { localName } = mapping.name
  const given = reader.attributeCount === 0 ? undefined : reader.attribute(name)
  if (given === undefined && required) {
    throw mismatch(reader, `The attribute ${localName} of ${safeName(reader.localName)} is missing.`)
  }
  // An absent attribute has the value of its constraint (XML Schema Part 1, 3.4.5).
  const text = given === undefined ? constraint?.value : (value.names?.resolved(given, reader) ?? given)
  if (text === undefined) {
    if (!member.required) return
    throw mismatch(reader, `The attribute ${localName} of ${safeName(reader.localName)} is missing.`)
  }
  out.member(key)
  try {
    constraint?.check(text)
    out.value(value.toJson(text, false))
  } catch (error) {
    throw inPlace(reader, error, localName)
  }
}
