import type { QName } from '../base/qname.js'
import type { XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'

/** WS-Addressing 1.0 Metadata, and the drafts that stacks wrote into their WSDLs before it. */
const actionNamespaces = [
  'http://www.w3.org/2007/05/addressing/metadata',
  'http://www.w3.org/2006/05/addressing/wsdl',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
]

/**
 * The [action] of an input or output: as the WSDL says, else the soapAction, else by the default pattern
 * (WS-Addressing 1.0 Metadata, 4.4.1 and 4.4.4).
 *
 * @param direction wsdl:input or wsdl:output of the port type @param name its name, given or by default
 * @param soapAction of an input; '' for an output
 */
export function actionOf(direction: XmlElement, soapAction: string, portType: QName, name: string): string {
  for (const namespace of actionNamespaces) {
    const written = trimXml(direction.attributes.get(`{${namespace}}Action`))
    if (written !== undefined && written !== '') return written
  }
  if (soapAction !== '') return soapAction
  const { namespace, localName } = portType
  const delimiter = /^urn:/i.test(namespace) ? ':' : '/'
  const start = namespace.endsWith(delimiter) ? namespace : namespace + delimiter
  return `${start}${localName}${delimiter}${name}`
}
