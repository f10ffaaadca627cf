import { plainEnd } from '../../xml/chars.js'
import type { XmlSource } from '../../xml/source.js'
import { usualCharacterDataEnd, usualEnd, type UsualForm } from '../../xsd/values/usual-form.js'
import type { JsonKey, JsonText } from '../json/text.js'
import type { RecurringValues } from './recurring-values.js'

/** How values of one place get from the octets of a document to JSON without becoming strings on the way. */
export class PlainValue {
  /**
   * @param usual in which a text is valid and stands in the document as it does in JSON
   * @param isText whether it has quotes in JSON
   * @param recurring values that have been judged before; not where there is a usual form
   */
  constructor(
    readonly usual: UsualForm | undefined,
    readonly isText: boolean,
    readonly recurring: RecurringValues | undefined,
  ) {}

  /**
   * @param octets which a zero ends
   * @returns the offset after all that can be of the value that begins at `start`; -1 where it cannot be copied
   */
  end(octets: Uint8Array, start: number): number {
    if (this.usual) return usualEnd(this.usual, octets, start)
    return this.recurring ? plainEnd(octets, start) : -1
  }

  /**
   * @param octets which a zero ends
   * @returns the offset after a text that begins at `start`, has something in it that JSON says in another way, and is for
   *   {@link JsonText.characterDataMember} to write; -1 where there is no such text
   */
  characterDataEnd(octets: Uint8Array, start: number): number {
    return this.usual ? usualCharacterDataEnd(this.usual, octets, start) : -1
  }

  /**
   * Writes a value that stands between two offsets, {@link end} having given the second.
   *
   * @returns false where the value has to be judged; nothing is written then
   */
  write(out: JsonText, { octets, view }: XmlSource, start: number, end: number): boolean {
    if (this.recurring) {
      const json = this.recurring.find(octets, start, end)
      if (!json) return false
      out.known(json)
    } else if (this.isText) out.quoted(view, start, end)
    else out.copied(view, start, end)
    return true
  }

  /** The same as a member, in one go. */
  writeMember(out: JsonText, key: JsonKey, { octets, view }: XmlSource, start: number, end: number): boolean {
    if (this.recurring) {
      const json = this.recurring.find(octets, start, end)
      if (!json) return false
      out.knownMember(key, json)
    } else if (this.isText) out.quotedMember(key, view, start, end)
    else out.copiedMember(key, view, start, end)
    return true
  }
}
