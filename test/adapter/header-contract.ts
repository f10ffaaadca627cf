import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Adapter, checkContract, compileContract } from '../../src/adapter/adapter.js'

/** A till whose operations want header blocks, a session, or both. */
export const wsdl = (soap: '1.1' | '1.2' = '1.1'): string => `<definitions targetNamespace="urn:till"
    xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:till" xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/${soap === '1.1' ? 'soap' : 'soap12'}/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types>
    <xs:schema targetNamespace="urn:till" elementFormDefault="qualified">
      <xs:element name="Context"><xs:complexType><xs:sequence>
        <xs:element name="User" type="xs:string"/>
        <xs:element name="Branch" type="xs:int" minOccurs="0"/>
        <xs:element name="Channel" type="xs:string" minOccurs="0"/>
      </xs:sequence><xs:attribute name="version" type="xs:string"/></xs:complexType></xs:element>
      <xs:element name="SessionHeader"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="Trace" type="xs:string"/>
      <xs:element name="Meter"><xs:complexType><xs:sequence><xs:element name="Left" type="xs:long"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="Sell"><xs:complexType><xs:sequence><xs:element name="Item" type="xs:string"/><xs:element name="Ticket" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="SellResponse"><xs:complexType><xs:sequence><xs:element name="Receipt" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="Login"><xs:complexType><xs:sequence><xs:element name="Name" type="xs:string"/><xs:element name="Password" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="LoginResponse"><xs:complexType><xs:sequence><xs:element name="Result"><xs:complexType><xs:sequence>
        <xs:element name="Session" type="xs:string"/><xs:element name="Url" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
      <xs:element name="SessionExpired"><xs:complexType/></xs:element>
    </xs:schema>
  </types>
  <message name="SellIn"><part name="p" element="t:Sell"/></message>
  <message name="SellOut"><part name="p" element="t:SellResponse"/></message>
  <message name="LoginIn"><part name="p" element="t:Login"/></message>
  <message name="LoginOut"><part name="p" element="t:LoginResponse"/></message>
  <message name="Blocks"><part name="context" element="t:Context"/><part name="session" element="t:SessionHeader"/><part name="meter" element="t:Meter"/></message>
  <portType name="Till">
    <operation name="Sell"><input wsam:Action="urn:till/Sell" message="t:SellIn"/><output message="t:SellOut"/></operation>
    <operation name="Login"><input message="t:LoginIn"/><output message="t:LoginOut"/></operation>
    <operation name="Ring"><input message="t:SellIn"/></operation>
  </portType>
  <binding name="B" type="t:Till"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Sell"><soap:operation soapAction="urn:sell"/>
      <input><soap:body use="literal"/><soap:header message="t:Blocks" part="context" use="literal"/><soap:header message="t:Blocks" part="session" use="literal"/></input>
      <output><soap:body use="literal"/><soap:header message="t:Blocks" part="meter" use="literal"/><soap:header message="t:Blocks" part="session" use="literal"/></output></operation>
    <operation name="Login"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/><soap:header message="t:Blocks" part="session" use="literal"/></output></operation>
    <operation name="Ring"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation>
  </binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost:1/till"/></port></service>
</definitions>`

export interface TillContract {
  /** Keys of the backend, flow style. */
  readonly backend?: string
  /** Keys of the operation's x-soap, flow style. */
  readonly operation?: string
  /** Headers of the 200 response, flow style. */
  readonly headers?: string
  /** `security` of the operation, flow style. */
  readonly security?: string
  readonly soap?: '1.1' | '1.2'
}

const securitySchemes = `
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    token: { type: http, scheme: bearer }
    certificate: { type: mutualTLS }`

function text({ backend = '', operation = '', headers = '{}', security = '' }: TillContract): string {
  // Every parameter needs a place.
  const parameters = [
    ['X-User', 'string'],
    ['X-Branch', 'integer'],
  ]
    .filter(([name = '']) => `${backend} ${operation}`.includes(name))
    .map(([name = '', type = '']) => `{ name: ${name}, in: header, schema: { type: ${type} } }`)
  return `openapi: 3.1.0
info: { title: Till, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends: { till: { wsdl: till.wsdl${backend === '' ? '' : `, ${backend}`} } }
paths:
  /sales:
    post:
      operationId: sell
      parameters: [${parameters.join(', ')}]
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [item], properties: { item: { type: string } } } } }
      responses:
        '200': { description: sold, headers: ${headers}, content: { application/json: { schema: { type: object, required: [receipt], properties: { receipt: { type: string } } } } } }
      x-soap: { operation: Sell${operation === '' ? '' : `, ${operation}`} }${security === '' ? '' : `\n      security: ${security}${securitySchemes}`}
`
}

function inFolder<T>(contract: TillContract, use: (path: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'till-'))
  try {
    writeFileSync(join(directory, 'till.wsdl'), wsdl(contract.soap))
    writeFileSync(join(directory, 'openapi.yaml'), text(contract))
    return use(join(directory, 'openapi.yaml'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const env = { TILL_USER: 'adapter', TILL_PASSWORD: 'pass & word', BRANCH: '7' }

/** @param more variables of the environment */
export function till(contract: TillContract, more: Record<string, string> = {}): Adapter {
  return inFolder(contract, (path) => compileContract({ contract: path, env: { ...env, ...more } }))
}

/** Codes and messages of the findings. */
export function findings(contract: TillContract): string[] {
  return inFolder(contract, (path) =>
    checkContract({ contract: path, env }).diagnostics.map(({ code, message }) => `${code}: ${message}`),
  )
}
