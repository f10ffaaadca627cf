import { WSDL_MIME } from '../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { type MimePart } from './model.js'
import { type Part } from './part.js'

/** soap:body or soap:header of an input or output, also where mime:multipartRelated puts them (WSDL 1.1, 5). */
export function soapChildren(bound: XmlElement | undefined, soap: string, localName: string): XmlElement[] {
  if (!bound) return []
  return [bound, ...mimeParts(bound)].flatMap((node) => childrenNamed(node, soap, localName))
}

/** The parts that mime:content carries beside the envelope, with the media types that are allowed for each. */
export function readAttachments(bound: XmlElement | undefined, parts: readonly Part[]): MimePart[] {
  const types = new Map<string, string[]>()
  for (const node of bound ? mimeParts(bound) : []) {
    for (const content of childrenNamed(node, WSDL_MIME, 'content')) {
      const name = attributeOf(content, 'part')?.trim()
      if (name === undefined) continue
      const type = attributeOf(content, 'type')?.trim()
      types.set(name, [...(types.get(name) ?? []), ...(type === undefined || type === '' ? [] : [type])])
    }
  }
  return [...types].map(([name, allowed]) => {
    const part = parts.find((p) => p.name === name)
    return { part: name, types: allowed, ...(part && { type: part.type }) }
  })
}

function mimeParts(bound: XmlElement): XmlElement[] {
  return childrenNamed(bound, WSDL_MIME, 'multipartRelated').flatMap((multipart) =>
    childrenNamed(multipart, WSDL_MIME, 'part'),
  )
}
