import { SOAP_11, SOAP_12 } from '../base/namespaces.js'
import type { XmlReader } from '../xml/reader.js'
import { trimXml } from '../xml/white-space.js'

/** Is the block marked so that whoever does not know it must not go on (SOAP 1.1, 4.2.3; SOAP 1.2 Part 1, 5.2.3)? */
export function mustUnderstand(block: XmlReader): boolean {
  const value = block.attribute(`{${SOAP_12}}mustUnderstand`) ?? block.attribute(`{${SOAP_11}}mustUnderstand`)
  const mark = trimXml(value)
  return mark === '1' || mark === 'true'
}

const roles = new Set([
  '',
  'http://schemas.xmlsoap.org/soap/actor/next',
  `${SOAP_12}/role/next`,
  `${SOAP_12}/role/ultimateReceiver`,
])

/** Is the block meant for the end of the message path, which we are (SOAP 1.1, 4.2.2; SOAP 1.2 Part 1, 2.2)? */
export function isForUltimateReceiver(block: XmlReader): boolean {
  const role = block.attribute(`{${SOAP_12}}role`) ?? block.attribute(`{${SOAP_11}}actor`) ?? ''
  return roles.has(trimXml(role))
}
