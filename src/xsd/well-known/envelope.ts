import { SOAP_11, SOAP_12, WSSE, WSU, XLINK, XMLDSIG, XSD } from '../../base/namespaces.js'

/** What schemas of headers and of bodies take from the envelope of SOAP 1.1. */
export const SOAP11_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:s="${SOAP_11}" targetNamespace="${SOAP_11}">
  <xs:attribute name="mustUnderstand">
    <xs:simpleType><xs:restriction base="xs:boolean"><xs:pattern value="0|1"/></xs:restriction></xs:simpleType>
  </xs:attribute>
  <xs:attribute name="actor" type="xs:anyURI"/>
  <xs:simpleType name="encodingStyle"><xs:list itemType="xs:anyURI"/></xs:simpleType>
  <xs:attribute name="encodingStyle" type="s:encodingStyle"/>
  <xs:attributeGroup name="encodingStyle"><xs:attribute ref="s:encodingStyle"/></xs:attributeGroup>
  <xs:complexType name="detail">
    <xs:sequence><xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence>
    <xs:anyAttribute namespace="##any" processContents="lax"/>
  </xs:complexType>
  <xs:complexType name="Fault">
    <xs:sequence>
      <xs:element name="faultcode" type="xs:QName"/>
      <xs:element name="faultstring" type="xs:string"/>
      <xs:element name="faultactor" type="xs:anyURI" minOccurs="0"/>
      <xs:element name="detail" type="s:detail" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="Fault" type="s:Fault"/>
  <xs:element name="Envelope" type="xs:anyType"/>
  <xs:element name="Header" type="xs:anyType"/>
  <xs:element name="Body" type="xs:anyType"/>
</xs:schema>`

/** The same of SOAP 1.2. */
export const SOAP12_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" targetNamespace="${SOAP_12}">
  <xs:attribute name="mustUnderstand" type="xs:boolean"/>
  <xs:attribute name="relay" type="xs:boolean"/>
  <xs:attribute name="role" type="xs:anyURI"/>
  <xs:attribute name="encodingStyle" type="xs:anyURI"/>
  <xs:element name="Envelope" type="xs:anyType"/>
  <xs:element name="Header" type="xs:anyType"/>
  <xs:element name="Body" type="xs:anyType"/>
  <xs:element name="Fault" type="xs:anyType"/>
</xs:schema>`

/** Blocks that are made by whoever secures a message, and that nobody maps: as XML. */
export const WSSE_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" targetNamespace="${WSSE}">
  <xs:element name="Security" type="xs:anyType"/>
  <xs:element name="UsernameToken" type="xs:anyType"/>
  <xs:element name="BinarySecurityToken" type="xs:anyType"/>
  <xs:element name="SecurityTokenReference" type="xs:anyType"/>
</xs:schema>`

export const WSU_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:u="${WSU}" targetNamespace="${WSU}">
  <xs:attribute name="Id" type="xs:ID"/>
  <xs:attributeGroup name="commonAtts">
    <xs:attribute ref="u:Id"/>
    <xs:anyAttribute namespace="##other" processContents="lax"/>
  </xs:attributeGroup>
  <xs:complexType name="AttributedDateTime">
    <xs:simpleContent>
      <xs:extension base="xs:string"><xs:attributeGroup ref="u:commonAtts"/></xs:extension>
    </xs:simpleContent>
  </xs:complexType>
  <xs:element name="Created" type="u:AttributedDateTime"/>
  <xs:element name="Expires" type="u:AttributedDateTime"/>
  <xs:element name="Timestamp" type="xs:anyType"/>
</xs:schema>`

/** XML Signature: signed documents travel as the XML that they are, since any other form breaks the signature. */
export const XMLDSIG_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" targetNamespace="${XMLDSIG}">
  ${[
    'Signature',
    'SignatureValue',
    'SignedInfo',
    'KeyInfo',
    'Object',
    'Manifest',
    'X509Data',
    'KeyValue',
    'Reference',
  ]
    .map((name) => `<xs:element name="${name}" type="xs:anyType"/>`)
    .join('\n  ')}
  ${['SignatureType', 'KeyInfoType', 'X509DataType', 'KeyValueType', 'ObjectType', 'ReferenceType']
    .map(
      (name) => `<xs:complexType name="${name}" mixed="true">
    <xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence>
    <xs:anyAttribute namespace="##any" processContents="lax"/>
  </xs:complexType>`,
    )
    .join('\n  ')}
  <xs:simpleType name="CryptoBinary"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
  <xs:simpleType name="DigestValueType"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
</xs:schema>`

/** XML Linking Language 1.0 and 1.1. */
export const XLINK_SCHEMA = `
<xs:schema xmlns:xs="${XSD}" xmlns:xlink="${XLINK}" targetNamespace="${XLINK}">
  <xs:attribute name="type" type="xs:string"/>
  <xs:attribute name="href" type="xs:anyURI"/>
  <xs:attribute name="role" type="xs:anyURI"/>
  <xs:attribute name="arcrole" type="xs:anyURI"/>
  <xs:attribute name="title" type="xs:string"/>
  <xs:attribute name="show" type="xs:string"/>
  <xs:attribute name="actuate" type="xs:string"/>
  <xs:attribute name="label" type="xs:NCName"/>
  <xs:attribute name="from" type="xs:NCName"/>
  <xs:attribute name="to" type="xs:NCName"/>
  <xs:attributeGroup name="simpleLink">
    <xs:attribute name="type" type="xs:string" fixed="simple" form="qualified"/>
    <xs:attribute ref="xlink:href"/>
    <xs:attribute ref="xlink:role"/>
    <xs:attribute ref="xlink:arcrole"/>
    <xs:attribute ref="xlink:title"/>
    <xs:attribute ref="xlink:show"/>
    <xs:attribute ref="xlink:actuate"/>
  </xs:attributeGroup>
</xs:schema>`
