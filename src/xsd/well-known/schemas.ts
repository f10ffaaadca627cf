import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import {
  APACHE_SOAP,
  NET_ARRAYS,
  NET_SERIALIZATION,
  NET_SYSTEM,
  NET_TYPES,
  SOAP_11,
  SOAP_12,
  SOAP_ENCODING_11,
  SOAP_ENCODING_12,
  WSA,
  WSA_2004,
  WSI_SWA,
  WSSE,
  WSU,
  XLINK,
  XMIME,
  XML,
  XMLDSIG,
  XOP,
  XSD,
} from '../../base/namespaces.js'
import { parseXmlTree } from '../../xml/tree.js'
import { type Definition, definitionIn, schemaDocument } from '../components/schema-document.js'
import type { Symbols } from '../components/symbols.js'
import { ADDRESSING_SCHEMA, ADDRESSING2004_SCHEMA } from './addressing.js'
import { APACHE_SOAP_SCHEMA } from './apache-soap.js'
import {
  NET_ARRAYS_SCHEMA,
  NET_SERIALIZATION_SCHEMA,
  NET_SYSTEM_SCHEMA,
  NET_TYPES_SCHEMA,
} from './dot-net.js'
import {
  SOAP11_SCHEMA,
  SOAP12_SCHEMA,
  WSSE_SCHEMA,
  WSU_SCHEMA,
  XLINK_SCHEMA,
  XMLDSIG_SCHEMA,
} from './envelope.js'
import { soapEncodingSchema } from './soap-encoding.js'
import { SWA_REF_SCHEMA } from './swa-ref.js'
import { XMIME_SCHEMA, XML_SCHEMA, XOP_SCHEMA } from './xml.js'
import { XML_SCHEMA_SCHEMA } from './xml-schema.js'

/** Schemas that WSDLs refer to without saying where they are. */
const texts: ReadonlyMap<string, () => string> = new Map([
  [XML, () => XML_SCHEMA],
  [XSD, () => XML_SCHEMA_SCHEMA],
  [XMIME, () => XMIME_SCHEMA],
  // Its drafts, which Axis2 and JAX-WS took over.
  ...['http://www.w3.org/2004/11/xmlmime', 'http://www.w3.org/2004/06/xmlmime'].map(
    (draft): [string, () => string] => [draft, () => XMIME_SCHEMA.replaceAll(XMIME, draft)],
  ),
  [XLINK, () => XLINK_SCHEMA],
  [XMLDSIG, () => XMLDSIG_SCHEMA],
  [WSSE, () => WSSE_SCHEMA],
  [WSU, () => WSU_SCHEMA],
  [SOAP_11, () => SOAP11_SCHEMA],
  [SOAP_12, () => SOAP12_SCHEMA],
  [NET_TYPES, () => NET_TYPES_SCHEMA],
  [NET_SERIALIZATION, () => NET_SERIALIZATION_SCHEMA],
  [NET_ARRAYS, () => NET_ARRAYS_SCHEMA],
  [NET_SYSTEM, () => NET_SYSTEM_SCHEMA],
  [WSA_2004, () => ADDRESSING2004_SCHEMA],
  [XOP, () => XOP_SCHEMA],
  [WSA, () => ADDRESSING_SCHEMA],
  [WSI_SWA, () => SWA_REF_SCHEMA],
  [APACHE_SOAP, () => APACHE_SOAP_SCHEMA],
  [SOAP_ENCODING_11, () => soapEncodingSchema(SOAP_ENCODING_11)],
  [SOAP_ENCODING_12, () => soapEncodingSchema(SOAP_ENCODING_12)],
])

const definitions = new Map<string, readonly Definition[]>()

export function isWellKnown(namespace: string): boolean {
  return texts.has(namespace)
}

/** Adds what a well-known namespace defines to a schema set that has not defined it itself. */
export function addWellKnown(symbols: Symbols, namespace: string): void {
  for (const definition of definitionsOf(namespace)) {
    if (!symbols.get(definition.kind, definition.name)) symbols.add(definition)
  }
}

/** The global definitions of a well-known namespace; none for any other. */
function definitionsOf(namespace: string): readonly Definition[] {
  const known = definitions.get(namespace)
  if (known) return known
  const text = texts.get(namespace)
  const root = text && parseXmlTree(text(), namespace, new Diagnostics())
  const document = root && schemaDocument(root)
  const found = document ? document.root.children.flatMap((child) => definitionIn(child, document) ?? []) : []
  definitions.set(namespace, found)
  return found
}
