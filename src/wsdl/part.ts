import type { Diagnostic, SourceLocation } from '../base/diagnostic/diagnostic.js'
import { WSDL } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import { attributeOf, childrenNamed, resolveQName, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { findBuiltIn } from '../xsd/model/built-in-types.js'
import type { ElementDeclaration, XsdType } from '../xsd/model/model.js'
import type { WsdlContext } from './definitions.js'

/** A wsdl:part, which names an element or a type (WSDL 1.1, 2.3.1). */
export interface Part {
  readonly name: string
  readonly element?: ElementDeclaration
  /** Of the element, where it names one. */
  readonly type: XsdType
  readonly at: SourceLocation
}

/** The names of the parts of a wsdl:message, in order. */
export function partNames(message: XmlElement): string[] {
  return childrenNamed(message, WSDL, 'part').map(nameOf)
}

/**
 * Reads the parts of a wsdl:message that are needed: what is wrong with others breaks nothing.
 *
 * @param leftOut what cannot be used without all of them
 * @returns nothing where one of them is not understood, which is then reported
 */
export function readParts(
  message: XmlElement,
  targetNamespace: string,
  context: WsdlContext,
  { leftOut, isNeeded }: { readonly leftOut: string; readonly isNeeded: (name: string) => boolean },
): Part[] | undefined {
  const nodes = childrenNamed(message, WSDL, 'part').filter((node) => isNeeded(nameOf(node)))
  const parts = nodes.flatMap((node) => readPart(node, targetNamespace, context, leftOut) ?? [])
  return parts.length === nodes.length ? parts : undefined
}

function nameOf(part: XmlElement): string {
  return trimXml(attributeOf(part, 'name')) ?? ''
}

function readPart(
  node: XmlElement,
  targetNamespace: string,
  context: WsdlContext,
  leftOut: string,
): Part | undefined {
  const name = nameOf(node)
  const { elements, types, unusable } = context.schemas
  const elementName = attributeOf(node, 'element')
  if (elementName !== undefined) {
    const element = findComponent(node, elementName, targetNamespace, (key) => elements.get(key))
    if (element) return { name, element, type: element.type, at: node.at }
    const reason = findComponent(node, elementName, targetNamespace, (key) => unusable.elements.get(key))
    report({ what: 'element', node, lexical: elementName, leftOut, reason }, context)
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
    (qname && findBuiltIn(qname)) ?? findComponent(node, typeName, targetNamespace, (key) => types.get(key))
  if (type) return { name, type, at: node.at }
  const reason = findComponent(node, typeName, targetNamespace, (key) => unusable.types.get(key))
  report({ what: 'type', node, lexical: typeName, leftOut, reason }, context)
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
  const localName = trimXml(lexical)
  return get(localName) ?? get(clark({ namespace: targetNamespace, localName }))
}

interface Missing {
  readonly what: 'element' | 'type'
  readonly node: XmlElement
  readonly lexical: string
  readonly leftOut: string
  /** What is wrong with it, where it is there. */
  readonly reason: Diagnostic | undefined
}

function report({ what, node, lexical, leftOut, reason }: Missing, { diagnostics }: WsdlContext): void {
  const name = resolveQName(node, lexical)
  const named = name ? clark(name) : `"${trimXml(lexical)}"`
  if (reason) {
    const { message, at, related = [] } = reason
    diagnostics.warning(
      'wsdl-unusable',
      `The ${what} ${named} cannot be used, since something that it needs is wrong; ${leftOut} is left out.`,
      node.at,
      at ? [{ message, at }, ...related] : related,
    )
    return
  }
  const hint = name ? '' : ' (its prefix is not declared here)'
  diagnostics.warning(
    'wsdl-unresolved',
    `There is no ${what} ${named}${hint} in the schemas that could be read; ${leftOut} is left out.`,
    node.at,
  )
}

/** An element that no schema declares: made from a part. */
export function madeElement(name: QName, type: XsdType, at: SourceLocation): ElementDeclaration {
  return { kind: 'element', name, type, nillable: false, abstract: false, global: false, at }
}
