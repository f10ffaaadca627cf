import { clark } from '../base/qname.js'
import { attributeOf, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { type DefinitionNode, follow, type WsdlContext } from './definitions.js'
import type { SoapHeader } from './model.js'
import { madeElement, readParts } from './part.js'

/**
 * Reads soap:header (WSDL 1.1, 3.7); its soap:headerfault is ignored.
 *
 * @param leftOut what cannot be used without all of them
 * @returns the headers, and which parts of the body's own message they take out of the body
 */
export function readHeaders(
  nodes: readonly XmlElement[],
  message: DefinitionNode,
  context: WsdlContext,
  leftOut: string,
): { headers: SoapHeader[]; ownParts: Set<string> } | undefined {
  const headers: SoapHeader[] = []
  const ownParts = new Set<string>()
  for (const node of nodes) {
    const definition = follow('messages', {
      node,
      attribute: 'message',
      targetNamespace: message.name.namespace,
      wsdlContext: context,
      leftOut,
    })
    if (!definition) return undefined
    const partName = trimXml(attributeOf(node, 'part')) ?? ''
    const { namespace: own } = definition.name
    const parts = readParts(definition.node, own, context, {
      leftOut,
      isNeeded: (name) => name === partName,
    })
    if (!parts) return undefined
    const [part] = parts
    if (!part) {
      context.diagnostics.warning(
        'wsdl-unresolved',
        `The message ${clark(definition.name)} has no part "${partName}" for this header; ${leftOut} is left out.`,
        node.at,
      )
      return undefined
    }
    if (definition.node === message.node) ownParts.add(part.name)
    const namespace = attributeOf(node, 'namespace') ?? ''
    headers.push({
      part: part.name,
      element: part.element ?? madeElement({ namespace, localName: part.name }, part.type, part.at),
      use: trimXml(attributeOf(node, 'use')) === 'encoded' ? 'encoded' : 'literal',
    })
  }
  return { headers, ownParts }
}
