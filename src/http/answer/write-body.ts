import type { ServerResponse } from 'node:http'
import type { RestOfBody } from '../../adapter/rest.js'
import { type Body, chunksOf, lentChunksOf } from '../../base/bytes/source.js'

/** A text up to here goes to the socket in one piece. */
const SMALL = 65_536

/**
 * Ends a response with its body. What is long goes out in pieces, each when the client has taken those before it; a client
 * that goes away gets no more.
 *
 * @returns for a long body, a promise that resolves when all of it is handed over to the connection, or that is closed
 */
export function writeBody(res: ServerResponse, body: Body): Promise<void> | undefined {
  if ((typeof body === 'string' || body instanceof Uint8Array) && body.length < SMALL) {
    res.end(body)
    return undefined
  }
  return writePieces(res, body)
}

async function writePieces(res: ServerResponse, body: Body): Promise<void> {
  for (const chunk of lentChunksOf(body)) {
    for (let from = 0; from < chunk.byteLength; from += SMALL) {
      if (res.destroyed) return
      await sent(res, chunk.subarray(from, from + SMALL))
    }
  }
  if (!res.destroyed) res.end()
}

/** Until the operating system has the piece, or the client has gone: it may be written over then. */
function sent(res: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      res.off('close', settle)
      resolve()
    }
    res.once('close', settle)
    res.write(piece, settle)
  })
}

/** Until the client has taken what was written, or has gone; the limits of its connection bound it. */
function taken(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      res.off('drain', settle).off('close', settle)
      resolve()
    }
    res.once('drain', settle).once('close', settle)
  })
}

/**
 * Ends a response with a body that is still arriving: a slow client slows the backend, until the limits of its connection
 * cut it.
 *
 * @throws AdapterError where it breaks off: the response must not be ended then
 */
export async function streamBody(res: ServerResponse, body: Body, rest: RestOfBody): Promise<void> {
  const onClose = (): void => {
    rest.cancel()
  }
  res.once('close', onClose)
  try {
    await writeAll(res, body)
    for await (const next of rest.bodies) {
      if (res.destroyed) return
      await writeAll(res, next)
    }
    if (!res.destroyed) res.end()
  } catch (error) {
    // What is left of a response whose client has gone breaks off.
    if (!res.destroyed) throw error
  } finally {
    rest.cancel()
    res.off('close', onClose)
  }
}

async function writeAll(res: ServerResponse, body: Body): Promise<void> {
  for (const chunk of chunksOf(body)) {
    if (res.destroyed) return
    if (!res.write(chunk)) await taken(res)
  }
}
