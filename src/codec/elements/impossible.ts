import type { XmlReader } from '../../xml/reader.js'
import { EncodeError, mismatch } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { ElementSite } from './element-site.js'

/** An element that the XSD requires and of which it declares nothing concrete. */
export class ImpossibleElementCodec extends ElementSite {
  override isPresent(): boolean {
    return false
  }

  override isComplete(): boolean {
    return this.emptiable
  }

  override encode(): void {
    if (this.emptiable) return
    throw new EncodeError(
      'cannot be sent: its XSD type is abstract, and nothing concrete derives from it',
    ).within(this.member)
  }

  override decode(reader: XmlReader, _out: JsonText, more: boolean): boolean {
    if (more && reader.name === this.name) {
      throw mismatch(
        reader,
        `${this.mapping.name.localName} has an abstract type, and no concrete one derives from it.`,
      )
    }
    if (!this.emptiable) throw this.missing(reader, more)
    return more
  }

  override decodeAbsent(): void {
    // Nothing: it has no member.
  }
}
