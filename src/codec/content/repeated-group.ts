import { isJsonObject, type JsonObject, type JsonValue } from '../../json/value.js'
import type { GroupMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import {
  type ContentCodec,
  EncodeError,
  memberOf,
  mismatch,
  together,
  within,
  type XmlText,
} from '../codec.js'
import { type JsonKey, jsonKey, JsonText } from '../json/text.js'
import type { Plan } from '../plan.js'

/** A sequence or choice that repeats: an array with an object for each occurrence, so that siblings keep their order. */
export class RepeatedGroupCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]
  readonly #key: JsonKey

  /** @param once the codec of one occurrence */
  constructor(
    readonly mapping: GroupMapping,
    readonly member: string,
    readonly once: ContentCodec,
  ) {
    this.emptiable = mapping.minOccurs === 0 || once.emptiable
    this.members = [member]
    this.#key = jsonKey(member)
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return plan ? plan.isNext(this.mapping) : this.once.starts(reader)
  }

  isComplete(object: JsonObject): boolean {
    const items = memberOf(object, this.member) ?? []
    if (!Array.isArray(items)) return false
    const { minOccurs, maxOccurs } = this.mapping
    const isEnough = items.length >= minOccurs || this.once.emptiable
    return (
      isEnough &&
      items.length <= maxOccurs &&
      (items as readonly JsonValue[]).every((item) => isJsonObject(item) && this.once.isComplete(item))
    )
  }

  isPresent(object: JsonObject): boolean {
    const items = memberOf(object, this.member)
    return Array.isArray(items) ? items.length > 0 : items !== undefined
  }

  encode(object: JsonObject, out: XmlText): void {
    within(this.member, () => {
      const items = memberOf(object, this.member) ?? []
      if (!Array.isArray(items)) throw new EncodeError('must be an array')
      const { minOccurs, maxOccurs } = this.mapping
      if (items.length < minOccurs && !this.once.emptiable)
        throw new EncodeError(`needs at least ${minOccurs} items for the backend`)
      if (items.length > maxOccurs)
        throw new EncodeError(`may have at most ${maxOccurs} items for the backend`)
      let wrong: EncodeError | undefined
      for (const [index, item] of (items as readonly JsonValue[]).entries()) {
        try {
          within(index, () => {
            if (!isJsonObject(item)) throw new EncodeError('must be an object')
            this.once.encode(item, out)
          })
        } catch (error) {
          wrong = together(wrong, error)
        }
      }
      if (wrong) throw wrong
    })
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    out.member(this.#key)
    out.open('[')
    let count = 0
    let next = more
    while (next && begins(this, reader, plan)) {
      // An occurrence that nothing belongs to is none.
      if (plan && !this.once.starts(reader, plan)) continue
      count++
      out.item()
      out.open('{')
      next = this.once.decode(reader, out, true, plan)
      out.close('}')
    }
    const { minOccurs, maxOccurs } = this.mapping
    if ((count < minOccurs && !this.once.emptiable) || count > maxOccurs) {
      throw mismatch(reader, `The group ${this.member} occurs ${count} times, which the WSDL does not allow.`)
    }
    out.close(']')
    return next
  }

  decodeAbsent(out: JsonText): void {
    out.member(this.#key)
    out.value('[]')
  }
}

/** Whether another occurrence begins, which the plan is told. */
function begins(
  { mapping, once }: { readonly mapping: GroupMapping; readonly once: ContentCodec },
  reader: XmlReader,
  plan: Plan | undefined,
): boolean {
  return plan ? plan.takes(mapping) : once.starts(reader)
}

/** A repeated group that the contract leaves out. */
export class HiddenGroupCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[] = []

  constructor(
    readonly mapping: GroupMapping,
    readonly once: ContentCodec,
  ) {
    this.emptiable = mapping.minOccurs === 0 || once.emptiable
  }

  starts(reader: XmlReader, plan?: Plan): boolean {
    return plan ? plan.isNext(this.mapping) : this.once.starts(reader)
  }

  isPresent(): boolean {
    return false
  }

  isComplete(): boolean {
    return this.emptiable
  }

  encode(): void {
    // Nothing: the contract was refused if the WSDL requires the group.
  }

  decode(reader: XmlReader, out: JsonText, more: boolean, plan?: Plan): boolean {
    let next = more
    const dropped = new JsonText(out.attachments)
    while (next && begins(this, reader, plan)) {
      if (plan && !this.once.starts(reader, plan)) continue
      next = this.once.decode(reader, dropped, true, plan)
    }
    dropped.release()
    return next
  }

  decodeAbsent(): void {
    // Nothing: it has no member.
  }
}
