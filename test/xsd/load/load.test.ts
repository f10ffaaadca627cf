import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { ContractFiles } from '../../../src/xsd/load/contract-files.js'
import { complexTypeNamed, contentOf, elementNamed, type Files, loadSchemas, schema, simpleTypeNamed, withFiles } from '../load-schemas.js' // prettier-ignore

const other = (content: string): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o">${content}</xs:schema>`
const bare = (content: string): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${content}</xs:schema>`
const findings = (files: Files): [string, string, string, number | undefined][] =>
  loadSchemas(files).diagnostics.list.map((d) => [d.severity, d.code, d.at?.file ?? '', d.at?.line])

describe('import and include', () => {
  it('follow locations from file to file', () => {
    const { schemas, diagnostics } = loadSchemas({
      'a.xsd': schema(
        `<xs:import namespace="urn:o" schemaLocation="sub/o.xsd"/><xs:element name="a" type="o:O" xmlns:o="urn:o"/>`,
      ),
      'sub/o.xsd': other(
        `<xs:include schemaLocation="../o2.xsd"/><xs:complexType name="O"><xs:sequence><xs:element ref="o:x"/></xs:sequence></xs:complexType>`,
      ),
      'o2.xsd': other(`<xs:element name="x" type="xs:int"/>`),
    })
    expect(diagnostics.list).toEqual([])
    expect(schemas.elements.get('{urn:o}x')?.at.file).toBe('o2.xsd')
    expect(schemas.types.get('{urn:o}O')?.at.file).toBe(path.join('sub', 'o.xsd'))
  })

  it('give a chameleon the namespace of each schema that includes it', () => {
    const { schemas, diagnostics } = loadSchemas({
      'a.xsd': schema(
        `<xs:include schemaLocation="c.xsd"/><xs:import namespace="urn:o" schemaLocation="o.xsd"/><xs:element name="a" type="T"/>`,
      ),
      'o.xsd': other(`<xs:include schemaLocation="c.xsd"/>`),
      'c.xsd': bare(
        `<xs:complexType name="T"><xs:sequence><xs:element name="n" type="N" form="qualified"/></xs:sequence></xs:complexType><xs:simpleType name="N"><xs:restriction base="xs:int"/></xs:simpleType>`,
      ),
    })
    expect(diagnostics.list).toEqual([])
    expect(contentOf(complexTypeNamed(schemas, 'T'))).toBe('(n)')
    const inOther = schemas.types.get('{urn:o}T')
    expect(inOther?.kind === 'complexType' && contentOf(inOther)).toBe('({urn:o}n)')
    expect(schemas.types.has('N')).toBe(false)
  })

  it('may go in circles', () => {
    const { schemas, diagnostics } = loadSchemas({
      'a.xsd': schema(
        `<xs:include schemaLocation="b.xsd"/><xs:include schemaLocation="a.xsd"/><xs:element name="a" type="t:B"/>`,
      ),
      'b.xsd': schema(
        `<xs:include schemaLocation="a.xsd"/><xs:import namespace="urn:o" schemaLocation="o.xsd"/><xs:complexType name="B"><xs:sequence><xs:element ref="t:a" minOccurs="0"/></xs:sequence></xs:complexType>`,
      ),
      'o.xsd': other(`<xs:import namespace="urn:t" schemaLocation="./b.xsd"/>`),
    })
    expect(diagnostics.list).toEqual([])
    expect(elementNamed(schemas, 'a').type).toBe(complexTypeNamed(schemas, 'B'))
  })

  it.each(['x.xsd?v=1', 'x%2Exsd', 'd\\x.xsd', './x.xsd#y'])('understand the location %s', (location) => {
    const content = schema(`<xs:element name="x"/>`)
    const { schemas } = loadSchemas({
      'a.xsd': schema(`<xs:include schemaLocation="${location}"/>`),
      'x.xsd': content,
      'd/x.xsd': content,
    })
    expect(elementNamed(schemas, 'x').global).toBe(true)
  })

  it.each([
    ['a missing file', 'missing.xsd'],
    ['a remote one', 'https://example.com/o.xsd'],
    ['a URN', 'urn:o'],
    ['one outside of the directory', '../../../../../../etc/passwd'],
    ['an absolute one', 'file:///etc/passwd'],
  ])('only warn of %s while nothing of it is used', (_, location) => {
    const line = `<xs:import namespace="urn:o" schemaLocation="${location}"/>`
    expect(findings({ 'a.xsd': schema(line) })).toEqual([['warning', 'xsd-import', 'a.xsd', 2]])
    expect(
      findings({ 'a.xsd': schema(`${line}\n<xs:element name="a" type="o:T" xmlns:o="urn:o"/>`) }),
    ).toEqual([
      ['error', 'xsd-unresolved', 'a.xsd', 3],
      ['warning', 'xsd-import', 'a.xsd', 2],
    ])
  })

  it('report what is wrong in the file that they lead to', () => {
    const broken = { 'a.xsd': schema(`<xs:include schemaLocation="b.xsd"/>`), 'b.xsd': '<a>\n<b></a>' }
    expect(findings(broken)).toContainEqual(['error', 'xml-malformed', 'b.xsd', 2])
    const noSchema = { 'a.xsd': schema(`<xs:include schemaLocation="b.xsd"/>`), 'b.xsd': '<html/>' }
    expect(findings(noSchema)).toContainEqual(['error', 'xsd-not-a-schema', 'b.xsd', 1])
  })

  it('warn of a namespace that is not the expected one', () => {
    const files = {
      'a.xsd': schema(`<xs:import namespace="urn:p" schemaLocation="o.xsd"/>`),
      'o.xsd': other(''),
    }
    expect(findings(files)).toEqual([['warning', 'xsd-import-namespace', 'a.xsd', 2]])
  })

  it('warn of a second definition only where it differs', () => {
    const two = (second: string): Files => ({
      'a.xsd': schema(`<xs:include schemaLocation="b.xsd"/><xs:element name="a" type="xs:int"/>`),
      'b.xsd': schema(second),
    })
    expect(findings(two(`<xs:element name="a" type="xs:int"><xs:annotation/></xs:element>`))).toEqual([])
    expect(findings(two(`<xs:element name="a" type="xs:long"/>`))).toEqual([
      ['warning', 'xsd-duplicate', 'b.xsd', 2],
    ])
  })
})

describe('redefine', () => {
  it('builds upon what it redefines', () => {
    const { schemas, diagnostics } = loadSchemas({
      'a.xsd': schema(`<xs:redefine schemaLocation="b.xsd">
        <xs:complexType name="T"><xs:complexContent><xs:extension base="t:T"><xs:sequence><xs:element name="more"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
        <xs:simpleType name="S"><xs:restriction base="t:S"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>
        <xs:group name="G"><xs:sequence><xs:group ref="t:G"/><xs:element name="g2"/></xs:sequence></xs:group>
        <xs:attributeGroup name="AG"><xs:attributeGroup ref="t:AG"/><xs:attribute name="y"/></xs:attributeGroup>
      </xs:redefine>`),
      'b.xsd':
        schema(`<xs:complexType name="T"><xs:sequence><xs:element name="first"/></xs:sequence></xs:complexType>
        <xs:simpleType name="S"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
        <xs:group name="G"><xs:sequence><xs:element name="g1"/></xs:sequence></xs:group>
        <xs:attributeGroup name="AG"><xs:attribute name="x"/></xs:attributeGroup>
        <xs:complexType name="User"><xs:sequence><xs:element name="t" type="t:T"/><xs:group ref="t:G"/></xs:sequence><xs:attributeGroup ref="t:AG"/></xs:complexType>`),
    })
    expect(diagnostics.list).toEqual([])
    expect(contentOf(complexTypeNamed(schemas, 'T'))).toBe('((first), (more))')
    expect(simpleTypeNamed(schemas, 'S').facets).toMatchObject({ minLength: 1, maxLength: 3 })
    const user = complexTypeNamed(schemas, 'User')
    expect(contentOf(user)).toBe('(t, ((g1), g2))')
    expect(user.attributes.map((use) => use.attribute.name.localName)).toEqual(['x', 'y'])
  })

  it('of nothing is an error', () => {
    const files = {
      'a.xsd': schema(`<xs:redefine schemaLocation="b.xsd"><xs:complexType name="T"/></xs:redefine>`),
      'b.xsd': schema(''),
    }
    expect(findings(files)).toEqual([['error', 'xsd-redefine', 'a.xsd', 2]])
  })
})

describe('well-known schemas', () => {
  it.each([
    [
      'http://www.w3.org/XML/1998/namespace',
      `<xs:complexType name="T"><xs:attribute ref="xml:lang"/><xs:attributeGroup ref="xml:specialAttrs"/></xs:complexType>`,
    ],
    ['http://www.w3.org/2005/05/xmlmime', `<xs:element name="a" type="w:base64Binary"/>`],
    [
      'http://www.w3.org/2004/08/xop/include',
      `<xs:complexType name="T"><xs:sequence><xs:element ref="w:Include"/></xs:sequence></xs:complexType>`,
    ],
    ['http://www.w3.org/2005/08/addressing', `<xs:element name="a" type="w:EndpointReferenceType"/>`],
    ['http://www.w3.org/2003/05/soap-encoding', `<xs:element name="a" type="w:Array"/>`],
    ['http://schemas.xmlsoap.org/soap/encoding/', `<xs:element name="a" type="w:Struct"/>`],
  ])('stand in for a location that is not local: %s', (namespace, content) => {
    const declaration = namespace.includes('XML/1998') ? '' : `xmlns:w="${namespace}"`
    const main = schema(
      `<xs:import namespace="${namespace}" schemaLocation="http://example.com/x.xsd"/>${content}`,
      `targetNamespace="urn:t" ${declaration}`,
    )
    expect(findings({ 'a.xsd': main })).toEqual([])
  })
})

describe('files', () => {
  it('cannot lie outside of the root, not by a link either', () => {
    withFiles({ 'in/a.xsd': '', 'out/b.xsd': schema('') }, (directory) => {
      symlinkSync(path.join(directory, 'out/b.xsd'), path.join(directory, 'in/link.xsd'))
      const files = new ContractFiles('in', new Diagnostics(), directory)
      const from = { path: path.join(directory, 'in/a.xsd'), name: 'in/a.xsd' }
      expect(files.find('../out/b.xsd', from)).toEqual({ kind: 'outside' })
      expect(files.find('link.xsd', from)).toEqual({ kind: 'outside' })
      expect(files.find('a.xsd', from)).toMatchObject({ kind: 'file', name: path.join('in', 'a.xsd') })
      expect(files.find('.', from)).toEqual({ kind: 'missing' })
      expect(files.find('a.xsd\0', from)).toEqual({ kind: 'missing' })
    })
  })

  it.each([
    ['UTF-16', (text: string) => Buffer.from('\uFEFF' + text, 'utf16le'), 'utf-16', []],
    ['ISO-8859-1', (text: string) => Buffer.from(text, 'latin1'), 'iso-8859-1', []],
    ['UTF-8 that says UTF-16', (text: string) => Buffer.from(text), 'utf-16', ['xml-encoding']],
  ])('may be in %s', (_, encode, declared, codes) => {
    withFiles({}, (directory) => {
      const text = `<?xml version="1.0" encoding="${declared}"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:é"/>`
      writeFileSync(path.join(directory, 'a.xsd'), encode(text))
      const diagnostics = new Diagnostics()
      expect(
        new ContractFiles('.', diagnostics, directory).open('a.xsd')?.root.attributes.get('targetNamespace'),
      ).toBe('urn:é')
      expect(diagnostics.list.map((d) => d.code)).toEqual(codes)
    })
  })

  it('in an encoding that nobody knows are refused', () => {
    withFiles({}, (directory) => {
      writeFileSync(
        path.join(directory, 'a.xsd'),
        Buffer.from('<?xml version="1.0" encoding="x-mine"?><a>\xE9</a>', 'latin1'),
      )
      const diagnostics = new Diagnostics()
      expect(new ContractFiles('.', diagnostics, directory).open('a.xsd')).toBeUndefined()
      expect(diagnostics.list).toMatchObject([{ code: 'file-unreadable', severity: 'error' }])
    })
  })
})

describe('hostile schemas', () => {
  const many = (n: number, text: (i: number) => string): string =>
    Array.from({ length: n }, (_, i) => text(i)).join('')

  it.each<[string, string, string | undefined]>([
    [
      'groups of groups',
      many(
        40,
        (i) =>
          `<xs:group name="g${i}"><xs:sequence>${i === 0 ? '<xs:element name="x"/>' : `<xs:group ref="t:g${i - 1}"/>`.repeat(10)}</xs:sequence></xs:group>`,
      ),
      'xsd-too-large',
    ],
    [
      'a chain of groups',
      many(
        20_000,
        (i) => `<xs:group name="g${i}"><xs:sequence><xs:group ref="t:g${i + 1}"/></xs:sequence></xs:group>`,
      ),
      'xsd-too-deep',
    ],
    [
      'a chain of bases',
      many(
        20_000,
        (i) =>
          `<xs:complexType name="T${i}"><xs:complexContent><xs:extension base="t:T${i + 1}"/></xs:complexContent></xs:complexType>`,
      ),
      'xsd-too-deep',
    ],
    [
      'a chain of restrictions',
      many(20_000, (i) => `<xs:simpleType name="T${i}"><xs:restriction base="t:T${i + 1}"/></xs:simpleType>`),
      'xsd-too-deep',
    ],
    [
      'a chain of substitutions',
      many(5_000, (i) => `<xs:element name="e${i}" substitutionGroup="t:e${i + 1}"/>`),
      'xsd-too-deep',
    ],
    [
      'a chain of types',
      many(
        20_000,
        (i) =>
          `<xs:complexType name="T${i}"><xs:sequence><xs:element name="e" type="t:T${(i + 1) % 20_000}"/></xs:sequence></xs:complexType>`,
      ),
      undefined,
    ],
    [
      'nested types',
      '<xs:element name="a"><xs:complexType><xs:sequence>'.repeat(65) +
        '</xs:sequence></xs:complexType></xs:element>'.repeat(65),
      undefined,
    ],
  ])('are survived: %s', (_, content, code) => {
    const started = performance.now()
    const { diagnostics } = loadSchemas({ 'a.xsd': schema(content) })
    expect(performance.now() - started).toBeLessThan(15_000)
    const codes = new Set(diagnostics.list.map((d) => d.code))
    if (code === undefined) expect([...codes]).toEqual([])
    else expect([...codes]).toContain(code)
  })
})
