import { describe, expect, test } from 'vitest'
import { Inhabited } from '../../../src/xsd/model/inhabited.js'
import type { SchemaSet, XsdType } from '../../../src/xsd/model/model.js'
import { elementNamed, loadSchemas, schema, soundSchema } from '../load-schemas.js'

class CountingMap extends Map<string, readonly XsdType[]> {
  lookups = 0
  override get(key: string): readonly XsdType[] | undefined {
    this.lookups++
    return super.get(key)
  }
}

/** Each type requires the next, and the last is abstract. @returns how often derived types are looked up */
function lookupsOfChain(length: number): number {
  const types = Array.from(
    { length },
    (_, i) =>
      `<xs:complexType name="T${i}"><xs:sequence><xs:element name="c" type="T${i + 1}"/></xs:sequence></xs:complexType>`,
  )
  const abstract = `<xs:complexType name="T${length}" abstract="true"/>`
  const { schemas } = loadSchemas({
    'a.xsd': schema(`${types.join('')}${abstract}<xs:element name="E" type="T0"/>`),
  })
  const derivedTypes = new CountingMap(schemas.derivedTypes)
  const counted: SchemaSet = { ...schemas, derivedTypes }
  expect(new Inhabited(counted).has(elementNamed(schemas, 'E'))).toBe(false)
  return derivedTypes.lookups
}

describe('types that nothing can have', () => {
  test('are found in steps that grow as the schema does', () => {
    expect(lookupsOfChain(400)).toBeLessThan(2.2 * lookupsOfChain(200))
  })

  test.each<[string, string, boolean]>([
    [
      'a base whose one derived type requires what cannot be',
      `<xs:complexType name="B" abstract="true"/>
       <xs:complexType name="D"><xs:complexContent><xs:extension base="B"><xs:sequence><xs:element name="x" type="N"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
       <xs:complexType name="N" abstract="true"/>`,
      false,
    ],
    [
      'a base with another derived type beside it',
      `<xs:complexType name="B" abstract="true"/>
       <xs:complexType name="D"><xs:complexContent><xs:extension base="B"><xs:sequence><xs:element name="x" type="N"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
       <xs:complexType name="C"><xs:complexContent><xs:extension base="B"/></xs:complexContent></xs:complexType>
       <xs:complexType name="N" abstract="true"/>`,
      true,
    ],
    [
      'a head whose one substitute requires what cannot be',
      `<xs:complexType name="B"><xs:sequence><xs:element ref="H"/></xs:sequence></xs:complexType>
       <xs:element name="H" abstract="true"/>
       <xs:element name="S" substitutionGroup="H"><xs:complexType><xs:sequence><xs:element name="x" type="N"/></xs:sequence></xs:complexType></xs:element>
       <xs:complexType name="N" abstract="true"/>`,
      false,
    ],
    [
      'a choice with one branch that can be',
      `<xs:complexType name="B"><xs:choice><xs:element name="a" type="N"/><xs:element name="b" type="M"/></xs:choice></xs:complexType>
       <xs:complexType name="N" abstract="true"/><xs:complexType name="M"/>`,
      true,
    ],
    [
      'two types that require each other',
      `<xs:complexType name="B"><xs:sequence><xs:element name="a" type="A"/></xs:sequence></xs:complexType>
       <xs:complexType name="A"><xs:sequence><xs:element name="b" type="B" minOccurs="0"/><xs:element name="n" type="N"/></xs:sequence></xs:complexType>
       <xs:complexType name="N" abstract="true"/>`,
      false,
    ],
  ])('%s', (_, types, isPossible) => {
    const schemas = soundSchema(`${types}<xs:element name="E" type="B"/>`)
    expect(new Inhabited(schemas).has(elementNamed(schemas, 'E'))).toBe(isPossible)
  })
})
