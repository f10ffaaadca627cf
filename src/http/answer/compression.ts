import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip, type Zlib } from 'node:zlib'
import type { Identity, RestOfBody } from '../../adapter/rest.js'
import { type Body, chunksOf } from '../../base/bytes/source.js'
import type { FieldList } from './field-list.js'

/** Content codings of responses (RFC 9110, section 8.4.1), the better one first. */
const CODINGS = ['br', 'gzip'] as const
export type Coding = (typeof CODINGS)[number]

/** What is compressed shrinks: texts, and what is written like one. */
const TEXT = /^(?:text\/(?!event-stream)[^;]+|application\/(?:[^;]+\+)?(?:json|xml|yaml))(?:;|$)/i

/** Quality costs time: at 4 both take about as long as writing the JSON did. */
const GZIP = { level: 4 }
/** A window of 256 KiB, so that a response holds little memory. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 },
}

/** Responses of this process that may be compressed at once; others are sent as they are. */
const MOST_AT_ONCE = 16
let running = 0

/**
 * Whether a response may be compressed at all, whatever its client takes.
 *
 * The length of a compressed text tells how much of it repeats. Where somebody else can choose a part of the request, and
 * sees how long the response is, they find out a secret that stands in it beside what they chose (BREACH, CVE-2013-3587).
 * So what a client has sent does not get compressed with what it did not know: no response to a request with a body, and no
 * problem. Nor any response to credentials that a browser sends by itself, for whoever has a page opened: a certificate, a
 * cookie. Keys and tokens in header fields only the client itself can send.
 */
export function mayCompress(
  { method, headers: sent }: Pick<IncomingMessage, 'method' | 'headers'>,
  { status, fields }: { readonly status: number; readonly fields: Pick<FieldList, 'get'> },
  identity?: Identity,
): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (status !== 200 && status !== 304) return false
  if (sent.cookie !== undefined || identity?.namedBy === 'certificate') return false
  if (fields.get('content-encoding') !== undefined || fields.get('content-range') !== undefined) return false
  const control = fields.get('cache-control')
  if (control !== 'no-store' && /\bno-transform\b/i.test(text(control))) return false
  const mediaType = fields.get('content-type')
  return mediaType === 'application/json' || TEXT.test(text(mediaType))
}

function text(field: unknown): string {
  return typeof field === 'string' ? field : ''
}

/** The coding that a client likes best of ours (RFC 9110, section 12.5.3); undefined for none. */
export function codingFor(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined) return undefined
  const qualities = new Map<string, number>()
  for (const item of acceptEncoding.toLowerCase().split(',').slice(0, MOST_ITEMS)) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))
    const quality = weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1))
    qualities.set(name === 'x-gzip' ? 'gzip' : name, Number.isNaN(quality) ? 0 : quality)
  }
  const qualityOf = (coding: string): number => qualities.get(coding) ?? qualities.get('*') ?? 0
  const identity = qualities.get('identity') ?? 0
  const [best] = CODINGS.filter((coding) => qualityOf(coding) > 0 && qualityOf(coding) >= identity).sort(
    (a, b) => qualityOf(b) - qualityOf(a),
  )
  return best
}

const MOST_ITEMS = 20

/** One of the places there are; undefined where all are taken. @returns gives it back */
export function takePlace(): (() => void) | undefined {
  if (running >= MOST_AT_ONCE) return undefined
  running++
  let isTaken = true
  return () => {
    if (isTaken) running--
    isTaken = false
  }
}

/**
 * A text whose coding is another than that of the tag: equal to it, but not byte for byte (RFC 9110, section 8.8.1).
 */
export function weakTag(etag: string): string {
  return etag.startsWith('W/') ? etag : `W/${etag}`
}

/** A body that is compressed as a whole, so that its length is told, has at most so many bytes. */
export const WHOLE_BYTES = 1_048_576

/** Off the event loop. */
export function compress(body: Uint8Array, coding: Coding): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, coded: Buffer): void => {
      if (error) reject(error)
      else resolve(coded)
    }
    if (coding === 'gzip') gzip(body, GZIP, done)
    else brotliCompress(body, BROTLI, done)
  })
}

/**
 * Ends a response with a body that is compressed while it is sent. What has arrived of it is flushed, so that the client
 * gets each part when there is one. A slow client slows the coder, and that slows whoever brings the body.
 *
 * @throws AdapterError where the rest breaks off: the response must not be ended then
 */
export async function streamCompressed(
  res: ServerResponse,
  coding: Coding,
  { body, rest }: { readonly body: Body; readonly rest: RestOfBody | undefined },
): Promise<void> {
  const coder: Transform & Zlib = coding === 'gzip' ? createGzip(GZIP) : createBrotliCompress(BROTLI)
  const kind = coding === 'gzip' ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_FLUSH
  const resume = () => coder.resume()
  const onClose = () => {
    coder.destroy()
    rest?.cancel()
  }
  res.once('close', onClose)
  res.on('drain', resume)
  coder.on('data', (chunk: Buffer) => {
    if (!res.write(chunk)) coder.pause()
  })
  const isGone = () => res.destroyed || coder.destroyed
  try {
    await feed(coder, body)
    if (rest) {
      await flush(coder, kind)
      for await (const next of rest.bodies) {
        if (isGone()) return
        await feed(coder, next)
        await flush(coder, kind)
      }
    }
    if (isGone()) return
    const ended = Promise.race([once(coder, 'end'), once(coder, 'close')])
    coder.end()
    await ended
    if (!res.destroyed) res.end()
  } catch (error) {
    // What is left of a response whose client has gone breaks off.
    if (!res.destroyed) throw error
  } finally {
    rest?.cancel()
    res.off('close', onClose).off('drain', resume)
    coder.destroy()
  }
}

async function feed(coder: Transform, body: Body): Promise<void> {
  for (const chunk of chunksOf(body)) {
    if (coder.destroyed) return
    if (!coder.write(chunk)) await settled(coder, (resolve) => coder.once('drain', resolve))
  }
}

function flush(coder: Transform & Zlib, kind: number): Promise<void> {
  return settled(coder, (resolve) => {
    coder.flush(kind, resolve)
  })
}

/** Until something has happened, or the coder has been given up. */
function settled(coder: Transform, begin: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (coder.destroyed) {
      resolve()
      return
    }
    const settle = (): void => {
      coder.off('close', settle)
      resolve()
    }
    coder.once('close', settle)
    begin(settle)
  })
}
