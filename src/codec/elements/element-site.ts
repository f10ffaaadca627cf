import { clark } from '../../base/qname.js'
import type { JsonObject, JsonValue } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import { internName } from '../../xml/names.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import {
  type ContentCodec,
  EncodeError,
  mismatch,
  type Tag,
  type ValueCodec,
  type XmlText,
} from '../codec.js'
import { type JsonKey, jsonKey, type JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'
import { isBare, NilAttributes } from './nil-attributes.js'
import { checkAttributes } from './stray-attribute.js'

/** A place of a content model where an element of one name stands. */
export abstract class ElementSite implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  /** The element's name in Clark notation. */
  protected readonly name: string
  /** Whether an element of any name may stand here: a member of an array of SOAP encoding. */
  protected readonly isPositional: boolean
  /** The JSON member's name. */
  protected readonly member: string
  protected readonly key: JsonKey

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
    members: readonly string[] = [mapping.member.name],
  ) {
    this.emptiable = mapping.minOccurs === 0
    this.members = members
    this.name = internName(clark(mapping.name))
    this.isPositional = mapping.accessor?.positional === true
    this.member = mapping.member.name
    this.key = jsonKey(this.member)
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return plan ? plan.isNext(this.mapping) : reader.name === this.name || this.isPositional
  }

  /** Whether the reader stands on an element of this place, which is taken. */
  protected takes(reader: XmlReader, plan: Plan | undefined): boolean {
    return plan ? plan.takes(this.mapping) : reader.name === this.name
  }

  abstract isPresent(object: JsonObject): boolean
  abstract isComplete(object: JsonObject): boolean
  abstract encode(object: JsonObject, out: XmlText): void
  abstract decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean
  abstract decodeAbsent(out: JsonText): void

  /**
   * What to throw where the element ought to be.
   *
   * @param more whether the reader stands on a sibling
   */
  protected missing(reader: XmlReader, more: boolean): Error {
    const { localName } = this.mapping.name
    const who = this.emptiable ? 'the contract' : 'the WSDL'
    if (!more) return mismatch(reader, `${localName} is missing; ${who} requires it here.`, localName)
    // Whether it is missing, or comes later, only the whole content would tell.
    const message =
      reader.localName === localName
        ? `${localName} is in another namespace than the WSDL says.`
        : `${safeSubject(reader.localName)} stands where ${who} requires ${localName}.`
    return mismatch(reader, message)
  }
}

const NO_ATTRIBUTES: ReadonlySet<string> = new Set()

/** The value of one element, null included. */
export class Occurrence {
  /** Undefined where null cannot be said. */
  readonly #nil: string | undefined
  /** Whether its type has no attributes. */
  readonly #isBare: boolean
  #nilAttributes: NilAttributes | undefined

  constructor(
    readonly mapping: ElementMapping,
    readonly tag: Tag,
    readonly value: ValueCodec,
  ) {
    this.#nil = tag.nil === undefined ? undefined : `${tag.open}${tag.nil}/>`
    this.#isBare = isBare(mapping)
  }

  /** @param step of the JSON pointer that leads to the value */
  encode(value: JsonValue, out: XmlText, step: string | number): void {
    try {
      if (value !== null) this.value.encode(value, out, this.tag)
      else if (this.#nil !== undefined) out.text += this.#nil
      else throw new EncodeError('must not be null: the backend has no nil there')
    } catch (error) {
      if (error instanceof EncodeError) error.within(step)
      throw error
    }
  }

  decode(reader: XmlReader, out: JsonText): void {
    if (reader.attributeCount === 0 || !reader.isNil()) {
      if (this.#isBare && reader.attributeCount > 0) checkAttributes(reader, NO_ATTRIBUTES)
      this.value.decode(reader, out)
      return
    }
    const { name, nillable, member } = this.mapping
    if (!nillable || !member.nullable) {
      const who = nillable ? 'the contract' : 'the WSDL'
      throw mismatch(reader, `${name.localName} is nil, which ${who} does not allow.`)
    }
    if (reader.attributeCount > 1) (this.#nilAttributes ??= new NilAttributes(this.mapping)).check(reader)
    if (reader.text() !== '') {
      throw mismatch(reader, `${name.localName} is nil and has content.`, name.localName)
    }
    out.value('null')
  }
}
