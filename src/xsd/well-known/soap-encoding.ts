/** Simple types that section 5 of SOAP 1.1 gives a global element and a complex type with id and href. */
const simple = [
  ...['duration', 'dateTime', 'time', 'date', 'gYearMonth', 'gYear', 'gMonthDay', 'gDay', 'gMonth'],
  ...[
    'boolean',
    'base64Binary',
    'hexBinary',
    'float',
    'double',
    'anyURI',
    'QName',
    'string',
    'normalizedString',
  ],
  ...[
    'token',
    'language',
    'Name',
    'NMTOKEN',
    'NMTOKENS',
    'NCName',
    'ID',
    'IDREF',
    'IDREFS',
    'ENTITY',
    'ENTITIES',
  ],
  ...['decimal', 'integer', 'nonPositiveInteger', 'negativeInteger', 'long', 'int', 'short', 'byte'],
  ...[
    'nonNegativeInteger',
    'unsignedLong',
    'unsignedInt',
    'unsignedShort',
    'unsignedByte',
    'positiveInteger',
  ],
]

/** Types whose name says that they are an identifier: on top of one, an attribute id would be a second. */
const withoutId = new Set(['ID'])

const typed = simple.map(
  (name) => `
  <xs:element name="${name}" type="enc:${name}"/>
  <xs:complexType name="${name}">
    <xs:simpleContent>
      <xs:extension base="xs:${name}">
        <xs:attributeGroup ref="enc:${withoutId.has(name) ? 'reference' : 'commonAttributes'}"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>`,
)

/**
 * The encoding schema of SOAP 1.1 (section 5) and of SOAP 1.2 (Part 2, section 3). Both are given in one: each has
 * attributes that the other has not.
 */
export function soapEncodingSchema(namespace: string): string {
  return `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:enc="${namespace}" targetNamespace="${namespace}">
  <xs:attribute name="root" type="xs:boolean"/>
  <xs:attribute name="arrayType" type="xs:string"/>
  <xs:attribute name="offset" type="xs:string"/>
  <xs:attribute name="position" type="xs:string"/>
  <xs:attribute name="itemType" type="xs:QName"/>
  <xs:attribute name="arraySize" type="xs:string"/>
  <xs:attribute name="nodeType" type="xs:string"/>
  <xs:attribute name="id" type="xs:ID"/>
  <xs:attribute name="ref" type="xs:IDREF"/>
  <xs:attributeGroup name="reference">
    <xs:attribute name="href" type="xs:anyURI"/>
    <xs:anyAttribute namespace="##other" processContents="lax"/>
  </xs:attributeGroup>
  <xs:attributeGroup name="commonAttributes">
    <xs:attribute name="id" type="xs:ID"/>
    <xs:attribute name="href" type="xs:anyURI"/>
    <xs:anyAttribute namespace="##other" processContents="lax"/>
  </xs:attributeGroup>
  <xs:attributeGroup name="arrayAttributes">
    <xs:attribute ref="enc:arrayType"/>
    <xs:attribute ref="enc:offset"/>
    <xs:attribute ref="enc:itemType"/>
    <xs:attribute ref="enc:arraySize"/>
  </xs:attributeGroup>
  <xs:attributeGroup name="arrayMemberAttributes"><xs:attribute ref="enc:position"/></xs:attributeGroup>
  <xs:group name="Array">
    <xs:sequence>
      <xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
    </xs:sequence>
  </xs:group>
  <xs:element name="Array" type="enc:Array"/>
  <xs:complexType name="Array">
    <xs:group ref="enc:Array" minOccurs="0"/>
    <xs:attributeGroup ref="enc:arrayAttributes"/>
    <xs:attributeGroup ref="enc:commonAttributes"/>
  </xs:complexType>
  <xs:group name="Struct">
    <xs:sequence>
      <xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
    </xs:sequence>
  </xs:group>
  <xs:element name="Struct" type="enc:Struct"/>
  <xs:complexType name="Struct">
    <xs:group ref="enc:Struct" minOccurs="0"/>
    <xs:attributeGroup ref="enc:commonAttributes"/>
  </xs:complexType>
  <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>${typed.join('')}
</xs:schema>`
}
