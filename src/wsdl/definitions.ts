import { type Diagnostics } from '../base/diagnostic.js'
import { WSDL } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import { attributeOf, childrenNamed, resolveQName, textContent, type XmlElement } from '../xml/tree.js'
import { type SchemaSet } from '../xsd/model.js'
import { collapse } from '../xsd/white-space.js'
import { type Encodings } from './encoded-types.js'

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
}

/** The messages, port types, bindings and services of all WSDL documents, by Clark name, in document order. */
export class Definitions {
  readonly messages = new Map<string, DefinitionNode>()
  readonly portTypes = new Map<string, DefinitionNode>()
  readonly bindings = new Map<string, DefinitionNode>()
  readonly services = new Map<string, DefinitionNode>()

  /** Adds what a wsdl:definitions defines; the first of a name stands. */
  add(root: XmlElement): void {
    const namespace = attributeOf(root, 'targetNamespace') ?? ''
    const sorts: Readonly<Record<string, Map<string, DefinitionNode>>> = {
      message: this.messages,
      portType: this.portTypes,
      binding: this.bindings,
      service: this.services,
    }
    for (const node of root.children) {
      const localName = attributeOf(node, 'name')?.trim()
      if (node.name.namespace !== WSDL || localName === undefined) continue
      const sort = Object.hasOwn(sorts, node.name.localName) ? sorts[node.name.localName] : undefined
      const name = { namespace, localName }
      if (sort && !sort.has(clark(name))) sort.set(clark(name), { node, name })
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
  sort: 'messages' | 'portTypes' | 'bindings',
  node: XmlElement,
  attribute: string,
  targetNamespace: string,
  { definitions, diagnostics }: WsdlContext,
  leftOut: string,
): DefinitionNode | undefined {
  const lexical = attributeOf(node, attribute)?.trim() ?? ''
  const name = resolveQName(node, lexical)
  const found =
    (name && definitions[sort].get(clark(name))) ??
    (lexical.includes(':')
      ? undefined
      : definitions[sort].get(clark({ namespace: targetNamespace, localName: lexical })))
  if (!found) {
    const noun = { messages: 'wsdl:message', portTypes: 'wsdl:portType', bindings: 'wsdl:binding' }[sort]
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
