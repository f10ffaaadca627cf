import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { XSD } from '../../base/namespaces.js'
import { childrenNamed, textContent, type XmlElement } from '../../xml/tree.js'
import { collapse } from '../values/white-space.js'

/** Where a component stands and what its xs:annotation says (Part 1, 3.13). */
export function annotated(node: XmlElement): { documentation?: string; at: SourceLocation } {
  const documentation = documentationOf(node)
  return documentation === undefined ? { at: node.at } : { documentation, at: node.at }
}

export function documentationOf(node: XmlElement): string | undefined {
  if (node.children.length === 0) return undefined
  const text = childrenNamed(node, XSD, 'annotation')
    .flatMap((annotation) => childrenNamed(annotation, XSD, 'documentation'))
    .map((documentation) => collapse(textContent(documentation)))
    .filter((line) => line !== '')
    .join(' ')
  return text === '' ? undefined : text
}
