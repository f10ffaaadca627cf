import { NET_ARRAYS, NET_SERIALIZATION, NET_SYSTEM, NET_TYPES, XSD } from '../../base/namespaces.js'

const GUID = '[\\da-fA-F]{8}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{4}-[\\da-fA-F]{12}'

/** What ASMX imports by its namespace alone. */
export const NET_TYPES_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" targetNamespace="${NET_TYPES}">
  <xs:simpleType name="char"><xs:restriction base="xs:unsignedShort"/></xs:simpleType>
  <xs:simpleType name="guid">
    <xs:restriction base="xs:string"><xs:pattern value="${GUID}"/></xs:restriction>
  </xs:simpleType>
</xs:schema>`

const builtIn = [
  ...[
    'anyType',
    'anyURI',
    'base64Binary',
    'boolean',
    'byte',
    'dateTime',
    'decimal',
    'double',
    'float',
    'int',
  ],
  ...['long', 'QName', 'short', 'string', 'unsignedByte', 'unsignedInt', 'unsignedLong', 'unsignedShort'],
]
const own = ['char', 'duration', 'guid']

/** What the DataContractSerializer of WCF writes at \`?xsd=xsd1\`. */
export const NET_SERIALIZATION_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:ser="${NET_SERIALIZATION}" targetNamespace="${NET_SERIALIZATION}">
  ${builtIn.map((name) => `<xs:element name="${name}" nillable="true" type="xs:${name}"/>`).join('\n  ')}
  ${own.map((name) => `<xs:element name="${name}" nillable="true" type="ser:${name}"/>`).join('\n  ')}
  <xs:simpleType name="char"><xs:restriction base="xs:int"/></xs:simpleType>
  <xs:simpleType name="duration">
    <xs:restriction base="xs:duration">
      <xs:pattern value="\\-?P(\\d*D)?(T(\\d*H)?(\\d*M)?(\\d*(\\.\\d*)?S)?)?"/>
      <xs:minInclusive value="-P10675199DT2H48M5.4775808S"/>
      <xs:maxInclusive value="P10675199DT2H48M5.4775807S"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="guid">
    <xs:restriction base="xs:string"><xs:pattern value="${GUID}"/></xs:restriction>
  </xs:simpleType>
  <xs:attribute name="FactoryType" type="xs:QName"/>
  <xs:attribute name="Id" type="xs:ID"/>
  <xs:attribute name="Ref" type="xs:IDREF"/>
</xs:schema>`

function arrayOf(name: string, type: string): string {
  const isReference = ['anyType', 'anyURI', 'base64Binary', 'QName', 'string'].includes(name)
  return `
  <xs:complexType name="ArrayOf${name}">
    <xs:sequence>
      <xs:element minOccurs="0" maxOccurs="unbounded" name="${name}" ${isReference ? 'nillable="true" ' : ''}type="${type}"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="ArrayOf${name}" nillable="true" type="arr:ArrayOf${name}"/>`
}

/** Arrays of simple values in data contracts. */
export const NET_ARRAYS_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:ser="${NET_SERIALIZATION}" xmlns:arr="${NET_ARRAYS}" targetNamespace="${NET_ARRAYS}"
    elementFormDefault="qualified">
  ${builtIn.map((name) => arrayOf(name, `xs:${name}`)).join('')}
  ${own.map((name) => arrayOf(name, `ser:${name}`)).join('')}
</xs:schema>`

/** System.DateTimeOffset, which data contracts have as a structure. */
export const NET_SYSTEM_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:sys="${NET_SYSTEM}" targetNamespace="${NET_SYSTEM}" elementFormDefault="qualified">
  <xs:complexType name="DateTimeOffset">
    <xs:sequence>
      <xs:element name="DateTime" type="xs:dateTime"/>
      <xs:element name="OffsetMinutes" type="xs:short"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="DateTimeOffset" nillable="true" type="sys:DateTimeOffset"/>
</xs:schema>`
