import { AdapterError } from '../../base/errors.js'
import type { JsonText } from '../../codec/json/text.js'
import { charsetOf } from '../../soap/content-type.js'
import { safeMediaType } from '../../soap/safe-media-type.js'
import { decodeXml } from '../../xml/encoding.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { safeName } from '../../xml/safe-name.js'
import type { SoapResponse } from '../rest.js'
import { type Answer, type AnswerReader, faultOf, outputIn, translate } from './answer.js'

/** Statuses that say that the service is not well, or wants to be left alone, rather than what it thinks of the call. */
const isIll = (status: number): boolean => status >= 500 || status === 429

interface PlainAnswerReader extends Pick<AnswerReader, 'limits' | 'output' | 'detail' | 'mapped'> {
  readonly newText: () => JsonText
  /** Whether the element, in Clark notation, is what the operation gives. */
  readonly isOutput: (name: string) => boolean
}

/**
 * Reads a response without an envelope: an error is told by its element first, then by its status. To conditions of
 * `faults` it is a fault whose code is `HTTP.404` and whose detail holds the document element.
 *
 * @throws AdapterError `backend-not-soap`, `backend-fault`, `backend-malformed` or `backend-mismatch`
 */
export function readPlainAnswer(response: SoapResponse, plain: PlainAnswerReader): Answer {
  const { status, headers, body } = response
  const isGood = status >= 200 && status < 300
  if (body.length === 0 && isGood) {
    if (!plain.output) return { kind: 'empty' }
    throw new AdapterError('backend-not-soap', `The backend answered ${status} with an empty body.`)
  }
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  let reader: XmlReader | undefined
  try {
    const text = typeof body === 'string' ? body : decodeXml(body, charsetOf(headers['content-type']))
    reader = new XmlReader(text, plain.limits)
    return readDocument(reader, status, plain)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    // What an error page says is not looked at.
    if (!isGood) return byStatus(status, '', plain, mediaType)
    throw translate(error, reader, status, mediaType)
  }
}

function readDocument(reader: XmlReader, status: number, plain: PlainAnswerReader): Answer {
  reader.nextElement()
  const isGood = status >= 200 && status < 300
  if (isGood && (!plain.output || plain.isOutput(reader.name))) {
    const answer = outputIn(reader, { ...plain, more: true, status })
    while (reader.nextElement()) reader.skip()
    reader.end()
    return answer
  }
  const { document } = reader
  const name = safeName(reader.localName)
  const fragment = reader.fragment()
  reader.end()
  const fault = faultOf(new XmlReader(document, plain.limits), plain.detail)
  if (fault.declared || fault.mismatch) return fault
  if (!isGood) return byStatus(status, fragment, plain, 'application/xml')
  const mapped = plain.mapped?.(asFault('HTTP.200', fragment))
  if (mapped) return { ...fault, mapped }
  throw new AdapterError('backend-mismatch', `The response is ${name}, which the WSDL does not give.`, {
    path: '/',
  })
}

/** @throws AdapterError where the contract maps nothing to it */
function byStatus(status: number, detail: string, { mapped }: PlainAnswerReader, mediaType: string): Answer {
  const found = mapped?.(asFault(`HTTP.${status}`, detail))
  if (found) {
    const fault = { code: `HTTP.${status}`, subcodes: [], blame: 'other' } as const
    return { kind: 'fault', fault, declared: undefined, mapped: found, details: [], mismatch: undefined }
  }
  const said = `The backend answered ${status} (${safeMediaType(mediaType)})`
  if (isIll(status) || status < 400 || status === 401 || status === 403)
    throw new AdapterError('backend-not-soap', `${said}.`)
  throw new AdapterError(
    'backend-fault',
    `${said}, which the contract maps to nothing: name it in faults, with when: { code: HTTP.${status} }.`,
  )
}

function asFault(code: string, detail: string): string {
  return `<Fault><faultcode>${code}</faultcode><detail>${detail}</detail></Fault>`
}
