import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { CanonicalFormTooLong, canonicalise } from '../../../src/ws-security/document/canonical.js'
import { descendants, readSignedDocument } from '../../../src/ws-security/document/document.js'
import fc from '../../oracle/property.js'

/** Exclusive canonical forms of all elements of a document, by libxml2. */
function oracle(text: string, prefixes: readonly string[]): string[] {
  using document = XmlDocument.fromString(text)
  return document.find('//*').map((node) => {
    return node instanceof XmlElement
      ? node.canonicalizeToString({
          mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
          inclusiveNamespacePrefixes: [...prefixes],
        })
      : ''
  })
}

function ours(text: string, prefixes: readonly string[]): string[] {
  const { root } = readSignedDocument(text)
  return [...descendants(root)].map((element) => canonicalise(element, prefixes).bytes)
}

describe('exclusive canonicalization', () => {
  it.each([
    ['<a/>'],
    ['<?xml version="1.0"?>\n<!-- c -->\n<?p q?><a>x</a><!-- d -->'],
    ['<a  b = "1"\n c=\'2\' ></a  >'],
    ['<a>x<!-- c -->y<![CDATA[<&>]]>z<?p?><?p  q r ?></a>'],
    ['<a b="&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13;\t\n\r\n x"/>'],
    ['<a>&lt;&gt;&amp;&quot;&#9;&#10;&#13;\t\n\r\n\r x]]&gt;</a>'],
    ['<a>\u0085\u2028\ufeff\u{1f600}é</a>'],
    ['<\u1680a \ufdf0="1">\u1680</\u1680a>'],
    ['<r xmlns:B="urn:b" xmlns:a="urn:a" B:x="1" a:y="2"/>'],
    ['<r xmlns:p="urn:a" xmlns:q="urn:ab" p:bc="1" q:a="2"/>'],
    ['<r xmlns:é="urn:1" xmlns:z="urn:2" é:x="1" z:x="2" Z="1" a="2" _="3"/>'],
    ['<r xmlnsfoo="1" xml:lang="de" xml:space="preserve" b="1"/>'],
    ['<r xmlns="urn:a"><b xmlns=""><c xmlns="urn:a"/></b><d/></r>'],
    ['<r xmlns="urn:a"><p:b xmlns:p="urn:p"><c xmlns=""/></p:b></r>'],
    ['<a:r xmlns:a="urn:1"><b:c xmlns:b="urn:2"><a:r xmlns:a="urn:3"/><a:r/></b:c></a:r>'],
    ['<a:r xmlns:a="urn:1" xmlns:b="urn:1" b:x="1"><b:c/><a:c b:y="1"/></a:r>'],
    ['<r xmlns:unused="urn:u"><p:a xmlns:p="urn:p" t="unused:x"/></r>'],
    ['<r xmlns:𐀀="urn:1" xmlns:ﬀ="urn:2" 𐀀:x="1" ﬀ:x="1" 𐀀="3" ﬀ="4"/>'],
  ])('writes %j as libxml2 does', (text) => {
    for (const prefixes of [[], ['a'], ['unused', 'p', 'nobody']])
      expect(ours(text, prefixes)).toEqual(oracle(text, prefixes))
  })

  it('writes any document as libxml2 does', () => {
    fc.assert(
      fc.property(
        anyElement.map(({ element }) => element),
        fc.subarray(['p', 'q', 'B']),
        (text, prefixes) => {
          const document = `<root xmlns:p="urn:1" xmlns:q="urn:2" xmlns:B="urn:3" xmlns="urn:4">${text}</root>`
          expect(ours(document, prefixes)).toEqual(oracle(document, prefixes))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('escapes namespace names as attribute values, which libxml2 forgets', () => {
    const { root } = readSignedDocument('<a:b xmlns:a="urn:x?a&amp;b"/>')
    expect(canonicalise(root).bytes).toBe('<a:b xmlns:a="urn:x?a&amp;b"></a:b>')
  })

  it('knows #default on the PrefixList', () => {
    const { root } = readSignedDocument('<r xmlns="urn:d"><p:a xmlns:p="urn:p"/></r>')
    const [, a] = [...descendants(root)]
    expect(a && canonicalise(a, ['']).bytes).toBe('<p:a xmlns="urn:d" xmlns:p="urn:p"></p:a>')
  })

  it.each([
    ['xsi:type="t:x"', [], ['t']],
    ['xsi:type=" t:x "', ['t'], []],
    ['xsi:type="x"', [], ['']],
    ['xsi:type="x"', [''], []],
    ['xsi:type="p:x"', [], []],
    ['xsi:nil="true"', [], []],
    ['type="t:x"', [], []],
    ['e:arrayType="t:x[2]"', [], ['t']],
  ])('says which prefixes of %s are not covered', (attribute, prefixes, uncovered) => {
    const { root } = readSignedDocument(
      `<r xmlns="urn:d" xmlns:t="urn:t" xmlns:p="urn:p" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><p:a ${attribute}/></r>`,
    )
    const [, a] = [...descendants(root)]
    expect(a && [...canonicalise(a, prefixes).uncovered]).toEqual(uncovered)
  })

  it('stops where the form gets too long', () => {
    const { root } = readSignedDocument('<a>12345</a>')
    expect(canonicalise(root, [], 12).bytes).toHaveLength(12)
    expect(() => canonicalise(root, [], 11)).toThrow(CanonicalFormTooLong)
  })
})

const name = fc.constantFrom('a', 'p:a', 'q:b', 'B:c', '_x')
const declaration = fc.constantFrom('', ' xmlns="urn:1"', ' xmlns=""', ' xmlns:p="urn:5"', ' xmlns:B="urn:1"')
const attributes = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'q:a', 'xml:lang', 'B:z', 'Z'), { maxLength: 4 })
  .chain((names) =>
    fc
      .array(fc.constantFrom('1', '&#10;x', '&lt;', '"'.replace('"', '&quot;'), 'é'), {
        minLength: names.length,
        maxLength: names.length,
      })
      .map((values) => names.map((each, i) => ` ${each}="${values[i] ?? ''}"`).join('')),
  )
const { element: anyElement } = fc.letrec<{ element: { element: string }; content: string }>((tie) => ({
  element: fc
    .record({ name, declaration, attributes, content: fc.array(tie('content'), { maxLength: 4 }) })
    .map(({ name: tag, declaration: xmlns, attributes: list, content }) => ({
      element: `<${tag}${xmlns}${list}>${content.join('')}</${tag}>`,
    })),
  content: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('text', '\r\n', '&amp;', '<![CDATA[ ]]>', '<!-- c -->', '<?p q?>', '&#13;'),
    tie('element').map(({ element }) => element),
  ),
}))
