import { randomUUID } from 'node:crypto'
import { type ByteSource, type Octets, type Segment, Segments } from '../base/bytes/source.js'
import type { SoapDialect } from './envelope.js'
import { type HeaderField, quotedParameter } from './mime-header.js'
import { headerOf, type MessagePart } from './xop.js'

/** A message as HTTP carries it. */
export interface PackagedMessage {
  readonly contentType: string
  readonly body: ByteSource
}

/** How a message is packaged. */
export interface Packaging {
  readonly attachments: readonly MessagePart[]
  /**
   * `xop`: XML-binary Optimized Packaging 1.0, section 4, as MTOM uses it (SOAP Message Transmission Optimization
   * Mechanism, section 4); `swa`: SOAP Messages with Attachments (WS-I Attachments Profile 1.0, section 3)
   */
  readonly form: 'xop' | 'swa'
  readonly dialect: SoapDialect
  /** For SOAP 1.2, which has it in the media type. */
  readonly action: string
  /** Stands nowhere in what is packaged; a new one by default. */
  readonly boundary?: string
}

/** A multipart/related package of an envelope and its attachments (RFC 2387). Bytes go out as they are, never copied. */
export function packageMessage(
  envelope: readonly Segment[],
  {
    attachments,
    form,
    dialect: { version, mediaType },
    action,
    boundary = `----=_Part_${randomUUID()}`,
  }: Packaging,
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
  const segments: (Segment | Octets)[] = [
    partStart(boundary, isXop ? 'binary' : '8bit', [
      { name: 'Content-Type', value: ` ${rootType}` },
      { name: 'Content-ID', value: ` ${start}` },
    ]),
    ...envelope,
    ...attachments.flatMap((attachment) => [
      `\r\n${partStart(boundary, 'binary', headerOf({ ...attachment, contentId: attachment.contentId ?? randomUUID() }))}`,
      attachment.bytes,
    ]),
    `\r\n--${boundary}--\r\n`,
  ]
  return { contentType, body: new Segments(segments) }
}

function partStart(boundary: string, transferEncoding: string, header: readonly HeaderField[]): string {
  const encoding = { name: 'Content-Transfer-Encoding', value: ` ${transferEncoding}` }
  const fields = [...header.slice(0, 1), encoding, ...header.slice(1)]
  return `--${boundary}\r\n${fields.map(({ name, value }) => `${name}:${value}\r\n`).join('')}\r\n`
}
