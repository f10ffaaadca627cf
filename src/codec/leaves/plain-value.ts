import { plainEnd } from '../../xml/chars.js'
import { usualEnd, type UsualForm } from '../../xsd/values/usual-form.js'
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
   * What holds the JSON of a value that stands between two offsets, {@link end} having given the second.
   *
   * @returns the octets of the document themselves, or others that hold nothing else; undefined where the value has to be
   *   judged
   */
  json(octets: Uint8Array, start: number, end: number): Uint8Array | undefined {
    return this.recurring ? this.recurring.find(octets, start, end) : octets
  }

  /** Writes what {@link json} has given. */
  write(out: JsonText, json: Uint8Array, start: number, end: number): void {
    if (this.recurring) out.copied(json, 0, json.length)
    else if (this.isText) out.quoted(json, start, end)
    else out.copied(json, start, end)
  }

  /** The same as a member, in one go. */
  writeMember(out: JsonText, key: JsonKey, json: Uint8Array, start: number, end: number): void {
    if (this.recurring) out.copiedMember(key, json, 0, json.length)
    else if (this.isText) out.quotedMember(key, json, start, end)
    else out.copiedMember(key, json, start, end)
  }
}
