import { APACHE_SOAP } from '../../base/namespaces.js'

/** Types of Apache SOAP that Axis, and of Map PHP too, know without a schema. */
export const APACHE_SOAP_SCHEMA = `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:apache="${APACHE_SOAP}" targetNamespace="${APACHE_SOAP}">
  <xs:complexType name="mapItem">
    <xs:sequence>
      <xs:element name="key" nillable="true" type="xs:anyType"/>
      <xs:element name="value" nillable="true" type="xs:anyType"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Map">
    <xs:sequence>
      <xs:element name="item" type="apache:mapItem" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Vector">
    <xs:sequence>
      <xs:element name="item" type="xs:anyType" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>
  ${['Element', 'Document']
    .map(
      (name) => `<xs:complexType name="${name}">
    <xs:sequence><xs:any minOccurs="0" processContents="lax"/></xs:sequence>
  </xs:complexType>`,
    )
    .join('\n  ')}
</xs:schema>`
