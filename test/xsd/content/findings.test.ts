import { expect, test } from 'vitest'
import { judgeContents } from '../../../src/xsd/content/findings.js'
import { elementNamed, loadSchemas, schema } from '../load-schemas.js'

/** What content models allow that cannot be told apart, and what can never stand in them. */

const type = (content: string): string =>
  `<xs:complexType name="T"><xs:sequence>${content}</xs:sequence></xs:complexType>`
const a = '<xs:element name="a" type="xs:string"/>'
const optional = '<xs:element name="a" type="xs:string" minOccurs="0"/>'
const abstract = '<xs:complexType name="X" abstract="true"/>'
const derived =
  '<xs:complexType name="Y"><xs:complexContent><xs:extension base="t:X"/></xs:complexContent></xs:complexType>'
const x = '<xs:element name="x" type="t:X"/>'

test.each([
  ['an element beside xs:any', type(`${optional}<xs:any processContents="lax"/>`), ['xsd-ambiguous']],
  [
    'a wildcard that repeats before an element',
    type(`<xs:any minOccurs="0" maxOccurs="unbounded"/>${a}`),
    ['xsd-ambiguous'],
  ],
  ['an element twice, the first of them optional', type(optional + a), ['xsd-ambiguous']],
  [
    'branches that begin alike',
    `<xs:complexType name="T"><xs:choice>${a}<xs:sequence>${a}${x}</xs:sequence></xs:choice></xs:complexType>${abstract}${derived}`,
    ['xsd-ambiguous'],
  ],
  [
    'repeats within repeats of one particle',
    type(
      `<xs:sequence maxOccurs="unbounded"><xs:element name="a" type="xs:string" maxOccurs="unbounded"/></xs:sequence>`,
    ),
    [],
  ],
  ['an element twice, both required', type(a + a), []],
  ['xs:any of other namespaces', type(`${optional}<xs:any namespace="##other"/>`), []],
  ['xs:any once, behind what is required', type(`${a}<xs:any/>`), []],
  ['an abstract type without others', type(x) + abstract, ['xsd-abstract']],
  ['an abstract type with a concrete one', type(x) + abstract + derived, []],
  [
    'an abstract element without substitutes',
    `<xs:element name="h" abstract="true" type="xs:string"/>${type('<xs:element ref="t:h"/>')}`,
    ['xsd-abstract'],
  ],
  [
    'an abstract element with one',
    `<xs:element name="h" abstract="true" type="xs:string"/><xs:element name="s" type="xs:string" substitutionGroup="t:h"/>${type('<xs:element ref="t:h"/>')}`,
    [],
  ],
  [
    'an optional element beside one that may stand for it',
    `<xs:element name="h" type="xs:string"/><xs:element name="s" type="xs:string" substitutionGroup="t:h"/>${type('<xs:element ref="t:h" minOccurs="0"/><xs:element ref="t:s"/>')}`,
    ['xsd-ambiguous'],
  ],
  [
    'a type that requires what cannot stand',
    `${type('<xs:element name="b" type="t:B"/>')}<xs:complexType name="B"><xs:sequence>${x}</xs:sequence></xs:complexType>${abstract}`,
    ['xsd-abstract', 'xsd-abstract'],
  ],
])('%s', (_, content, codes) => {
  const message = '<xs:element name="m" type="t:T"/>'
  const { schemas, diagnostics } = loadSchemas({ 'a.xsd': schema(content + message) })
  expect(diagnostics.list).toEqual([])
  judgeContents([elementNamed(schemas, 'm')], schemas, diagnostics)
  expect(diagnostics.list.map(({ code }) => code)).toEqual(codes)
  expect(diagnostics.list.every(({ severity }) => severity === 'warning')).toBe(true)
})
