import { WSDL, WSDL_SOAP_11, WSDL_SOAP_12 } from '../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { type DefinitionNode, follow, type WsdlContext } from './definitions.js'
import { type Binding, type SoapOperation } from './model.js'
import { buildOperation } from './operation.js'

/** Builds a wsdl:binding that is bound to SOAP (WSDL 1.1, 3.3, and its extension for SOAP 1.2). */
export function buildBinding({ node, name }: DefinitionNode, context: WsdlContext): Binding | undefined {
  const soap = node.children.find(
    (child) =>
      child.name.localName === 'binding' &&
      (child.name.namespace === WSDL_SOAP_11 || child.name.namespace === WSDL_SOAP_12),
  )
  if (!soap) return undefined
  const portType = follow('portTypes', node, 'type', name.namespace, context, `binding ${name.localName}`)
  if (!portType) return undefined
  const style = attributeOf(soap, 'style')?.trim() === 'rpc' ? 'rpc' : 'document'
  const operations: SoapOperation[] = []
  const abstracts = operationsByName(portType.node)
  const counted = new Map<string, number>()
  for (const bound of childrenNamed(node, WSDL, 'operation')) {
    const operationName = attributeOf(bound, 'name')?.trim() ?? ''
    const nth = counted.get(operationName) ?? 0
    counted.set(operationName, nth + 1)
    const operation = buildOperation(
      bound,
      portType,
      { nth, abstracts, style, soap: soap.name.namespace },
      context,
    )
    if (operation) operations.push(operation)
  }
  return {
    name,
    portType: portType.name,
    soapVersion: soap.name.namespace === WSDL_SOAP_12 ? '1.2' : '1.1',
    transport: attributeOf(soap, 'transport')?.trim() ?? '',
    operations,
    at: node.at,
  }
}

function operationsByName(portType: XmlElement): Map<string, XmlElement[]> {
  const byName = new Map<string, XmlElement[]>()
  for (const operation of childrenNamed(portType, WSDL, 'operation')) {
    const name = attributeOf(operation, 'name')?.trim() ?? ''
    const known = byName.get(name)
    if (known) known.push(operation)
    else byName.set(name, [operation])
  }
  return byName
}
