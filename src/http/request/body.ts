import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { ByteCollector } from '../../base/bytes/collector.js'
import { PieceCollector } from '../../base/bytes/piece-collector.js'
import type { Octets } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import { type HeldText, JsonError, type JsonLimits, type ParsedJson, parseJson } from '../../json/parse.js'

/** Whether a request announces a body (RFC 9112, section 6.3). */
export function announcesBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length']
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** What is read and thrown away of a body that is too large, so that its sender gets to see the response. */
const DISCARDED_BODIES = 4

/**
 * Reads a request body.
 *
 * @param maxBytes the largest body; more is refused at once where Content-Length tells
 * @throws AdapterError `request-too-large`, or `client-closed` where the body ends early
 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(req.headers['content-length'] ?? 0)
  const body = new ByteCollector(announced <= maxBytes ? announced : 0)
  await receiveBody(req, maxBytes, (chunk) => {
    body.add(chunk)
  })
  return body.take()
}

/**
 * Reads a request body that is passed on as it is.
 *
 * @throws AdapterError as {@link readBody}
 */
export async function readPieces(req: IncomingMessage, maxBytes: number): Promise<Octets> {
  const body = new PieceCollector()
  await receiveBody(req, maxBytes, (chunk) => {
    body.add(chunk)
  })
  return body.take()
}

/**
 * Receives a request body in pieces; what has been taken of one that is refused is worth nothing.
 *
 * @throws AdapterError as {@link readBody}
 */
export function receiveBody(
  req: IncomingMessage,
  maxBytes: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let refused = false
    let isWhole = false
    const refuse = () => {
      if (refused) return
      refused = true
      reject(new AdapterError('request-too-large', `The body is larger than ${maxBytes} bytes.`))
    }
    // Taken off again, as `once` does, a listener would have Node make another set of them, as for each event that nobody
    // listens to any more.
    const gone = () => {
      if (isWhole) return
      reject(new AdapterError('client-closed', 'The client went away before the body was complete.'))
    }
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (!refused && bytes <= maxBytes) take(chunk)
      else if (bytes <= maxBytes * DISCARDED_BODIES) refuse()
      else {
        refuse()
        req.destroy()
      }
    })
    req.on('end', () => {
      isWhole = true
      resolve()
    })
    req.on('error', gone)
    req.on('close', gone)
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) refuse()
  })
}

/** A body that is not JSON, or JSON with its digits kept aside. */
export interface DecodedBody extends ParsedJson {
  value: unknown
  readonly held?: readonly HeldText[]
}

/**
 * Makes a value of a body that is JSON or text.
 *
 * @throws AdapterError `request-malformed` with line and column
 */
export function decodeBody(body: Buffer, kind: 'json' | 'text', limits: JsonLimits): DecodedBody {
  if (!isUtf8(body)) throw new AdapterError('request-malformed', 'The body is not well-formed UTF-8.')
  const text = body.toString('utf8')
  if (kind === 'text') return { value: text, exact: [], values: 1 }
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
