import { type Construct } from './construct.js'
import { type SoapConstruct } from './constructs/soap.js'

const namespaces =
  'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:f="urn:features" xmlns:o="urn:other" xmlns:u="urn:unqualified"'

/** The schema of all constructs: an element for each, whose optional attribute keeps it from being all of its child. */
export function schemaText(constructs: readonly Construct[]): string {
  const declarations = constructs.flatMap(({ construct, operation, types, content }) => [
    `  <!-- ${construct.replaceAll('`', '')} -->`,
    ...(types === undefined ? [] : [`  ${types}`]),
    `  <xs:element name="${operation}"><xs:complexType><xs:sequence>${content}</xs:sequence><xs:attribute name="note" type="xs:string"/></xs:complexType></xs:element>`,
  ])
  return `<xs:schema ${namespaces} targetNamespace="urn:features" elementFormDefault="qualified">
  <xs:import namespace="urn:other" schemaLocation="other.xsd"/>
  <xs:import namespace="urn:unqualified" schemaLocation="unqualified.xsd"/>
  <xs:import schemaLocation="bare.xsd"/>
  <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
  <xs:include schemaLocation="included.xsd"/>
  <xs:include schemaLocation="chameleon.xsd"/>
  <xs:redefine schemaLocation="redefined.xsd">
    <xs:complexType name="Redefined"><xs:complexContent><xs:extension base="f:Redefined"><xs:sequence><xs:element name="New" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  </xs:redefine>
  <xs:include schemaLocation="features-2.xsd"/>
${declarations.join('\n')}
</xs:schema>
`
}
