/**
 * A contract as groupware and ERP systems publish them: every operation reaches nearly every type, types derive from each
 * other, and an enumeration of all fields is what hundreds of members are of.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importFrom, ownBuild } from './builds.mjs'
import {
  documentLiteralWsdl,
  element,
  enumeration,
  many,
  optional,
  sequence,
  wrapper,
} from './document-literal.mjs'

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

function wsdl(count, operations) {
  const names = Array.from({ length: operations }, (_, n) => `UpdateItem${n}`)
  const fields = Array.from({ length: count }, (_, n) => `item:Field${n}`)
  const types = Array.from({ length: count }, (_, n) => complexType(n, count))
  const wrappers = names.map(
    (name, n) =>
      wrapper(
        name,
        element('Item', `t:Item${n * TYPES_AN_OPERATION}`),
        element('Field', 't:FieldName', many),
      ) + wrapper(`${name}Response`, element('Items', `t:Item${n * TYPES_AN_OPERATION}`, many)),
  )
  return documentLiteralWsdl({
    name: 'Office',
    namespace,
    prefix: 't',
    operations: names,
    components: [enumeration('FieldName', fields), ...types, ...wrappers],
  })
}
