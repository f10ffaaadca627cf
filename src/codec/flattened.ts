import { clark } from '../base/qname.js'
import { type JsonObject } from '../json/value.js'
import { type ElementMapping } from '../mapping/value-mapping.js'
import { internName } from '../xml/names.js'
import { type XmlReader } from '../xml/reader.js'
import { type ContentCodec, type JsonText, mismatch, type Tag, type XmlText, memberOf } from './codec.js'
import { type ObjectCodec } from './object.js'

/** An element whose members stand in the JSON object of its parent. */
export class FlattenedCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #name: string

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
    readonly object: ObjectCodec,
  ) {
    this.emptiable = mapping.minOccurs === 0
    this.#name = internName(clark(mapping.name))
    this.members = [
      ...object.attributes.filter((a) => !a.mapping.member.hidden).map((a) => a.mapping.member.name),
      ...(object.text && !object.text.hidden ? [object.text.member] : []),
      ...(object.content?.members ?? []),
    ]
  }

  starts(reader: XmlReader): boolean {
    return reader.name === this.#name
  }

  isPresent(object: JsonObject): boolean {
    const own = this.object.attributes.some(
      (a) => !a.mapping.member.hidden && memberOf(object, a.mapping.member.name) !== undefined,
    )
    const text =
      this.object.text && !this.object.text.hidden && memberOf(object, this.object.text.member) !== undefined
    return own || text === true || this.object.content?.isPresent(object) === true
  }

  encode(object: JsonObject, out: XmlText): void {
    if (!this.emptiable || this.isPresent(object)) this.object.encode(object, out, this.tag)
  }

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (more && reader.name === this.#name) {
      if (reader.attributeCount > 0 && reader.isNil()) reader.skip()
      else this.object.decodeInside(reader, out)
      return reader.nextElement()
    }
    if (!this.emptiable) {
      const { localName } = this.mapping.name
      throw mismatch(reader, `${localName} is missing; the WSDL requires it here.`, localName)
    }
    this.decodeAbsent(out)
    return more
  }

  decodeAbsent(out: JsonText): void {
    this.object.content?.decodeAbsent(out)
  }
}
