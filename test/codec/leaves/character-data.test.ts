import { describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import { XmlError } from '../../../src/xml/reader.js'
import fc from '../../oracle/property.js'
import { construct } from '../construct.js'

const types: readonly (readonly [string, string])[] = [
  ['a text', '<xs:restriction base="xs:string"/>'],
  ['a text of a length', '<xs:restriction base="xs:string"><xs:length value="4"/></xs:restriction>'],
  ['a text that is not empty', '<xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction>'],
  [
    'a text that is neither short nor long',
    '<xs:restriction base="xs:string"><xs:minLength value="3"/><xs:maxLength value="8"/></xs:restriction>',
  ],
  ['one line', '<xs:restriction base="xs:normalizedString"/>'],
  ['words', '<xs:restriction base="xs:token"/>'],
  ['words of a length', '<xs:restriction base="xs:token"><xs:maxLength value="8"/></xs:restriction>'],
  [
    'a pattern',
    '<xs:restriction base="xs:string"><xs:pattern value="[a-z&lt;&amp;&quot;]*"/></xs:restriction>',
  ],
]

const pieces = fc.constantFrom(
  ...['a', 'bc', ' ', '  ', 'é', '€', '\u{1d11e}', '\ufffd', '\ufffe', '\x01', '\x7f', '\u2028'],
  ...['"', "'", '\\', '/', '\n', '\t', '\r', '\r\n', '>', ']]>', ']]', '&', '&lt', '&nbsp;', '&AMP;'],
  ...['&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#10;', '&#x9;', '&#xFFFE;', '&#x1F600;', '&amp;amp;'],
  ...['<![CDATA[&amp;]]>', '<!-- -->', '<?p ?>', '<x/>'],
)

/** The JSON text, or what is wrong. */
function outcome(decode: () => string): string {
  try {
    return decode()
  } catch (error) {
    if (error instanceof XmlError) return error.code
    if (error instanceof AdapterError) return error.message
    throw error
  }
}

describe('character data of a leaf', () => {
  it.each(types)('is the same for %s, whether copied as octets or read as a text', (_, type) => {
    const construction = construct(
      `<xs:element name="m"><xs:complexType><xs:sequence>
         <xs:element name="A" minOccurs="0"><xs:simpleType>${type}</xs:simpleType></xs:element>
         <xs:element name="B" type="xs:string"/>
       </xs:sequence></xs:complexType></xs:element>`,
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (some) => {
        const text = some.join('')
        // With a space in its start tag an element is read by the codec of its particle.
        const [copied, read] = ['<A>', '<A >'].map((tag) =>
          outcome(() =>
            construction.decode(`<m xmlns="urn:t">${tag}${text}</A><B>&lt;${'x'.repeat(60)}</B></m>`),
          ),
        )
        expect([text, copied]).toEqual([text, read])
      }),
      { numRuns: 2000 },
    )
  })
})
