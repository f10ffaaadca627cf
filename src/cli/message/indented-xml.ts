import XMLBuilder from 'fast-xml-builder'
import { XMLParser } from 'fast-xml-parser'
import type { Body } from '../../base/bytes/source.js'

/** As it was written: nothing is made a number, no reference is expanded, no name is taken apart. */
const VERBATIM = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  commentPropName: '#comment',
  cdataPropName: '#cdata',
} as const

const parser = new XMLParser({
  ...VERBATIM,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // The codec has limits of its own.
  maxNestedTags: Infinity,
})
const builder = new XMLBuilder({
  ...VERBATIM,
  format: true,
  indentBy: '  ',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  maxNestedTags: Infinity,
})

/**
 * Lays XML out for people: an element a line, each within its parent. To be looked at, not sent: white space means something to a
 * signature, and beside elements to whoever reads mixed content.
 *
 * @param xml well-formed
 */
export function indentedXml(xml: string): string {
  return builder.build(parser.parse(xml)).trim()
}

/** A body as a command writes it: laid out where it is XML and a person reads it, else octet for octet. */
export function bodyFor(stream: { readonly isTTY?: boolean }, body: Body): Body {
  return stream.isTTY === true && typeof body === 'string' && body.startsWith('<') ? indentedXml(body) : body
}
