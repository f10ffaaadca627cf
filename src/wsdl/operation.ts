import { WSDL } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import { actionOf } from './addressing.js'
import { type DefinitionNode, documentationOf, follow, type WsdlContext } from './definitions.js'
import { buildFaults } from './fault.js'
import { readHttpOperation } from './http-binding.js'
import { buildMessage } from './message.js'
import type { SoapMessage, SoapOperation } from './model.js'

export interface BoundBy {
  /** The operation of the port type. */
  readonly abstract: XmlElement | undefined
  /** Of the binding. */
  readonly style: 'document' | 'rpc'
  /** Namespace of the binding's extension elements. */
  readonly soap: string
  /** Of a binding to HTTP. */
  readonly verb?: string | undefined
}

/** Joins a wsdl:operation of a binding with that of its port type (WSDL 1.1, 2.5). */
export function buildOperation(
  bound: XmlElement,
  portType: DefinitionNode,
  by: BoundBy,
  context: WsdlContext,
): SoapOperation | undefined {
  const name = trimXml(attributeOf(bound, 'name')) ?? ''
  const { abstract } = by
  if (!abstract) {
    context.diagnostics.warning(
      'wsdl-unresolved',
      `The port type ${clark(portType.name)} has no operation ${name} as it is bound here; it is left out.`,
      bound.at,
      [{ message: 'The port type.', at: portType.node.at }],
    )
    return undefined
  }
  const input = firstChild(abstract, 'input')
  if (!input) {
    context.diagnostics.warning(
      'wsdl-operation',
      `Operation ${name} has no input: a notification cannot be called and is left out.`,
      abstract.at,
    )
    return undefined
  }
  if (beginsWithOutput(abstract)) {
    context.diagnostics.warning(
      'wsdl-solicit-response',
      `Operation ${name} has its output before its input, as if the backend began; it is called like any other.`,
      abstract.at,
    )
  }
  const soapOperation = bound.children.find(
    (child) => child.name.localName === 'operation' && child.name.namespace === by.soap,
  )
  const ownStyle = soapOperation && trimXml(attributeOf(soapOperation, 'style'))
  const style = ownStyle === 'rpc' || ownStyle === 'document' ? ownStyle : by.style
  const http =
    by.verb === undefined
      ? undefined
      : readHttpOperation(
          bound,
          { verb: by.verb, input: firstChild(bound, 'input'), output: firstChild(bound, 'output') },
          context,
        )
  if (by.verb !== undefined && !http) return undefined
  const leftOut = `operation ${name}`
  const build = (direction: XmlElement, wrapper: string): SoapMessage | undefined => {
    const message = follow('messages', {
      node: direction,
      attribute: 'message',
      targetNamespace: portType.name.namespace,
      wsdlContext: context,
      leftOut,
    })
    const boundDirection = firstChild(bound, direction.name.localName)
    return (
      message &&
      buildMessage(
        message,
        boundDirection,
        {
          // Values that stand in no XML are members of an element that is never sent.
          style: http && http.input !== 'xml' && direction === input ? 'rpc' : style,
          wrapper,
          soap: by.soap,
          leftOut,
          at: bound.at,
        },
        context,
      )
    )
  }
  const output = firstChild(abstract, 'output')
  const inputMessage = build(input, name)
  const outputMessage = output && build(output, `${name}Response`)
  if (!inputMessage || (output && !outputMessage)) return undefined
  const inputName = directionName(abstract, 'input')
  const soapAction = (soapOperation && attributeOf(soapOperation, 'soapAction')) ?? ''
  const documentation = documentationOf(abstract) ?? documentationOf(bound)
  return {
    name,
    inputName,
    ...(documentation !== undefined && { documentation }),
    style,
    soapAction,
    ...(http && { http }),
    addressingAction: actionOf(input, soapAction, portType.name, inputName),
    replyAction: output ? actionOf(output, '', portType.name, directionName(abstract, 'output')) : '',
    input: inputMessage,
    ...(outputMessage && { output: outputMessage }),
    faults: buildFaults(abstract, {
      bound,
      targetNamespace: portType.name.namespace,
      soap: by.soap,
      context,
    }),
    at: bound.at,
  }
}

/**
 * The operation of the port type that is bound. Overloads are told apart by the names of input and output, and as they
 * stand when those do not help (2.5).
 *
 * @param named the operations of the port type that have its name @param nth which of that name the bound one is, from 0
 */
export function findAbstract(
  bound: XmlElement,
  named: readonly XmlElement[],
  nth: number,
): XmlElement | undefined {
  if (named.length < 2) return named[0]
  const agrees = (operation: XmlElement, direction: 'input' | 'output'): boolean => {
    const node = firstChild(bound, direction)
    const wanted = node && trimXml(attributeOf(node, 'name'))
    return wanted === undefined || wanted === directionName(operation, direction)
  }
  const byInput = named.filter((operation) => agrees(operation, 'input'))
  const byBoth = byInput.filter((operation) => agrees(operation, 'output'))
  const candidates = byBoth.length > 0 ? byBoth : byInput.length > 0 ? byInput : named
  return candidates.length === 1 ? candidates[0] : (candidates[nth] ?? candidates[0])
}

/** The name of an input or output, given or by default (2.4.5). */
function directionName(operation: XmlElement, direction: 'input' | 'output'): string {
  const node = firstChild(operation, direction)
  const given = node && trimXml(attributeOf(node, 'name'))
  if (given !== undefined && given !== '') return given
  const name = trimXml(attributeOf(operation, 'name')) ?? ''
  if (!firstChild(operation, 'output') || !firstChild(operation, 'input')) return name
  const solicits = beginsWithOutput(operation)
  if (direction === 'input') return solicits ? `${name}Response` : `${name}Request`
  return solicits ? `${name}Solicit` : `${name}Response`
}

function firstChild(node: XmlElement, localName: string): XmlElement | undefined {
  return node.children.find((c) => c.name.localName === localName && c.name.namespace === WSDL)
}

/** Would the backend begin (WSDL 1.1, 2.4.3 and 2.4.4)? */
function beginsWithOutput(operation: XmlElement): boolean {
  const first = operation.children.find(
    (child) => child.name.localName === 'input' || child.name.localName === 'output',
  )
  return first?.name.localName === 'output'
}
