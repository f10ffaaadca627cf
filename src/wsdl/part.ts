import { WSDL } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import { type SourceLocation } from '../base/diagnostic.js'
import { attributeOf, childrenNamed, resolveQName, type XmlElement } from '../xml/tree.js'
import { findBuiltIn } from '../xsd/built-in-types.js'
import { type ElementDeclaration, type XsdType } from '../xsd/model.js'
import { type WsdlContext } from './definitions.js'

/** A wsdl:part, which names an element or a type (WSDL 1.1, 2.3.1). */
export interface Part {
  readonly name: string
  readonly element?: ElementDeclaration
  /** Of the element, where it names one. */
  readonly type: XsdType
  readonly at: SourceLocation
}

/**
 * Reads the parts of a wsdl:message.
 *
 * @param leftOut what cannot be used without all of them
 * @returns nothing where one of them is not understood, which is then reported
 */
export function readParts(
  message: XmlElement,
  targetNamespace: string,
  context: WsdlContext,
  leftOut: string,
): Part[] | undefined {
  const nodes = childrenNamed(message, WSDL, 'part')
  const parts = nodes.flatMap((node) => readPart(node, targetNamespace, context, leftOut) ?? [])
  return parts.length === nodes.length ? parts : undefined
}

function readPart(
  node: XmlElement,
  targetNamespace: string,
  context: WsdlContext,
  leftOut: string,
): Part | undefined {
  const name = attributeOf(node, 'name')?.trim() ?? ''
  const elementName = attributeOf(node, 'element')
  if (elementName !== undefined) {
    const element = findComponent(node, elementName, targetNamespace, (key) =>
      context.schemas.elements.get(key),
    )
    if (element) return { name, element, type: element.type, at: node.at }
    report('element', node, elementName, leftOut, context)
    return undefined
  }
  const typeName = attributeOf(node, 'type')
  if (typeName === undefined) {
    context.diagnostics.warning(
      'wsdl-part',
      `Part ${name} must have an element or a type; ${leftOut} is left out.`,
      node.at,
    )
    return undefined
  }
  const qname = resolveQName(node, typeName)
  const type =
    (qname && findBuiltIn(qname)) ??
    findComponent(node, typeName, targetNamespace, (key) => context.schemas.types.get(key))
  if (type) return { name, type, at: node.at }
  report('type', node, typeName, leftOut, context)
  return undefined
}

/** By its QName, or without a prefix also by what the author of many a WSDL meant: no namespace, or the target's. */
function findComponent<T>(
  node: XmlElement,
  lexical: string,
  targetNamespace: string,
  get: (key: string) => T | undefined,
): T | undefined {
  const name = resolveQName(node, lexical)
  const found = name && get(clark(name))
  if (found !== undefined || lexical.includes(':')) return found
  const localName = lexical.trim()
  return get(localName) ?? get(clark({ namespace: targetNamespace, localName }))
}

function report(
  what: string,
  node: XmlElement,
  lexical: string,
  leftOut: string,
  { diagnostics }: WsdlContext,
): void {
  const name = resolveQName(node, lexical)
  diagnostics.warning(
    'wsdl-unresolved',
    `There is no ${what} ${name ? clark(name) : `"${lexical}"`} in the schemas that could be read; ${leftOut} is left out.`,
    node.at,
  )
}

/** An element that no schema declares: made from a part. */
export function madeElement(name: QName, type: XsdType, at: SourceLocation): ElementDeclaration {
  return { kind: 'element', name, type, nillable: false, abstract: false, global: false, at }
}
