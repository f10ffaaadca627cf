/**
 * A contract as groupware and ERP systems publish them: every operation reaches nearly every type, types derive from each
 * other, and an enumeration of all fields is what hundreds of members are of.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importFrom, ownBuild } from './builds.mjs'

const namespace = 'urn:example:office:v1'
const TYPES_AN_OPERATION = 12
const DERIVED = 4

/**
 * @param types how many complex types
 * @returns the OpenAPI document's path, the size of the WSDL in MB, and the operations
 */
export async function writeLinkedContract(directory, types) {
  const folder = join(directory, `linked-${types}`)
  mkdirSync(folder, { recursive: true })
  const operations = Math.ceil(types / TYPES_AN_OPERATION)
  const text = wsdl(types, operations)
  const file = join(folder, 'office.wsdl')
  writeFileSync(file, text)
  const { importWsdl } = await importFrom(ownBuild, 'index.js')
  const { document, diagnostics } = await importWsdl(file, { baseDir: folder })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(`the contract of ${types} types: ${errors[0].message}`)
  const contract = join(folder, 'openapi.json')
  writeFileSync(contract, JSON.stringify(document))
  return { contract, wsdl: file, megabytes: text.length / 1e6, operations }
}

const element = (name, type, rest = '') => `<xs:element name="${name}" type="${type}"${rest}/>`
const optional = ' minOccurs="0"'
const many = ' minOccurs="0" maxOccurs="unbounded"'
const sequence = (...content) => `<xs:sequence>${content.join('')}</xs:sequence>`

/** Each type has scalars, the enumeration, and others by reference: a list of one, and a choice of two. */
function complexType(n, count) {
  const other = (step) => `t:Item${(n * step + step) % count}`
  const content = sequence(
    element(`Id${n}`, 'xs:string'),
    element('Created', 'xs:dateTime', optional),
    element('Size', 'xs:int', optional),
    element('Field', 't:FieldName', optional),
    element('Parent', other(3), optional),
    `<xs:element name="Members" minOccurs="0"><xs:complexType>${sequence(element('Member', other(7), many))}</xs:complexType></xs:element>`,
    `<xs:choice minOccurs="0">${element('Owner', other(5))}${element('Group', other(11))}</xs:choice>`,
  )
  const attributes = '<xs:attribute name="ChangeKey" type="xs:string"/>'
  const base = n - (n % DERIVED)
  const body =
    n === base || n >= count
      ? `${content}${attributes}`
      : `<xs:complexContent><xs:extension base="t:Item${base}">${sequence(element(`Extra${n}`, 't:FieldName', optional), element(`Other${n}`, other(13), optional))}</xs:extension></xs:complexContent>`
  return `<xs:complexType name="Item${n}">${body}</xs:complexType>`
}

function fieldNames(count) {
  const values = Array.from({ length: count }, (_, n) => `<xs:enumeration value="item:Field${n}"/>`)
  return `<xs:simpleType name="FieldName"><xs:restriction base="xs:string">${values.join('')}</xs:restriction></xs:simpleType>`
}

function wsdl(count, operations) {
  const names = Array.from({ length: operations }, (_, n) => `UpdateItem${n}`)
  const types = Array.from({ length: count }, (_, n) => complexType(n, count))
  const wrapper = (name, ...content) =>
    `<xs:element name="${name}"><xs:complexType>${sequence(...content)}</xs:complexType></xs:element>`
  const wrappers = names.map(
    (name, n) =>
      wrapper(
        name,
        element('Item', `t:Item${n * TYPES_AN_OPERATION}`),
        element('Field', 't:FieldName', many),
      ) + wrapper(`${name}Response`, element('Items', `t:Item${n * TYPES_AN_OPERATION}`, many)),
  )
  const message = (name, part) =>
    `<wsdl:message name="${name}"><wsdl:part name="parameters" element="t:${part}"/></wsdl:message>`
  const messages = names.map((name) => message(`${name}In`, name) + message(`${name}Out`, `${name}Response`))
  const abstract = names.map(
    (name) =>
      `<wsdl:operation name="${name}"><wsdl:input message="t:${name}In"/><wsdl:output message="t:${name}Out"/></wsdl:operation>`,
  )
  const bound = names.map(
    (name) =>
      `<wsdl:operation name="${name}"><soap:operation soapAction="${namespace}/${name}"/>` +
      '<wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>',
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="${namespace}" targetNamespace="${namespace}">
<wsdl:types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">
${fieldNames(count)}
${[...types, ...wrappers].join('\n')}
</xs:schema></wsdl:types>
${messages.join('\n')}
<wsdl:portType name="Office">${abstract.join('\n')}</wsdl:portType>
<wsdl:binding name="OfficeSoap" type="t:Office">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${bound.join('\n')}
</wsdl:binding>
<wsdl:service name="Office"><wsdl:port name="OfficeSoap" binding="t:OfficeSoap">
<soap:address location="http://127.0.0.1:9/office"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`
}
