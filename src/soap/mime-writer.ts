import { randomUUID } from 'node:crypto'
import { type ByteSource, type Segment, Segments } from '../base/byte-source.js'
import { quotedParameter } from './mime-header.js'
import { type Attachment } from './xop.js'
import { type SoapDialect } from './envelope.js'

/** A message as HTTP carries it. */
export interface PackagedMessage {
  readonly contentType: string
  readonly body: ByteSource
}

/**
 * A multipart/related package of an envelope and its attachments (RFC 2387). Octets go out as they are, never copied.
 *
 * @param form `xop`: XML-binary Optimized Packaging 1.0, section 4, as MTOM uses it (SOAP Message Transmission
 *   Optimization Mechanism, section 4); `swa`: SOAP Messages with Attachments (WS-I Attachments Profile 1.0, section 3)
 * @param action for SOAP 1.2, which has it in the media type
 * @param boundary stands nowhere in what is packaged
 */
export function packageMessage(
  envelope: readonly Segment[],
  attachments: readonly Attachment[],
  form: 'xop' | 'swa',
  { version, mediaType }: SoapDialect,
  action: string,
  boundary = `----=_Part_${randomUUID()}`,
): PackagedMessage {
  const start = '<envelope@soapstone>'
  const actionParameter = version === '1.2' && action !== '' ? `; action=${quotedParameter(action)}` : ''
  const isXop = form === 'xop'
  const contentType =
    `multipart/related; type="${isXop ? 'application/xop+xml' : mediaType}"; start="${start}"` +
    (isXop ? `; start-info="${mediaType}"` : '') +
    `; boundary="${boundary}"${actionParameter}`
  const rootType = isXop
    ? `application/xop+xml; charset=UTF-8; type="${mediaType}"`
    : `${mediaType}; charset=UTF-8${actionParameter}`
  const segments: Segment[] = [
    partStart(boundary, rootType, isXop ? 'binary' : '8bit', start),
    ...envelope,
    ...attachments.flatMap(({ contentId, mediaType: type, bytes }) => [
      `\r\n${partStart(boundary, type ?? 'application/octet-stream', 'binary', `<${contentId ?? randomUUID()}>`)}`,
      bytes,
    ]),
    `\r\n--${boundary}--\r\n`,
  ]
  return { contentType, body: new Segments(segments) }
}

function partStart(
  boundary: string,
  contentType: string,
  transferEncoding: string,
  contentId: string,
): string {
  return (
    `--${boundary}\r\nContent-Type: ${contentType}\r\n` +
    `Content-Transfer-Encoding: ${transferEncoding}\r\nContent-ID: ${contentId}\r\n\r\n`
  )
}
