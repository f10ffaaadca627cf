import { AdapterError } from '../../base/errors.js'
import type { SoapVersion } from '../../wsdl/model.js'
import type { PublishedWsdl } from '../../wsdl/published-wsdl.js'
import { decodeXml } from '../../xml/encoding.js'
import { escapeAttribute } from '../../xml/escape.js'
import { XmlError, type XmlReader } from '../../xml/reader.js'
import { faultAnswer } from './fault.js'
import type { SimulatedAnswer } from './options.js'
import { openEnvelope, RefusedRequest } from './request-envelope.js'
import {
  type Correlation,
  correlationOf,
  FAULT_ACTION,
  NotUnderstood,
  replyBlocks,
} from './request-header.js'
import type { SimulatedOperation } from './simulated-operation.js'

interface SimulatedPortParts {
  /** wsdl:service and wsdl:port. */
  readonly service: string
  readonly name: string
  readonly soapVersion: SoapVersion
  /** Path of the URL, with a leading slash. */
  readonly path: string
  /** What `?wsdl` gives. */
  readonly wsdl: PublishedWsdl
  readonly operations: readonly SimulatedOperation[]
  /** Names of operations that cannot be simulated. */
  readonly leftOut: readonly string[]
}

/** One wsdl:port: finds the operation that a request is for. */
export class SimulatedPort {
  readonly service: string
  readonly name: string
  readonly soapVersion: SoapVersion
  readonly path: string
  readonly wsdl: PublishedWsdl
  readonly operations: readonly SimulatedOperation[]
  readonly #leftOut: readonly string[]

  constructor({ service, name, soapVersion, path, wsdl, operations, leftOut }: SimulatedPortParts) {
    this.service = service
    this.name = name
    this.soapVersion = soapVersion
    this.path = path
    this.wsdl = wsdl
    this.operations = operations
    this.#leftOut = leftOut
  }

  /**
   * Answers a request; one that the WSDL does not allow with a fault that says why.
   *
   * @param action SOAPAction or `action`; empty where there is none
   */
  answer(bytes: Uint8Array, charset: string | undefined, action: string): SimulatedAnswer {
    let operation: SimulatedOperation | undefined
    let reader: XmlReader | undefined
    let correlation: Correlation | undefined
    try {
      const body = openEnvelope(decodeXml(bytes, charset), this.soapVersion)
      reader = body.reader
      correlation = correlationOf(body.blocks)
      operation = this.#find(body.more ? reader.name : undefined, action)
      operation.validate(body)
      return operation.answer(correlation)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const where = error instanceof AdapterError ? ` (at ${error.path ?? '/'})` : ''
      return faultAnswer(this.soapVersion, {
        blame: error instanceof NotUnderstood ? 'must-understand' : 'sender',
        reason: `${error.message}${where}`,
        operation: operation?.name ?? 'none',
        blocks: notUnderstoodBlock(error, this.soapVersion) + replyBlocks(correlation, FAULT_ACTION),
      })
    }
  }

  /** By the child of soap:Body; where several operations take it, or the action is another's, the action decides. */
  #find(root: string | undefined, action: string): SimulatedOperation {
    const taking = this.operations.filter((operation) => operation.root === root)
    if (taking.length === 0) {
      const leftOut =
        this.#leftOut.length === 0
          ? ''
          : ` Left out, for the reasons given at the start: ${this.#leftOut.join(', ')}.`
      throw new RefusedRequest(
        `No operation of ${this.name} takes ${root ?? 'an empty soap:Body'}.${leftOut}`,
      )
    }
    const named = action === '' ? taking : taking.filter(({ soap }) => soap.soapAction === action)
    const [found] = named
    if (found) return found
    const expected = taking.map(({ soap }) => `"${soap.soapAction}"`).join(' or ')
    throw new RefusedRequest(
      `The action of ${taking[0]?.name ?? ''} is ${expected}, not the one that was sent.`,
    )
  }
}

/** Names the block (SOAP 1.2 Part 1, 5.4.8). */
function notUnderstoodBlock(error: Error, version: SoapVersion): string {
  if (!(error instanceof NotUnderstood) || version === '1.1') return ''
  const { namespace, localName } = error.block
  const declaration = namespace === '' ? '' : ` xmlns:b="${escapeAttribute(namespace)}"`
  return `<soap:NotUnderstood${declaration} qname="${namespace === '' ? '' : 'b:'}${localName}"/>`
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof NotUnderstood ||
    error instanceof RefusedRequest ||
    error instanceof AdapterError ||
    error instanceof XmlError
  )
}
