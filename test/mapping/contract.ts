import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkContract, type CheckedContract } from '../../src/adapter/adapter.js'
import type { Environment } from '../../src/base/environment.js'

export const wsdl = `<?xml version="1.0"?>
<definitions name="Library" targetNamespace="urn:library" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:library"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types>
    <xs:schema targetNamespace="urn:library" elementFormDefault="qualified">
      <xs:simpleType name="Status">
        <xs:restriction base="xs:string"><xs:enumeration value="IN"/><xs:enumeration value="OUT"/></xs:restriction>
      </xs:simpleType>
      <xs:complexType name="Book">
        <xs:sequence>
          <xs:element name="ISBN" type="xs:string"/>
          <xs:element name="Title" type="xs:string"/>
          <xs:element name="Pages" type="xs:int" minOccurs="0"/>
          <xs:element name="Price" type="xs:decimal" nillable="true" minOccurs="0"/>
          <xs:element name="Status" type="t:Status"/>
          <xs:element name="Author" type="xs:string" maxOccurs="unbounded"/>
          <xs:choice minOccurs="0">
            <xs:element name="Shelf" type="xs:string"/>
            <xs:element name="Lent" type="xs:date"/>
          </xs:choice>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="Gone"><xs:sequence><xs:element name="ISBN" type="xs:string"/></xs:sequence></xs:complexType>
      <xs:element name="GoneFault" type="t:Gone"/>
      <xs:element name="GetBook">
        <xs:complexType><xs:sequence><xs:element name="ISBN" type="xs:string"/><xs:element name="Verbose" type="xs:boolean" minOccurs="0"/></xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="GetBookResponse">
        <xs:complexType><xs:sequence><xs:element name="Book" type="t:Book" minOccurs="0"/></xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="AddBook">
        <xs:complexType><xs:sequence><xs:element name="Book" type="t:Book"/></xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="AddBookResponse">
        <xs:complexType><xs:sequence><xs:element name="Id" type="xs:long"/></xs:sequence></xs:complexType>
      </xs:element>
    </xs:schema>
  </types>
  <message name="GetBookIn"><part name="p" element="t:GetBook"/></message>
  <message name="GetBookOut"><part name="p" element="t:GetBookResponse"/></message>
  <message name="AddBookIn"><part name="p" element="t:AddBook"/></message>
  <message name="AddBookOut"><part name="p" element="t:AddBookResponse"/></message>
  <message name="Gone"><part name="p" element="t:GoneFault"/></message>
  <portType name="Library">
    <operation name="GetBook"><input message="t:GetBookIn"/><output message="t:GetBookOut"/><fault name="Gone" message="t:Gone"/></operation>
    <operation name="AddBook"><input message="t:AddBookIn"/><output message="t:AddBookOut"/></operation>
  </portType>
  <binding name="B" type="t:Library">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="GetBook"><soap:operation soapAction="urn:get"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output><fault name="Gone"><soap:fault name="Gone" use="literal"/></fault></operation>
    <operation name="AddBook"><soap:operation soapAction="urn:add"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost:1/"/></port></service>
</definitions>
`

export const openapi = `openapi: 3.1.0
info: { title: Library, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends:
  library: { wsdl: wsdl/library.wsdl }
paths:
  /books/{isbn}:
    get:
      operationId: getBook
      parameters:
        - { name: isbn, in: path, required: true, schema: { type: string } }
        - { name: verbose, in: query, schema: { type: boolean } }
      x-soap:
        operation: GetBook
        response: /Book
        faults: { Gone: 410 }
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        '404': { description: none }
        '410': { description: gone }
  /books:
    post:
      operationId: addBook
      x-soap:
        operation: AddBook
        request: { Book: $request.body }
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }
      responses:
        '201':
          description: ok
          headers: { Location: { schema: { type: string }, x-soap: '/v1/books/{$response.body#/id}' } }
          content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: integer } } } } }
components:
  schemas:
    Book:
      type: object
      required: [isbn, title, status, authors]
      properties:
        isbn: { type: string }
        title: { type: string }
        pages: { type: integer }
        price: { type: [string, 'null'] }
        status: { type: string, enum: [IN, OUT] }
        authors: { type: array, items: { type: string, xml: { name: Author } } }
        shelf: { type: string }
        lent: { type: string, format: date }
`

/** Writes both contracts to a directory and checks them. */
export function check(document: string, definitions = wsdl, env: Environment = {}): CheckedContract {
  const directory = mkdtempSync(join(tmpdir(), 'contract-'))
  try {
    mkdirSync(join(directory, 'wsdl'))
    writeFileSync(join(directory, 'wsdl/library.wsdl'), definitions)
    writeFileSync(join(directory, 'openapi.yaml'), document)
    return checkContract({ contract: join(directory, 'openapi.yaml'), env })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** 1-based number of the line that has the text. */
export function lineOf(document: string, text: string): number {
  const index = document.split('\n').findIndex((line) => line.includes(text))
  if (index < 0) throw new Error(`no line has ${text}`)
  return index + 1
}
