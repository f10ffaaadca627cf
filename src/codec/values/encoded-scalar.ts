import { XSD } from '../../base/namespaces.js'
import type { JsonValue } from '../../json/value.js'
import type { ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeSubject } from '../../xml/safe-name.js'
import { mismatch, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import type { PlainValue } from '../leaves/plain-value.js'
import type { Leniency } from '../leniency.js'
import { inPlace } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

const BASE64 = `{${XSD}}base64Binary`
const HEX = `{${XSD}}hexBinary`

/**
 * A simple value with an xsi:type of its own. The WSDL says how it is read, whatever the xsi:type; but SOAP::Lite sends
 * a text that is not ASCII in base64 and says so by the type alone: taken for a text, it would be misread.
 */
export class EncodedScalarCodec implements ValueCodec {
  /** What has no attributes has no xsi:type. */
  readonly plain: PlainValue | undefined
  readonly #isBinary: boolean
  readonly isLenient: boolean
  readonly #leniency: Leniency

  constructor(
    readonly mapping: ScalarMapping,
    readonly scalar: ValueCodec & Pick<ScalarCodec, 'toJson'>,
    { isLenient, leniency }: { readonly isLenient: boolean; readonly leniency: Leniency },
  ) {
    this.plain = scalar.plain
    this.isLenient = isLenient
    this.#leniency = leniency

    const { builtIn } = mapping.type
    this.#isBinary = builtIn === 'base64Binary' || builtIn === 'hexBinary'
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    this.scalar.encode(value, out, tag)
  }

  decode(reader: XmlReader, out: JsonText): void {
    const type = reader.attributeCount === 0 ? undefined : reader.typeName()
    if (this.#isBinary || (type !== BASE64 && type !== HEX)) {
      this.scalar.decode(reader, out)
      return
    }
    if (!this.isLenient || type === HEX) {
      throw mismatch(
        reader,
        `${safeSubject(reader.localName)} is ${type === HEX ? 'hexBinary' : 'base64'} by its xsi:type, but not by the WSDL.`,
      )
    }
    this.#leniency.count('encoding')
    const bytes = Buffer.from(reader.text(), 'base64')
    try {
      out.value(
        this.scalar.toJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), false),
      )
    } catch (error) {
      if (error instanceof TypeError) throw mismatch(reader, 'A text in base64 is not in UTF-8.')
      throw inPlace(reader, error)
    }
  }
}
