import type { JsonValue } from '../../json/value.js'
import type { ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import { XmlError } from '../../xml/error.js'
import type { XmlReader } from '../../xml/reader.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { withNamespaces, withPrefixes } from '../../xsd/values/qualified-names.js'
import { normalizeWhiteSpace } from '../../xsd/values/white-space.js'
import type { Tag, XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { NameDeclarations } from './qname.js'
import { inPlace } from './rule.js'
import type { NamesCodec, ScalarCodec } from './scalar-codec.js'

/**
 * xs:QName and xs:NOTATION, also in lists and unions: Clark notation in JSON, since a prefix means nothing outside its
 * document.
 *
 * @param text the same type with its names in Clark notation
 */
export function compileNames({ type }: ScalarMapping, text: ScalarCodec): ScalarCodec {
  const names: NamesCodec = {
    resolved: (lexical, reader) => resolved(type, lexical, reader),
    prefixed(lexical, prefix) {
      const declarations = new NameDeclarations(prefix)
      const written = withPrefixes(type, lexical, (name) => declarations.write(name))
      return { declaration: declarations.text, lexical: written }
    },
  }
  const decode = (reader: XmlReader, out: JsonText): void => {
    const lexical = names.resolved(reader.text(), reader)
    try {
      out.value(text.toJson(lexical, false))
    } catch (error) {
      throw inPlace(reader, error)
    }
  }
  return {
    ...text,
    plain: undefined,
    names,
    decodeContent: decode,
    decode,
    encode(value: JsonValue, out: XmlText, tag: Tag) {
      const { declaration, lexical } = names.prefixed(text.toLexical(value), 'q')
      out.text += `${tag.open}${declaration}>${lexical}${tag.close}`
    },
  }
}

function resolved(type: SimpleType, text: string, reader: XmlReader): string {
  const lexical = normalizeWhiteSpace(type.facets.whiteSpace, text)
  // Where it must be a name, the reader says what is wrong with it.
  if (type.variety === 'atomic') return reader.resolveQName(lexical)
  return withNamespaces(type, lexical, (name) => {
    try {
      return reader.resolveQName(name)
    } catch (error) {
      if (error instanceof XmlError) return undefined
      throw error
    }
  })
}
