import { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { WSDL, WSDL_HTTP, WSDL_SOAP_11, WSDL_SOAP_12 } from '../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { type DefinitionNode, follow, type WsdlContext } from './definitions.js'
import type { Binding, LeftOut, SoapOperation } from './model.js'
import { buildOperation, findAbstract } from './operation.js'

const BOUND_TO: ReadonlySet<string> = new Set([WSDL_SOAP_11, WSDL_SOAP_12, WSDL_HTTP])

/** Builds a wsdl:binding to SOAP (WSDL 1.1, 3.3, and its extension for SOAP 1.2) or to HTTP (4). */
export function buildBinding({ node, name }: DefinitionNode, context: WsdlContext): Binding | undefined {
  const soap = node.children.find(
    (child) => child.name.localName === 'binding' && BOUND_TO.has(child.name.namespace),
  )
  if (!soap) return undefined
  const portType = follow('portTypes', {
    node,
    attribute: 'type',
    targetNamespace: name.namespace,
    wsdlContext: context,
    leftOut: `binding ${name.localName}`,
  })
  if (!portType) return undefined
  const style = trimXml(attributeOf(soap, 'style')) === 'rpc' ? 'rpc' : 'document'
  const isHttp = soap.name.namespace === WSDL_HTTP
  const verb = isHttp ? (trimXml(attributeOf(soap, 'verb')) ?? '') : undefined
  const operations: SoapOperation[] = []
  const leftOut: LeftOut[] = []
  const abstracts = operationsByName(portType.node)
  const counted = new Map<string, number>()
  const boundBy = new Map<XmlElement, XmlElement>()
  for (const bound of childrenNamed(node, WSDL, 'operation')) {
    const operationName = trimXml(attributeOf(bound, 'name')) ?? ''
    const nth = counted.get(operationName) ?? 0
    counted.set(operationName, nth + 1)
    if (context.isWanted && !context.isWanted(operationName)) continue
    const own = new Diagnostics()
    const abstract = findAbstract(bound, abstracts.get(operationName) ?? [], nth)
    const first = abstract && boundBy.get(abstract)
    if (first) reportTwin(operationName, bound, first, own)
    else {
      if (abstract) boundBy.set(abstract, bound)
      const by = { abstract, style, soap: soap.name.namespace, verb } as const
      const operation = buildOperation(bound, portType, by, { ...context, diagnostics: own })
      if (operation) operations.push(operation)
      else leftOut.push({ name: operationName, findings: own.list, at: bound.at })
    }
    context.diagnostics.repeat(own)
  }
  return {
    name,
    portType: portType.name,
    soapVersion: soap.name.namespace === WSDL_SOAP_12 ? '1.2' : '1.1',
    transport: trimXml(attributeOf(soap, 'transport')) ?? '',
    isHttp,
    operations,
    leftOut,
    names: [...counted.keys()],
    at: node.at,
  }
}

function reportTwin(name: string, { at }: XmlElement, first: XmlElement, to: Diagnostics): void {
  to.warning(
    'wsdl-duplicate',
    `Operation ${name} of the port type is bound a second time; the first binding is used.`,
    at,
    [{ message: 'The first one.', at: first.at }],
  )
}

function operationsByName(portType: XmlElement): Map<string, XmlElement[]> {
  const byName = new Map<string, XmlElement[]>()
  for (const operation of childrenNamed(portType, WSDL, 'operation')) {
    const name = trimXml(attributeOf(operation, 'name')) ?? ''
    const known = byName.get(name)
    if (known) known.push(operation)
    else byName.set(name, [operation])
  }
  return byName
}
