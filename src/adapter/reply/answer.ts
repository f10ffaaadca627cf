import { Base64, type Segment, textOf, type TextSegment } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import type { BodyCodec } from '../../codec/body.js'
import { DocumentFault } from '../../codec/document.js'
import { JsonText } from '../../codec/json/text.js'
import type { Binary } from '../../json/value.js'
import { contentTypeOf } from '../../soap/content-type.js'
import type { ResolvedFault } from '../../soap/encoding/message.js'
import { isSoapNamespace } from '../../soap/envelope.js'
import { isFault, readFault, type SoapFaultCode } from '../../soap/fault.js'
import { notWellFormed } from '../../soap/not-well-formed.js'
import { safeMediaType } from '../../soap/safe-media-type.js'
import { sourceOf } from '../../xml/encoding.js'
import { withoutXmlLimits, XmlError, XmlReader, type XmlReaderLimits } from '../../xml/reader.js'
import { XmlSource } from '../../xml/source.js'
import type { SoapResponse } from '../rest.js'
import { encrypted, isEncrypted } from './encrypted.js'
import type { MappedFault } from './mapped-faults.js'

/** What a backend's response turned out to be. */
export type Answer = OutputAnswer | FaultAnswer | { readonly kind: 'empty' }

export interface OutputAnswer {
  readonly kind: 'output'
  /** JSON text, with empty texts for large bytes. */
  readonly json: TextSegment
  /** The same with them, where there are any. */
  readonly segments: readonly Segment[] | undefined
  /** Where bytes are the response itself. */
  readonly bytes: Binary | undefined
}

export interface FaultAnswer {
  readonly kind: 'fault'
  readonly fault: SoapFaultCode
  readonly declared: DeclaredFault | undefined
  /** What the contract makes of a fault that is none of the declared ones. */
  readonly mapped: MappedFault | undefined
  /** Local names of the elements in the detail. */
  readonly details: readonly string[]
  /** Why the detail of a declared fault could not be read. */
  readonly mismatch: AdapterError | undefined
}

export interface DeclaredFault {
  readonly name: string
  /** The detail as JSON text; absent where it is nil. */
  readonly json: string | undefined
}

export interface AnswerReader {
  /** Of the envelope that the binding speaks; faults may come in the other one (SOAP 1.2 Part 1, appendix A). */
  readonly namespace: string
  /** By default those of the reader. */
  readonly limits?: Partial<XmlReaderLimits>
  /** Whether an envelope of another shape is read; called when one is. */
  readonly onOtherShape?: (() => void) | undefined
  /** Absent on one-way operations, which answer nothing. */
  readonly output: BodyCodec | undefined
  /** Makes the text that the output is decoded to; by default one that knows no attachments. */
  readonly newText?: () => JsonText
  /** Consumes soap:Header. */
  readonly header: (reader: XmlReader) => void
  /** @returns undefined for an element that is not a declared fault; it is not consumed then */
  readonly detail: (reader: XmlReader) => DeclaredFault | undefined
  /**
   * Of a fault that is none of the declared ones; absent where the contract maps no others.
   *
   * @param fault the element as a document of its own
   */
  readonly mapped?: ((fault: string) => MappedFault | undefined) | undefined
}

/** A response as it came, or with its body as readers take it. */
export type ReadableResponse = Omit<SoapResponse, 'body'> & {
  readonly body: SoapResponse['body'] | XmlSource
}

/**
 * Reads a response. A fault is told by the envelope, not by the status, which stacks get wrong both ways.
 *
 * @throws AdapterError `backend-not-soap`, `backend-malformed` or `backend-mismatch`; never with a part of the response
 */
export function readAnswer(response: ReadableResponse, answerReader: AnswerReader): Answer {
  const {
    namespace,
    limits,
    onOtherShape,
    output,
    newText = () => new JsonText(),
    header,
    detail,
    mapped,
  } = answerReader
  const { status, headers, body } = response
  if (lengthOf(body) === 0) {
    if (!output && status >= 200 && status < 300) return { kind: 'empty' }
    throw new AdapterError('backend-not-soap', `The backend answered ${status} with an empty body.`)
  }
  const { mediaType, charset } = contentTypeOf(headers['content-type'] ?? '')
  let reader: XmlReader | undefined
  try {
    const source = body instanceof Uint8Array ? sourceOf(body, charset) : body
    reader = new XmlReader(source, limits)
    const envelope = enterBody(reader, { status, mediaType, header, onOtherShape })
    const more = reader.nextElement()
    const isFaulty = more && isFault(reader)
    if (more && isEncrypted(reader)) throw encrypted()
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
      ? faultIn(output?.resolvedFault(reader) ?? { reader, asSent: undefined }, { detail, mapped })
      : outputIn(reader, { more, status, output, newText, detail })
    checkShape(reader, onOtherShape)
    return answer
  } catch (error) {
    throw error instanceof XmlError ? translate(error, reader, status, mediaType) : error
  }
}

function lengthOf(body: ReadableResponse['body']): number {
  return body instanceof XmlSource ? body.end : body.length
}

/** Goes to soap:Body, through soap:Header. @returns the namespace of the envelope */
function enterBody(
  reader: XmlReader,
  {
    status,
    mediaType,
    header,
    onOtherShape,
  }: Pick<AnswerReader, 'header' | 'onOtherShape'> & { readonly status: number; readonly mediaType: string },
): string {
  reader.nextElement()
  if (!isSoapElement(reader, 'Envelope')) {
    throw notSoap(status, mediaType, 'a document that is not a SOAP envelope')
  }
  const { namespace } = reader
  let hasHeader = false
  while (reader.nextElement()) {
    if (isSoapElement(reader, 'Body')) return namespace
    if (isSoapElement(reader, 'Header') && !hasHeader) {
      hasHeader = true
      header(reader)
      continue
    }
    if (!onOtherShape) throw otherShape('an element beside soap:Header and soap:Body')
    onOtherShape()
    reader.skip()
  }
  throw new AdapterError('backend-mismatch', 'The envelope has no soap:Body.', { path: '/Envelope' })
}

/**
 * Reads an envelope to its end, which nothing may follow that some readers see and others do not: a second Body, a Header
 * after it, a processing instruction (SOAP 1.2 Part 1, section 5; SOAP 1.1, section 3; WS-I Basic Profile 1.1, R1011).
 */
function checkShape(reader: XmlReader, onOtherShape: (() => void) | undefined): void {
  let what: string | undefined
  while (reader.nextElement()) {
    what = 'an element after soap:Body'
    reader.skip()
  }
  reader.end()
  if (reader.source.hasInstruction) what ??= 'a processing instruction'
  if (what === undefined) return
  if (!onOtherShape) throw otherShape(what)
  onOtherShape()
}

function otherShape(what: string): AdapterError {
  return new AdapterError('backend-mismatch', `The envelope has ${what}, which SOAP does not allow.`, {
    path: '/Envelope',
  })
}

function isSoapElement(reader: XmlReader, localName: string): boolean {
  return reader.localName === localName && isSoapNamespace(reader.namespace)
}

function notSoap(status: number, mediaType: string, what: string): AdapterError {
  const sent = safeMediaType(mediaType)
  return new AdapterError('backend-not-soap', `The backend answered ${status} (${sent}) with ${what}.`)
}

export function outputIn(
  reader: XmlReader,
  {
    more,
    status,
    output,
    newText,
    detail,
  }: { readonly more: boolean; readonly status: number; readonly newText: () => JsonText } & Pick<
    AnswerReader,
    'output' | 'detail'
  >,
): Answer {
  if (status < 200 || status > 299) {
    throw new AdapterError(
      'backend-mismatch',
      `The backend answered ${status} with an envelope that is not a fault.`,
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
  try {
    output.decode(reader, out, more)
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error
    while (reader.depth > 1) if (reader.nextElement()) reader.skip()
    return faultOf(new XmlReader(error.document, { maxDepth: error.maxDepth }), detail)
  }
  const { segments, taken: bytes } = out
  // Of an envelope that breaks off after its body, the pager still wants what is before the cut.
  if (!out.pager) out.release()
  const [first = ''] = segments
  if (segments.length === 1 && !(first instanceof Base64)) {
    return { kind: 'output', json: first, segments: undefined, bytes }
  }
  const json = textOf(segments.filter((segment) => !(segment instanceof Base64)))
  return { kind: 'output', json, segments, bytes }
}

/** An error that a document tells, without a fault of SOAP; none is declared where it is not one of those of the operation. */
export function faultOf(reader: XmlReader, detail: AnswerReader['detail']): FaultAnswer {
  reader.nextElement()
  const fault = { code: '', subcodes: [], blame: 'other' } as const
  const answer = { kind: 'fault', fault, mapped: undefined, details: [reader.localName] } as const
  try {
    return { ...answer, declared: detail(reader), mismatch: undefined }
  } catch (error) {
    if (!(error instanceof AdapterError && error.code === 'backend-mismatch')) throw error
    return { ...answer, declared: undefined, mismatch: error }
  }
}

function faultIn(
  { reader, asSent }: ResolvedFault,
  { detail, mapped }: Pick<AnswerReader, 'detail' | 'mapped'>,
): Answer {
  // Read once for what it is declared to be, and again for what it says.
  const whole = mapped && reader.fragment()
  const own = whole === undefined ? reader : new XmlReader(whole, withoutXmlLimits)
  if (own !== reader) own.nextElement()
  let declared: DeclaredFault | undefined
  let mismatch: AdapterError | undefined
  const details: string[] = []
  const fault = readFault(own, (inner) => {
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
  const foreign = declared || whole === undefined ? undefined : mapped?.(asSent ?? whole)
  return { kind: 'fault', fault, declared, mapped: foreign, details, mismatch }
}

/** In the words of the error table; positions say where, the response itself is never quoted. */
export function translate(
  error: XmlError,
  reader: XmlReader | undefined,
  status: number,
  mediaType: string,
): AdapterError {
  const path = reader?.path() ?? '/'
  if (error.code === 'unexpected-text' || error.code === 'unexpected-element' || error.code === 'lexical') {
    return new AdapterError('backend-mismatch', `The response does not match its WSDL: ${error.message}.`, {
      path,
      cause: error,
    })
  }
  const isXml = mediaType === '' || /(?:\/|\+)xml$/.test(mediaType)
  if (!isXml) return notSoap(status, mediaType, 'something that is not XML')
  return notWellFormed(error, path)
}
