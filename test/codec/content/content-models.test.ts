import { describe, expect, test } from 'vitest'
import { EncodeError } from '../../../src/codec/codec.js'
import fc from '../../oracle/property.js'
import { construct } from '../construct.js'

const e = (name: string, rest = ''): string => `<xs:element name="${name}" type="xs:int" ${rest}/>`
const seq = (...inner: string[]): string => `<xs:sequence>${inner.join('')}</xs:sequence>`
const choice = (...inner: string[]): string => `<xs:choice>${inner.join('')}</xs:choice>`
const many = (inner: string, rest = 'minOccurs="0" maxOccurs="unbounded"'): string =>
  inner.replace(/^<xs:(\w+)/, `<xs:$1 ${rest}`)
const m = (model: string, others = ''): string =>
  `${others}<xs:element name="m"><xs:complexType>${model}</xs:complexType></xs:element>`
/** `a1 b2` is two elements with these numbers. */
const xml = (children: string): string =>
  `<m xmlns="urn:t">${children
    .split(' ')
    .filter((child) => child !== '')
    .map((child) => `<${child.charAt(0)}>${child.slice(1)}</${child.charAt(0)}>`)
    .join('')}</m>`
const plain = (text: string): string =>
  text.replaceAll(/<(\/?)\w+:/g, '<$1').replaceAll(/ xmlns(?::\w+)?="[^"]*"/g, '')

describe('one name in several places of a content model', () => {
  test.each<[model: string, children: string, json: string]>([
    // Two choices beside each other can both have it.
    [seq(choice(e('k'), e('l')), choice(e('k'), e('m'))), 'k1 k2', '{"k":1,"k2":2}'],
    [seq(choice(e('k'), e('l')), choice(e('k'), e('m'))), 'l1 k2', '{"l":1,"k2":2}'],
    [
      seq(e('x'), choice(e('a'), e('b')), e('y'), choice(e('a'), e('c'))),
      'x1 a2 y3 a4',
      '{"x":1,"a":2,"y":3,"a2":4}',
    ],
    [seq(choice(e('a'), e('b')), e('a')), 'b1 a2', '{"b":1,"a2":2}'],
    [seq(e('a'), choice(e('a'), e('b'))), 'a1 a2', '{"a":1,"a2":2}'],
    // Branches of one choice cannot.
    [choice(seq(e('a'), e('b')), seq(e('c'), e('a'))), 'a1 b2', '{"a":1,"b":2}'],
    [choice(seq(e('a'), e('b')), seq(e('c'), e('a'))), 'c1 a2', '{"c":1,"a":2}'],
    // Nor a branch and what stands in a choice within another.
    [choice(seq(e('a'), e('b')), seq(e('c'), choice(e('a'), e('d')))), 'c1 a2', '{"c":1,"a":2}'],
    // Within one branch they can, and share with the other branch as many as they are.
    [
      choice(seq(e('a'), e('b'), e('a')), seq(e('c'), e('a'), e('d'), e('a'))),
      'a1 b2 a3',
      '{"a":1,"b":2,"a2":3}',
    ],
    [
      choice(seq(e('a'), e('b'), e('a')), seq(e('c'), e('a'), e('d'), e('a'))),
      'c1 a2 d3 a4',
      '{"c":1,"a":2,"d":3,"a2":4}',
    ],
    // After a choice whose branches share one, a place of its own.
    [seq(choice(seq(e('a'), e('b')), seq(e('c'), e('a'))), e('a')), 'c1 a2 a3', '{"c":1,"a":2,"a2":3}'],
    // A name that counts up to one that is taken counts on.
    [seq(e('a'), e('b'), e('a'), '<xs:element name="a2" type="xs:int"/>'), 'a1 b2 a3', ''],
  ])('%s reads %s as %s', (model, children, json) => {
    const codec = construct(m(model))
    if (json === '') {
      expect(codec.encode('{"a":1,"b":2,"a2":3,"a22":4}')).toContain('a2>4</')
      return
    }
    expect(codec.decode(xml(children))).toBe(json)
    expect(plain(codec.encode(json))).toBe(plain(xml(children)))
  })
})

describe('a choice', () => {
  const bag = construct(
    m(
      choice(seq(many(e('k'), 'maxOccurs="unbounded"'), many(e('g'))), many(e('g'), 'maxOccurs="unbounded"')),
    ),
  )

  test.each([
    ['{"g":[1,2]}', 'g1 g2'],
    ['{"k":[1],"g":[2]}', 'k1 g2'],
    ['{"k":[1],"g":[]}', 'k1'],
    ['{"k":[],"g":[2]}', 'g2'],
  ])('is told by all that its branches hold: %s', (json, children) => {
    const written = bag.encode(json)
    expect(plain(written)).toBe(plain(xml(children)))
    expect(bag.judge(written)).toEqual([])
  })

  test('of which no branch is complete is refused where it is not', () => {
    const codec = construct(m(choice(seq(e('a'), e('b')), seq(e('a'), e('c'), e('d')))))
    expect(() => codec.encode('{"a":1}')).toThrow(EncodeError)
    expect(() => codec.encode('{"a":1,"c":2}')).toThrow(expect.objectContaining({ pointer: '/d' }) as Error)
    expect(() => codec.encode('{"a":1,"b":1,"c":2}')).toThrow(/only one of a, b, c, d/)
  })

  test('whose branches begin alike is told by what follows', () => {
    const codec = construct(m(choice(seq(e('a'), e('b')), seq(e('a'), e('c')))))
    expect(codec.decode(xml('a1 c2'))).toBe('{"a":1,"c":2}')
    expect(codec.decode(xml('a1 b2'))).toBe('{"a":1,"b":2}')
  })
})

describe('repeats within repeats', () => {
  test.each<[model: string, children: string, json: string]>([
    [many(choice(many(e('a'), 'maxOccurs="2"'), e('b'))), 'a1 a2 a3', '{"items":[{"a":[1,2]},{"a":[3]}]}'],
    [
      many(choice(many(e('a'), 'maxOccurs="2"'), e('b'))),
      'a1 b2 a3 a4 a5',
      '{"items":[{"a":[1]},{"b":2},{"a":[3,4]},{"a":[5]}]}',
    ],
    // Taking as many as there may be leaves one too few for the next.
    [
      many(seq(many(e('a'), 'minOccurs="2" maxOccurs="3"'))),
      'a1 a2 a3 a4',
      '{"items":[{"a":[1,2]},{"a":[3,4]}]}',
    ],
    [
      many(seq(many(e('a'), 'maxOccurs="unbounded"')), 'minOccurs="2" maxOccurs="2"'),
      'a1 a2 a3',
      '{"items":[{"a":[1,2]},{"a":[3]}]}',
    ],
    [
      many(seq(many(e('a'), 'minOccurs="0" maxOccurs="2"'), many(e('b'), 'minOccurs="0"'))),
      'a1 a2 a3 b4 b5',
      '{"items":[{"a":[1,2]},{"a":[3],"b":4},{"a":[],"b":5}]}',
    ],
    [
      seq(
        many(seq(e('a'), many(e('b'), 'minOccurs="0"')), 'minOccurs="0" maxOccurs="2"'),
        many(e('a'), 'minOccurs="0"'),
      ),
      'a1 b2 a3 a4',
      '{"items":[{"a":1,"b":2},{"a":3}],"a":4}',
    ],
  ])('%s reads %s', (model, children, json) => {
    const codec = construct(m(model))
    expect(codec.decode(xml(children))).toBe(json)
    expect(plain(codec.encode(json))).toBe(plain(xml(children)))
  })

  test('that do not match are told where', () => {
    const codec = construct(m(many(seq(many(e('a'), 'minOccurs="2" maxOccurs="3"')))))
    expect(() => codec.decode(xml('a1'))).toThrow(/a occurs 1 times; the WSDL says 2 to 3/)
  })

  test('any number of elements that can be parted goes there and back', () => {
    const codec = construct(
      m(
        many(
          choice(many(e('a'), 'minOccurs="2" maxOccurs="5"'), many(e('b'), 'minOccurs="3" maxOccurs="3"')),
        ),
      ),
    )
    const run = fc.oneof(
      fc.integer({ min: 2, max: 40 }).map((length) => 'a1 '.repeat(length)),
      fc.integer({ min: 1, max: 5 }).map((length) => 'b1 '.repeat(3 * length)),
    )
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), (runs) => {
        const text = xml(runs.join('').trim())
        // A single `a` beside none cannot be there; all else can.
        expect(plain(codec.encode(codec.decode(text)))).toBe(plain(text))
      }),
      { numRuns: 60 },
    )
  })

  test('time is bounded where every way is tried', () => {
    const nested = many(
      seq(many(seq(many(e('a'), 'minOccurs="0" maxOccurs="7"')), 'minOccurs="0" maxOccurs="7"')),
      'minOccurs="0" maxOccurs="7"',
    )
    const codec = construct(m(seq(nested, e('b'))))
    expect(() => codec.decode(xml('a1 '.repeat(400)))).toThrow(/is not expected|occurs/)
    expect(codec.decode(xml(`${'a1 '.repeat(343)}b1`))).toContain('"b":1')
  })
})

describe('xs:any', () => {
  const any = (rest: string): string => `<xs:any processContents="lax" ${rest}/>`
  test.each<[model: string, children: string, json: string]>([
    // A declared element goes first, wherever the wildcard stands.
    [
      seq(any('minOccurs="0" maxOccurs="unbounded"'), e('a')),
      'x1 a2',
      '{"any":["<x xmlns=\\"urn:t\\">1</x>"],"a":2}',
    ],
    [seq(any('minOccurs="0"'), many(e('a'), 'minOccurs="0"')), 'a2', '{"a":2}'],
    [choice(any(''), e('a')), 'a2', '{"a":2}'],
    [choice(any(''), e('a')), 'x2', '{"any":"<x xmlns=\\"urn:t\\">2</x>"}'],
    [
      seq(many(e('a'), 'minOccurs="0"'), any('minOccurs="0" maxOccurs="unbounded"')),
      'a1 a2',
      '{"a":1,"any":["<a xmlns=\\"urn:t\\">2</a>"]}',
    ],
  ])('%s reads %s', (model, children, json) => {
    const codec = construct(m(model))
    expect(codec.decode(xml(children))).toBe(json)
    expect(plain(codec.encode(json))).toBe(plain(xml(children)))
  })

  test.each([
    [seq(e('a'), any('')), 'a1', '{"a":1}'],
    [seq(any('minOccurs="2" maxOccurs="3"')), 'x1', '{"any":["<x/>"]}'],
    [seq(any('namespace="##other"'), e('a')), 'a1', '{"a":1}'],
  ])('%s that is absent is an error both ways', (model, children, json) => {
    const codec = construct(m(model))
    expect(() => codec.decode(xml(children))).toThrow(/xs:any/)
    expect(() => codec.encode(json)).toThrow(expect.objectContaining({ pointer: '/any' }) as Error)
  })
})

describe('an abstract type from which nothing concrete derives', () => {
  const types = `<xs:complexType name="Abs" abstract="true"><xs:sequence/><xs:attribute name="q"/></xs:complexType>
    <xs:complexType name="Needs"><xs:sequence><xs:element name="x" type="t:Abs"/></xs:sequence></xs:complexType>
    <xs:complexType name="Loop"><xs:sequence><xs:element name="n" type="t:Needs"/><xs:element name="l" type="t:Loop" minOccurs="0"/></xs:sequence></xs:complexType>
    <xs:element name="head" type="xs:int" abstract="true"/>`

  test.each([
    '<xs:element name="b" type="t:Abs"/>',
    '<xs:element name="b" type="t:Needs"/>',
    '<xs:element name="b" type="t:Loop"/>',
    '<xs:element ref="t:head"/>',
    '<xs:sequence><xs:element ref="t:head"/><xs:element name="c" type="xs:int"/></xs:sequence>',
  ])('%s is not a branch of a choice', (branch) => {
    const codec = construct(m(choice(branch, e('a')), types))
    expect(codec.decode(xml('a1'))).toBe('{"a":1}')
    expect(() => codec.decode('<m xmlns="urn:t"><b/></m>')).toThrow(/One of a choice is missing/)
    expect(() => codec.encode('{"b":{}}')).toThrow(/needs one of a/)
  })

  test('is left out where it is optional, and cannot be sent where it is not', () => {
    expect(
      construct(m(seq('<xs:element name="b" type="t:Abs" minOccurs="0"/>', e('a')), types)).encode(
        '{"b":{},"a":1}',
      ),
    ).not.toContain('b>')
    const required = construct(m(seq('<xs:element name="b" type="t:Abs"/>', e('a')), types))
    expect(() => required.encode('{"b":{},"a":1}')).toThrow(/abstract/)
    expect(() => required.decode(xml('b1 a1'))).toThrow(/abstract type/)
  })
})
