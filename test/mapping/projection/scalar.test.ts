import { describe, expect, it } from 'vitest'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { Projection } from '../../../src/mapping/projection/projection.js'
import { loadSchemas } from '../../xsd/load-schemas.js'

function published(body: string): Record<string, unknown> {
  const { schemas } = loadSchemas({
    'm.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">${body}</xs:schema>`,
  })
  const canonical = new CanonicalMappings(schemas)
  const projection = new Projection('camel')
  for (const type of schemas.types.values()) projection.value(canonical.value(type))
  return Object.fromEntries(projection.components.all())
}

describe('the schema of a value is one that generators read rightly', () => {
  it('says numbers and the texts beside them in schemas of their own', () => {
    const { XsdDouble } = published(
      '<xs:complexType name="Rate"><xs:attribute name="value" type="xs:double"/></xs:complexType>',
    )
    expect(XsdDouble).toMatchObject({
      anyOf: [
        { type: 'number', format: 'double' },
        { type: 'string', enum: ['INF', '-INF', 'NaN'] },
      ],
    })
  })

  it('leaves the format out beside the one number that is allowed', () => {
    const { Size } = published(
      '<xs:complexType name="Size"><xs:attribute name="unit" type="xs:long" fixed="7"/>' +
        '<xs:attribute name="count" type="xs:long" default="7"/></xs:complexType>',
    )
    expect(Size).toMatchObject({
      properties: { unit: { type: 'integer', const: 7 }, count: { format: 'int64', default: 7 } },
    })
    expect(Size).not.toHaveProperty('properties.unit.format')
  })

  it('says the fixed value of an element whose text has attributes beside it, and leaves its type to others', () => {
    const { Order, Size } = published(
      '<xs:complexType name="Size"><xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>' +
        '<xs:complexType name="Order"><xs:sequence><xs:element name="Lot" type="t:Size" fixed="07"/><xs:element name="Box" type="t:Size"/></xs:sequence></xs:complexType>',
    )
    expect(Order).toMatchObject({
      properties: {
        lot: { type: 'object', required: ['value'], properties: { value: { type: 'integer', const: 7 } } },
        box: { $ref: '#/components/schemas/Size' },
      },
    })
    expect(Size).not.toHaveProperty('properties.value.const')
  })

  it('gives no example to a pattern that the value space does not reach', () => {
    const { Id, Never } = published(
      String.raw`<xs:simpleType name="Id"><xs:restriction base="xs:string"><xs:pattern value="^\d{2}$"/></xs:restriction></xs:simpleType>` +
        '<xs:simpleType name="Never"><xs:restriction base="xs:string"><xs:pattern value="a"/><xs:minLength value="2"/></xs:restriction></xs:simpleType>',
    )
    expect(Id).toMatchObject({ pattern: String.raw`^\^[0-9]{2}\$$`, examples: ['^11$'] })
    expect(Never).not.toHaveProperty('examples')
  })
})
