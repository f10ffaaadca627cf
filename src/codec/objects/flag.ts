import type { JsonValue } from '../../json/value.js'
import type { XmlReader } from '../../xml/reader.js'
import { EncodeError, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import { ElementCodec } from '../elements/element.js'
import type { JsonText } from '../json/text.js'
import { inPlace } from '../values/rule.js'
import type { ScalarCodec } from '../values/scalar-codec.js'
import type { ObjectCodec } from './object.js'

/** An element that holds nothing: `true` where it is there, `false` or no member where it is not. */
export class FlagCodec extends ElementCodec {
  protected override given(said: JsonValue): JsonValue | undefined {
    return said === false ? undefined : said
  }

  /** What the contract narrows to `true` cannot say it. */
  protected override get absent(): string | undefined {
    const { value } = this.mapping
    const listed = value.kind === 'scalar' ? value.narrowing?.enum : undefined
    return listed?.includes(false) === false ? undefined : 'false'
  }
}

/** What such an element holds. */
export class PresenceCodec implements ValueCodec {
  /**
   * @param object of the empty type
   * @param scalar of the boolean, which the contract may narrow
   */
  constructor(
    readonly object: ObjectCodec,
    readonly scalar: ScalarCodec,
  ) {}

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    if (value !== true) throw new EncodeError('must be true or false')
    this.object.encode({}, out, tag)
  }

  decode(reader: XmlReader, out: JsonText): void {
    this.object.decodeNothing(reader, out)
    try {
      out.value(this.scalar.toJson('true', true))
    } catch (error) {
      throw inPlace(reader, error)
    }
  }
}
