import { Diagnostics } from '../base/diagnostic.js'
import {
  APACHE_SOAP,
  SOAP_ENCODING_11,
  SOAP_ENCODING_12,
  WSA,
  WSI_SWA,
  XML,
  XMIME,
  XOP,
} from '../base/namespaces.js'
import { parseXmlTree } from '../xml/tree.js'
import { type Definition, definitionIn, schemaDocument } from './schema-document.js'
import { type Symbols } from './symbols.js'
import { addressingSchema } from './well-known/addressing.js'
import { apacheSoapSchema } from './well-known/apache-soap.js'
import { soapEncodingSchema } from './well-known/soap-encoding.js'
import { swaRefSchema } from './well-known/swa-ref.js'
import { xmimeSchema, xmlSchema, xopSchema } from './well-known/xml.js'

/** Schemas that WSDLs refer to without saying where they are. */
const texts: ReadonlyMap<string, () => string> = new Map([
  [XML, () => xmlSchema],
  [XMIME, () => xmimeSchema],
  [XOP, () => xopSchema],
  [WSA, () => addressingSchema],
  [WSI_SWA, () => swaRefSchema],
  [APACHE_SOAP, () => apacheSoapSchema],
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
