import { clark } from '../base/qname.js'
import { type JsonObject, type JsonValue } from '../json/value.js'
import { quote } from '../json/write.js'
import { type ElementMapping } from '../mapping/value-mapping.js'
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
import { escaped } from './scalar.js'

/** One element that occurs at most once. */
export class ElementCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #name: string
  readonly #member: string
  readonly #key: string

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
    readonly value: ValueCodec,
  ) {
    this.emptiable = mapping.minOccurs === 0
    this.#name = internName(clark(mapping.name))
    this.#member = mapping.member.name
    this.members = [this.#member]
    this.#key = `${quote(this.#member)}:`
  }

  starts(reader: XmlReader): boolean {
    return reader.name === this.#name
  }

  isPresent(object: JsonObject): boolean {
    return memberOf(object, this.#member) !== undefined
  }

  encode(object: JsonObject, out: XmlText): void {
    const given = memberOf(object, this.#member)
    const value = given === undefined ? this.mapping.member.default : given
    if (value !== undefined) encodeElement(this, value, out, this.#member)
    else if (!this.emptiable) {
      const { fixed } = this.mapping
      if (fixed === undefined) throw new EncodeError('is required by the backend').within(this.#member)
      out.text += `${this.tag.open}>${escaped(fixed)}${this.tag.close}`
    }
  }

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (more && reader.name === this.#name) {
      out.member(this.#key)
      decodeElement(this, reader, out)
      return reader.nextElement()
    }
    if (!this.emptiable) throw absent(reader, this.mapping, false)
    if (this.mapping.member.required) {
      if (this.mapping.value.kind !== 'array') throw absent(reader, this.mapping, true)
      this.decodeAbsent(out)
    }
    return more
  }

  /** Nothing, unless the contract promises a list: then it is empty. */
  decodeAbsent(out: JsonText): void {
    if (!this.mapping.member.required || this.mapping.value.kind !== 'array') return
    out.member(this.#key)
    out.value('[]')
  }
}

/** One element that may repeat: always an array, also for one and for none. */
export class RepeatedElementCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #name: string
  readonly #member: string
  readonly #key: string

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
    readonly value: ValueCodec,
  ) {
    this.emptiable = mapping.minOccurs === 0
    this.#name = internName(clark(mapping.name))
    this.#member = mapping.member.name
    this.members = [this.#member]
    this.#key = `${quote(this.#member)}:`
  }

  starts(reader: XmlReader): boolean {
    return reader.name === this.#name
  }

  isPresent(object: JsonObject): boolean {
    const items = memberOf(object, this.#member)
    return Array.isArray(items) ? items.length > 0 : items !== undefined
  }

  encode(object: JsonObject, out: XmlText): void {
    within(this.#member, () => {
      this.encodeItems(memberOf(object, this.#member) ?? this.mapping.member.default ?? [], out)
    })
  }

  encodeItems(items: JsonValue, out: XmlText): void {
    if (!Array.isArray(items)) throw new EncodeError('must be an array')
    const { minOccurs, maxOccurs } = this.mapping
    if (items.length < minOccurs) throw new EncodeError(`needs at least ${minOccurs} items for the backend`)
    if (items.length > maxOccurs) throw new EncodeError(`may have at most ${maxOccurs} items for the backend`)
    items.forEach((item: JsonValue, index) => {
      encodeElement(this, item, out, index)
    })
  }

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    out.member(this.#key)
    return this.decodeItems(reader, out, more)
  }

  decodeItems(reader: XmlReader, out: JsonText, more: boolean): boolean {
    out.open('[')
    let count = 0
    let next = more
    while (next && reader.name === this.#name) {
      count++
      out.item()
      decodeElement(this, reader, out)
      next = reader.nextElement()
    }
    const { minOccurs, maxOccurs, name } = this.mapping
    if (count < minOccurs || count > maxOccurs) {
      const allowed = maxOccurs === Infinity ? `${minOccurs} or more` : `${minOccurs} to ${maxOccurs}`
      throw mismatch(reader, `${name.localName} occurs ${count} times; the WSDL says ${allowed}.`)
    }
    out.close(']')
    return next
  }

  decodeAbsent(out: JsonText): void {
    out.member(this.#key)
    out.value('[]')
  }
}

/** An element that the contract leaves out: passed over in answers, never written. */
export class HiddenElementCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[] = []
  readonly #name: string

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
  ) {
    this.emptiable = mapping.minOccurs === 0
    this.#name = internName(clark(mapping.name))
  }

  starts(reader: XmlReader): boolean {
    return reader.name === this.#name
  }

  isPresent(): boolean {
    return false
  }

  encode(_object: JsonObject, out: XmlText): void {
    const { fixed } = this.mapping
    if (!this.emptiable && fixed !== undefined)
      out.text += `${this.tag.open}>${escaped(fixed)}${this.tag.close}`
  }

  decode(reader: XmlReader, _out: JsonText, more: boolean): boolean {
    const { minOccurs, maxOccurs } = this.mapping
    let count = 0
    let next = more
    while (next && count < maxOccurs && reader.name === this.#name) {
      count++
      reader.skip()
      next = reader.nextElement()
    }
    if (count < minOccurs) throw absent(reader, this.mapping, false)
    return next
  }

  decodeAbsent(): void {
    // Nothing: it has no member.
  }
}

interface Single {
  readonly mapping: ElementMapping
  readonly tag: Tag
  readonly value: ValueCodec
}

function encodeElement(
  { mapping, tag, value: codec }: Single,
  value: JsonValue,
  out: XmlText,
  step: string | number,
): void {
  try {
    if (value !== null) codec.encode(value, out, tag)
    else if (canBeNil(mapping)) out.text += `${tag.open} xsi:nil="true"/>`
    else throw new EncodeError('must not be null: the backend has no nil there')
  } catch (error) {
    if (error instanceof EncodeError) error.within(step)
    throw error
  }
}

/** An element with xsi:nil still needs its required attributes, for which null has no place. */
function canBeNil({ nillable, value }: ElementMapping): boolean {
  return nillable && !(value.kind === 'object' && value.attributes.some((attribute) => attribute.required))
}

function decodeElement({ mapping, value }: Single, reader: XmlReader, out: JsonText): void {
  if (reader.attributeCount === 0 || !reader.isNil()) {
    value.decode(reader, out)
    return
  }
  if (!mapping.nillable || !mapping.member.nullable) {
    throw mismatch(
      reader,
      `${mapping.name.localName} is nil, which ${mapping.nillable ? 'the contract' : 'the WSDL'} does not allow.`,
    )
  }
  if (reader.text() !== '')
    throw mismatch(reader, `${mapping.name.localName} is nil and has content.`, mapping.name.localName)
  out.value('null')
}

function absent(reader: XmlReader, mapping: ElementMapping, allowedByWsdl: boolean): Error {
  const who = allowedByWsdl ? 'the contract' : 'the WSDL'
  return mismatch(
    reader,
    `${mapping.name.localName} is missing; ${who} requires it here.`,
    mapping.name.localName,
  )
}
