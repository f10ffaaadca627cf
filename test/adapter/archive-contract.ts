import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Adapter,
  checkContract,
  type CheckedContract,
  compileContract,
} from '../../src/adapter/adapter.js'

export interface ArchiveOptions {
  /** More keys of the backend, each on a line of its own. */
  readonly backend?: string
  readonly endpoint?: string
  readonly soap12?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** Documents as bytes in every way that a WSDL can carry them. */
export const archiveWsdl = (soap12 = false): string => {
  const soap = soap12 ? 'soap12' : 'soap'
  const plain = (name: string) => `
    <operation name="${name}"><s:operation soapAction="urn:archive#${name}"/>
      <input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation>`
  return `<definitions targetNamespace="urn:a" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:a"
    xmlns:s="http://schemas.xmlsoap.org/wsdl/${soap}/" xmlns:mime="http://schemas.xmlsoap.org/wsdl/mime/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types>
    <xs:schema targetNamespace="urn:a" elementFormDefault="qualified" xmlns:xmime="http://www.w3.org/2005/05/xmlmime"
        xmlns:ref="http://ws-i.org/profiles/basic/1.1/xsd">
      <xs:import namespace="http://www.w3.org/2005/05/xmlmime"/>
      <xs:import namespace="http://ws-i.org/profiles/basic/1.1/xsd"/>
      <xs:simpleType name="Small"><xs:restriction base="xs:base64Binary"><xs:maxLength value="8"/></xs:restriction></xs:simpleType>
      <xs:element name="Store"><xs:complexType><xs:sequence>
        <xs:element name="Name" type="xs:string" minOccurs="0"/>
        <xs:element name="Document"><xs:complexType><xs:sequence>
          <xs:element name="Pages" type="xs:int" minOccurs="0"/>
          <xs:element name="Content" type="xs:base64Binary"/>
        </xs:sequence></xs:complexType></xs:element>
        <xs:element name="Seal" type="t:Small" minOccurs="0"/>
        <xs:element name="Finger" type="xs:hexBinary" minOccurs="0"/>
        <xs:element name="Extra" type="xs:base64Binary" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="StoreResponse"><xs:complexType><xs:sequence>
        <xs:element name="Id" type="xs:string"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="Fetch"><xs:complexType><xs:sequence>
        <xs:element name="Id" type="xs:string"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="FetchResponse"><xs:complexType><xs:sequence>
        <xs:element name="Document"><xs:complexType><xs:sequence>
          <xs:element name="Title" type="xs:string" minOccurs="0"/>
          <xs:element name="MimeType" type="xs:string" minOccurs="0"/>
          <xs:element name="Content" type="xs:base64Binary" minOccurs="0" nillable="true"/>
          <xs:element name="Raw" type="xs:hexBinary" minOccurs="0"/>
          <xs:element name="Text" type="xs:string" minOccurs="0"/>
          <xs:element name="Small" type="t:Small" minOccurs="0"/>
          <xs:element name="Ref" type="ref:swaRef" minOccurs="0"/>
          <xs:element name="Typed" type="xmime:base64Binary" minOccurs="0"/>
          <xs:any namespace="##other" minOccurs="0" processContents="lax"/>
        </xs:sequence></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="Link"><xs:complexType><xs:sequence>
        <xs:element name="File" type="ref:swaRef"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="LinkResponse"><xs:complexType><xs:sequence>
        <xs:element name="File" type="ref:swaRef"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>
  </types>
  <message name="StoreIn"><part name="p" element="t:Store"/></message>
  <message name="StoreOut"><part name="p" element="t:StoreResponse"/></message>
  <message name="FetchIn"><part name="p" element="t:Fetch"/></message>
  <message name="FetchOut"><part name="p" element="t:FetchResponse"/></message>
  <message name="LinkIn"><part name="p" element="t:Link"/></message>
  <message name="LinkOut"><part name="p" element="t:LinkResponse"/></message>
  <message name="PhotoIn"><part name="p" element="t:Fetch"/><part name="photo" type="xs:base64Binary"/><part name="thumb" type="xs:base64Binary"/></message>
  <message name="PhotoOut"><part name="p" element="t:StoreResponse"/><part name="photo" type="xs:base64Binary"/><part name="thumb" type="xs:base64Binary"/></message>
  <portType name="Archive">
    <operation name="Store"><input message="t:StoreIn"/><output message="t:StoreOut"/></operation>
    <operation name="Fetch"><input message="t:FetchIn"/><output message="t:FetchOut"/></operation>
    <operation name="Link"><input message="t:LinkIn"/><output message="t:LinkOut"/></operation>
    <operation name="Photo"><input message="t:PhotoIn"/><output message="t:PhotoOut"/></operation>
  </portType>
  <binding name="B" type="t:Archive"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    ${plain('Store')}${plain('Fetch')}${plain('Link')}
    <operation name="Photo"><s:operation soapAction="urn:archive#Photo"/>
      <input><mime:multipartRelated>
        <mime:part><s:body parts="p" use="literal"/></mime:part>
        <mime:part><mime:content part="photo" type="image/jpeg"/><mime:content part="photo" type="image/png"/></mime:part>
        <mime:part><mime:content part="thumb" type="image/gif"/></mime:part>
      </mime:multipartRelated></input>
      <output><mime:multipartRelated>
        <mime:part><s:body parts="p" use="literal"/></mime:part>
        <mime:part><mime:content part="photo" type="image/*"/></mime:part>
        <mime:part><mime:content part="thumb" type="image/gif"/></mime:part>
      </mime:multipartRelated></output>
    </operation>
  </binding>
  <service name="S"><port name="P" binding="t:B"><s:address location="http://localhost:1/a"/></port></service>
</definitions>`
}

const id = '{ name: id, in: path, required: true, schema: { type: string } }'

/** @param more keys of its backend */
export const archiveOpenApi = ({
  backend = '',
  endpoint = 'http://localhost:1/a',
}: ArchiveOptions): string => `
openapi: 3.1.0
info: { title: Archive, version: '1' }
servers: [{ url: /v1 }]
security: []
x-soap-backends:
  archive:
    wsdl: a.wsdl
    endpoint: ${endpoint}
    maxResponseBytes: 60000000
    ${backend}
paths:
  /documents:
    post:
      operationId: storeJson
      x-soap: { operation: Store }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [document]
              properties:
                name: { type: string }
                document:
                  type: object
                  required: [content]
                  properties: { content: { type: string, contentEncoding: base64 } }
                seal: { type: string, contentEncoding: base64 }
                finger: { type: string }
                extra: { type: array, items: { type: string, contentEncoding: base64 } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Stored' } } } } }
  /documents/{id}/file:
    parameters: [${id}]
    put:
      operationId: storeFile
      x-soap: { operation: Store, request: { Name: $request.path.id, Document/Content: $request.body } }
      requestBody:
        required: true
        content: { application/pdf: { schema: { maxLength: 40000000, minLength: 2 } }, 'image/*': {}, text/csv: {} }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Stored' } } } } }
    get:
      operationId: fetchFile
      x-soap: { operation: Fetch, response: /Document/Content }
      responses:
        '200':
          description: ok
          headers: { Content-Disposition: { schema: { type: string }, x-soap: 'attachment; filename="{$request.path.id}.pdf"' } }
          content: { application/pdf: { schema: {} } }
        '404': { description: none }
  /documents/{id}/any:
    parameters: [${id}]
    get:
      operationId: fetchAny
      x-soap: { operation: Fetch, response: /Document/Content, mediaType: /Document/MimeType }
      responses:
        '200': { description: ok, content: { image/*: {}, application/pdf: {} } }
        '404': { description: none }
  /documents/{id}/typed:
    parameters: [${id}]
    get:
      operationId: fetchTyped
      x-soap: { operation: Fetch, response: /Document/Typed, mediaType: Document/Typed/@contentType }
      responses: { '200': { description: ok, content: { '*/*': {} } }, '404': { description: none } }
  /documents/{id}/raw:
    parameters: [${id}]
    get:
      operationId: fetchRaw
      x-soap: { operation: Fetch, response: /Document/Raw }
      responses: { '200': { description: ok, content: { application/octet-stream: {} } }, '404': { description: none } }
  /documents/{id}/text:
    parameters: [${id}]
    get:
      operationId: fetchText
      x-soap: { operation: Fetch, response: /Document/Text }
      responses: { '200': { description: ok, content: { text/plain: {} } }, '404': { description: none } }
  /documents/{id}:
    parameters: [${id}]
    get:
      operationId: fetchJson
      x-soap: { operation: Fetch, response: /Document }
      responses:
        '200':
          description: ok
          headers: { X-Title: { schema: { type: string }, x-soap: '{$response.body#/title}' } }
          content:
            application/json:
              schema:
                type: object
                required: [title]
                properties:
                  title: { type: string }
                  content: { type: [string, 'null'], contentEncoding: base64 }
                  small: { type: string }
                  ref: { type: string, contentEncoding: base64 }
                  text: { type: string }
                  any: { type: string, contentMediaType: application/xml }
        '404': { description: none }
  /links:
    post:
      operationId: link
      x-soap: { operation: Link, request: { File: $request.body }, response: /File }
      requestBody: { required: true, content: { application/octet-stream: {} } }
      responses: { '200': { description: ok, content: { application/octet-stream: {} } } }
  /photos/{id}:
    parameters: [${id}]
    put:
      operationId: sendPhoto
      x-soap: { operation: Photo, request: { photo: $request.body } }
      requestBody: { required: true, content: { 'image/*': {} } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Photo' } } } } }
    post:
      operationId: swapPhoto
      x-soap: { operation: Photo, request: { Id: $request.path.id }, response: /photo }
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [photo]
              properties:
                photo: { type: string, format: binary, maxLength: 3000000 }
                thumb: { contentMediaType: image/gif }
      responses: { '200': { description: ok, content: { image/*: {} } }, '404': { description: none } }
  /forms:
    post:
      operationId: storeForm
      x-soap:
        operation: Store
        request: { Document/Content: '$request.body#/file', Document/Pages: '$request.body#/pages' }
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                name: { type: string, maxLength: 20 }
                pages: { type: integer, minimum: 1 }
                file: { type: string, format: binary, maxLength: 30000000 }
                finger: { type: string, pattern: '^[0-9A-F]*$' }
                extra: { type: array, maxItems: 3, items: {} }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Stored' } } } } }
  /parts:
    post:
      operationId: storeParts
      x-soap: { operation: Store }
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [document]
              properties:
                document:
                  type: object
                  required: [content]
                  properties: { content: { type: string, contentEncoding: base64 }, pages: { type: integer } }
                extra: { type: array, items: { type: string, contentEncoding: base64 } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Stored' } } } } }
components:
  schemas:
    Stored: { type: object, required: [id], properties: { id: { type: string } } }
    Photo:
      type: object
      required: [id, photo]
      properties: { id: { type: string }, photo: { type: string, contentEncoding: base64 }, thumb: { type: string, contentEncoding: base64 } }
`

/** Compiles the contract of the archive; nothing is called. */
export function archive(options: ArchiveOptions = {}): Adapter {
  return inDirectory(options, (contract) => compileContract({ contract, env: options.env ?? {} }))
}

export function checkedArchive(
  options: ArchiveOptions,
  change: (openapi: string) => string = (text) => text,
  env: Readonly<Record<string, string>> = {},
): CheckedContract {
  return inDirectory(options, (contract) => checkContract({ contract, env }), change)
}

function inDirectory<T>(
  options: ArchiveOptions,
  use: (contract: string) => T,
  change: (openapi: string) => string = (text) => text,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'archive-'))
  try {
    writeFileSync(join(directory, 'a.wsdl'), archiveWsdl(options.soap12))
    writeFileSync(join(directory, 'openapi.yaml'), change(archiveOpenApi(options)))
    return use(join(directory, 'openapi.yaml'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}
