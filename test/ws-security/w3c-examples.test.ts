import { createCipheriv } from 'node:crypto'
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { decryptData } from '../../src/ws-security/algorithms/encryption.js'
import {
  canonicalise,
  canonicaliseInclusively,
  UnsupportedInheritance,
} from '../../src/ws-security/document/canonical.js'
import { descendants, type ElementNode, readSignedDocument } from '../../src/ws-security/document/document.js'
import { XmlError } from '../../src/xml/reader.js'

/** An element by its name, and what it lies in, outermost first. */
function elementOf(text: string, name: string): { element: ElementNode; ancestors: ElementNode[] } {
  const all = descendants(readSignedDocument(text).root)
  const element = all.find(({ localName }) => localName === name)
  if (!element) throw new Error(`there is no ${name}`)
  const ancestors = all.filter((each) => each.start < element.start && each.end > element.start)
  return { element, ancestors }
}

const inclusive = (text: string, name: string): string => {
  const { element, ancestors } = elementOf(text, name)
  return canonicaliseInclusively(element, ancestors).bytes
}
const exclusive = (text: string, name: string): string => canonicalise(elementOf(text, name).element).bytes

/** The form by libxml2. */
function libxml2(text: string, name: string, mode: (typeof XmlC14NMode)[keyof typeof XmlC14NMode]): string {
  using document = XmlDocument.fromString(text)
  const node = document.get(`//*[local-name() = "${name}"]`)
  return node instanceof XmlElement ? node.canonicalizeToString({ mode }) : ''
}

const WHITE_SPACE = `<doc>
   <clean>   </clean>
   <dirty>   A   B   </dirty>
   <mixed>
      A
      <clean>   </clean>
      B
      <dirty>   A   B   </dirty>
      C
   </mixed>
</doc>`

/** What the examples have of a document type declaration, which is refused in messages, is written out or left out. */
describe('the examples of Canonical XML 1.0 and 1.1, section 3', () => {
  it.each<[string, string, string]>([
    [
      '3.1, processing instructions and comments',
      `<?xml version="1.0"?>\n\n<?xml-stylesheet   href="doc.xsl"\n   type="text/xsl"   ?>\n\n<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n<!-- Comment 3 -->`,
      '<doc>Hello, world!</doc>',
    ],
    ['3.2, white space', WHITE_SPACE, WHITE_SPACE],
    [
      '3.3, start and end tags',
      `<doc>
   <e1   />
   <e2   ></e2>
   <e3   name = "elem3"   id="elem3"   />
   <e4   name="elem4"   id="elem4"   ></e4>
   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"
      xmlns:b="http://www.ietf.org"
      xmlns:a="http://www.w3.org"
      xmlns="http://example.org"/>
   <e6 xmlns="" xmlns:a="http://www.w3.org">
      <e7 xmlns="http://www.ietf.org">
         <e8 xmlns="" xmlns:a="http://www.w3.org">
            <e9 xmlns="" xmlns:a="http://www.ietf.org" attr="default"/>
         </e8>
      </e7>
   </e6>
</doc>`,
      `<doc>
   <e1></e1>
   <e2></e2>
   <e3 id="elem3" name="elem3"></e3>
   <e4 id="elem4" name="elem4"></e4>
   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>
   <e6 xmlns:a="http://www.w3.org">
      <e7 xmlns="http://www.ietf.org">
         <e8 xmlns="">
            <e9 xmlns:a="http://www.ietf.org" attr="default"></e9>
         </e8>
      </e7>
   </e6>
</doc>`,
    ],
    [
      '3.4, characters and references',
      `<doc>
   <text>First line&#x0d;&#10;Second line</text>
   <value>&#x32;</value>
   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>
   <compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>
   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>
</doc>`,
      `<doc>
   <text>First line&#xD;
Second line</text>
   <value>2</value>
   <compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>
   <compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>
   <norm attr=" '    &#xD;&#xA;&#x9;   ' "></norm>
</doc>`,
    ],
    ['3.6, UTF-8', '<?xml version="1.0"?>\n<doc>&#169;</doc>', '<doc>\u00a9</doc>'],
  ])('%s', (_, text, expected) => {
    expect(inclusive(text, 'doc')).toBe(expected)
    expect(libxml2(text, 'doc', XmlC14NMode.XML_C14N_1_0)).toBe(expected)
  })

  it('3.5, entities, are refused with the declaration that they need', () => {
    const text = '<!DOCTYPE doc [<!ENTITY ent1 "Hello">]>\n<doc attrExtEnt="entExt">&ent1;, world!</doc>'
    expect(() => readSignedDocument(text)).toThrow(XmlError)
  })

  const subset = (attributes = '', more = ''): string =>
    `<doc xmlns="http://www.ietf.org" xmlns:w3c="http://www.w3.org"${attributes}>
   <e1>
      <e2 xmlns="" xml:space="preserve"${more}>
         <e3 id="E3"/>
      </e2>
   </e1>
</doc>`

  it('3.7, a subset: an element alone, with what it inherits', () => {
    const expected = '<e3 xmlns:w3c="http://www.w3.org" id="E3" xml:space="preserve"></e3>'
    expect(inclusive(subset(), 'e3')).toBe(expected)
    expect(inclusive(subset(' xml:lang="en"'), 'e3')).toBe(
      expected.replace('xml:space', 'xml:lang="en" xml:space'),
    )
  })

  it('3.8 of 1.1, xml:base and xml:id, which 1.0 treats otherwise, are refused where they are inherited', () => {
    for (const text of [
      subset(' xml:base="http://www.example.com/something/else"'),
      subset('', ' xml:id="abc"'),
    ]) {
      expect(() => inclusive(text, 'e3')).toThrow(UnsupportedInheritance)
      expect(inclusive(text, 'doc')).toContain('xml:')
    }
  })
})

describe('the examples of Exclusive XML Canonicalization 1.0, sections 2.1 and 2.2', () => {
  const bare = '<n1:elem1 xmlns:n1="http://b.example">\n      content\n  </n1:elem1>'

  it('2.1, an element that is put into an envelope stays as it is', () => {
    const enveloped = `<n0:pdu xmlns:n0="http://a.example">\n  ${bare}\n</n0:pdu>`
    expect([exclusive(bare, 'elem1'), exclusive(enveloped, 'elem1')]).toEqual([bare, bare])
    expect(inclusive(enveloped, 'elem1')).toBe(
      bare.replace('xmlns:n1', 'xmlns:n0="http://a.example" xmlns:n1'),
    )
  })

  const elem2 = (xmlns: string, ftp: string): string =>
    `<n1:elem2 ${xmlns}>\n       <n3:stuff${ftp}></n3:stuff>\n   </n1:elem2>`
  const written = `<n1:elem2 xmlns:n1="http://example.net"\n             xml:lang="en">\n       <n3:stuff xmlns:n3="ftp://example.org"/>\n   </n1:elem2>`
  const FTP = ' xmlns:n3="ftp://example.org"'

  it.each([
    [
      'local',
      `<n0:local xmlns:n0="foo:bar"\n          xmlns:n3="ftp://example.org">\n   ${written}\n</n0:local>`,
      elem2(
        'xmlns:n0="foo:bar" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en"',
        '',
      ),
    ],
    [
      'pdu',
      `<n2:pdu xmlns:n1="http://example.com"\n        xmlns:n2="http://foo.example"\n        xml:lang="fr"\n        xml:space="retain">\n   ${written}\n</n2:pdu>`,
      elem2(
        'xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain"',
        FTP,
      ),
    ],
  ])('2.2, within n:%s', (_, text, expected) => {
    expect(inclusive(text, 'elem2')).toBe(expected)
    const alone = elem2('xmlns:n1="http://example.net" xml:lang="en"', FTP)
    expect(exclusive(text, 'elem2')).toBe(alone)
    expect(libxml2(text, 'elem2', XmlC14NMode.XML_C14N_EXCLUSIVE_1_0)).toBe(alone)
  })
})

describe('the examples of XML Encryption 1.1', () => {
  it('5.2.4, AES-128 with GCM, as its interoperability tests have it', () => {
    const key = Buffer.from('feffe9928665731c6d6a8f9467308308', 'hex')
    const value = Buffer.from('yv66vvrO263eyviIQoMewiF3dCRLciG3hNDUnFeSbd6SpcAe6FTcmzPryFY=', 'base64')
    expect(decryptData('aes128-gcm', key, value)?.toString('hex')).toBe('d9313225f88406e5a55909c5aff5269a')
    const changed = Buffer.from(value)
    changed.writeUInt8(value.readUInt8(20) ^ 1, 20)
    expect(decryptData('aes128-gcm', key, changed)).toBeUndefined()
  })

  it('5.2, padding of a block: any octets, and how many they are', () => {
    const [key, iv] = [Buffer.alloc(16, 7), Buffer.alloc(16, 9)]
    const encrypted = (block: string): Buffer => {
      const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
      return Buffer.concat([iv, cipher.update(block, 'hex'), cipher.final()])
    }
    const padded = '616263' + 'a1b2c3d4e5f60718293a4b5c'
    expect(decryptData('aes128-cbc', key, encrypted(`${padded}0d`))?.toString()).toBe('abc')
    for (const length of ['00', '11', 'ff']) {
      expect(decryptData('aes128-cbc', key, encrypted(`${padded}${length}`))).toBeUndefined()
    }
  })
})
