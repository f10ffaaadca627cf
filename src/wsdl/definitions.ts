import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { WSDL } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import { attributeOf, childrenNamed, resolveQName, textContent, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import type { SchemaSet } from '../xsd/model/model.js'
import { collapse } from '../xsd/values/white-space.js'
import type { Encodings } from './encoded/types.js'
import { Policies } from './policy/policy.js'

/** A global definition as written, with the target namespace that it is in. */
export interface DefinitionNode {
  readonly node: XmlElement
  readonly name: QName
}

/** What the builders of bindings, operations and messages need. */
export interface WsdlContext {
  readonly definitions: Definitions
  readonly schemas: SchemaSet
  /** The same types as SOAP encoding has them. */
  readonly encodings: Encodings
  readonly diagnostics: Diagnostics
  /** Absent where all operations are wanted. */
  readonly isWanted?: ((operation: string) => boolean) | undefined
}

/** The messages, port types, bindings and services of all WSDL documents, by Clark name, in document order. */
export class Definitions {
  readonly messages = new Map<string, DefinitionNode>()
  readonly portTypes = new Map<string, DefinitionNode>()
  readonly bindings = new Map<string, DefinitionNode>()
  readonly services = new Map<string, DefinitionNode>()
  readonly policies = new Policies()

  /** Adds what a wsdl:definitions defines; the first of a name stands. */
  add(root: XmlElement): void {
    this.policies.add(root)
    const namespace = attributeOf(root, 'targetNamespace') ?? ''
    const components: Readonly<Record<string, Map<string, DefinitionNode>>> = {
      message: this.messages,
      portType: this.portTypes,
      binding: this.bindings,
      service: this.services,
    }
    for (const node of root.children) {
      const localName = trimXml(attributeOf(node, 'name'))
      if (node.name.namespace !== WSDL || localName === undefined) continue
      const component = Object.hasOwn(components, node.name.localName)
        ? components[node.name.localName]
        : undefined
      const name = { namespace, localName }
      if (component && !component.has(clark(name))) component.set(clark(name), { node, name })
    }
  }

  /** Namespaces of the elements and types that the parts of messages refer to. */
  namespacesOfParts(): Set<string> {
    const namespaces = new Set<string>()
    for (const { node } of this.messages.values()) {
      for (const part of childrenNamed(node, WSDL, 'part')) {
        const lexical = attributeOf(part, 'element') ?? attributeOf(part, 'type')
        const name = lexical === undefined ? undefined : resolveQName(part, lexical)
        if (name) namespaces.add(name.namespace)
      }
    }
    return namespaces
  }
}

/**
 * Follows a QName to a message, port type or binding. Without a prefix, many a WSDL means its own target namespace
 * where the default namespace is another one.
 *
 * @param leftOut what cannot be used without it
 * @returns nothing when there is none, which is then reported
 */
export function follow(
  component: 'messages' | 'portTypes' | 'bindings',
  {
    node,
    attribute,
    targetNamespace,
    wsdlContext: { definitions, diagnostics },
    leftOut,
  }: {
    readonly node: XmlElement
    readonly attribute: string
    readonly targetNamespace: string
    readonly wsdlContext: WsdlContext
    readonly leftOut: string
  },
): DefinitionNode | undefined {
  const lexical = trimXml(attributeOf(node, attribute)) ?? ''
  const name = resolveQName(node, lexical)
  const found =
    (name && definitions[component].get(clark(name))) ??
    (lexical.includes(':')
      ? undefined
      : definitions[component].get(clark({ namespace: targetNamespace, localName: lexical })))
  if (!found) {
    const noun = { messages: 'wsdl:message', portTypes: 'wsdl:portType', bindings: 'wsdl:binding' }[component]
    const wanted = name ? clark(name) : `"${lexical}"`
    diagnostics.warning('wsdl-unresolved', `There is no ${noun} ${wanted}; ${leftOut} is left out.`, node.at)
  }
  return found
}

/** Text of wsdl:documentation, white space collapsed. */
export function documentationOf(node: XmlElement): string | undefined {
  const text = childrenNamed(node, WSDL, 'documentation')
    .map((documentation) => collapse(textContent(documentation)))
    .filter((line) => line !== '')
    .join(' ')
  return text === '' ? undefined : text
}
