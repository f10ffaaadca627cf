import { XOP } from '../../base/namespaces.js'
import { type JsonObject, type JsonValue, withText } from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { WildcardMapping } from '../../mapping/canonical/value-mapping.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { allows } from '../../xsd/model/wildcards.js'
import { type ContentCodec, EncodeError, memberOf, mismatch, within, type XmlText } from '../codec.js'
import { type JsonKey, jsonKey, type JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'

/**
 * Checks a fragment of XML that a client sent and writes it so that it means the same anywhere.
 *
 * @throws EncodeError where it is not one well-formed element
 */
export function readFragment(value: JsonValue): { name: string; namespace: string; xml: string } {
  const text = withText(value)
  if (typeof text !== 'string') throw new EncodeError('must be XML text')
  try {
    const reader = new XmlReader(text)
    reader.nextElement()
    const { name, namespace } = reader
    const xml = reader.fragment()
    reader.end()
    return { name, namespace, xml }
  } catch (error) {
    if (error instanceof XmlError) throw new EncodeError('must be one well-formed XML element')
    throw error
  }
}

/**
 * The current element as XML text. A text that refers to a part of its message would mean nothing outside of it (XOP
 * 1.0, section 3.2: a package is the same document without xop:Include).
 *
 * @throws AdapterError `backend-mismatch`
 */
export function fragmentOf(reader: XmlReader, out: JsonText): string {
  const xml = reader.fragment()
  if (out.attachments && xml.includes(XOP)) {
    throw mismatch(reader, 'XML that the contract takes as text refers to an attachment of the response.')
  }
  return xml
}

/** xs:any: XML text, opaque and whole. */
export class WildcardCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #key: JsonKey
  readonly #repeats: boolean

  constructor(readonly mapping: WildcardMapping) {
    this.emptiable = mapping.minOccurs === 0
    this.#repeats = mapping.maxOccurs > 1
    this.members = mapping.member.hidden ? [] : [mapping.member.name]
    this.#key = jsonKey(mapping.member.name)
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return plan ? plan.isNext(this.mapping) : allows(this.mapping.wildcard.namespaces, reader.namespace)
  }

  isPresent(object: JsonObject): boolean {
    const value = this.#valueOf(object)
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  }

  isComplete(object: JsonObject): boolean {
    const { minOccurs, maxOccurs } = this.mapping
    const { length } = this.#itemsOf(object)
    return length >= minOccurs && length <= maxOccurs
  }

  #itemsOf(object: JsonObject): readonly JsonValue[] {
    const value = this.#valueOf(object)
    return value === undefined ? [] : Array.isArray(value) ? (value as JsonValue[]) : [value]
  }

  #valueOf(object: JsonObject): JsonValue | undefined {
    return this.mapping.member.hidden ? undefined : memberOf(object, this.mapping.member.name)
  }

  encode(object: JsonObject, out: XmlText): void {
    const { minOccurs, maxOccurs, wildcard, member } = this.mapping
    const items = this.#itemsOf(object)
    within(member.name, () => {
      if (items.length < minOccurs || items.length > maxOccurs)
        throw new EncodeError('has too few or too many elements for the backend')
      for (const item of items) {
        const { namespace, xml } = readFragment(item)
        if (!allows(wildcard.namespaces, namespace))
          throw new EncodeError('has an element of a namespace that the WSDL does not allow there')
        out.text += xml
      }
    })
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    const { minOccurs, maxOccurs, member } = this.mapping
    let next = more
    let count = 0
    if (!member.hidden && this.#repeats) {
      out.member(this.#key)
      out.open('[')
    }
    while (next && count < maxOccurs && (plan ? plan.takes(this.mapping) : this.starts(reader))) {
      count++
      if (member.hidden) reader.skip()
      else {
        if (this.#repeats) out.item()
        else out.member(this.#key)
        out.value(quote(fragmentOf(reader, out)))
      }
      next = reader.nextElement()
    }
    if (count < minOccurs) {
      const what = minOccurs === 1 ? 'An element' : `${minOccurs} elements`
      throw mismatch(
        reader,
        `${what} that the WSDL leaves open (xs:any) must stand here; there ${count === 1 ? 'is' : 'are'} ${count}.`,
      )
    }
    if (!member.hidden && this.#repeats) out.close(']')
    return next
  }

  decodeAbsent(out: JsonText): void {
    if (this.mapping.member.hidden || !this.#repeats) return
    out.member(this.#key)
    out.value('[]')
  }
}
