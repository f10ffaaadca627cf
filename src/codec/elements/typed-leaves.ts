import { matchContent, matchValue } from '../../mapping/canonical/content-walk.js'
import type { ContentMapping, ObjectMapping, ValueMapping } from '../../mapping/canonical/value-mapping.js'

/**
 * Whether in messages of SOAP encoding the `xsi:type` of a simple value may count: where XML is taken as it stands, a text is
 * a document, or simple content may be of several types. Elsewhere the WSDL says how it is read, whatever the `xsi:type`.
 */
export function countsTypesOfLeaves(object: ObjectMapping): boolean {
  const seen = new Set<object>()
  const first = (node: object): boolean => {
    if (seen.has(node)) return false
    seen.add(node)
    return true
  }
  const ofContent = (content: ContentMapping): boolean =>
    first(content) &&
    matchContent(content, {
      element: ({ value }) => ofValue(value),
      any: () => true,
      group: ({ particles }) => particles.some(ofContent),
      repeatedGroup: ({ particles }) => particles.some(ofContent),
    })
  const ofObject = ({ content, text }: ObjectMapping): boolean =>
    text !== undefined || (content !== undefined && ofContent(content))
  const ofValue = (value: ValueMapping): boolean =>
    first(value) &&
    matchValue(value, {
      scalar: () => false,
      object: ofObject,
      array: ({ item }) => ofContent(item),
      polymorphic: ({ alternatives }) => alternatives.some(({ mapping }) => ofObject(mapping)),
      xml: () => true,
      document: () => true,
    })
  return ofObject(object)
}
