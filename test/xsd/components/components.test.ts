import { describe, expect, it } from 'vitest'
import { clark } from '../../../src/base/qname.js'
import type { ComplexType } from '../../../src/xsd/model/model.js'
import { complexTypeNamed, contentOf, elementNamed, loadSchemas, schema, simpleTypeNamed, soundSchema, typeNamed } from '../load-schemas.js' // prettier-ignore

const base = `
<xs:complexType name="B"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence><xs:attribute name="x"/></xs:complexType>
<xs:group name="G"><xs:choice><xs:element name="g1" type="xs:int"/><xs:element ref="t:e"/></xs:choice></xs:group>
<xs:element name="e" type="xs:string"/>`

describe('content models', () => {
  it.each([
    ['nothing', ``, 'empty'],
    ['an empty sequence', `<xs:sequence/>`, 'empty'],
    ['attributes only', `<xs:attribute name="y"/>`, 'empty'],
    [
      'an element that never occurs',
      `<xs:sequence><xs:element name="a" maxOccurs="0" minOccurs="0"/></xs:sequence>`,
      'empty',
    ],
    [
      'a sequence',
      `<xs:sequence><xs:element name="a" type="xs:int" minOccurs="0"/><xs:element ref="t:e" maxOccurs="unbounded"/></xs:sequence>`,
      '(a?, e+)',
    ],
    [
      'a choice',
      `<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="a"/><xs:element name="c"/></xs:choice>`,
      '(a | c)*',
    ],
    ['all', `<xs:all><xs:element name="a" minOccurs="0"/><xs:element name="c"/></xs:all>`, '(a? & c)'],
    [
      'nesting',
      `<xs:sequence><xs:choice><xs:sequence minOccurs="2" maxOccurs="3"><xs:element name="a"/></xs:sequence><xs:any namespace="##other"/></xs:choice></xs:sequence>`,
      '(((a){2,3} | any))',
    ],
    ['a group', `<xs:group ref="t:G" minOccurs="0"/>`, '(g1 | e)?'],
    [
      'a group in a sequence',
      `<xs:sequence><xs:group ref="t:G"/><xs:element name="a"/></xs:sequence>`,
      '((g1 | e), a)',
    ],
    [
      'an unqualified element',
      `<xs:sequence><xs:element name="a" form="unqualified"/></xs:sequence>`,
      '({}a)',
    ],
    [
      'an extension',
      `<xs:complexContent><xs:extension base="t:B"><xs:sequence><xs:element name="a"/></xs:sequence></xs:extension></xs:complexContent>`,
      '((b), (a))',
    ],
    ['an extension by nothing', `<xs:complexContent><xs:extension base="t:B"/></xs:complexContent>`, '(b)'],
    [
      'an extension of anyType',
      `<xs:complexContent><xs:extension base="xs:anyType"/></xs:complexContent>`,
      'mixed (any*)',
    ],
    [
      'a restriction',
      `<xs:complexContent><xs:restriction base="t:B"><xs:sequence><xs:element name="b" type="xs:byte"/></xs:sequence></xs:restriction></xs:complexContent>`,
      '(b)',
    ],
    [
      'a restriction to nothing',
      `<xs:complexContent><xs:restriction base="t:B"/></xs:complexContent>`,
      'empty',
    ],
    [
      'mixed content',
      `<xs:complexContent mixed="true"><xs:restriction base="xs:anyType"><xs:sequence><xs:element name="a"/></xs:sequence></xs:restriction></xs:complexContent>`,
      'mixed (a)',
    ],
    [
      'simple content',
      `<xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit"/></xs:extension></xs:simpleContent>`,
      'simple decimal',
    ],
  ])('reads %s', (_, content, expected) => {
    const schemas = soundSchema(`${base}<xs:complexType name="T">${content}</xs:complexType>`)
    expect(contentOf(complexTypeNamed(schemas, 'T'))).toBe(expected)
  })

  it('reads mixed on the type', () => {
    const schemas = soundSchema(`<xs:complexType name="T" mixed="true"/>`)
    expect(contentOf(complexTypeNamed(schemas, 'T'))).toBe('mixed ()')
  })

  it('names the group that a model group comes from', () => {
    const schemas = soundSchema(`${base}<xs:complexType name="T"><xs:group ref="t:G"/></xs:complexType>`)
    const { content } = complexTypeNamed(schemas, 'T')
    expect(
      content.kind === 'elements' && 'name' in content.particle.term && content.particle.term.name,
    ).toEqual({
      namespace: 'urn:t',
      localName: 'G',
    })
  })
})

describe('elements', () => {
  it('reads what is said of them', () => {
    const schemas = soundSchema(`
      <xs:element name="a" type="xs:int" nillable="true" default="1"><xs:annotation><xs:documentation>  The <b>A</b>
        of it. </xs:documentation><xs:documentation>More.</xs:documentation></xs:annotation></xs:element>
      <xs:element name="b" abstract="1" fixed="x"/>
      <xs:element name="c"><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType></xs:element>`)
    expect(elementNamed(schemas, 'a')).toMatchObject({
      nillable: true,
      default: '1',
      abstract: false,
      global: true,
      documentation: 'The A of it. More.',
      at: { file: 'a.xsd', line: 3, column: 7 },
    })
    expect(elementNamed(schemas, 'b')).toMatchObject({
      abstract: true,
      fixed: 'x',
      type: { name: { localName: 'anyType' } },
    })
    expect(elementNamed(schemas, 'c').type).toMatchObject({ kind: 'simpleType', builtIn: 'string' })
  })

  it('share one declaration among all that refer to it', () => {
    const schemas = soundSchema(`<xs:element name="n"><xs:complexType><xs:sequence>
      <xs:element ref="t:n" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>`)
    const n = elementNamed(schemas, 'n')
    const { content } = n.type as ComplexType
    expect(
      content.kind === 'elements' &&
        content.particle.term.kind === 'sequence' &&
        content.particle.term.particles[0]?.term,
    ).toBe(n)
  })

  it('collects substitution groups through heads of heads, abstract members left out', () => {
    const schemas = soundSchema(`
      <xs:element name="head" type="xs:string" abstract="true"/>
      <xs:element name="z" substitutionGroup="t:head"/>
      <xs:element name="mid" substitutionGroup="t:head" abstract="true"/>
      <xs:element name="a" substitutionGroup="t:mid" type="xs:token"/>`)
    const members = (head: string): string[] =>
      (schemas.substitutionGroups.get(`{urn:t}${head}`) ?? []).map(({ name }) => name.localName)
    expect(members('head')).toEqual(['z', 'a'])
    expect(members('mid')).toEqual(['a'])
    expect(elementNamed(schemas, 'z').type).toMatchObject({ builtIn: 'string' })
  })
})

describe('complex types', () => {
  it('inherit attributes, override them and take them away', () => {
    const schemas = soundSchema(`
      <xs:attribute name="global" type="xs:int" default="1"/>
      <xs:attributeGroup name="AG"><xs:attribute name="g" use="required"/><xs:attribute ref="t:global"/><xs:anyAttribute namespace="urn:a urn:b"/></xs:attributeGroup>
      <xs:complexType name="A"><xs:attribute name="x" type="xs:string"/><xs:attribute name="y" form="qualified"/><xs:attributeGroup ref="t:AG"/></xs:complexType>
      <xs:complexType name="E"><xs:complexContent><xs:extension base="t:A"><xs:attribute name="z" fixed="1"/><xs:anyAttribute namespace="##local urn:b"/></xs:extension></xs:complexContent></xs:complexType>
      <xs:complexType name="R"><xs:complexContent><xs:restriction base="t:A"><xs:attribute name="x" use="prohibited"/><xs:attribute name="g" type="xs:int"/></xs:restriction></xs:complexContent></xs:complexType>`)
    const uses = (name: string): string[] =>
      complexTypeNamed(schemas, name).attributes.map(
        (use) =>
          `${clark(use.attribute.name)} ${use.attribute.type.builtIn}${use.required ? '!' : ''}${use.default ?? ''}${use.fixed ?? ''}`,
      )
    const inherited = ['x string', '{urn:t}y anySimpleType', 'g anySimpleType!', '{urn:t}global int1']
    expect(uses('A')).toEqual(inherited)
    expect(uses('E')).toEqual([...inherited, 'z anySimpleType1'])
    expect(uses('R')).toEqual(['{urn:t}y anySimpleType', 'g int', '{urn:t}global int1'])
    expect(complexTypeNamed(schemas, 'A').attributeWildcard?.namespaces).toEqual({
      kind: 'only',
      namespaces: ['urn:a', 'urn:b'],
    })
    expect(complexTypeNamed(schemas, 'E').attributeWildcard?.namespaces).toEqual({
      kind: 'only',
      namespaces: ['', 'urn:b', 'urn:a'],
    })
    expect(complexTypeNamed(schemas, 'R').attributeWildcard).toBeUndefined()
  })

  it('know what derives from them, at any distance', () => {
    const extend = (name: string, of: string, abstract = false): string =>
      `<xs:complexType name="${name}" abstract="${abstract}"><xs:complexContent><xs:extension base="t:${of}"/></xs:complexContent></xs:complexType>`
    const schemas = soundSchema(
      `${extend('C', 'B')}<xs:complexType name="A" abstract="true"/>${extend('B', 'A', true)}`,
    )
    const derived = (name: string): string[] =>
      (schemas.derivedTypes.get(`{urn:t}${name}`) ?? []).map((type) => type.name?.localName ?? '')
    expect(derived('A')).toEqual(['C', 'B'])
    expect(derived('B')).toEqual(['C'])
    expect(complexTypeNamed(schemas, 'B')).toMatchObject({ abstract: true, derivation: 'extension' })
    expect([...schemas.derivedTypes.keys()]).toEqual(['{urn:t}B', '{urn:t}A'])
  })

  it('restrict simple content', () => {
    const schemas = soundSchema(`
      <xs:complexType name="M"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="c" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
      <xs:complexType name="R"><xs:simpleContent><xs:restriction base="t:M"><xs:fractionDigits value="2"/><xs:attribute name="c" fixed="EUR"/></xs:restriction></xs:simpleContent></xs:complexType>`)
    const { content, attributes } = complexTypeNamed(schemas, 'R')
    expect(content).toMatchObject({
      kind: 'simple',
      type: { builtIn: 'decimal', facets: { fractionDigits: 2 } },
    })
    expect(attributes).toMatchObject([{ fixed: 'EUR', required: false }])
  })

  it.each([
    ['##any', { kind: 'any' }],
    ['##other', { kind: 'not', namespaces: ['urn:t', ''] }],
    ['##local ##targetNamespace urn:x', { kind: 'only', namespaces: ['', 'urn:t', 'urn:x'] }],
  ])('read the wildcard %s', (namespace, expected) => {
    const schemas = soundSchema(
      `<xs:complexType name="T"><xs:sequence/><xs:anyAttribute namespace="${namespace}" processContents="skip"/></xs:complexType>`,
    )
    expect(complexTypeNamed(schemas, 'T').attributeWildcard).toMatchObject({
      namespaces: expected,
      processContents: 'skip',
    })
  })
})

describe('simple types', () => {
  it('add up facets along the derivation', () => {
    const schemas = soundSchema(`
      <xs:simpleType name="A"><xs:restriction base="xs:string"><xs:maxLength value="9"/><xs:pattern value="a.*"/><xs:whiteSpace value="collapse"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="B"><xs:restriction base="t:A"><xs:minLength value="2"/><xs:pattern value="..b"/><xs:pattern value="..c"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="N"><xs:restriction base="xs:int"><xs:minExclusive value=" 0 "/></xs:restriction></xs:simpleType>`)
    expect(simpleTypeNamed(schemas, 'B').facets).toMatchObject({
      maxLength: 9,
      minLength: 2,
      whiteSpace: 'collapse',
      patterns: [{ source: 'a.*' }, { source: '..b|..c' }],
    })
    const { facets } = simpleTypeNamed(schemas, 'N')
    expect(facets).toMatchObject({ minExclusive: '0', maxInclusive: '2147483647', fractionDigits: 0 })
    expect(facets).not.toHaveProperty('minInclusive')
  })

  it('read enumerations with what is said of each', () => {
    const schemas = soundSchema(`
      <xs:simpleType name="E"><xs:restriction base="xs:token"><xs:enumeration value=" a  b "><xs:annotation><xs:documentation>Both</xs:documentation></xs:annotation></xs:enumeration><xs:enumeration value="c"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="F"><xs:restriction base="t:E"><xs:enumeration value="c"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="Q"><xs:restriction base="xs:QName"><xs:enumeration value="t:x"/></xs:restriction></xs:simpleType>`)
    expect(simpleTypeNamed(schemas, 'E').facets.enumeration).toEqual([
      { value: 'a b', documentation: 'Both' },
      { value: 'c' },
    ])
    expect(simpleTypeNamed(schemas, 'F').facets.enumeration).toEqual([{ value: 'c' }])
    expect(simpleTypeNamed(schemas, 'Q').facets.enumeration).toEqual([{ value: '{urn:t}x' }])
  })

  it('read lists and unions, anonymous members too', () => {
    const schemas = soundSchema(`
      <xs:simpleType name="L"><xs:list itemType="xs:int"/></xs:simpleType>
      <xs:simpleType name="L2"><xs:restriction base="t:L"><xs:length value="2"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="U"><xs:union memberTypes="xs:int t:L"><xs:simpleType><xs:restriction base="xs:token"/></xs:simpleType></xs:union></xs:simpleType>`)
    expect(simpleTypeNamed(schemas, 'L2')).toMatchObject({
      variety: 'list',
      builtIn: 'anySimpleType',
      itemType: { builtIn: 'int' },
      facets: { length: 2, whiteSpace: 'collapse' },
    })
    expect(simpleTypeNamed(schemas, 'U').memberTypes?.map((m) => [m.variety, m.builtIn])).toEqual([
      ['atomic', 'int'],
      ['list', 'anySimpleType'],
      ['atomic', 'token'],
    ])
    expect(typeNamed(schemas, 'L').base).toMatchObject({ builtIn: 'anySimpleType' })
  })
})

describe('SOAP encoding', () => {
  const files = {
    'a.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"
        xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
      <xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>
      <xs:complexType name="A"><xs:complexContent><xs:restriction base="enc:Array">
        <xs:attribute ref="enc:arrayType" wsdl:arrayType="xs:string[,][]"/></xs:restriction></xs:complexContent></xs:complexType>
      <xs:element name="s" type="enc:string"/></xs:schema>`,
  }

  it('is there without a location', () => {
    const { schemas, diagnostics } = loadSchemas(files)
    expect(diagnostics.list).toEqual([])
    const array = complexTypeNamed(schemas, 'A')
    expect(array.attributes.find((use) => use.arrayType)).toMatchObject({
      attribute: { name: { localName: 'arrayType' } },
      arrayType: {
        itemType: { namespace: 'http://www.w3.org/2001/XMLSchema', localName: 'string' },
        ranks: [2, 1],
      },
    })
    expect(contentOf(array)).toBe('(any*)?')
    expect(contentOf(elementNamed(schemas, 's').type as ComplexType)).toBe('simple string')
  })
})

describe('a mistake', () => {
  it.each([
    ['xsd-unresolved', `<xs:element name="a" type="t:Missing"/>`],
    [
      'xsd-unresolved',
      `<xs:complexType name="T"><xs:sequence><xs:element ref="t:missing"/></xs:sequence></xs:complexType>`,
    ],
    ['xsd-unresolved', `<xs:complexType name="T"><xs:attributeGroup ref="t:missing"/></xs:complexType>`],
    ['xsd-reference', `<xs:element name="a" type="no:Prefix"/>`],
    ['xsd-reference', `<xs:complexType name="T"><xs:sequence><xs:group/></xs:sequence></xs:complexType>`],
    ['xsd-element', `<xs:complexType name="T"><xs:sequence><xs:element/></xs:sequence></xs:complexType>`],
    ['xsd-attribute', `<xs:complexType name="T"><xs:attribute/></xs:complexType>`],
    [
      'xsd-occurs',
      `<xs:complexType name="T"><xs:sequence minOccurs="2" maxOccurs="1"><xs:element name="a"/></xs:sequence></xs:complexType>`,
    ],
    [
      'xsd-occurs',
      `<xs:complexType name="T"><xs:sequence><xs:element name="a" maxOccurs="many"/></xs:sequence></xs:complexType>`,
    ],
    ['xsd-simple-type', `<xs:simpleType name="T"/>`],
    ['xsd-simple-type', `<xs:complexType name="C"/><xs:attribute name="a" type="t:C"/>`],
    [
      'xsd-facet',
      `<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:maxLength value="few"/></xs:restriction></xs:simpleType>`,
    ],
    ['xsd-circular', `<xs:simpleType name="T"><xs:restriction base="t:T"/></xs:simpleType>`],
    [
      'xsd-circular',
      `<xs:simpleType name="T"><xs:union memberTypes="t:U"/></xs:simpleType><xs:simpleType name="U"><xs:list itemType="t:T"/></xs:simpleType>`,
    ],
    [
      'xsd-circular',
      `<xs:complexType name="T"><xs:complexContent><xs:extension base="t:T"/></xs:complexContent></xs:complexType>`,
    ],
    ['xsd-circular', `<xs:group name="G"><xs:sequence><xs:group ref="t:G"/></xs:sequence></xs:group>`],
    ['xsd-circular', `<xs:attributeGroup name="G"><xs:attributeGroup ref="t:G"/></xs:attributeGroup>`],
    [
      'xsd-circular',
      `<xs:element name="a" substitutionGroup="t:b"/><xs:element name="b" substitutionGroup="t:a"/>`,
    ],
    [
      'xsd-simple-content',
      `<xs:complexType name="T"><xs:simpleContent><xs:extension base="xs:anyType"/></xs:simpleContent></xs:complexType>`,
    ],
    [
      'xsd-array-type',
      `<xs:complexType name="T"><xs:attribute name="a" xmlns:w="http://schemas.xmlsoap.org/wsdl/" w:arrayType="[]"/></xs:complexType>`,
    ],
  ])('is reported with its line: %s', (code, content) => {
    const { diagnostics } = loadSchemas({ 'a.xsd': schema(content) })
    expect(diagnostics.list.map((d) => [d.severity, d.code, d.at?.line])).toContainEqual(['error', code, 2])
  })

  it('does not hide others', () => {
    const { diagnostics } = loadSchemas({
      'a.xsd': schema(
        Array.from({ length: 10 }, (_, i) => `<xs:element name="e${i}" type="t:M${i}"/>`).join('\n'),
      ),
    })
    expect(diagnostics.list.map((d) => d.at?.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })
})
