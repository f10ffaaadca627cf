import type { Change } from '../../../src/tools/diff/change.js'
import type { DiffReport } from '../../../src/tools/diff/report.js'
import { diffWsdls } from '../../../src/tools/diff/wsdl.js'
import { withFiles } from '../../xsd/load-schemas.js'

export interface Version {
  /** Content of the type of both the input and the output element. */
  readonly content?: string
  /** Content of the output element alone. */
  readonly output?: string
  /** Further declarations of the schema. */
  readonly types?: string
  readonly namespace?: string
  readonly schema?: string
  readonly input?: string
  /** Children of the portType's operation after the input. */
  readonly after?: string
  readonly messages?: string
  readonly soap?: '' | '12'
  readonly style?: string
  readonly action?: string
  readonly use?: string
  readonly address?: string
  readonly operation?: string
  readonly port?: string
  readonly inputBinding?: string
}

/** A WSDL of one operation, `Get`, whose elements `Get` and `GetResponse` have the same content. */
export function wsdlOf({
  content = '',
  output = content,
  types = '',
  namespace = 'urn:t',
  schema = 'elementFormDefault="qualified"',
  input = 'Get',
  after = '<output message="w:Out"/>',
  messages = '',
  soap = '',
  style = 'document',
  action = 'a',
  use = 'literal',
  address = 'http://localhost/a',
  operation = 'Get',
  port = 'P',
  inputBinding = '',
}: Version): string {
  const body = `<s:body use="${use}"/>`
  const hasOutput = after.includes('<output')
  const faults = [...after.matchAll(/<fault name="(\w+)"/g)].map(([, name]) => name)
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap${soap}/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="${namespace}" xmlns:w="urn:w" targetNamespace="urn:w">
<types><xs:schema targetNamespace="${namespace}" ${schema}>
<xs:element name="${input}"><xs:complexType>${content}</xs:complexType></xs:element>
<xs:element name="GetResponse"><xs:complexType>${output}</xs:complexType></xs:element>
<xs:element name="Bad"><xs:complexType><xs:sequence><xs:element name="Why" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="Session" type="xs:string"/>
${types}
</xs:schema></types>
<message name="In"><part name="p" element="t:${input}"/></message>
<message name="Out"><part name="p" element="t:GetResponse"/></message>
<message name="Bad"><part name="p" element="t:Bad"/></message>
<message name="Head"><part name="h" element="t:Session"/></message>${messages}
<portType name="PT"><operation name="${operation}"><input message="w:In"/>${after}</operation></portType>
<binding name="B" type="w:PT"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="${operation}"><s:operation soapAction="${action}" style="${style}"/><input>${body}${inputBinding}</input>
${hasOutput ? `<output>${body}</output>` : ''}${faults.map((name) => `<fault name="${name}"><s:fault name="${name}" use="literal"/></fault>`).join('')}</operation></binding>
<service name="S"><port name="${port}" binding="w:B"><s:address location="${address}"/></port></service>
</definitions>`
}

/** Compares two versions of a WSDL; the first and the second file are they. */
export function diffOf(old: Version, next: Version): DiffReport {
  return withFiles({ 'old.wsdl': wsdlOf(old), 'new.wsdl': wsdlOf(next) }, (folder) =>
    diffWsdls(`${folder}/old.wsdl`, `${folder}/new.wsdl`),
  )
}

/** `request Get/A: breaking: it is removed` */
export function linesOf({ changes }: DiffReport): string[] {
  return changes.flatMap(({ direction, verdict, what, places }: Change) =>
    places.map(({ path }) => `${direction} ${path}: ${verdict}: ${what}`.replace(' : ', ': ')),
  )
}
