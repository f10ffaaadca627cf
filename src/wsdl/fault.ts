import { WSDL } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { documentationOf, follow, type WsdlContext } from './definitions.js'
import type { SoapFault } from './model.js'
import { madeElement, partNames, readParts } from './part.js'

/** Builds the faults of an operation (WSDL 1.1, 3.6): each has one part, the child of the fault's detail. */
export function buildFaults(
  abstract: XmlElement,
  {
    bound,
    targetNamespace,
    soap,
    context,
  }: {
    readonly bound: XmlElement
    readonly targetNamespace: string
    readonly soap: string
    readonly context: WsdlContext
  },
): SoapFault[] {
  const boundFaults = childrenNamed(bound, WSDL, 'fault')
  return childrenNamed(abstract, WSDL, 'fault').flatMap((node): SoapFault[] => {
    const name = trimXml(attributeOf(node, 'name')) ?? ''
    const leftOut = `fault ${name}`
    const message = follow('messages', {
      node,
      attribute: 'message',
      targetNamespace,
      wsdlContext: context,
      leftOut,
    })
    if (!message) return []
    const [first, second] = partNames(message.node)
    const parts = readParts(message.node, message.name.namespace, context, {
      leftOut,
      isNeeded: (own) => own === first,
    })
    if (!parts) return []
    const [part] = parts
    if (!part || second !== undefined) {
      context.diagnostics.warning(
        'wsdl-fault',
        `The message ${clark(message.name)} of fault ${name} must have exactly one part; ${part ? 'the first one counts' : 'the fault is left out'}.`,
        message.node.at,
      )
      if (!part) return []
    }
    const boundFault = boundFaults.find((fault) => trimXml(attributeOf(fault, 'name')) === name)
    const soapFault = boundFault && childrenNamed(boundFault, soap, 'fault')[0]
    const namespace = (soapFault && attributeOf(soapFault, 'namespace')) ?? ''
    const isEncoded = soapFault && trimXml(attributeOf(soapFault, 'use')) === 'encoded'
    const encoding = isEncoded
      ? context.encodings.of(attributeOf(soapFault, 'encodingStyle'), soap)
      : undefined
    const type = encoding ? encoding.type(part.type) : part.type
    const documentation = documentationOf(node)
    return [
      {
        name,
        element: part.element ?? madeElement({ namespace, localName: part.name }, type, part.at),
        ...(documentation !== undefined && { documentation }),
        at: node.at,
      },
    ]
  })
}
