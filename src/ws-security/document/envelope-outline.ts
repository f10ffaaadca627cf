import type { SoapDialect } from '../../soap/envelope.js'
import { XmlError, XmlReader } from '../../xml/reader.js'
import { ADDRESSING, WSSE, WSU_ID } from '../names.js'
import { startTagEnd } from './document.js'

/** Where the parts of an envelope of ours stand, found without reading its body. */
export interface EnvelopeOutline {
  /** Where a first header goes, and the markup that must stand around it there. */
  readonly insertion: {
    readonly start: number
    readonly end: number
    readonly before: string
    readonly after: string
  }
  readonly headers: readonly HeaderOutline[]
  readonly body: BlockOutline
}

/** A start tag: where an attribute can be added to it, and its wsu:Id where it has one. */
export interface BlockOutline {
  readonly nameEnd: number
  readonly id: string | undefined
}

export interface HeaderOutline extends BlockOutline {
  readonly addressing: boolean
}

/**
 * @param envelope with the prefix soap, as the encoder writes it
 * @throws Error when it is not an envelope of the version, or is secured already
 */
export function outline(envelope: string, dialect: SoapDialect): EnvelopeOutline {
  return readHead(envelope, (reader) => outlineBy(reader, envelope, dialect))
}

/**
 * Reads an envelope of ours up to the start tag of its body, without going over what may be long after that.
 *
 * @param read stops at the soap:Body; it is called again with a reader of the whole, where a text looks like a body
 */
export function readHead<T>(envelope: string, read: (reader: XmlReader) => T): T {
  const body = envelope.indexOf('<soap:Body')
  if (body === -1) return read(new XmlReader(envelope))
  try {
    return read(new XmlReader(envelope.slice(0, startTagEnd(envelope, body))))
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return read(new XmlReader(envelope))
  }
}

function outlineBy(reader: XmlReader, envelope: string, { namespace }: SoapDialect): EnvelopeOutline {
  reader.nextElement()
  if (reader.name !== `{${namespace}}Envelope` || !envelope.startsWith('<soap:', reader.position)) {
    throw new Error('What is to be secured is not a soap:Envelope of the binding')
  }
  const headers: HeaderOutline[] = []
  let insertion: EnvelopeOutline['insertion'] | undefined
  while (reader.nextElement()) {
    const at = reader.position
    if (reader.name === `{${namespace}}Body`) {
      insertion ??= { start: at, end: at, before: '<soap:Header>', after: '</soap:Header>' }
      return { insertion, headers, body: block(envelope, reader) }
    }
    if (reader.name !== `{${namespace}}Header`) break
    insertion = insertionInto(envelope, at)
    while (reader.nextElement()) {
      if (reader.name === `{${WSSE}}Security`)
        throw new Error('The envelope has a wsse:Security header already')
      headers.push({ ...block(envelope, reader), addressing: ADDRESSING.includes(reader.namespace) })
      reader.skip()
    }
  }
  throw new Error('The envelope to be secured has no soap:Body')
}

function insertionInto(envelope: string, header: number): EnvelopeOutline['insertion'] {
  const end = startTagEnd(envelope, header)
  return envelope.startsWith('/>', end - 2)
    ? { start: end - 2, end, before: '>', after: '</soap:Header>' }
    : { start: end, end, before: '', after: '' }
}

function block(envelope: string, reader: XmlReader): BlockOutline {
  const rest = envelope.slice(reader.position, reader.position + 2048)
  const nameEnd = reader.position + rest.search(/[ \t\r\n/>]/)
  return { nameEnd, id: reader.attribute(WSU_ID) }
}
