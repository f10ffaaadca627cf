import { type ServerResponse } from 'node:http'
import { type Body, chunksOf } from '../base/byte-source.js'

/** A text up to here goes to the socket in one piece. */
const SMALL = 262_144

/**
 * Ends an answer with its body. What is long, and would be copied as a whole, goes out in pieces, each when the client
 * has taken those before it; a client that goes away gets no more.
 */
export function writeBody(res: ServerResponse, body: Body): void {
  if (body instanceof Uint8Array || (typeof body === 'string' && body.length < SMALL)) {
    res.end(body)
    return
  }
  const chunks = chunksOf(body)
  const write = (): void => {
    for (;;) {
      if (res.destroyed) return
      const next = chunks.next()
      if (next.done === true) {
        res.end()
        return
      }
      if (!res.write(next.value)) {
        res.once('drain', write)
        return
      }
    }
  }
  write()
}
