import type { Construct } from './construct.js'
import type { SoapConstruct } from './constructs/soap.js'

const namespaces =
  'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:f="urn:features" xmlns:o="urn:other" xmlns:u="urn:unqualified"'

/** The schema of all constructs: an element for each, whose optional attribute keeps it from being all of its child. */
export function schemaText(constructs: readonly Construct[], soap: readonly SoapConstruct[]): string {
  const declarations = constructs.flatMap(({ construct, operation, types, content }) => [
    `  <!-- ${construct.replaceAll('`', '')} -->`,
    ...(types === undefined ? [] : [`  ${types}`]),
    `  <xs:element name="${operation}"><xs:complexType><xs:sequence>${content}</xs:sequence><xs:attribute name="note" type="xs:string"/></xs:complexType></xs:element>`,
  ])
  return `<xs:schema ${namespaces} targetNamespace="urn:features" elementFormDefault="qualified">
  <xs:import namespace="urn:other" schemaLocation="other.xsd"/>
  <xs:import namespace="urn:unqualified" schemaLocation="unqualified.xsd"/>
  <xs:import schemaLocation="bare.xsd"/>
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xs:include schemaLocation="included.xsd"/>
  <xs:include schemaLocation="chameleon.xsd"/>
  <xs:redefine schemaLocation="redefined.xsd">
    <xs:complexType name="Redefined"><xs:complexContent><xs:extension base="f:Redefined"><xs:sequence><xs:element name="New" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  </xs:redefine>
${declarations.join('\n')}
${soap.flatMap(({ types }) => (types === undefined ? [] : [`  ${types}`])).join('\n')}
</xs:schema>
`
}

const SOAP_11 = 'http://schemas.xmlsoap.org/wsdl/soap/'
const SOAP_12 = 'http://schemas.xmlsoap.org/wsdl/soap12/'

/** A WSDL with an operation for each construct; its service has a port that is not SOAP, its binding a policy. */
export function wsdlText(constructs: readonly Construct[], soap: readonly SoapConstruct[]): string {
  const plain = constructs.map(({ construct, section, operation }): SoapConstruct => ({
    ...{ construct, section, operation, json: '', request: '' },
    messages: `<message name="${operation}"><part name="parameters" element="f:${operation}"/></message>`,
    abstract: `<input message="w:${operation}"/><output message="w:${operation}"/>`,
    binding:
      '<s:operation soapAction=""/><input><s:body use="literal"/></input><output><s:body use="literal"/></output>',
  }))
  const all = [...plain, ...soap]
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" ${namespaces} xmlns:w="urn:features:wsdl" xmlns:i="urn:features:messages"
  xmlns:wsp="http://www.w3.org/ns/ws-policy" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" targetNamespace="urn:features:wsdl">
<import namespace="urn:features:messages" location="messages.wsdl"/>
<wsp:Policy Name="passed-over"><wsp:All/></wsp:Policy>
<types>
  <xs:schema targetNamespace="urn:features"><xs:include schemaLocation="features.xsd"/></xs:schema>
  <xs:schema targetNamespace="urn:features" elementFormDefault="qualified"><xs:element name="InAnotherSchema" type="xs:int"/></xs:schema>
</types>
${all.map(({ messages }) => messages).join('\n')}
${interfaceText(
  'Features',
  SOAP_11,
  all.filter(({ soapVersion }) => !soapVersion),
)}
${interfaceText(
  'Features12',
  SOAP_12,
  all.filter(({ soapVersion }) => soapVersion),
)}
<binding name="Get" type="w:Features"><http:binding verb="GET"/></binding>
<service name="Features">
  <port name="Features" binding="w:Features"><s:address xmlns:s="${SOAP_11}" location="http://localhost/features"/></port>
  <port name="Get" binding="w:Get"><http:address location="http://localhost/get"/></port>
</service>
<service name="Features12">
  <port name="Features12" binding="w:Features12"><s:address xmlns:s="${SOAP_12}" location="http://localhost/features12"/></port>
</service>
</definitions>
`
}

function interfaceText(name: string, soap: string, constructs: readonly SoapConstruct[]): string {
  return `<portType name="${name}">
${constructs.map(({ operation, abstract }) => `  <operation name="${operation}">${abstract}</operation>`).join('\n')}
</portType>
<binding name="${name}" type="w:${name}" xmlns:s="${soap}">
  <wsp:PolicyReference URI="#passed-over"/>
  <s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
${constructs.map(({ operation, binding }) => `  <operation name="${operation}">${binding}</operation>`).join('\n')}
</binding>`
}
