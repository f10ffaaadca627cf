import { WSDL, WSDL_SOAP_11, WSDL_SOAP_12 } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { type DefinitionNode, documentationOf, follow, type WsdlContext } from './definitions.js'
import { type Binding, type Port, type Service } from './model.js'

/** Builds the services with their SOAP ports (WSDL 1.1, 2.6 and 2.7); other ports are noted and left out. */
export function buildServices(bindings: ReadonlyMap<string, Binding>, context: WsdlContext): Service[] {
  return [...context.definitions.services.values()].map((service) => {
    const documentation = documentationOf(service.node)
    return {
      name: service.name,
      ...(documentation !== undefined && { documentation }),
      ports: childrenNamed(service.node, WSDL, 'port').flatMap((node) => {
        const port = buildPort(node, service, bindings, context)
        return port ? [port] : []
      }),
      at: service.node.at,
    }
  })
}

function buildPort(
  node: XmlElement,
  service: DefinitionNode,
  bindings: ReadonlyMap<string, Binding>,
  context: WsdlContext,
): Port | undefined {
  const name = attributeOf(node, 'name')?.trim() ?? ''
  const definition = follow('bindings', node, 'binding', service.name.namespace, context, `port ${name}`)
  if (!definition) return undefined
  const binding = bindings.get(clark(definition.name))
  if (!binding) {
    // A binding to SOAP that could not be built has been reported.
    context.diagnostics.note(
      'wsdl-port',
      `Port ${name} has no usable binding to SOAP and is left out.`,
      node.at,
    )
    return undefined
  }
  const address = node.children.find(
    (child) =>
      child.name.localName === 'address' &&
      (child.name.namespace === WSDL_SOAP_11 || child.name.namespace === WSDL_SOAP_12),
  )
  const endpoint = address && attributeOf(address, 'location')?.trim()
  return { name, binding, ...(endpoint !== undefined && endpoint !== '' && { endpoint }), at: node.at }
}
