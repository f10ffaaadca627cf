import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { attributeOf, parseXmlTree, resolveQName, textContent, type XmlElement } from '../../src/xml/tree.js'

function read(text: string): { root: XmlElement; diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics()
  const root = parseXmlTree(text, 'a.xml', diagnostics)
  if (!root) throw new Error(JSON.stringify(diagnostics.list))
  return { root, diagnostics }
}

function refuse(text: string): { code: string; line: number | undefined } {
  const diagnostics = new Diagnostics()
  expect(parseXmlTree(text, 'a.xml', diagnostics)).toBeUndefined()
  const [first] = diagnostics.list.filter((d) => d.severity === 'error')
  return { code: first?.code ?? '', line: first?.at?.line }
}

describe('names', () => {
  const { root } = read(`<a xmlns="urn:d" xmlns:p="urn:p" p:x="1" x="2">
  <p:b xmlns:p="urn:q" xml:lang="de"/>
  <c xmlns=""/>
</a>`)
  const [b, c] = root.children

  it('resolves elements and attributes by the declarations in scope', () => {
    expect(root.name).toEqual({ namespace: 'urn:d', localName: 'a' })
    expect([...root.attributes]).toEqual([
      ['{urn:p}x', '1'],
      ['x', '2'],
    ])
    expect(b?.name).toEqual({ namespace: 'urn:q', localName: 'b' })
    expect(b?.attributes.get('{http://www.w3.org/XML/1998/namespace}lang')).toBe('de')
    expect(c?.name).toEqual({ namespace: '', localName: 'c' })
  })

  it('ends what an element declares with it, be it empty or not', () => {
    const { root: outer } = read('<a><b xmlns="urn:b" xmlns:p="urn:p"/><c xmlns="urn:c"><d/></c><e/></a>')
    expect(outer.children.map(({ name }) => name.namespace)).toEqual(['urn:b', 'urn:c', ''])
    expect(outer.children[1]?.children[0]?.name.namespace).toBe('urn:c')
    expect(outer.children.map((child) => resolveQName(child, 'p:t'))).toEqual([
      { namespace: 'urn:p', localName: 't' },
      undefined,
      undefined,
    ])
  })

  it('resolves QNames in values, the default namespace without a prefix', () => {
    expect(resolveQName(root, ' p:t ')).toEqual({ namespace: 'urn:p', localName: 't' })
    expect(b && resolveQName(b, 'p:t')).toEqual({ namespace: 'urn:q', localName: 't' })
    expect(b && resolveQName(b, 't')).toEqual({ namespace: 'urn:d', localName: 't' })
    expect(c && resolveQName(c, 't')).toEqual({ namespace: '', localName: 't' })
    for (const wrong of ['z:t', 'p:', ':t', '', 'p:t:u', 'p:1'])
      expect(resolveQName(root, wrong)).toBeUndefined()
  })

  it('knows where each element begins', () => {
    const { root: crlf } = read('<?xml version="1.0"?>\r\n<a>\r\n  <b\r\n x="1"/><c/></a>')
    expect(crlf.at).toEqual({ file: 'a.xml', line: 2, column: 1 })
    expect(crlf.children.map(({ at }) => [at.line, at.column])).toEqual([
      [3, 3],
      [4, 9],
    ])
  })
})

describe('text', () => {
  it.each([
    ['references', '<a>&lt;&#65;&#x1F600;&amp;amp;</a>', '<A😀&amp;'],
    ['a CDATA section', '<a>x<![CDATA[<b>&amp;]]>y</a>', 'x<b>&amp;y'],
    ['text around elements', '<a> x<b>y</b>z </a>', ' xyz '],
    ['comments and instructions', "<a>x<!-- no --><?it isn't?>y</a>", 'xy'],
    ['line ends', '<a>x\r\ny\rz</a>', 'x\ny\nz'],
    ['a byte order mark', '\uFEFF<a>x</a>', 'x'],
  ])('keeps %s', (_, text, expected) => {
    expect(textContent(read(text).root)).toBe(expected)
  })

  it('keeps texts and elements in their order', () => {
    const { root } = read('<a>1<b/>2<c>3</c><d/></a>')
    expect(root.content.map((part) => (typeof part === 'string' ? part : part.name.localName))).toEqual([
      ...['1', 'b', '2', 'c', 'd'],
    ])
    expect(root.children.map(({ name }) => name.localName)).toEqual(['b', 'c', 'd'])
  })

  it('normalizes attribute values', () => {
    const { root } = read(`<a x="1\n2\t3&#10;4" y='&quot;>'/>`)
    expect(attributeOf(root, 'x')).toBe('1 2 3\n4')
    expect(attributeOf(root, 'y')).toBe('">')
  })

  it('does not take an apostrophe in an instruction for a literal', () => {
    expect(read("<a><?x it's?><b/><?y it's?></a>").root.children).toHaveLength(1)
  })
})

describe('a document type declaration', () => {
  it.each([
    ['a public one', `<!DOCTYPE a PUBLIC "-//W3C//DTD XMLSCHEMA 200102//EN" "XMLSchema.dtd">`],
    ['entities that nobody uses', `<!DOCTYPE a [<!ENTITY x 'http://www.w3.org/'>]>`],
    ['tricky literals', `<!DOCTYPE a [<!-- ]> ' --><!ENTITY x "]><a>"><?p ]> ?>]>`],
  ])('is ignored with a note: %s', (_, doctype) => {
    const { root, diagnostics } = read(`<?xml version="1.0"?>\n${doctype}\n<a><b/></a>`)
    expect(root.children[0]?.at.line).toBe(3)
    expect(diagnostics.list.map(({ code, severity }) => [code, severity])).toEqual([['xml-doctype', 'note']])
  })

  it('never expands anything', () => {
    const laughs = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};">`).join(
      '',
    )
    const started = performance.now()
    expect(refuse(`<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>\n<a>&l20;</a>`)).toEqual({
      code: 'xml-malformed',
      line: 2,
    })
    expect(refuse(`<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`).code).toBe(
      'xml-malformed',
    )
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('what is not well-formed', () => {
  it.each([
    ['nothing', '', 1],
    ['text', 'hello', 1],
    ['an end that is missing', '<a>\n<b></a>', 2],
    ['a second root', '<a/>\n<b/>', 2],
    ['an attribute twice', '<a\n x="1" x="2"/>', 2],
    ['an attribute twice by namespace', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>', 1],
    ['a prefix that is not declared', '<a>\n\n<p:b/></a>', 3],
    ['"<" in a value', '<a x="<"/>', 1],
    ['a bare ampersand', '<a>\nA & B</a>', 2],
    ['an entity of HTML', '<a>&nbsp;</a>', 1],
    ['a control character', '<a>\u0001</a>', 1],
    ['a forbidden reference', '<a>&#0;</a>', 1],
    ['two hyphens in a comment', '<a><!-- -- --></a>', 1],
    ['a declaration type that does not end', '<!DOCTYPE a [ <a/>', 1],
  ])('is refused with its line: %s', (_, text, line) => {
    expect(refuse(text)).toEqual({ code: 'xml-malformed', line })
  })

  it('bounds nesting', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
    expect(read(nested(200)).root.children).toHaveLength(1)
    expect(refuse(nested(201)).code).toBe('xml-limit')
    expect(refuse(nested(1_000_000)).code).toBe('xml-limit')
  })

  it('survives names of JavaScript', () => {
    const { root } = read('<toString valueOf="1" hasOwnProperty="2"/>')
    expect(root.name.localName).toBe('toString')
    expect(root.attributes.get('hasOwnProperty')).toBe('2')
    expect([...read('<a __proto__="1"/>').root.attributes]).toEqual([['__proto__', '1']])
    expect({}).not.toHaveProperty('1')
  })
})
