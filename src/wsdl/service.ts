import { WSDL, WSDL_HTTP, WSDL_SOAP_11, WSDL_SOAP_12 } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { type DefinitionNode, documentationOf, follow, type WsdlContext } from './definitions.js'
import type { Binding, Port, Service } from './model.js'

const ADDRESSES: ReadonlySet<string> = new Set([WSDL_SOAP_11, WSDL_SOAP_12, WSDL_HTTP])

/** Builds the services with their ports to SOAP and HTTP (WSDL 1.1, 2.6 and 2.7); other ports are noted and left out. */
export function buildServices(bindings: ReadonlyMap<string, Binding>, context: WsdlContext): Service[] {
  return [...context.definitions.services.values()].map((service) => {
    const documentation = documentationOf(service.node)
    const ports = buildPorts(service, bindings, context)
    const httpPorts = ports.filter(({ binding }) => binding.isHttp)
    if (httpPorts.length < ports.length) for (const port of httpPorts) noteOfHttp(port, context)
    return {
      name: service.name,
      ...(documentation !== undefined && { documentation }),
      ports: ports.filter(({ binding }) => !binding.isHttp),
      httpPorts,
      at: service.node.at,
    }
  })
}

function noteOfHttp({ name, at }: Port, { diagnostics }: WsdlContext): void {
  const message = `Port ${name} is bound to HTTP, not to SOAP, and is left out where the contract does not name it.`
  diagnostics.note('wsdl-port', message, at)
}

function buildPorts(
  service: DefinitionNode,
  bindings: ReadonlyMap<string, Binding>,
  context: WsdlContext,
): Port[] {
  const ports = new Map<string, Port>()
  for (const node of childrenNamed(service.node, WSDL, 'port')) {
    const port = buildPort(node, service, bindings, context)
    const first = port && ports.get(port.name)
    if (first) {
      context.diagnostics.warning(
        'wsdl-duplicate',
        `The port ${port.name} is defined a second time; the first one is used.`,
        node.at,
        [{ message: 'The first one.', at: first.at }],
      )
    } else if (port) ports.set(port.name, port)
  }
  return [...ports.values()]
}

function buildPort(
  node: XmlElement,
  service: DefinitionNode,
  bindings: ReadonlyMap<string, Binding>,
  context: WsdlContext,
): Port | undefined {
  const name = trimXml(attributeOf(node, 'name')) ?? ''
  const definition = follow('bindings', {
    node,
    attribute: 'binding',
    targetNamespace: service.name.namespace,
    wsdlContext: context,
    leftOut: `port ${name}`,
  })
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
    (child) => child.name.localName === 'address' && ADDRESSES.has(child.name.namespace),
  )
  const endpoint = address && trimXml(attributeOf(address, 'location'))
  const demands = context.definitions.policies.demandsOf(subjectsOf(node, definition.node))
  return {
    name,
    binding,
    demands,
    ...(endpoint !== undefined && endpoint !== '' && { endpoint }),
    at: node.at,
  }
}

/** What policies of a port may stand at (WS-Policy 1.5 – Attachment, 4.1.2 to 4.1.4). */
function subjectsOf(port: XmlElement, binding: XmlElement): XmlElement[] {
  const operations = childrenNamed(binding, WSDL, 'operation')
  const messages = operations.flatMap((operation) => childrenNamed(operation, WSDL, 'input'))
  return [port, binding, ...operations, ...messages]
}
