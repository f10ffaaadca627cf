import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import type { RestOperation, RestRequest, SoapResponse } from '../../src/adapter/rest.js'
import type { Body } from '../../src/base/bytes/source.js'

/** A warehouse with all that a request can be put together from. */
export const wsdl = `<definitions targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:w"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types>
    <xs:schema targetNamespace="urn:w" elementFormDefault="qualified">
      <xs:complexType name="Place"><xs:sequence>
        <xs:element name="Aisle" type="xs:string"/><xs:element name="Shelf" type="xs:int" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:element name="Store"><xs:complexType><xs:sequence>
        <xs:element name="Id" type="xs:unsignedLong"/>
        <xs:element name="Weight" type="xs:decimal" minOccurs="0"/>
        <xs:element name="Fragile" type="xs:boolean" minOccurs="0"/>
        <xs:element name="Channel" type="xs:string"/>
        <xs:element name="Level" type="xs:int"/>
        <xs:element name="Tag" type="xs:string" minOccurs="0" maxOccurs="3"/>
        <xs:element name="Number" type="xs:long" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="Note" type="xs:string" minOccurs="0"/>
        <xs:element name="Kind" type="xs:string"/>
        <xs:element name="Place" type="t:Place" minOccurs="0"/>
        <xs:element name="Day" type="xs:date" minOccurs="0"/>
      </xs:sequence><xs:attribute name="lang" type="xs:string"/></xs:complexType></xs:element>
      <xs:element name="StoreResponse"><xs:complexType><xs:sequence>
        <xs:element name="Result"><xs:complexType><xs:sequence>
          <xs:element name="Key" type="xs:string"/>
          <xs:element name="Total" type="xs:decimal"/>
          <xs:element name="Item" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="Name" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="FullFault"><xs:complexType><xs:sequence><xs:element name="Free" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="Poke"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
    </xs:schema>
  </types>
  <message name="In"><part name="p" element="t:Store"/></message>
  <message name="Out"><part name="p" element="t:StoreResponse"/></message>
  <message name="Full"><part name="p" element="t:FullFault"/></message>
  <message name="PokeIn"><part name="p" element="t:Poke"/></message>
  <portType name="Warehouse">
    <operation name="Store"><input message="t:In"/><output message="t:Out"/><fault name="FullFault" message="t:Full"/></operation>
    <operation name="Poke"><input message="t:PokeIn"/></operation>
  </portType>
  <binding name="B" type="t:Warehouse"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Store"><soap:operation soapAction="urn:store"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output><fault name="FullFault"><soap:fault name="FullFault" use="literal"/></fault></operation>
    <operation name="Poke"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation>
  </binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost:1/w"/></port></service>
</definitions>`

export const openapi = `openapi: 3.1.0
info: { title: Warehouse, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends: { warehouse: { wsdl: w.wsdl } }
paths:
  /things/{id}:
    put:
      operationId: store
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: weight, in: query, schema: { type: number } }
        - { name: fragile, in: query, schema: { type: boolean, default: false } }
        - { name: tag, in: query, schema: { type: array, items: { type: string } } }
        - { name: number, in: query, explode: false, schema: { type: array, items: { type: integer } } }
        - { name: Accept-Language, in: header, schema: { type: string } }
        - { name: day, in: query, schema: { type: string, format: date } }
      x-soap:
        operation: Store
        request:
          Channel: $$REST & more
          Level: 3
          Place/Aisle: $request.body#/where/aisle
          Place/Shelf: $request.body#/where/shelf
          '@lang': $request.header.Accept-Language
        response: /Result/Item
        faults: { FullFault: 409 }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [where]
              properties:
                note: { type: string, default: none }
                kind: { type: string, default: BOX }
                where:
                  type: object
                  required: [aisle]
                  properties: { aisle: { type: string }, shelf: { type: integer } }
      responses:
        '200':
          description: ok
          headers:
            Content-Location: { schema: { type: string }, x-soap: '/v1/{$request.path.id}/{$response.body#/name}?n={$request.query.weight}&l={$request.header.Accept-Language}' }
          content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } } }
        '404': { description: none }
        '409': { description: full }
  /totals/{id}:
    get:
      operationId: total
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      x-soap:
        operation: Store
        request: { Channel: A, Level: '7', Kind: B }
        response: /Result
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: object, required: [total], properties: { total: { type: number } } } } }
  /pokes/{id}:
    post:
      operationId: poke
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      x-soap: { operation: Poke }
      responses: { '202': { description: taken } }
`

let warehouse: Adapter | undefined

/** Compiled once; nothing is called. */
export function adapter(): Adapter {
  if (warehouse) return warehouse
  const directory = mkdtempSync(join(tmpdir(), 'warehouse-'))
  try {
    writeFileSync(join(directory, 'w.wsdl'), wsdl)
    writeFileSync(join(directory, 'openapi.yaml'), openapi)
    warehouse = compileContract({ contract: join(directory, 'openapi.yaml'), env: {} })
    return warehouse
  } finally {
    rmSync(directory, { recursive: true })
  }
}

export function operationOf(all: Adapter, operationId: string): RestOperation {
  const operation = all.operations.get(operationId)
  if (!operation) throw new Error(`no operation ${operationId}`)
  return operation
}

export function request(parts: Partial<RestRequest> = {}): RestRequest {
  return { path: {}, query: {}, headers: {}, ...parts }
}

/** What stands in soap:Body, without prefixes. */
export function bodyOf(envelope: Body): string {
  const [, body = ''] = /<soap:Body>(.*)<\/soap:Body>/s.exec(String(envelope)) ?? []
  return body.replace(/(<\/?)n\d+:/g, '$1')
}

export function answer(content: string, status = 200): SoapResponse {
  return {
    status,
    headers: { 'content-type': 'application/soap+xml' },
    body: `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>${content}</e:Body></e:Envelope>`,
  }
}

export function fault(detail: string): SoapResponse {
  return answer(
    `<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">secret</e:Text></e:Reason><e:Detail>${detail}</e:Detail></e:Fault>`,
    500,
  )
}
