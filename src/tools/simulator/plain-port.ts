import { AdapterError } from '../../base/errors.js'
import { ownElementsOf } from '../../mapping/canonical/content-walk.js'
import { bodyOf } from '../../mapping/operation/message/body.js'
import { httpOf } from '../../mapping/operation/plain.js'
import type { PublishedWsdl } from '../../wsdl/published-wsdl.js'
import { decodeXml } from '../../xml/encoding.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import type { SimulatedAnswer } from './options.js'
import type { SimulatedOperation } from './simulated-operation.js'

/** One request, as HTTP has it. */
export interface PlainRequest {
  readonly method: string
  /** Behind the path of the port. */
  readonly location: string
  readonly query: URLSearchParams
  readonly body: Uint8Array
  readonly charset: string | undefined
}

/** One wsdl:port whose messages have no envelope: a binding to HTTP, or one to SOAP whose contract says so. */
export class PlainPort {
  constructor(
    readonly service: string,
    readonly name: string,
    readonly path: string,
    readonly wsdl: PublishedWsdl,
    readonly operations: readonly SimulatedOperation[],
  ) {}

  /** A request that the WSDL does not allow is answered with 400 and a text that says why. */
  answer(request: PlainRequest): SimulatedAnswer {
    const candidates = this.operations.filter(({ soap }) => {
      const { verb, location } = httpOf(soap)
      return verb === request.method && pattern(location).test(request.location)
    })
    let operation: SimulatedOperation | undefined
    try {
      const found = this.#find(candidates, request)
      if (!found) {
        const known = this.operations.map(
          ({ soap }) => `${httpOf(soap).verb} ${this.path}${httpOf(soap).location}`,
        )
        return refused(404, `There is no such operation here; there are ${known.join(', ')}.`, 'none')
      }
      operation = found.operation
      operation.validateDocument(found.reader)
      return operation.answer()
    } catch (error) {
      if (!(error instanceof AdapterError || error instanceof XmlError)) throw error
      const where = error instanceof AdapterError ? ` (at ${error.path ?? '/'})` : ''
      return refused(400, error.message + where, operation?.name ?? 'none')
    }
  }

  /** The operation, and a reader on the start tag of what is its input. */
  #find(
    candidates: readonly SimulatedOperation[],
    request: PlainRequest,
  ): { readonly operation: SimulatedOperation; readonly reader: XmlReader } | undefined {
    const [first] = candidates
    if (!first) return undefined
    const values = valuesOf(first, request)
    const reader = new XmlReader(values ?? decodeXml(request.body, request.charset))
    reader.nextElement()
    const operation = values ? first : candidates.find(({ root }) => root === reader.name)
    return operation && { operation, reader }
  }
}

/** Values of a URL or form as the element that stands for the message; undefined where the body is XML. */
function valuesOf({ soap, canonical }: SimulatedOperation, request: PlainRequest): string | undefined {
  const { input, location } = httpOf(soap)
  if (input === 'xml') return undefined
  const values =
    input === 'query'
      ? request.query
      : input === 'form'
        ? new URLSearchParams(Buffer.from(request.body).toString())
        : replaced(location, request.location)
  const [wrapper] = soap.input.body
  const name = wrapper?.name.localName ?? 'values'
  const { object } = bodyOf(soap.input, canonical)
  const lists = new Map(
    ownElementsOf(object.content).flatMap(({ name: { localName }, value }) =>
      value.kind === 'array' ? [[localName, value.item.name] as const] : [],
    ),
  )
  const elements = [...new Set(values.keys())].map((part) => {
    const item = lists.get(part)
    const texts = values.getAll(part).map(escapeText)
    if (!item) return `<${part}>${texts[0] ?? ''}</${part}>`
    const open = `<${item.localName} xmlns="${escapeAttribute(item.namespace)}">`
    return `<${part}>${texts.map((text) => `${open}${text}</${item.localName}>`).join('')}</${part}>`
  })
  return `<${name}>${elements.join('')}</${name}>`
}

function pattern(location: string): RegExp {
  const parts = location.split(/\([^()]*\)/).map((part) => part.replace(/[.*+?^${}|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('([^/]*)')}$`)
}

function replaced(location: string, given: string): URLSearchParams {
  const names = [...location.matchAll(/\(([^()]*)\)/g)].map(([, name = '']) => name)
  const [, ...values] = pattern(location).exec(given) ?? []
  return new URLSearchParams(
    names.map((name, index): [string, string] => [name, decodeURIComponent(values[index] ?? '')]),
  )
}

function refused(status: number, body: string, operation: string): SimulatedAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body, operation, outcome: 'refused' }
}
