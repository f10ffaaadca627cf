import { randomUUID } from 'node:crypto'
import type { SoapAnswer } from '../../backend/soap-call.js'
import { decodeBase64 } from '../../base/bytes/base64.js'
import { type Body, bytesOf, lengthOf } from '../../base/bytes/source.js'
import { charsetOf } from '../../soap/content-type.js'
import { isRelated, readRelated } from '../../soap/mime.js'
import { type Attachment, cidOf, ReceivedAttachments, xopInclude } from '../../soap/xop.js'
import type { SoapResponse } from '../rest.js'

/** A response, its envelope apart from what came beside it. */
export interface Received {
  readonly response: SoapResponse
  /** Absent where the response is an envelope and nothing else. */
  readonly attachments: ReceivedAttachments | undefined
}

/**
 * Takes a response apart that has attachments, MTOM or SwA; whatever the contract says of requests, each is understood.
 *
 * @param maxBytes of what the envelope takes of them
 * @param maxAttachments beside the envelope
 * @throws AdapterError `backend-malformed`
 */
export function unpack(
  response: SoapResponse | SoapAnswer,
  maxBytes: number,
  maxAttachments?: number,
): Received {
  const { status, headers, body } = response
  const contentType = headers['content-type']
  if (contentType === undefined || !isRelated(contentType) || lengthOf(body) === 0) {
    return { response: { status, headers, body: joined(body) }, attachments: undefined }
  }
  const octets = typeof body === 'string' ? Buffer.from(body) : body
  const { root, attachments } = readRelated(octets, contentType, maxAttachments)
  return {
    response: {
      status,
      headers: { ...headers, 'content-type': root.mediaType ?? 'text/xml' },
      body: root.bytes,
    },
    attachments: new ReceivedAttachments(attachments, maxBytes),
  }
}

/** A body in one piece, for those who parse it. */
function joined(body: Body): SoapResponse['body'] {
  return typeof body === 'string' || body instanceof Uint8Array ? body : bytesOf(body)
}

/** Smaller answers are not worth a second look. */
const WORTH_CARVING = 262_144
const WORTH_A_PART = 65_536

const GREATER = 0x3e
const LESS = 0x3c
const SLASH = 0x2f

/**
 * Puts xop:Include where an envelope has long base64 in it, as if it had come as MTOM: so the bytes are decoded from
 * the response itself, and never are a text. What comes of it is only good if every Include is asked for; base64 that
 * the WSDL takes for a text must be read as it stands.
 *
 * @returns undefined where there is nothing to gain
 */
export function extractBase64(response: SoapResponse): Received | undefined {
  const { headers, body } = response
  if (typeof body === 'string' || body.byteLength < WORTH_CARVING || !isLikeAscii(headers, body))
    return undefined
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const pieces: Uint8Array[] = []
  const parts: Attachment[] = []
  let from = 0
  for (let end = source.indexOf(GREATER); end !== -1;) {
    const start = end + 1
    const next = source.indexOf(LESS, start)
    if (next === -1) break
    if (next - start >= WORTH_A_PART && source[next + 1] === SLASH) {
      const bytes = decodeBase64(source.subarray(start, next))
      if (bytes) {
        const contentId = randomUUID()
        parts.push({ contentId, mediaType: undefined, bytes })
        pieces.push(source.subarray(from, start), Buffer.from(xopInclude(cidOf(contentId))))
        from = next
      }
    }
    end = source.indexOf(GREATER, next)
  }
  if (parts.length === 0) return undefined
  return {
    response: { ...response, body: Buffer.concat([...pieces, source.subarray(from)]) },
    attachments: new ReceivedAttachments(parts, Infinity),
  }
}

/** Is every byte below 0x80 the character of ASCII? */
function isLikeAscii(headers: SoapResponse['headers'], body: Uint8Array): boolean {
  const charset = charsetOf(headers['content-type'])?.toLowerCase() ?? 'utf-8'
  if (charset.startsWith('utf-16')) return false
  return body[0] !== 0xfe && body[0] !== 0xff && body[0] !== 0 && body[1] !== 0
}
