import { LinkedDocument } from '../../wsdl/linked-document.js'
import { decodeXml } from '../../xml/encoding.js'
import { XmlError } from '../../xml/reader.js'
import { type Downloaded, DownloadError } from './download.js'

export interface FetchedDocument {
  readonly document: LinkedDocument
  /** What was decided where the label contradicts the content; a sentence. */
  readonly doubt: string | undefined
}

/**
 * The WSDL or schema that was downloaded. Its content decides what it is and in which encoding, not its label: servers
 * send WSDLs as text/html, and name a charset that is the default of theirs.
 *
 * @throws DownloadError where it is neither
 */
export function documentOf(downloaded: Downloaded): FetchedDocument {
  const { bytes, mediaType } = downloaded
  try {
    const { text, doubt } = textOf(downloaded)
    const document = LinkedDocument.read(text)
    if (document) return { document, doubt }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    if (isPage(bytes, mediaType)) throw page(mediaType)
    const told = mediaType === '' ? '' : ` (${mediaType})`
    throw new DownloadError(`the response is not XML${told}: ${error.message}`)
  }
  if (isPage(bytes, mediaType)) throw page(mediaType)
  throw new DownloadError('its document element is neither definitions of WSDL 1.1 nor a schema')
}

function isPage(bytes: Buffer, mediaType: string): boolean {
  return mediaType.includes('html') || /^\s*<(?:!doctype\s+)?html/i.test(bytes.toString('latin1', 0, 1024))
}

function page(mediaType: string): DownloadError {
  return new DownloadError(`the response is a web page (${mediaType}), a login page perhaps`)
}

/**
 * The charset of the Content-Type goes before the XML declaration (RFC 7303, 3.2), but is believed only where the bytes do
 * not contradict it: a document that is what its own declaration says is read so.
 */
function textOf({ bytes, charset }: Downloaded): {
  readonly text: string
  readonly doubt: string | undefined
} {
  if (charset === undefined) return { text: decodeXml(bytes), doubt: undefined }
  const declared = declaredEncoding(bytes)
  const own = attempt(() => decodeXml(bytes))
  const labelled = attempt(() => decodeXml(bytes, charset))
  const says = `The Content-Type says charset ${shown(charset)}, the XML declaration ${declared === undefined ? 'nothing, which is UTF-8' : shown(declared)}`
  const amend = 'If that is wrong, save the file in UTF-8 yourself and import it from there.'
  if (typeof labelled === 'string' && typeof own === 'string') {
    if (labelled === own || declared === undefined) return { text: labelled, doubt: undefined }
    return { text: own, doubt: `${says}: it is read by its declaration. ${amend}` }
  }
  if (typeof own === 'string') {
    return { text: own, doubt: `${says}: only the latter can be, and it is read so. ${amend}` }
  }
  if (typeof labelled === 'string') {
    if (declared === undefined) return { text: labelled, doubt: undefined }
    return { text: labelled, doubt: `${says}: only the former can be, and it is read so. ${amend}` }
  }
  throw new DownloadError(
    `the Content-Type says charset ${shown(charset)} (${labelled.message}), the XML declaration ${declared === undefined ? 'nothing' : shown(declared)} (${own.message}): save the file in UTF-8 yourself and import it from there`,
  )
}

/** @returns the error where the bytes are not in that encoding */
function attempt(decode: () => string): string | XmlError {
  try {
    return decode()
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
}

function declaredEncoding(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 256)
  return /^[^<]{0,3}<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.-]+)/.exec(start)?.[1]
}

/** A name that somebody else chose, in a message. */
function shown(name: string): string {
  return name.replace(/[^\w.-]/g, '?').slice(0, 40)
}
