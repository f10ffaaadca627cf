import type { BackendAnnotation } from '../../annotation/backend/backend.js'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { HttpOperation, Port, SoapOperation } from '../../wsdl/model.js'
import { partsOf } from '../canonical/content-walk.js'
import type { OperationJoin } from './both-sides.js'
import type { RequestMapping } from './mapping.js'

/** How an operation is called without an envelope: as its binding to HTTP says, else its element is POSTed. */
export function httpOf({ http }: SoapOperation): HttpOperation {
  return http ?? { verb: 'POST', location: '', input: 'xml' }
}

/** What only an envelope can carry is refused, not left out: a backend that wants it would be called without. */
export function checkPlainBackend(
  annotation: BackendAnnotation,
  { name, binding }: Port,
  at: SourceLocation,
  diagnostics: Diagnostics,
): void {
  const { envelope, security, addressing, attachments, headers, lenient, receive } = annotation
  if (!binding.isHttp && envelope !== 'none') return
  const given = {
    security: security !== undefined,
    addressing: addressing !== undefined,
    attachments: attachments !== undefined,
    headers: headers.length > 0,
    lenient: (lenient?.size ?? 0) > 0,
    receive: receive !== undefined,
  }
  const refused = Object.entries(given).flatMap(([key, isGiven]) => (isGiven ? [key] : []))
  if (refused.length === 0) return
  const why = binding.isHttp ? `The port ${name} is bound to HTTP` : 'envelope is none'
  const message = `${why}, so that nothing can carry or needs ${refused.join(', ')}: leave ${refused.length === 1 ? 'it' : 'them'} out, or call a port with SOAP.`
  diagnostics.error('envelope-none', message, at, [{ message: 'the port', at: binding.at }])
}

/** Without an envelope a message is one element, or values that are texts. */
export function checkPlainOperation(
  operation: OperationJoin,
  { body, headers, attachments }: RequestMapping,
): void {
  const { document, annotation, backend, soap, diagnostics } = operation
  if (!backend.isPlain) return
  const refuse = (message: string): void => {
    diagnostics.error('envelope-none', message, document.locate(annotation.pointer), [
      { message: 'the WSDL operation', at: soap.at },
    ])
  }
  if (headers) refuse(`${soap.name} is called without an envelope, which x-soap.headers would stand in.`)
  if (attachments.length > 0)
    refuse(`${soap.name} is called without an envelope, beside which attachments would stand.`)
  if (soap.style === 'rpc' || soap.input.use === 'encoded' || soap.output?.use === 'encoded')
    refuse(`${soap.name} is rpc or encoded: without an envelope only document/literal can be called.`)
  const { input } = httpOf(soap)
  for (const [direction, message] of [['input', soap.input] as const, ['output', soap.output] as const]) {
    if (!message || message.body.length === 1 || (direction === 'output' && message.body.length === 0))
      continue
    refuse(
      `The ${direction} of ${soap.name} has ${message.body.length} parts: without an envelope it must be one element.`,
    )
  }
  if (input === 'xml') return
  for (const part of partsOf(body.object.content)) {
    if (part.kind === 'element' && (part.value.kind === 'scalar' || isListOfTexts(part.value))) continue
    const name = part.kind === 'element' ? part.name.localName : 'of any name'
    refuse(
      `The part ${name} of ${soap.name} is no text, and goes to a URL or form: that takes texts and lists of texts.`,
    )
  }
}

function isListOfTexts(value: RequestMapping['members'][number]['value']): boolean {
  return value.kind === 'array' && value.item.value.kind === 'scalar'
}
