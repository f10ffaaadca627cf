import { describe, expect, test } from 'vitest'
import { CanonicalMappings, memberNames } from '../../../src/mapping/canonical/canonical.js'
import { elementsOf } from '../../../src/mapping/canonical/content-walk.js'
import type { ContentMapping, ValueMapping } from '../../../src/mapping/canonical/value-mapping.js'
import { complexTypeNamed, soundSchema } from '../../xsd/load-schemas.js'

const type = (content: string, name = 'T'): string =>
  `<xs:complexType name="${name}">${content}</xs:complexType>`
const sequence = (content: string): string => type(`<xs:sequence>${content}</xs:sequence>`)
const element = (name: string, of = 'xs:string', more = ''): string =>
  `<xs:element name="${name}" type="${of}" ${more}/>`

function names(schema: string): string[] {
  const schemas = soundSchema(schema)
  return [...new Set(memberNames(new CanonicalMappings(schemas).object(complexTypeNamed(schemas, 'T'))))]
}

function value(schema: string): ValueMapping {
  const schemas = soundSchema(schema)
  return new CanonicalMappings(schemas).value(complexTypeNamed(schemas, 'T'))
}

describe('JSON names', () => {
  test.each([
    ['of elements', sequence(element('AccountID') + element('post_code')), ['accountId', 'postCode']],
    ['that collide', sequence(element('Id') + element('ID') + element('id')), ['id', 'id2', 'id3']],
    [
      'of an element twice in a sequence',
      sequence(element('A') + element('B') + element('A')),
      ['a', 'a2', 'b'],
    ],
    [
      'of an element that is in two branches of a choice',
      type(
        `<xs:choice><xs:sequence>${element('A')}${element('X')}</xs:sequence><xs:sequence>${element('B')}${element('X')}</xs:sequence></xs:choice>`,
      ),
      ['a', 'b', 'x'],
    ],
    [
      'of attributes, after elements',
      type(
        `<xs:sequence>${element('Id')}</xs:sequence><xs:attribute name="id" type="xs:string"/><xs:attribute name="Code" type="xs:string"/>`,
      ),
      ['code', 'id', 'id2'],
    ],
    [
      'of text',
      type(
        '<xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent>',
      ),
      ['unit', 'value'],
    ],
    [
      'of text beside an attribute value',
      type(
        '<xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="value" type="xs:string"/></xs:extension></xs:simpleContent>',
      ),
      ['value', 'value2'],
    ],
    ['of a wildcard', sequence(`${element('A')}<xs:any/>`), ['a', 'any']],
    [
      'of a repeated choice',
      type(`<xs:choice maxOccurs="2">${element('A')}${element('B')}</xs:choice>`),
      ['items'],
    ],
    [
      'of a repeated group',
      `<xs:group name="Pair"><xs:sequence>${element('K')}${element('V')}</xs:sequence></xs:group>${type('<xs:group ref="t:Pair" maxOccurs="5"/>')}`,
      ['pair'],
    ],
    [
      'of a substitution group',
      `<xs:element name="Pay" abstract="true"/><xs:element name="Cash" type="xs:int" substitutionGroup="t:Pay"/><xs:element name="Card" type="xs:int" substitutionGroup="t:Pay"/>${sequence('<xs:element ref="t:Pay"/>')}`,
      ['card', 'cash'],
    ],
    [
      'of a repeated substitution group',
      `<xs:element name="Pay" abstract="true"/><xs:element name="Cash" type="xs:int" substitutionGroup="t:Pay"/>${sequence('<xs:element ref="t:Pay" maxOccurs="9"/>')}`,
      ['pay'],
    ],
  ])('%s', (_, schema, expected) => {
    expect(names(schema).sort()).toEqual(expected)
  })

  test('are the same whenever the schema is read', () => {
    const schema = sequence(element('Id') + element('ID') + element('A') + element('A'))
    expect(names(schema)).toEqual(names(schema))
  })
})

describe('the form of a type', () => {
  test.each([
    ['members', sequence(element('A') + element('B')), 'object'],
    ['one element', sequence(element('A')), 'object'],
    ['one repeated element', sequence(element('A', 'xs:string', 'maxOccurs="unbounded"')), 'array'],
    [
      'one repeated element, deep in groups',
      type(`<xs:sequence><xs:choice>${element('A', 'xs:string', 'maxOccurs="2"')}</xs:choice></xs:sequence>`),
      'array',
    ],
    [
      'one repeated element and an attribute',
      type(
        `<xs:sequence>${element('A', 'xs:string', 'maxOccurs="2"')}</xs:sequence><xs:attribute name="n" type="xs:int"/>`,
      ),
      'object',
    ],
    ['nothing', type(''), 'object'],
    [
      'mixed content',
      `<xs:complexType name="T" mixed="true"><xs:sequence>${element('A')}</xs:sequence></xs:complexType>`,
      'xml',
    ],
    [
      'simple content without attributes',
      type('<xs:simpleContent><xs:extension base="xs:int"/></xs:simpleContent>'),
      'scalar',
    ],
    [
      'simple content with attributes',
      type(
        '<xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="a" type="xs:int"/></xs:extension></xs:simpleContent>',
      ),
      'object',
    ],
    [
      'a base of others',
      `${sequence(element('A') + element('B'))}${type('<xs:complexContent><xs:extension base="t:T"/></xs:complexContent>', 'U')}`,
      'polymorphic',
    ],
  ])('%s: %s is %s', (_, schema, kind) => {
    expect(value(schema).kind).toBe(kind)
  })

  test.each([
    ['xs:int', 'number'],
    ['xs:unsignedLong', 'number'],
    ['xs:double', 'number'],
    ['xs:decimal', 'string'],
    ['xs:boolean', 'boolean'],
    ['xs:date', 'string'],
    ['xs:dateTime', 'string'],
    ['xs:NMTOKENS', 'list'],
    ['xs:QName', 'string'],
    ['xs:base64Binary', 'string'],
    ['xs:anySimpleType', 'string'],
  ])('%s is a %s', (of, form) => {
    const mapping = value(sequence(element('A', of) + element('B')))
    const [first] = mapping.kind === 'object' ? elementsOf(mapping.content) : []
    expect(first?.value).toMatchObject({ kind: 'scalar', form })
  })

  test('xs:anyType is XML', () => {
    const mapping = value(sequence('<xs:element name="A"/>' + element('B')))
    const [first] = mapping.kind === 'object' ? elementsOf(mapping.content) : []
    expect(first?.value.kind).toBe('xml')
  })

  test('a type that contains itself is one mapping', () => {
    const schemas = soundSchema(sequence(`${element('A')}${element('T', 't:T', 'minOccurs="0"')}`))
    const mapping = new CanonicalMappings(schemas).object(complexTypeNamed(schemas, 'T'))
    const [, inner] = elementsOf(mapping.content)
    expect(inner?.value).toBe(mapping)
  })

  test('a list of itself is one mapping', () => {
    const schemas = soundSchema(sequence(element('T', 't:T', 'minOccurs="0" maxOccurs="unbounded"')))
    const mapping = new CanonicalMappings(schemas).value(complexTypeNamed(schemas, 'T'))
    expect(mapping.kind === 'array' && mapping.item.value).toBe(mapping)
  })
})

describe('types that are derived', () => {
  const derived = (name: string, base: string, more = ''): string =>
    `<xs:complexType name="${name}" ${more}><xs:complexContent><xs:extension base="t:${base}"/></xs:complexContent></xs:complexType>`

  test.each<[string, string, string[], string]>([
    [
      'a concrete base',
      sequence(element('A') + element('B')) + derived('CatType', 'T'),
      ['T', 'Cat'],
      'type',
    ],
    [
      'an abstract base',
      sequence(element('A') + element('B')).replace('name="T"', 'name="T" abstract="true"') +
        derived('Cat', 'T') +
        derived('Dog', 'T'),
      ['Cat', 'Dog'],
      'type',
    ],
    [
      'grandchildren, abstract ones between',
      sequence(element('A') + element('B')) + derived('Mid', 'T', 'abstract="true"') + derived('Leaf', 'Mid'),
      ['T', 'Leaf'],
      'type',
    ],
    [
      'a member named type',
      sequence(element('Type') + element('B')) + derived('Cat', 'T'),
      ['T', 'Cat'],
      'kind',
    ],
    [
      'names that become the same',
      sequence(element('A') + element('B')) + derived('Cat', 'T') + derived('CatType', 'T'),
      ['T', 'Cat', 'Cat2'],
      'type',
    ],
  ])('%s', (_, schema, values, discriminator) => {
    expect(value(schema)).toMatchObject({
      kind: 'polymorphic',
      discriminator,
      alternatives: values.map((name) => ({ value: name })),
    })
  })
})

test('occurrences and nil are those of the particle', () => {
  const mapping = value(
    sequence(
      element('A', 'xs:int', 'minOccurs="0" nillable="true"') +
        element('B', 'xs:int', 'minOccurs="2" maxOccurs="3"'),
    ),
  )
  const all: ContentMapping[] = mapping.kind === 'object' ? elementsOf(mapping.content) : []
  expect(all).toMatchObject([
    { minOccurs: 0, maxOccurs: 1, nillable: true, member: { name: 'a', nullable: true, hidden: false } },
    { minOccurs: 2, maxOccurs: 3, nillable: false, member: { name: 'b', nullable: false } },
  ])
})
