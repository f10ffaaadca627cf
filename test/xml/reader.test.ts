import { describe, expect, test } from 'vitest'
import { internName } from '../../src/xml/names.js'
import { XmlError, XmlReader, type XmlReaderLimits } from '../../src/xml/reader.js'
import { libxml2Accepts, verdict } from './verdict.js'

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** A reader on the start tag of the root element. */
function onRoot(document: string, limits?: Partial<XmlReaderLimits>): XmlReader {
  const reader = new XmlReader(document, limits)
  expect(reader.nextElement()).toBe(true)
  return reader
}

function errorOf(action: () => unknown): XmlError {
  try {
    action()
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('well-formed', () => {
  test.each([
    '<a/>',
    '<a></a>',
    '<a\n></a\t\r\n >',
    '\ufeff<a/>',
    '<?xml version="1.0"?><a/>',
    "<?xml version='1.1' encoding='UTF-8' standalone='yes' ?>\n<a/>\n",
    '<!--c--><?pi x?> <a/> <!--c--><?pi?>',
    '<a b="1" c=\'"2"\' d = "\'"/>',
    '<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;&#x0000041;</a>',
    '<a b="&lt;&#10;&#x9;>"/>',
    '<a>] ]] ]&gt; ]]&gt; > ]]]</a>',
    '<a><![CDATA[]]></a>',
    '<a><![CDATA[<&]] >]]]]></a>',
    '<a>]]<!---->></a>',
    '<a><!-- - -> --></a>',
    '<a>\u0085\u2028\u{10FFFF}\ufffd\ue000</a>',
    '<é·‿ ü="1"/>',
    '<\u{10000}x/>',
    '<_.-1/>',
    '<p:a xmlns:p="urn:p" p:b="" b=""/>',
    '<a xmlns="urn:d"><b xmlns=""/></a>',
    '<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="de"/>',
    '<a xmlns:p="urn:1" xmlns:q="urn:2" p:x="" q:x="" x=""/>',
    '<xmlns/>',
    '<a><?xml-stylesheet x?></a>',
    '<a xmlns:p="u"><p:b xmlns:p="v"/><p:b/></a>',
  ])('%j', (document) => {
    expect(verdict(document)).toBe('accepted')
    expect(libxml2Accepts(document)).toBe(true)
  })
})

describe('not well-formed', () => {
  test.each([
    ['', 'without a root', '1:1'],
    ['  ', 'without a root', '1:3'],
    ['<?xml version="1.0"?>', 'without a root', '1:22'],
    ['<', 'Neither a name', '1:2'],
    ['<a', 'the end of the tag', '1:3'],
    ['<a>', 'ends before its root', '1:4'],
    ['<a></a', 'ends before its root', '1:7'],
    ['<a b="', 'does not end', '1:7'],
    ['<a>\n<b></a>', 'An end tag that is not', '2:4'],
    ['<ab></a>', 'An end tag that is not', '1:5'],
    ['<a></ab>', 'An end tag that is not', '1:4'],
    ['<a></a b>', 'An end tag that is not', '1:4'],
    ['</a>', 'An end tag outside', '1:1'],
    ['<a/></a>', 'An end tag outside', '1:5'],
    ['<a/><b/>', 'A second root', '1:5'],
    ['<a/>x', 'Text outside', '1:5'],
    ['x<a/>', 'Text outside', '1:1'],
    ['&#32;<a/>', 'Text outside', '1:1'],
    ['<![CDATA[]]><a/>', 'Text outside', '1:1'],
    [' <?xml version="1.0"?><a/>', 'target is not a name', '1:2'],
    ['<?xml version="2.0"?><a/>', 'XML declaration', '1:1'],
    ['<?xml encoding="utf-8"?><a/>', 'XML declaration', '1:1'],
    ['<?xml version="1.0" standalone="maybe"?><a/>', 'XML declaration', '1:1'],
    ['<a><?XML x?></a>', 'target is not a name', '1:4'],
    ['<a><?p:i x?></a>', 'target is not a name', '1:4'],
    ['<a><??></a>', 'target is not a name', '1:4'],
    ['<a><?pi"?></a>', 'without white space', '1:8'],
    ['<a><?pi</a>', 'does not end', '1:4'],
    ['<a><?pi \0?></a>', 'A character', '1:9'],
    ['<a><!-- -- --></a>', '"--" within', '1:9'],
    ['<a><!--- --- --></a>', '"--" within', '1:10'],
    ['<a><!-- \ud800 --></a>', 'A character', '1:9'],
    ['<a><!-></a>', '"<!" that begins', '1:4'],
    ['<a><!ELEMENT a></a>', '"<!" that begins', '1:4'],
    ['<a><!-- </a>', 'A comment that', '1:4'],
    ['<a><![CDATA[ </a>', 'A CDATA section that', '1:4'],
    ['<a><![cdata[]]></a>', '"<!" that begins', '1:4'],
    ['<a><![CDATA[\x01]]></a>', 'A character', '1:13'],
    ['<a>]]></a>', '"]]>" in text', '1:4'],
    ['<a>x\u0000</a>', 'A character', '1:5'],
    ['<a>\x1f</a>', 'A character', '1:4'],
    ['<a>\ufffe</a>', 'A character', '1:4'],
    ['<a>\ud83d</a>', 'A character', '1:4'],
    ['<a>\ude00\ud83d</a>', 'A character', '1:4'],
    ['<a>&nbsp;</a>', '"&" that begins', '1:4'],
    ['<a>&</a>', '"&" that begins', '1:4'],
    ['<a>&#;</a>', '"&" that begins', '1:4'],
    ['<a>&#X41;</a>', '"&" that begins', '1:4'],
    ['<a>&lt</a>', '"&" that begins', '1:4'],
    ['<a>&#0;</a>', 'A reference to a character', '1:4'],
    ['<a>&#xD800;</a>', 'A reference to a character', '1:4'],
    ['<a>&#x110000;</a>', 'A reference to a character', '1:4'],
    [`<a>&#${'9'.repeat(400)};</a>`, 'A reference to a character', '1:4'],
    ['<a b=1/>', 'without quotes', '1:6'],
    ['<a b/>', 'without "="', '1:5'],
    ['<a b="1"c="2"/>', 'Neither white space', '1:9'],
    ['<a b="<"/>', '"<" in an attribute', '1:7'],
    ['<a b="&x;"/>', '"&" that begins', '1:7'],
    ['<a b="\x02"/>', 'A character', '1:7'],
    ['<a b="\udc00"/>', 'A character', '1:7'],
    ['<a b="" b=""/>', 'stands twice', '1:12'],
    ['<a / >', 'Neither a name', '1:4'],
    ['<a /b>', 'Neither a name', '1:4'],
    ['< a/>', 'Neither a name', '1:2'],
    ['<1a/>', 'Neither a name', '1:2'],
    ['<a\u00d7/>', 'Neither white space', '1:3'],
    ['<:a/>', 'A name with a colon', '1:2'],
    ['<a:/>', 'A name with a colon', '1:2'],
    ['<a:b:c xmlns:a="u"/>', 'A name with a colon', '1:2'],
    ['<a:1 xmlns:a="u"/>', 'A name with a colon', '1:2'],
    ['<p:a/>', 'not declared', '1:1'],
    ['<a p:b=""/>', 'not declared', '1:9'],
    ['<a><p:b xmlns:p="u"/><p:c/></a>', 'not declared', '1:22'],
    ['<a><b xmlns:p="u"><c/></b><c p:x=""/></a>', 'not declared', '1:35'],
    ['<xmlns:a/>', 'not declared', '1:1'],
    ['<a xmlns:p=""/>', 'as no namespace', '1:4'],
    ['<a xmlns:xmlns="u"/>', 'The prefix xmlns', '1:4'],
    ['<a xmlns:xml="u"/>', 'The prefix xml ', '1:4'],
    ['<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>', 'The prefix xml ', '1:4'],
    ['<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'The prefix xml ', '1:4'],
    ['<a xmlns:p="http://www.w3.org/2000/xmlns/"/>', 'namespace of xmlns', '1:4'],
    ['<a xmlns="u" xmlns="v"/>', 'declared twice', '1:14'],
    ['<a xmlns:p="u" xmlns:p="u"/>', 'declared twice', '1:16'],
    ['<a xmlns:p="u" xmlns:q="u" p:x="" q:x=""/>', 'stands twice', '1:40'],
    [`<a ${Array.from({ length: 20 }, (_, i) => `x${i}=""`).join(' ')} x3=""/>`, 'stands twice', '1:138'],
  ])('%j', (document, what, where) => {
    const error = errorOf(() => {
      const reader = new XmlReader(document)
      if (reader.nextElement()) reader.skip()
      reader.end()
    })
    expect(error.message).toContain(what)
    expect(error.message).toMatch(new RegExp(`, at ${where}$`))
    expect(error.code).toBe('not-well-formed')
    expect(libxml2Accepts(document)).toBe(false)
  })

  test.each(['<!DOCTYPE a><a/>', '<?xml version="1.0"?><!-- c --><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'])(
    'a document type declaration: %j',
    (document) => {
      expect(verdict(document)).toBe('doctype')
    },
  )
})

describe('names', () => {
  test('of elements and attributes, in Clark notation', () => {
    const reader = onRoot('<a xmlns="urn:d" xmlns:p="urn:p" b="1" p:b="2" xml:lang="de"><p:c/></a>')
    expect([reader.name, reader.namespace, reader.localName, reader.depth]).toEqual([
      '{urn:d}a',
      'urn:d',
      'a',
      1,
    ])
    const attributes = Array.from({ length: reader.attributeCount }, (_, i) => [
      reader.attributeName(i),
      reader.attributeValue(i),
    ])
    expect(attributes).toEqual([
      ['b', '1'],
      ['{urn:p}b', '2'],
      ['{http://www.w3.org/XML/1998/namespace}lang', 'de'],
    ])
    expect(reader.attribute('{urn:p}b')).toBe('2')
    expect(reader.attribute('{urn:d}b')).toBeUndefined()
    expect([reader.attributeName(3), reader.attributeValue(3)]).toEqual(['', ''])
    expect(reader.nextElement()).toBe(true)
    expect([reader.name, reader.path(), reader.attributeCount]).toEqual(['{urn:p}c', '/*/*', 0])
    expect(reader.attribute('b')).toBeUndefined()
  })

  test('mean what the innermost declaration says', () => {
    const reader = onRoot(
      '<a xmlns="u1"><a xmlns="u2"><a/><a xmlns=""><a/></a></a><a/><p:a xmlns:p="u3"/><a xmlns="u1"/></a>',
    )
    const names = [reader.name]
    while (reader.depth > 0) if (reader.nextElement()) names.push(reader.name)
    expect(names).toEqual(['{u1}a', '{u2}a', '{u2}a', 'a', 'a', '{u1}a', '{u3}a', '{u1}a'])
  })

  test('of readers that take turns do not mix', () => {
    const one = onRoot('<p:a xmlns:p="u1"><p:a/></p:a>')
    const two = onRoot('<p:a xmlns:p="u2"><p:a/></p:a>')
    expect([one.name, two.name]).toEqual(['{u1}a', '{u2}a'])
    one.nextElement()
    two.nextElement()
    expect([one.name, two.name]).toEqual(['{u1}a', '{u2}a'])
  })

  test('that begin alike are kept apart', () => {
    const reader = onRoot('<r><a/><ab/><a/><a·/><ab/><ab.c/></r>')
    const names: string[] = []
    while (reader.nextElement()) {
      names.push(reader.name)
      reader.skip()
    }
    expect(names).toEqual(['a', 'ab', 'a', 'a·', 'ab', 'ab.c'])
  })

  test('in a number that no table holds', () => {
    const inner = Array.from({ length: 10_000 }, (_, i) => `<n${i} xmlns="urn:${i}"/>`).join('')
    const reader = onRoot(`<r>${inner}${inner}</r>`)
    for (let i = 0; reader.nextElement(); i++) {
      expect(reader.name).toBe(`{urn:${i % 10_000}}n${i % 10_000}`)
      reader.skip()
    }
    expect(onRoot('<r/>').name).toBe('r')
  })

  test('that are interned', () => {
    const name = internName('{urn:interned}a')
    expect(internName(['{urn:', 'interned}a'].join(''))).toBe(name)
    expect(onRoot('<p:a xmlns:p="urn:interned"/>').name).toBe(name)
  })
})

describe('nextElement', () => {
  test('walks over what is not an element', () => {
    const reader = onRoot(
      '<?xml version="1.0"?><!--x--> <a> <!--<x/>--> <?x <x/>?>&#32;<![CDATA[ \n]]><b/>\r\n</a> <!--x-->',
    )
    expect([reader.nextElement(), reader.name, reader.location()]).toEqual([true, 'b', '2:4'])
    expect([reader.nextElement(), reader.depth]).toEqual([false, 1])
    expect([reader.nextElement(), reader.depth, reader.location()]).toEqual([false, 0, '3:1'])
    expect(reader.nextElement()).toBe(false)
    reader.end()
  })

  test.each(['x', '&lt;', '<![CDATA[ x ]]>', '\u00a0', '<b/>x'])('refuses text: %j', (content) => {
    const reader = onRoot(`<a>${content}</a>`)
    const walk = () => {
      while (reader.nextElement()) reader.skip()
    }
    expect(errorOf(walk).code).toBe('unexpected-text')
  })
})

describe('text', () => {
  test.each([
    ['', '', true],
    ['plain – text \u{1F600}', 'plain – text \u{1F600}', true],
    [' spaces ', ' spaces ', true],
    ['a > b ]] ]>', 'a > b ]] ]>', true],
    ['"', '"', false],
    ['\\', '\\', false],
    ['a\nb', 'a\nb', false],
    ['a\r\nb\rc', 'a\nb\nc', false],
    ['&lt;&#65;&amp;amp;', '<A&amp;', true],
    ['&quot;', '"', false],
    ['&#13;&#10;', '\r\n', false],
    ['&#x1F600;', '\u{1F600}', true],
    ['a<!-- b -->c<?d e?>f', 'acf', true],
    ['a<![CDATA[<b>&amp;]]]]>\r\n<![CDATA[>]]>', 'a<b>&amp;]]\n>', false],
  ])('%j', (content, text, plain) => {
    const reader = onRoot(`<a><b>${content}</b><c/></a>`)
    reader.nextElement()
    expect([reader.text(), reader.plain, reader.depth]).toEqual([text, plain, 1])
    if (plain) expect(JSON.stringify(text)).toBe(`"${text}"`)
    expect([reader.nextElement(), reader.name]).toEqual([true, 'c'])
    expect([reader.text(), reader.plain]).toEqual(['', true])
    expect(reader.nextElement()).toBe(false)
    reader.end()
  })

  test('refuses a child element', () => {
    expect(errorOf(() => onRoot('<a>x<b/></a>').text()).code).toBe('unexpected-element')
    expect(errorOf(() => onRoot('<a>&amp;<b/></a>').text()).code).toBe('unexpected-element')
  })
})

describe('attribute values', () => {
  test.each([
    ['a  b', 'a  b'],
    ['a\tb\nc\r\nd\re', 'a b c d e'],
    ['&#9;&#10;&#13;&lt;&quot;', '\t\n\r<"'],
    ['\u{1F600}>', '\u{1F600}>'],
  ])('%j', (raw, value) => {
    expect(onRoot(`<a b="${raw}" c="&amp;"/>`).attribute('b')).toBe(value)
  })
})

describe('xsi', () => {
  test.each([
    ['true', true],
    [' 1\n', true],
    ['false', false],
    ['0', false],
  ])('nil=%j', (lexical, nil) => {
    expect(onRoot(`<a ${XSI} xsi:nil="${lexical}"/>`).isNil()).toBe(nil)
  })

  test('nil is absent, in no namespace, or no boolean', () => {
    expect(onRoot('<a nil="true"/>').isNil()).toBe(false)
    expect(onRoot('<a/>').isNil()).toBe(false)
    expect(errorOf(() => onRoot(`<a ${XSI} xsi:nil="yes"/>`).isNil()).code).toBe('lexical')
  })

  test.each([
    ['p:T', '{urn:p}T'],
    [' T ', '{urn:d}T'],
    ['xml:T', '{http://www.w3.org/XML/1998/namespace}T'],
  ])('type=%j', (lexical, type) => {
    expect(onRoot(`<a xmlns="urn:d" xmlns:p="urn:p" ${XSI} xsi:type="${lexical}"/>`).typeName()).toBe(type)
  })

  test('type is absent, or no QName in scope', () => {
    expect(onRoot('<a type="b"/>').typeName()).toBeUndefined()
    for (const lexical of ['q:T', '', ':T', 'p:', 'p:q:T', 'p T', 'p: T', '{u}T']) {
      const reader = onRoot(`<a xmlns:p="urn:p" ${XSI} xsi:type="${lexical}"/>`)
      expect(errorOf(() => reader.typeName()).code).toBe('lexical')
    }
  })

  test('a QName in content is resolved where it stands', () => {
    const reader = onRoot('<a xmlns:p="u1"><b xmlns:p="u2" xmlns="u3">p:X</b><c/></a>')
    reader.nextElement()
    const lexical = reader.text()
    expect(reader.resolveQName(lexical)).toBe('{u2}X')
    expect(reader.resolveQName('X')).toBe('{u3}X')
    reader.nextElement()
    expect([reader.resolveQName('p:X'), reader.resolveQName('X')]).toEqual(['{u1}X', 'X'])
  })
})

describe('fragment and innerXml', () => {
  const outer = '<r xmlns="urn:d" xmlns:p="urn:p?&amp;" xmlns:q="urn:q">'

  test.each([
    ['<p:a/>', '<p:a xmlns="urn:d" xmlns:p="urn:p?&amp;"/>'],
    ['<a b="q:T"><c>\r\n</c></a>', '<a xmlns="urn:d" xmlns:q="urn:q" b="q:T"><c>\n</c></a>'],
    ['<a xmlns=""><p:b xmlns:p="u"/></a>', '<a xmlns:p="urn:p?&amp;" xmlns=""><p:b xmlns:p="u"/></a>'],
    ['<q:a xmlns:q="u" xmlns="v"/>', '<q:a xmlns:q="u" xmlns="v"/>'],
    ['<a xmlns="u">q&#58;T</a>', '<a xmlns:p="urn:p?&amp;" xmlns:q="urn:q" xmlns="u">q&#58;T</a>'],
  ])('%j as a fragment', (element, fragment) => {
    const reader = onRoot(`${outer}${element}<z/></r>`)
    reader.nextElement()
    expect(reader.fragment()).toBe(fragment)
    expect(libxml2Accepts(fragment)).toBe(true)
    expect([reader.nextElement(), reader.name]).toEqual([true, '{urn:d}z'])
  })

  test('in a fragment, prefixes are declared that names, values and expressions may have, of many, too', () => {
    const many = Array.from({ length: 100 }, (_, i) => ` xmlns:p${i}="urn:${i}"`).join('')
    const element = '<f a="p1:T" xmlns:p2="urn:own"><p3:b/>-p4:c|é·:d p2:x xp5:y p6</f>'
    const reader = onRoot(`<r${many}>${element}<f xmlns:p2="urn:next">p2:x</f><f>p2:x</f></r>`)
    const fragments: string[] = []
    while (reader.nextElement()) fragments.push(reader.fragment())
    expect(fragments).toEqual([
      `<f xmlns:p1="urn:1" xmlns:p3="urn:3" xmlns:p4="urn:4"${element.slice(2)}`,
      '<f xmlns:p2="urn:next">p2:x</f>',
      '<f xmlns:p2="urn:2">p2:x</f>',
    ])
  })

  test('a fragment after another has what is in force where it stands', () => {
    const reader = onRoot(
      '<r xmlns:p="1"><a xmlns:p="2"><f>p:x</f></a><f>p:x</f><b xmlns:p="3"><f>p:x</f></b></r>',
    )
    const fragments: string[] = []
    for (const names of ['a', 'f', 'f', 'b', 'f']) {
      while (!reader.nextElement());
      expect(reader.name).toBe(names)
      if (names === 'f') fragments.push(reader.fragment())
    }
    expect(fragments).toEqual(['2', '1', '3'].map((uri) => `<f xmlns:p="${uri}">p:x</f>`))
  })

  test.each([
    ['', ''],
    ['text &amp; <![CDATA[<x>]]>', 'text &amp; <![CDATA[<x>]]>'],
    [
      'a<b/>\r<q:c>d</q:c><!--e-->',
      'a<b xmlns="urn:i"/>\n<q:c xmlns="urn:i" xmlns:q="urn:q">d</q:c><!--e-->',
    ],
  ])('%j as inner XML', (content, inner) => {
    const reader = onRoot(`${outer}<a xmlns="urn:i">${content}</a><z/></r>`)
    reader.nextElement()
    expect(reader.innerXml()).toBe(inner)
    expect(libxml2Accepts(`<any>${inner}</any>`)).toBe(true)
    expect([reader.nextElement(), reader.name]).toEqual([true, '{urn:d}z'])
  })

  test('inner XML of an empty element', () => {
    const reader = onRoot('<r><a/></r>')
    reader.nextElement()
    expect([reader.innerXml(), reader.depth, reader.nextElement()]).toEqual(['', 1, false])
  })

  test('are for start tags only', () => {
    const reader = onRoot('<r><a/></r>')
    reader.nextElement()
    reader.text()
    expect(() => reader.fragment()).toThrow('not on a start tag')
    expect(() => reader.innerXml()).toThrow('not on a start tag')
    expect(() => new XmlReader('<a/>').fragment()).toThrow('not on a start tag')
  })

  test('cannot be made to grow without bound', () => {
    const declarations = Array.from({ length: 200 }, (_, i) => `xmlns:p${i}="${'u'.repeat(1000)}${i}"`).join(
      ' ',
    )
    const reader = onRoot(`<r ${declarations}>${'<a>&#58;</a>'.repeat(100_000)}</r>`)
    expect(errorOf(() => reader.innerXml()).code).toBe('limit')
  })
})

describe('end', () => {
  test('wants the root element read', () => {
    expect(() => {
      onRoot('<a/>').end()
    }).toThrow('before the root element ended')
    expect(
      errorOf(() => {
        new XmlReader('<a/>').end()
      }).message,
    ).toContain('No root element was read')
  })
})

describe('a reader that begins where another one stands', () => {
  const document = '<a xmlns:p="urn:a"><p:b xmlns:p="urn:b" p:c="1"><p:d>t</p:d><!-- e --></p:b> <p:f/></a>'
  const onB = (limits?: Partial<XmlReaderLimits>): XmlReader => {
    const reader = onRoot(document, limits)
    reader.nextElement()
    return reader
  }

  test('reads the same, and leaves the other one where it is', () => {
    const first = onB()
    const second = new XmlReader(first)
    expect(second.nextElement()).toBe(true)
    expect([second.name, second.path(), second.position]).toEqual([first.name, first.path(), first.position])
    expect(second.attribute('{urn:b}c')).toBe('1')
    second.nextElement()
    expect([second.name, second.text()]).toEqual(['{urn:b}d', 't'])
    expect(second.nextElement()).toBe(false)
    expect([first.name, first.attribute('{urn:b}c')]).toEqual(['{urn:b}b', '1'])
    first.nextElement()
    expect([first.name, first.text(), first.nextElement()]).toEqual(['{urn:b}d', 't', false])
  })

  test('can be caught up with', () => {
    const first = onB()
    const second = new XmlReader(first)
    second.nextElement()
    second.skip()
    first.goOnAfter(second)
    expect(first.path()).toBe('/a')
    expect(first.nextElement()).toBe(true)
    expect(first.name).toBe('{urn:a}f')
    expect(first.nextElement()).toBe(false)
    expect(first.nextElement()).toBe(false)
    first.end()
  })

  test('has the same limits, and prefixes count once for both', () => {
    const deep = new XmlReader(onB({ maxDepth: 2 }))
    deep.nextElement()
    expect(errorOf(() => deep.nextElement()).code).toBe('limit')
    const few = onB({ maxPrefixes: 1 })
    new XmlReader(few).nextElement()
    few.skip()
    few.nextElement()
    expect(few.name).toBe('{urn:a}f')
  })
})

describe('a tag as written', () => {
  test('is known again where its prefix means the same, and there is nothing but the name in it', () => {
    const reader = onRoot(
      '<a xmlns:p="urn:a"><p:b>1</p:b><p:b>2</p:b><p:b >3</p:b><p:b c="4"/><p:b xmlns:p="urn:p">5</p:b><d xmlns:p="urn:p"><p:b>6</p:b></d></a>',
    )
    reader.nextElement()
    const tag = reader.writtenTag(undefined)
    const { view } = reader.source
    expect(tag?.start.after(view, reader.octet)).toBe(reader.octetsRead)
    reader.text()
    expect(tag?.end.after(view, reader.textEnd)).toBe(reader.octetsRead)
    reader.nextElement()
    expect(reader.writtenTag(tag)).toBe(tag)
    reader.skip()
    for (let times = 0; times < 3; times++) {
      reader.nextElement()
      expect(reader.writtenTag(tag)).toBeUndefined()
      reader.skip()
    }
    reader.nextElement()
    reader.nextElement()
    expect(tag && reader.isInForce(tag)).toBe(false)
    expect(reader.writtenTag(tag)).not.toBe(tag)
  })
})

describe('limits', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  const attributes = (count: number) =>
    `<a ${Array.from({ length: count }, (_, i) => `a${i}=""`).join(' ')}/>`

  test.each([
    ['depth', nested(100), nested(101)],
    ['depth, far beyond', nested(1), '<a>'.repeat(1_000_000)],
    ['attributes', attributes(256), attributes(257)],
    ['attributes, far beyond', attributes(1), attributes(1_000_000)],
    ['length of a name', `<${'a'.repeat(1024)}/>`, `<${'a'.repeat(1025)}/>`],
    ['length of a name, far beyond', '<a/>', `<a><${'a'.repeat(10_000_000)}/></a>`],
    ['length of a namespace name', `<a xmlns="${'a'.repeat(1024)}"/>`, `<a xmlns="${'a'.repeat(1025)}"/>`],
  ])('%s', (_, within, beyond) => {
    expect([verdict(within), verdict(beyond)]).toEqual(['accepted', 'limit'])
  })

  test('are set by the caller', () => {
    const reader = onRoot(nested(1_000_000), { maxDepth: 1_000_000 })
    reader.skip()
    reader.end()
    expect(errorOf(() => onRoot('<a b="" c=""/>', { maxAttributes: 1 })).code).toBe('limit')
    expect(errorOf(() => onRoot('<abc/>', { maxNameLength: 2 })).code).toBe('limit')
    expect(errorOf(() => onRoot('<a xmlns:b="u" xmlns:c="u"/>', { maxPrefixes: 1 })).code).toBe('limit')
  })

  test('prefixes, of one document', () => {
    const inner = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `<p${from + i}:a xmlns:p${from + i}="u"/>`).join('')
    expect(verdict(`<r>${inner(0, 100_000)}</r>`)).toBe('accepted')
    expect(verdict(`<r>${inner(0, 100_001)}</r>`)).toBe('limit')
    expect(verdict('<p:a xmlns:p="u"/>')).toBe('accepted')
    // Each declared many times is one.
    expect(verdict(`<r>${inner(0, 10).repeat(20_000)}</r>`)).toBe('accepted')
  })

  test('prefixes of one document are none of another that is read at the same time', () => {
    const other = onRoot('<r><a xmlns:q="u"><q:b/></a></r>')
    const many = onRoot(
      `<r>${Array.from({ length: 20_000 }, (_, i) => `<m${i}:a xmlns:m${i}="u"/>`).join('')}</r>`,
    )
    many.skip()
    expect(other.nextElement() && other.nextElement() && other.name).toBe('{u}b')
    other.skip()
    expect(verdict('<fresh:a xmlns:fresh="u"/>')).toBe('accepted')
  })
})

test('messages hold no text of the document', () => {
  const secrets = [
    '<SECRET></a>',
    '<a>&SECRET;</a>',
    '<a b="SECRET',
    '<SECRET:a/>',
    '<a SECRET="" SECRET=""/>',
  ]
  for (const document of [...secrets, '<SECRET><![CDATA[', '<a xmlns:SECRET=""/>', '<a>SECRET\0</a>']) {
    const error = errorOf(() => {
      const reader = onRoot(document)
      reader.skip()
    })
    expect(error.message).not.toContain('SECRET')
  }
})

test('tells namespaces by what declares them in each document', () => {
  const nameIn = (declaration: string): string => {
    const reader = new XmlReader(`<p:a ${declaration}/>`)
    reader.nextElement()
    return reader.name
  }
  const written: readonly (readonly [declaration: string, name: string])[] = [
    ['xmlns:p="urn:one"', '{urn:one}a'],
    ['xmlns:p="urn:one"', '{urn:one}a'],
    [`xmlns:p='urn:one'`, '{urn:one}a'],
    ['xmlns:p="urn:on"', '{urn:on}a'],
    ['xmlns:p="urn:&#111;ne"', '{urn:one}a'],
    ['xmlns:p="urn:&#111;ne"', '{urn:one}a'],
    ['xmlns:p="urn:two"', '{urn:two}a'],
    ['xmlns:p="urn:zwö"', '{urn:zwö}a'],
    ['xmlns:p="urn:zwö"', '{urn:zwö}a'],
    ['xmlns:p="urn:one"', '{urn:one}a'],
  ]
  for (const [declaration, name] of written) expect(nameIn(declaration)).toBe(name)
})
