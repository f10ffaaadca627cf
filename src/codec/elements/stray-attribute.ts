import { SOAP_11, SOAP_12, XMIME, XSI } from '../../base/namespaces.js'
import { WSU_ID } from '../../ws-security/names.js'
import { isInterned } from '../../xml/names.js'
import type { XmlReader } from '../../xml/reader.js'
import { safeName } from '../../xml/safe-name.js'
import { mismatch } from '../codec.js'

/** Attributes that other specifications put on elements of any type. */
const EVERYWHERE = [XSI, SOAP_11, SOAP_12, XMIME].map((namespace) => `{${namespace}}`)

/** @param name in Clark notation */
export function isDeclared(name: string, declared: ReadonlySet<string>): boolean {
  return declared.has(name) || name === WSU_ID || EVERYWHERE.some((namespace) => name.startsWith(namespace))
}

/**
 * Sees to it that the element that the reader stands on has no attributes but those that its type declares (XML Schema
 * Part 1, cvc-complex-type 3 and cvc-type 3.1.1).
 *
 * @throws AdapterError `backend-mismatch`
 */
export function checkAttributes(reader: XmlReader, declared: ReadonlySet<string>): void {
  for (let i = 0; i < reader.attributeCount; i++) {
    const name = reader.attributeName(i)
    if (isDeclared(name, declared)) continue
    throw mismatch(reader, `${attributeSubject(reader, name)} that the WSDL does not declare.`)
  }
}

/**
 * @param reader on the element
 * @param name of one of its attributes, in Clark notation
 * @returns the beginning of a sentence about it, without a name that no schema has
 */
export function attributeSubject(reader: XmlReader, name: string): string {
  const localName = name.slice(name.indexOf('}') + 1)
  const which = isInterned(localName) ? `the attribute ${localName}` : 'an attribute'
  return `${safeName(reader.localName)} has ${which}`
}
