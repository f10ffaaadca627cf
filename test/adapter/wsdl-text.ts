import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadWsdl } from '../../src/wsdl/load.js'
import type { SoapMessage, Wsdl } from '../../src/wsdl/model.js'

/**
 * The output of the one operation of a document/literal service.
 *
 * @param schema what stands in the schema of `urn:t`, with elements `X` and `XResponse`
 * @param name of the operation, X
 */
export function loadWsdlText(
  schema: string,
  name: string,
): { schemas: Wsdl['schemas']; output: SoapMessage } {
  const directory = mkdtempSync(join(tmpdir(), 'wsdl-text-'))
  try {
    const file = join(directory, 't.wsdl')
    writeFileSync(file, wsdlText(schema, name))
    const { wsdl } = loadWsdl(file, { root: directory, cwd: directory })
    const output = wsdl && [...wsdl.bindings.values()][0]?.operations[0]?.output
    if (!wsdl || !output) throw new Error('the WSDL cannot be read')
    return { schemas: wsdl.schemas, output }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** A WSDL with one operation, in document/literal over SOAP 1.1. */
export function wsdlText(schema: string, name: string, location = 'http://localhost:1/t'): string {
  return `<definitions targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">${schema}</xs:schema></types>
  <message name="In"><part name="p" element="t:${name}"/></message>
  <message name="Out"><part name="p" element="t:${name}Response"/></message>
  <portType name="T"><operation name="${name}"><input message="t:In"/><output message="t:Out"/></operation></portType>
  <binding name="B" type="t:T"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="${name}"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="${location}"/></port></service>
</definitions>`
}
