import { describe, expect, test } from 'vitest'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { sampleObject, type SamplingOptions } from '../../../src/mapping/sample/sample.js'
import { complexTypeNamed, soundSchema } from '../../xsd/load-schemas.js'

const type = (content: string, name = 'T', more = ''): string =>
  `<xs:complexType name="${name}" ${more}>${content}</xs:complexType>`
const sequence = (content: string, name = 'T'): string => type(`<xs:sequence>${content}</xs:sequence>`, name)
const element = (name: string, of = 'xs:string', more = ''): string =>
  `<xs:element name="${name}" type="${of}" ${more}/>`

/** Which number a sample has is its own affair, unless the schema fixes it to 42. */
function sample(schema: string, optionals: SamplingOptions['optionals']): unknown {
  const schemas = soundSchema(schema)
  const mapping = new CanonicalMappings(schemas).object(complexTypeNamed(schemas, 'T'))
  const text = JSON.stringify(sampleObject(mapping, { optionals, complete: false }), (_, value: unknown) =>
    typeof value === 'number' && value !== 42 ? 1 : value,
  ) as string | undefined
  return text && JSON.parse(text)
}

describe('a sample', () => {
  const rows: [string, string, object, object][] = [
    [
      'optional elements',
      sequence(element('A', 'xs:int') + element('B', 'xs:int', 'minOccurs="0"')),
      { a: 1 },
      { a: 1, b: 1 },
    ],
    [
      'repeated elements',
      sequence(
        element('A', 'xs:int', 'minOccurs="0" maxOccurs="unbounded"') +
          element('B', 'xs:int', 'minOccurs="3" maxOccurs="4"'),
      ),
      { b: [1, 1, 1] },
      { a: [1, 1], b: [1, 1, 1] },
    ],
    [
      'attributes',
      type(
        `<xs:sequence>${element('A', 'xs:int')}</xs:sequence><xs:attribute name="r" type="xs:int" use="required"/><xs:attribute name="o" type="xs:int"/>`,
      ),
      { a: 1, r: 1 },
      { a: 1, r: 1, o: 1 },
    ],
    [
      'a fixed attribute and element',
      type(
        `<xs:sequence>${element('A', 'xs:int', 'fixed="42"')}</xs:sequence><xs:attribute name="v" type="xs:string" use="required" fixed="1.0"/>`,
      ),
      { a: 42, v: '1.0' },
      { a: 42, v: '1.0' },
    ],
    [
      'one branch of a choice',
      type(`<xs:choice>${element('A', 'xs:int')}${element('B', 'xs:int')}</xs:choice>`),
      { a: 1 },
      { a: 1 },
    ],
    [
      'a choice whose first branch may be absent',
      type(`<xs:choice>${element('A', 'xs:int', 'minOccurs="0"')}${element('B', 'xs:int')}</xs:choice>`),
      { a: 1 },
      { a: 1 },
    ],
    [
      'simple content',
      type(
        '<xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="u" type="xs:int"/></xs:extension></xs:simpleContent>',
      ),
      { value: 1 },
      { value: 1, u: 1 },
    ],
    [
      'a repeated group',
      type(`<xs:sequence minOccurs="2" maxOccurs="3">${element('K', 'xs:int')}</xs:sequence>`),
      { items: [{ k: 1 }, { k: 1 }] },
      { items: [{ k: 1 }, { k: 1 }] },
    ],
    [
      'all',
      type(`<xs:all>${element('A', 'xs:int')}${element('B', 'xs:int', 'minOccurs="0"')}</xs:all>`),
      { a: 1 },
      { a: 1, b: 1 },
    ],
    ['nothing', type(''), {}, {}],
  ]

  test.each(rows)('%s', (_, schema, least, most) => {
    expect(sample(schema, 'none')).toEqual(least)
    expect(sample(schema, 'all')).toEqual(most)
  })
})

describe('recursion', () => {
  test('that is optional ends', () => {
    const schema = sequence(`${element('V', 'xs:int')}${element('N', 't:T', 'minOccurs="0"')}`)
    expect(sample(schema, 'none')).toEqual({ v: 1 })
    expect(() => JSON.stringify(sample(schema, 'all'))).not.toThrow()
  })

  test('that is required and nillable ends with null', () => {
    const inner = sequence(element('N', 't:U', 'nillable="true"') + element('V', 'xs:int'), 'U')
    expect(sample(sequence(element('U', 't:U')) + inner, 'none')).toEqual({ u: { n: null, v: 1 } })
  })

  test('by way of a choice takes the branch that ends', () => {
    const schema = `${sequence(element('E', 't:Expr'))}${type(`<xs:choice><xs:sequence>${element('L', 't:Expr')}${element('R', 't:Expr')}</xs:sequence>${element('N', 'xs:int')}</xs:choice>`, 'Expr')}`
    expect(sample(schema, 'none')).toEqual({ e: { n: 1 } })
    expect(sample(schema, 'all')).toEqual({ e: { n: 1 } })
  })

  test('that never ends gives none', () => {
    const schema =
      sequence(`${element('V', 'xs:int')}${element('N', 't:U')}`) +
      sequence(element('N', 't:U') + element('V', 'xs:int'), 'U')
    expect(sample(schema, 'none')).toBeUndefined()
  })
})

describe('types that are derived', () => {
  const base =
    sequence(element('A', 'xs:int') + element('P', 't:Pet')) +
    type(`<xs:sequence>${element('Name', 'xs:int')}</xs:sequence>`, 'Pet', 'abstract="true"')
  const pet = (name: string): string =>
    type(
      `<xs:complexContent><xs:extension base="t:Pet"><xs:sequence>${element(`Of${name}`, 'xs:int')}</xs:sequence></xs:extension></xs:complexContent>`,
      name,
    )

  test('are named by the discriminator', () => {
    expect(sample(base + pet('Cat') + pet('Dog'), 'none')).toEqual({
      a: 1,
      p: { type: 'Cat', name: 1, ofCat: 1 },
    })
    expect(sample(base + pet('Cat') + pet('Dog'), 'all')).toEqual({
      a: 1,
      p: { type: 'Dog', name: 1, ofDog: 1 },
    })
  })
})

test('of a large schema stays a sample', () => {
  const wide = Array.from({ length: 12 }, (_, n) =>
    element(`E${n}`, 't:L1', 'minOccurs="0" maxOccurs="unbounded"'),
  ).join('')
  const level = (n: number): string =>
    sequence(
      Array.from({ length: 12 }, (_, m) =>
        element(`E${m}`, n < 6 ? `t:L${n + 1}` : 'xs:int', 'minOccurs="0" maxOccurs="unbounded"'),
      ).join(''),
      `L${n}`,
    )
  const text = JSON.stringify(sample(sequence(wide) + [1, 2, 3, 4, 5, 6].map(level).join(''), 'all'))
  expect(text.length).toBeLessThan(200_000)
})

test('is the same at every call', () => {
  const schema = sequence(
    element('A', 'xs:dateTime') + element('B', 'xs:ID') + element('C', 'xs:base64Binary'),
  )
  expect(sample(schema, 'all')).toEqual(sample(schema, 'all'))
})
