import { promisify } from 'node:util'
import { brotliDecompress, inflateRaw, unzip } from 'node:zlib'
import { AdapterError } from '../base/errors.js'
import { tooLarge } from './failure.js'

const unzipped = promisify(unzip)
const inflated = promisify(inflateRaw)
const unbrotlied = promisify(brotliDecompress)

/**
 * Undoes the content coding of an answer (RFC 9110, section 8.4.1), off the event loop.
 *
 * @param coding value of `Content-Encoding`
 * @param maxBytes of the content
 * @throws AdapterError `backend-too-large`, `backend-malformed`
 */
export async function undoContentCoding(coding: string, body: Buffer, maxBytes: number): Promise<Buffer> {
  const name = coding.trim().toLowerCase()
  if (name === '' || name === 'identity' || body.length === 0) return body
  const decode = decoderFor(name, body)
  if (!decode) {
    throw new AdapterError(
      'backend-malformed',
      "The backend's answer has a content coding that was not asked for.",
    )
  }
  try {
    return await decode(body, { maxOutputLength: maxBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(maxBytes, cause)
    throw new AdapterError('backend-malformed', "The backend's answer cannot be decompressed.", { cause })
  }
}

function decoderFor(name: string, body: Buffer): typeof unzipped | undefined {
  if (name === 'gzip' || name === 'x-gzip') return unzipped
  if (name === 'br') return unbrotlied
  // "deflate" is the zlib format, but some servers send bare DEFLATE data.
  if (name === 'deflate') return ((body[0] ?? 0) & 0x0f) === 8 ? unzipped : inflated
  return undefined
}
