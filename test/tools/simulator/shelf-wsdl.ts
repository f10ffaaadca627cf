import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const element = (name: string, ...content: readonly string[]) =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence>${content.join('')}</xs:sequence></xs:complexType></xs:element>`

const files: Readonly<Record<string, string>> = {
  'services/shelf.wsdl': `<?xml version="1.0" encoding="ISO-8859-1"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="urn:shelf" targetNamespace="urn:shelf"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
<wsdl:import namespace="urn:shelf" location="abstract.wsdl"/>
${['soap', 'soap12'].map(binding).join('')}
<wsdl:service name="Shelf">
<wsdl:port name="One" binding="s:soap"><soap:address location="https://shelf.example/one"/></wsdl:port>
<wsdl:port name="Two" binding="s:soap12"><soap12:address location='https://shelf.example/two'/></wsdl:port>
</wsdl:service></wsdl:definitions>`,
  'services/abstract.wsdl': `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:types" xmlns:s="urn:shelf" targetNamespace="urn:shelf">
<wsdl:types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import namespace="urn:types" schemaLocation="../schemas/types.xsd"/></xs:schema></wsdl:types>
<wsdl:message name="In"><wsdl:part name="body" element="t:Find"/><wsdl:part name="caller" element="t:Caller"/></wsdl:message>
<wsdl:message name="Out"><wsdl:part name="body" element="t:FindResponse"/><wsdl:part name="quota" element="t:Quota"/></wsdl:message>
<wsdl:portType name="Shelf"><wsdl:operation name="Find"><wsdl:input message="s:In"/><wsdl:output message="s:Out"/></wsdl:operation></wsdl:portType>
</wsdl:definitions>`,
  'schemas/types.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:types" targetNamespace="urn:types" elementFormDefault="qualified">
<xs:include schemaLocation="headers.xsd"/>
${element('Find', '<xs:element name="Title" type="xs:string"/>')}
${element('FindResponse', '<xs:element name="Place" type="xs:int"/>')}</xs:schema>`,
  'schemas/headers.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:types" elementFormDefault="qualified">
${element('Caller', '<xs:element name="Desk" type="xs:int"/>')}
${element('Quota', '<xs:element name="Left" type="xs:int"/>')}</xs:schema>`,
}

function binding(soap: string): string {
  const header = (part: string, message: string) =>
    `<${soap}:header message="s:${message}" part="${part}" use="literal"/>`
  return `<wsdl:binding name="${soap}" type="s:Shelf"><${soap}:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Find"><${soap}:operation soapAction="urn:find"/>
<wsdl:input>${header('caller', 'In')}<${soap}:body parts="body" use="literal"/></wsdl:input>
<wsdl:output>${header('quota', 'Out')}<${soap}:body parts="body" use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>`
}

/**
 * A WSDL over four files in two folders, with headers both ways, in both versions.
 *
 * @returns its folder and its path
 */
export function writeShelf(): { readonly folder: string; readonly wsdl: string } {
  const folder = mkdtempSync(join(tmpdir(), 'shelf-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return { folder, wsdl: join(folder, 'services/shelf.wsdl') }
}
