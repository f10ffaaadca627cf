import { APACHE_SOAP } from '../../base/namespaces.js'

/** Apache SOAP's Map, which Axis and PHP know without a schema. */
export const apacheSoapSchema = `
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
</xs:schema>`
