import type { Diagnostic } from '../../src/base/diagnostic/diagnostic.js'
import { clark } from '../../src/base/qname.js'
import { loadWsdl } from '../../src/wsdl/load.js'
import type { SoapMessage, SoapOperation, Wsdl } from '../../src/wsdl/model.js'
import { contentOf, type Files, withFiles } from '../xsd/load-schemas.js'

/** Loads the first file as a WSDL. */
export function load(files: Files): { wsdl: Wsdl | undefined; diagnostics: readonly Diagnostic[] } {
  return withFiles(files, (cwd) => {
    const { wsdl, diagnostics } = loadWsdl(Object.keys(files)[0] ?? '', { cwd })
    return { wsdl, diagnostics }
  })
}

/** Loads a WSDL that must be free of errors and warnings. */
export function sound(files: Files | string): Wsdl {
  const { wsdl, diagnostics } = load(typeof files === 'string' ? { 'a.wsdl': files } : files)
  const findings = diagnostics.filter((d) => d.severity !== 'note')
  if (!wsdl || findings.length > 0) throw new Error(JSON.stringify(findings))
  return wsdl
}

export function operationsOf(wsdl: Wsdl): SoapOperation[] {
  return [...wsdl.bindings.values()].flatMap((binding) => binding.operations)
}

export function firstOperation(wsdl: Wsdl): SoapOperation {
  const [operation] = operationsOf(wsdl)
  if (!operation) throw new Error('no operation')
  return operation
}

/** The body of a message in one line: names with the content of their types. */
export function bodyOf(message: SoapMessage | undefined): string {
  return (message?.body ?? [])
    .map(({ name, type }) => `${clark(name)} ${type.kind === 'complexType' ? contentOf(type) : type.builtIn}`)
    .join('; ')
}

export interface Parts {
  readonly types?: string
  readonly messages: string
  readonly portType: string
  readonly binding: string
  readonly style?: string
  readonly soap?: '' | '12'
}

/** A WSDL with one port type, one SOAP binding and one port. */
export function definitions({
  types = '',
  messages,
  portType,
  binding,
  style = '',
  soap = '',
}: Parts): string {
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap${soap}/"
    xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<documentation>All  of it</documentation>
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
${types}
<xs:element name="in"><xs:complexType><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="out" type="xs:string"/><xs:element name="head" type="xs:token"/><xs:element name="oops" type="xs:int"/>
<xs:complexType name="C"><xs:sequence><xs:element name="c" type="xs:int"/></xs:sequence></xs:complexType>
</xs:schema></types>
${messages}
<portType name="PT">${portType}</portType>
<binding name="B" type="t:PT"><s:binding transport="http://schemas.xmlsoap.org/soap/http" ${style}/>${binding}</binding>
<service name="S"><port name="P" binding="t:B"><s:address location=" http://localhost/p "/></port></service>
</definitions>`
}
