import { type Segment } from '../base/byte-source.js'
import { AdapterError } from '../base/errors.js'
import { type BodyCodec } from '../codec/body.js'
import { JsonText } from '../codec/codec.js'
import { type Binary } from '../json/value.js'
import { isSoapNamespace } from '../soap/envelope.js'
import { isFault, readFault, type SoapFaultCode } from '../soap/fault.js'
import { notWellFormed } from '../soap/not-well-formed.js'
import { toldMediaType } from '../soap/told-media-type.js'
import { decodeXml } from '../xml/encoding.js'
import { XmlError, XmlReader } from '../xml/reader.js'
import { type SoapResponse } from './rest.js'

/** What a backend's answer turned out to be. */
export type Answer = OutputAnswer | FaultAnswer | { readonly kind: 'empty' }

export interface OutputAnswer {
  readonly kind: 'output'
  /** JSON text, with empty texts for large octets. */
  readonly json: string
  /** The same with them, where there are any. */
  readonly segments: readonly Segment[] | undefined
  /** Where octets are the answer itself. */
  readonly octets: Binary | undefined
}

export interface FaultAnswer {
  readonly kind: 'fault'
  readonly fault: SoapFaultCode
  readonly declared: DeclaredFault | undefined
  /** Local names of the elements in the detail. */
  readonly details: readonly string[]
  /** Why the detail of a declared fault could not be read. */
  readonly mismatch: AdapterError | undefined
}

export interface DeclaredFault {
  readonly name: string
  /** The detail as JSON text. */
  readonly json: string
}

export interface AnswerReader {
  /** Of the envelope that the binding speaks; faults may come in the other one (SOAP 1.2 Part 1, appendix A). */
  readonly namespace: string
  /** Absent on one-way operations, which answer nothing. */
  readonly output: BodyCodec | undefined
  /** Makes the text that the output is decoded to; by default one that knows no attachments. */
  readonly newText?: () => JsonText
  /** Consumes soap:Header. */
  readonly header: (reader: XmlReader) => void
  /** @returns undefined for an element that is no declared fault; it is not consumed then */
  readonly detail: (reader: XmlReader) => DeclaredFault | undefined
}

/**
 * Reads an answer. A fault is told by the envelope, not by the status, which stacks get wrong both ways.
 *
 * @throws AdapterError `backend-not-soap`, `backend-malformed` or `backend-mismatch`; never with a part of the answer
 */
export function readAnswer(response: SoapResponse, answerReader: AnswerReader): Answer {
  const { namespace, output, newText = () => new JsonText(), header, detail } = answerReader
  const { status, headers, body } = response
  if (body.length === 0) {
    if (!output && status >= 200 && status < 300) return { kind: 'empty' }
    throw new AdapterError('backend-not-soap', `The backend answered ${status} with an empty body.`)
  }
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  let reader: XmlReader | undefined
  try {
    const text = typeof body === 'string' ? body : decodeXml(body, charsetOf(headers['content-type']))
    reader = new XmlReader(text)
    const envelope = enterBody(reader, status, mediaType, header)
    const more = reader.nextElement()
    const isFaulty = more && isFault(reader)
    if (!isFaulty && envelope !== namespace) {
      throw new AdapterError(
        'backend-mismatch',
        'The envelope is of another SOAP version than the binding.',
        {
          path: '/Envelope',
        },
      )
    }
    const answer = isFaulty
      ? faultIn(output?.resolvedFault(reader) ?? reader, detail)
      : outputIn(reader, more, status, output, newText)
    while (reader.nextElement()) reader.skip()
    reader.end()
    return answer
  } catch (error) {
    throw error instanceof XmlError ? translate(error, reader, status, mediaType) : error
  }
}

/** The charset parameter of a media type (RFC 9110, section 8.3.2). */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]
}

/** Goes to soap:Body, through soap:Header. @returns the namespace of the envelope */
function enterBody(
  reader: XmlReader,
  status: number,
  mediaType: string,
  header: AnswerReader['header'],
): string {
  reader.nextElement()
  if (!isSoapElement(reader, 'Envelope')) {
    throw notSoap(status, mediaType, 'a document that is no SOAP envelope')
  }
  const { namespace } = reader
  while (reader.nextElement()) {
    if (isSoapElement(reader, 'Body')) return namespace
    if (isSoapElement(reader, 'Header')) header(reader)
    else reader.skip()
  }
  throw new AdapterError('backend-mismatch', 'The envelope has no soap:Body.', { path: '/Envelope' })
}

function isSoapElement(reader: XmlReader, localName: string): boolean {
  return reader.localName === localName && isSoapNamespace(reader.namespace)
}

function notSoap(status: number, mediaType: string, what: string): AdapterError {
  const sent = toldMediaType(mediaType)
  return new AdapterError('backend-not-soap', `The backend answered ${status} (${sent}) with ${what}.`)
}

function outputIn(
  reader: XmlReader,
  more: boolean,
  status: number,
  output: BodyCodec | undefined,
  newText: () => JsonText,
): Answer {
  if (status < 200 || status > 299) {
    throw new AdapterError(
      'backend-mismatch',
      `The backend answered ${status} with an envelope that is no fault.`,
    )
  }
  if (!output) {
    if (more) {
      reader.skip()
      while (reader.nextElement()) reader.skip()
    }
    return { kind: 'empty' }
  }
  const out = newText()
  output.decode(reader, out, more)
  const { segments, outline: json, taken: octets } = out
  return { kind: 'output', json, segments: segments.length > 1 ? segments : undefined, octets }
}

function faultIn(reader: XmlReader, detail: AnswerReader['detail']): Answer {
  let declared: DeclaredFault | undefined
  let mismatch: AdapterError | undefined
  const details: string[] = []
  const fault = readFault(reader, (inner) => {
    details.push(inner.localName)
    try {
      const found = declared === undefined ? detail(inner) : undefined
      if (found) declared = found
      else inner.skip()
      return true
    } catch (error) {
      // It is a fault all the same, though not one that the contract can describe.
      if (!(error instanceof AdapterError && error.code === 'backend-mismatch')) throw error
      mismatch = error
      return false
    }
  })
  while (reader.nextElement()) reader.skip()
  return { kind: 'fault', fault, declared, details, mismatch }
}

/** In the words of the error table; positions say where, the answer itself is never quoted. */
function translate(
  error: XmlError,
  reader: XmlReader | undefined,
  status: number,
  mediaType: string,
): AdapterError {
  const path = reader?.path() ?? '/'
  if (error.code === 'unexpected-text' || error.code === 'unexpected-element' || error.code === 'lexical') {
    return new AdapterError('backend-mismatch', `The answer is not as its WSDL says: ${error.message}.`, {
      path,
      cause: error,
    })
  }
  const isXml = mediaType === '' || /(?:\/|\+)xml$/.test(mediaType)
  if (!isXml) return notSoap(status, mediaType, 'something that is no XML')
  return notWellFormed(error, path)
}
