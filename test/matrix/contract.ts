import type { OpenApiObject } from '../../src/openapi/document.js'

export const styles = ['document wrapped', 'document bare', 'rpc literal', 'rpc encoded'] as const
export type Style = (typeof styles)[number]
export const soapVersions = ['1.1', '1.2'] as const
export type SoapVersion = (typeof soapVersions)[number]

export interface Cell {
  readonly style: Style
  readonly soap: SoapVersion
}

/** A name for files: `wrapped11`. */
export function cellName({ style, soap }: Cell): string {
  const [first = '', second = ''] = style.split(' ')
  return `${first === 'document' ? second : `rpc${second}`}${soap.replace('.', '')}`
}

export const NAMESPACE = 'urn:matrix'

/**
 * One service in the eight ways of saying it: Submit takes an Order and gives it back with a receipt that shows
 * that it was understood. The types are the same in all of them.
 */
export function matrixWsdl(cell: Cell, endpoint: string): string {
  const { style, soap } = cell
  const isEncoded = style === 'rpc encoded'
  const binding = soap === '1.1' ? 'soap' : 'soap12'
  const encoding =
    soap === '1.1' ? 'http://schemas.xmlsoap.org/soap/encoding/' : 'http://www.w3.org/2003/05/soap-encoding'
  const use = isEncoded ? `use="encoded" encodingStyle="${encoding}"` : 'use="literal"'
  const namespace = style.startsWith('rpc') ? ` namespace="${NAMESPACE}"` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Matrix" targetNamespace="${NAMESPACE}" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:m="${NAMESPACE}"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/${binding}/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/">
  <types>
    <xs:schema targetNamespace="${NAMESPACE}" elementFormDefault="${isEncoded ? 'unqualified' : 'qualified'}">
${isEncoded ? '      <xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>\n' : ''}${types(isEncoded)}${elements(style)}
    </xs:schema>
  </types>
${messages(style)}
  <portType name="Matrix">
    <operation name="Submit"><input message="m:SubmitIn"/><output message="m:SubmitOut"/><fault name="Rejected" message="m:Rejected"/></operation>
  </portType>
  <binding name="MatrixBinding" type="m:Matrix">
    <soap:binding style="${style.startsWith('rpc') ? 'rpc' : 'document'}" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Submit">
      <soap:operation soapAction="urn:matrix#Submit"/>
      <input><soap:body ${use}${namespace}/></input>
      <output><soap:body ${use}${namespace}/></output>
      <fault name="Rejected"><soap:fault name="Rejected" ${use}/></fault>
    </operation>
  </binding>
  <service name="MatrixService"><port name="MatrixPort" binding="m:MatrixBinding"><soap:address location="${endpoint}"/></port></service>
</definitions>
`
}

function types(isEncoded: boolean): string {
  const array = isEncoded
    ? `<xs:complexType name="ArrayOfItem"><xs:complexContent><xs:restriction base="soapenc:Array">
        <xs:attribute ref="soapenc:arrayType" wsdl:arrayType="m:Item[]"/></xs:restriction></xs:complexContent></xs:complexType>`
    : '<xs:complexType name="ArrayOfItem"><xs:sequence><xs:element name="item" type="m:Item" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>'
  return `      <xs:simpleType name="Color"><xs:restriction base="xs:string"><xs:enumeration value="RED"/><xs:enumeration value="GREEN"/></xs:restriction></xs:simpleType>
      <xs:complexType name="Item"><xs:sequence>
        <xs:element name="sku" type="xs:string"/><xs:element name="quantity" type="xs:int"/><xs:element name="price" type="xs:decimal"/>
      </xs:sequence></xs:complexType>
      ${array}
      <xs:complexType name="Order"><xs:sequence>
        <xs:element name="id" type="xs:long"/>
        <xs:element name="customer" type="xs:string"/>
        <xs:element name="placed" type="xs:dateTime"/>
        <xs:element name="express" type="xs:boolean"/>
        <xs:element name="weight" type="xs:double"/>
        <xs:element name="color" type="m:Color"/>
        <xs:element name="payload" type="xs:base64Binary"/>
        <xs:element name="note" type="xs:string" minOccurs="0"/>
        <xs:element name="discount" type="xs:decimal" nillable="true"/>
        <xs:element name="items" type="m:ArrayOfItem"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="Result"><xs:sequence>
        <xs:element name="receipt" type="xs:string"/><xs:element name="order" type="m:Order"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="Rejection"><xs:sequence>
        <xs:element name="code" type="xs:string"/><xs:element name="left" type="xs:int"/>
      </xs:sequence></xs:complexType>
      <xs:element name="Rejected" type="m:Rejection"/>
`
}

function elements(style: Style): string {
  if (style === 'document wrapped') {
    return `      <xs:element name="Submit"><xs:complexType><xs:sequence><xs:element name="order" type="m:Order"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="SubmitResponse"><xs:complexType><xs:sequence>
        <xs:element name="receipt" type="xs:string"/><xs:element name="order" type="m:Order"/>
      </xs:sequence></xs:complexType></xs:element>`
  }
  if (style === 'document bare') {
    return '      <xs:element name="NewOrder" type="m:Order"/>\n      <xs:element name="Outcome" type="m:Result"/>'
  }
  return ''
}

function messages(style: Style): string {
  const rejected =
    style === 'rpc encoded'
      ? '<part name="Rejected" type="m:Rejection"/>'
      : '<part name="fault" element="m:Rejected"/>'
  const [input, output] = style.startsWith('rpc')
    ? [
        '<part name="order" type="m:Order"/>',
        '<part name="receipt" type="xs:string"/><part name="order" type="m:Order"/>',
      ]
    : style === 'document wrapped'
      ? [
          '<part name="parameters" element="m:Submit"/>',
          '<part name="parameters" element="m:SubmitResponse"/>',
        ]
      : ['<part name="body" element="m:NewOrder"/>', '<part name="body" element="m:Outcome"/>']
  return `  <message name="SubmitIn">${input}</message>
  <message name="SubmitOut">${output}</message>
  <message name="Rejected">${rejected}</message>`
}

const string = { type: 'string' }
const item = {
  type: 'object',
  required: ['sku', 'quantity', 'price'],
  properties: { sku: string, quantity: { type: 'integer' }, price: { type: 'string', format: 'decimal' } },
}
const orderSchema = (nils: boolean): object => ({
  type: 'object',
  required: ['id', 'customer', 'placed', 'express', 'weight', 'color', 'payload', 'discount', 'items'],
  properties: {
    id: { type: 'integer' },
    customer: string,
    placed: { type: 'string', format: 'date-time' },
    express: { type: 'boolean' },
    weight: { type: 'number' },
    color: { type: 'string', enum: ['RED', 'GREEN'] },
    payload: { type: 'string', contentEncoding: 'base64' },
    note: nils ? { type: ['string', 'null'] } : string,
    discount: { type: ['string', 'null'], format: 'decimal' },
    items: { type: 'array', items: item },
  },
})

/**
 * The contract: but for where the order goes, it is the same for all cells.
 *
 * @param options `nils`: whether what is optional may be null; `backend`: more of what is said of the backend;
 *   `missing`: what tells the undeclared fault that becomes 404
 */
export function matrixContract(
  { style }: Cell,
  wsdl: string,
  options: { readonly nils?: boolean; readonly backend?: object; readonly missing?: object } = {},
): OpenApiObject {
  const order = orderSchema(options.nils === true)
  const result = { type: 'object', required: ['receipt', 'order'], properties: { receipt: string, order } }
  const rejection = {
    type: 'object',
    properties: {
      fault: {
        type: 'object',
        required: ['code', 'left'],
        properties: { code: string, left: { type: 'integer' } },
      },
    },
  }
  const missing = {
    type: 'object',
    properties: { fault: { type: 'object', properties: { id: { type: 'integer' }, why: string } } },
  }
  const json = (schema: object) => ({ 'application/json': { schema } })
  return {
    openapi: '3.1.0',
    info: { title: 'Matrix', version: '1' },
    servers: [{ url: '/v1' }],
    'x-soap-backends': { matrix: { wsdl, endpoint: '${MATRIX_URL}', timeoutMs: 20000, ...options.backend } },
    paths: {
      '/orders': {
        post: {
          operationId: 'submit',
          requestBody: { required: true, content: json(order) },
          responses: {
            '200': { description: 'Done', content: json(result) },
            '409': {
              description: 'Rejected',
              content: { 'application/problem+json': { schema: rejection } },
            },
            ...(options.missing && {
              '404': {
                description: 'No such order',
                content: { 'application/problem+json': { schema: missing } },
              },
            }),
          },
          'x-soap': {
            operation: 'Submit',
            faults: { Rejected: 409, ...(options.missing && { OrderMissing: options.missing }) },
            ...(style !== 'document bare' && { request: { order: '$request.body' } }),
          },
        },
      },
    },
  }
}
