import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OperationText {
  readonly name: string
  /** Content of the input element's sequence. */
  readonly input?: string
  /** Content of the output element's sequence; absent for one-way operations. */
  readonly output?: string
  readonly faults?: readonly string[]
}

const namespace = 'urn:test:shop'

/** A document/literal WSDL, wrapped, from the contents of its elements; `types` are further schema components. */
export function wsdlText(operations: readonly OperationText[], types = '', service = 'ShopService'): string {
  const elements = operations.flatMap(({ name, input = '', output }) => [
    `<xs:element name="${name}"><xs:complexType><xs:sequence>${input}</xs:sequence></xs:complexType></xs:element>`,
    ...(output === undefined
      ? []
      : [
          `<xs:element name="${name}Response"><xs:complexType><xs:sequence>${output}</xs:sequence></xs:complexType></xs:element>`,
        ]),
  ])
  const faults = [...new Set(operations.flatMap(({ faults: names = [] }) => names))]
  const message = (name: string, element = name): string =>
    `<message name="${name}"><part name="parameters" element="t:${element}"/></message>`
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="${namespace}" targetNamespace="${namespace}" name="Shop">
<types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">
${elements.join('\n')}
${faults.map((name) => `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="Reason" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`).join('\n')}
${types}
</xs:schema></types>
${operations.map(({ name, output }) => message(name) + (output === undefined ? '' : message(`${name}Response`))).join('\n')}
${faults.map((name) => message(name)).join('\n')}
<portType name="ShopPortType">
${operations
  .map(
    ({ name, output, faults: names = [] }) =>
      `<operation name="${name}"><input message="t:${name}"/>${output === undefined ? '' : `<output message="t:${name}Response"/>`}${names.map((fault) => `<fault name="${fault}" message="t:${fault}"/>`).join('')}</operation>`,
  )
  .join('\n')}
</portType>
<binding name="ShopBinding" type="t:ShopPortType"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${operations
  .map(
    ({ name, output, faults: names = [] }) =>
      `<operation name="${name}"><soap:operation soapAction=""/><input><soap:body use="literal"/></input>${output === undefined ? '' : '<output><soap:body use="literal"/></output>'}${names.map((fault) => `<fault name="${fault}"><soap:fault name="${fault}" use="literal"/></fault>`).join('')}</operation>`,
  )
  .join('\n')}
</binding>
<service name="${service}"><port name="ShopPort" binding="t:ShopBinding"><soap:address location="http://shop.example/soap"/></port></service>
</definitions>`
}

/** Writes a WSDL into a directory of its own. */
export function writeWsdl(
  text: string,
  name = 'shop.wsdl',
): { readonly directory: string; readonly file: string } {
  const directory = mkdtempSync(join(tmpdir(), 'import-'))
  const file = join(directory, name)
  writeFileSync(file, text)
  return { directory, file }
}
