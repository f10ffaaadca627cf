import { WSDL_MIME } from '../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import type { MimePart } from './model.js'
import type { Part } from './part.js'

/** soap:body or soap:header of an input or output, also where mime:multipartRelated puts them (WSDL 1.1, 5). */
export function soapChildren(bound: XmlElement | undefined, soap: string, localName: string): XmlElement[] {
  if (!bound) return []
  return [bound, ...mimeParts(bound)].flatMap((node) => childrenNamed(node, soap, localName))
}

/** The names of the parts that mime:content carries beside the envelope, with the media types allowed for each. */
export function attachedParts(bound: XmlElement | undefined): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>()
  for (const node of bound ? mimeParts(bound) : []) {
    for (const content of childrenNamed(node, WSDL_MIME, 'content')) {
      const name = trimXml(attributeOf(content, 'part'))
      if (name === undefined) continue
      const type = trimXml(attributeOf(content, 'type'))
      types.set(name, [...(types.get(name) ?? []), ...(type === undefined || type === '' ? [] : [type])])
    }
  }
  return types
}

export function readAttachments(
  attached: ReadonlyMap<string, readonly string[]>,
  parts: readonly Part[],
): MimePart[] {
  return [...attached].map(([name, allowed]) => {
    const part = parts.find((p) => p.name === name)
    return { part: name, types: allowed, ...(part && { type: part.type }) }
  })
}

function mimeParts(bound: XmlElement): XmlElement[] {
  return childrenNamed(bound, WSDL_MIME, 'multipartRelated').flatMap((multipart) =>
    childrenNamed(multipart, WSDL_MIME, 'part'),
  )
}
