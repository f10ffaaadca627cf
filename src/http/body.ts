import { isUtf8 } from 'node:buffer'
import { type IncomingMessage } from 'node:http'
import { AdapterError } from '../base/errors.js'
import { JsonError, type JsonLimits, type ParsedJson, parseJson } from '../json/parse.js'
import { isJson, isText } from './media-type.js'

/** Whether a request announces a body (RFC 9112, section 6.3). */
export function announcesBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length']
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** What is read and thrown away of a body that is too large, so that its sender gets to see the answer. */
const DISCARDED_BODIES = 4

/**
 * Reads a request body.
 *
 * @param maxBytes the largest body; more is refused at once where Content-Length tells
 * @throws AdapterError `request-too-large`, or `client-closed` where the body ends early
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let refused = false
    const refuse = () => {
      if (refused) return
      refused = true
      chunks.length = 0
      reject(new AdapterError('request-too-large', `The body is larger than ${maxBytes} bytes.`))
    }
    const gone = () => {
      reject(new AdapterError('client-closed', 'The client went away before the body was complete.'))
    }
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (!refused && bytes <= maxBytes) chunks.push(chunk)
      else if (bytes <= maxBytes * DISCARDED_BODIES) refuse()
      else {
        refuse()
        req.destroy()
      }
    })
    req.once('end', () => {
      req.off('close', gone)
      const [only] = chunks
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks))
    })
    req.once('error', gone)
    req.once('close', gone)
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) refuse()
  })
}

/** A body that is not JSON, or JSON with its digits kept aside. */
export interface DecodedBody extends ParsedJson {
  value: unknown
}

/**
 * Makes a value of a body: JSON of JSON, a string of text, base64 of everything else – as a member of the
 * type `xs:base64Binary` would be written.
 *
 * @throws AdapterError `request-malformed` with line and column
 */
export function decodeBody(body: Buffer, essence: string, limits: JsonLimits): DecodedBody {
  if (!isJson(essence) && !isText(essence)) return { value: body.toString('base64'), exact: [], values: 1 }
  if (!isUtf8(body)) throw new AdapterError('request-malformed', 'The body is not well-formed UTF-8.')
  const text = body.toString('utf8')
  if (!isJson(essence)) return { value: text, exact: [], values: 1 }
  try {
    return parseJson(text, limits)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new AdapterError(
      'request-malformed',
      `The body is not the JSON that is taken here: ${error.message}.`,
    )
  }
}
