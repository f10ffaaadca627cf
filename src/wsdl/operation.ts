import { WSDL } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, type XmlElement } from '../xml/tree.js'
import { actionOf } from './addressing.js'
import { type DefinitionNode, documentationOf, follow, type WsdlContext } from './definitions.js'
import { buildFaults } from './fault.js'
import { buildMessage } from './message.js'
import { type SoapMessage, type SoapOperation } from './model.js'

export interface BoundBy {
  /** Which of the operations of this name it is, from 0. */
  readonly nth: number
  /** The operations of the port type by name. */
  readonly abstracts: ReadonlyMap<string, readonly XmlElement[]>
  /** Of the binding. */
  readonly style: 'document' | 'rpc'
  /** Namespace of the binding's SOAP extension elements. */
  readonly soap: string
}

/** Joins a wsdl:operation of a binding with that of its port type (WSDL 1.1, 2.5). */
export function buildOperation(
  bound: XmlElement,
  portType: DefinitionNode,
  by: BoundBy,
  context: WsdlContext,
): SoapOperation | undefined {
  const name = attributeOf(bound, 'name')?.trim() ?? ''
  const abstract = findAbstract(bound, by.abstracts.get(name) ?? [], by.nth)
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
  const ownStyle = soapOperation && attributeOf(soapOperation, 'style')?.trim()
  const style = ownStyle === 'rpc' || ownStyle === 'document' ? ownStyle : by.style
  const leftOut = `operation ${name}`
  const build = (direction: XmlElement, wrapper: string): SoapMessage | undefined => {
    const message = follow('messages', direction, 'message', portType.name.namespace, context, leftOut)
    const boundDirection = firstChild(bound, direction.name.localName)
    return (
      message &&
      buildMessage(message, boundDirection, { style, wrapper, soap: by.soap, leftOut, at: bound.at }, context)
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
    addressingAction: actionOf(input, soapAction, portType.name, inputName),
    replyAction: output ? actionOf(output, '', portType.name, directionName(abstract, 'output')) : '',
    input: inputMessage,
    ...(outputMessage && { output: outputMessage }),
    faults: buildFaults(abstract, bound, portType.name.namespace, by.soap, context),
    at: bound.at,
  }
}

/** Overloads are told apart by the names of input and output, and as they stand when those do not help (2.5). */
function findAbstract(bound: XmlElement, named: readonly XmlElement[], nth: number): XmlElement | undefined {
  if (named.length < 2) return named[0]
  const agrees = (operation: XmlElement, direction: 'input' | 'output'): boolean => {
    const node = firstChild(bound, direction)
    const wanted = node && attributeOf(node, 'name')?.trim()
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
  const given = node && attributeOf(node, 'name')?.trim()
  if (given !== undefined && given !== '') return given
  const name = attributeOf(operation, 'name')?.trim() ?? ''
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
