import { clark } from '../../base/qname.js'
import { dialect, isSoapNamespace } from '../../soap/envelope.js'
import { isForUltimateReceiver, mustUnderstand } from '../../soap/header-block.js'
import type { SoapVersion } from '../../wsdl/model.js'
import { XmlReader } from '../../xml/reader.js'

/** A request is not what can be answered; the message is for the person who wrote the client. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
}

export interface RequestBody {
  readonly blocks: readonly HeaderBlock[]
  /** On the first child of soap:Body where there is one. */
  readonly reader: XmlReader
  /** Whether there is one. */
  readonly more: boolean
}

/** A child of soap:Header, kept until it is known which operation it is for. */
export interface HeaderBlock {
  /** Clark name. */
  readonly name: string
  readonly namespace: string
  readonly localName: string
  /** Whether who does not know it must not go on: it is marked so, and meant for us. */
  readonly mustBeUnderstood: boolean
  /** A document of its own. */
  readonly markup: string
}

/**
 * Goes to the first child of soap:Body.
 *
 * @throws RefusedRequest where it is not an envelope of the version
 * @throws XmlError where it is not well-formed
 */
export function openEnvelope(text: string, version: SoapVersion): RequestBody {
  const reader = new XmlReader(text)
  reader.nextElement()
  const { namespace } = dialect(version)
  if (
    !isSoapNamespace(reader.namespace) ||
    reader.name !== clark({ namespace: reader.namespace, localName: 'Envelope' })
  ) {
    throw new RefusedRequest('The request is not a SOAP envelope.')
  }
  if (reader.namespace !== namespace) {
    throw new RefusedRequest(`This port speaks SOAP ${version}; the envelope is of the other version.`)
  }
  const blocks: HeaderBlock[] = []
  while (reader.nextElement()) {
    if (reader.name === clark({ namespace, localName: 'Body' })) {
      return { blocks, reader, more: reader.nextElement() }
    }
    if (reader.name === clark({ namespace, localName: 'Header' })) {
      while (reader.nextElement()) blocks.push(headerBlock(reader))
    } else reader.skip()
  }
  throw new RefusedRequest('The envelope has no soap:Body.')
}

function headerBlock(reader: XmlReader): HeaderBlock {
  const { name, namespace, localName } = reader
  const mustBeUnderstood = mustUnderstand(reader) && isForUltimateReceiver(reader)
  return { name, namespace, localName, mustBeUnderstood, markup: reader.fragment() }
}

/** Reads what follows soap:Body, so that a document that is broken there is refused too. */
export function closeEnvelope(reader: XmlReader): void {
  while (reader.nextElement()) reader.skip()
  reader.end()
}

/** The action of a request: SOAP 1.1, 6.1.1; RFC 3902, `action`. Empty where it has none. */
export function actionOf(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const { soapaction } = headers
  if (typeof soapaction === 'string') return soapaction.trim().replace(/^"(.*)"$/, '$1')
  const contentType = headers['content-type']
  const parameter =
    typeof contentType === 'string' ? /;\s*action\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) : null
  return parameter?.[1] ?? parameter?.[2] ?? ''
}
