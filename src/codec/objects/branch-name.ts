import type { JsonObject, JsonValue } from '../../json/value.js'
import type { ElementMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import {
  type ContentCodec,
  EncodeError,
  memberOf,
  mismatch,
  type Tag,
  within,
  type XmlText,
} from '../codec.js'
import { type JsonKey, jsonKey, type JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'
import { inPlace } from '../values/rule.js'
import type { ScalarCodec } from '../values/scalar-codec.js'
import type { ObjectCodec } from './object.js'

/** One branch of a choice of elements that hold nothing. */
export interface Branch {
  readonly tag: Tag
  /** Of the empty type. */
  readonly object: ObjectCodec
}

/** A choice of elements that hold nothing: the member's value is the local name of the one that is there. */
export class BranchNameCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #key: JsonKey
  readonly #byName: ReadonlyMap<string, Branch>
  readonly #byLocalName: ReadonlyMap<string, Branch>

  /**
   * @param branches by the element's name in Clark notation, interned
   * @param scalar of the names, which the contract may narrow or rename
   */
  constructor(
    readonly mapping: ElementMapping,
    branches: ReadonlyMap<string, Branch>,
    readonly scalar: ScalarCodec,
  ) {
    const { member, minOccurs } = mapping
    this.emptiable = minOccurs === 0
    this.members = [member.name]
    this.#key = jsonKey(member.name)
    this.#byName = branches
    this.#byLocalName = new Map([...branches.values()].map((branch) => [branch.tag.localName, branch]))
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return plan ? plan.isNext(this.mapping) : this.#byName.has(reader.name)
  }

  isPresent(object: JsonObject): boolean {
    return memberOf(object, this.mapping.member.name) !== undefined
  }

  isComplete(object: JsonObject): boolean {
    return this.emptiable || this.#said(object) !== undefined
  }

  #said(object: JsonObject): JsonValue | undefined {
    const { name, default: preset } = this.mapping.member
    return memberOf(object, name) ?? preset
  }

  encode(object: JsonObject, out: XmlText): void {
    const value = this.#said(object)
    if (value === undefined && this.emptiable) return
    within(this.mapping.member.name, () => {
      if (value === undefined) throw new EncodeError('is required by the backend')
      const branch = this.#byLocalName.get(this.scalar.toLexical(value))
      if (!branch) throw new EncodeError(`must be one of ${[...this.#byLocalName.keys()].join(', ')}`)
      branch.object.encode({}, out, branch.tag)
    })
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    const { member } = this.mapping
    const isHere = more && (plan ? plan.takes(this.mapping) : this.#byName.has(reader.name))
    const branch = isHere ? this.#byName.get(reader.name) : undefined
    if (!branch) {
      if (this.emptiable && !member.required) return more
      const names = [...this.#byLocalName.keys()].join(', ')
      const who = this.emptiable ? 'contract' : 'WSDL'
      throw mismatch(reader, `One of ${names} is missing; the ${who} requires it here.`)
    }
    out.member(this.#key)
    try {
      out.value(this.scalar.toJson(branch.tag.localName, true))
    } catch (error) {
      throw inPlace(reader, error)
    }
    branch.object.decodeNothing(reader, out)
    return reader.nextElement()
  }

  decodeAbsent(): void {
    // Nothing: no value says that none of them is there.
  }
}
