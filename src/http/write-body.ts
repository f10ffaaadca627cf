import { type ServerResponse } from 'node:http'
import { type RestOfBody } from '../adapter/rest.js'
import { type Body, chunksOf } from '../base/byte-source.js'
import { AdapterError } from '../base/errors.js'

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

/**
 * Ends an answer with a body that is still arriving: a slow client slows the backend.
 *
 * @param limits of the client's patience with it
 * @throws AdapterError where it breaks off, or the client is slower than it may be: the answer must not be ended then
 */
export async function streamBody(
  res: ServerResponse,
  body: Body,
  rest: RestOfBody,
  limits: ReaderLimits = READER_LIMITS,
): Promise<void> {
  const onClose = (): void => {
    rest.cancel()
  }
  res.once('close', onClose)
  const pace = new Pace(limits)
  try {
    await writeAll(res, body, pace)
    for await (const next of rest.bodies) {
      if (res.destroyed) return
      await writeAll(res, next, pace)
    }
    if (!res.destroyed) res.end()
  } catch (error) {
    // What is left of an answer whose client has gone breaks off.
    if (!res.destroyed) throw error
  } finally {
    rest.cancel()
    res.off('close', onClose)
  }
}

/** How slowly a client may take an answer that keeps a connection to the backend. */
export interface ReaderLimits {
  /** For which it may take nothing, and that it has beyond what the rate gives it. */
  readonly stalledMs: number
  readonly leastBytesPerSecond: number
}

const READER_LIMITS: ReaderLimits = { stalledMs: 60_000, leastBytesPerSecond: 16_384 }

/** How long one client has waited, and for how much. */
class Pace {
  #waitedMs = 0
  #bytes = 0

  constructor(readonly limits: ReaderLimits) {}

  /** For how long the client may still take nothing. */
  get remainingMs(): number {
    const { stalledMs, leastBytesPerSecond } = this.limits
    const givenMs = stalledMs + (this.#bytes / leastBytesPerSecond) * 1000
    return Math.min(stalledMs, givenMs - this.#waitedMs)
  }

  wrote(bytes: number): void {
    this.#bytes += bytes
  }

  waited(ms: number): void {
    this.#waitedMs += ms
  }
}

async function writeAll(res: ServerResponse, body: Body, pace: Pace): Promise<void> {
  for (const chunk of chunksOf(body)) {
    if (res.destroyed) return
    pace.wrote(chunk.byteLength)
    if (!res.write(chunk)) await drained(res, pace)
  }
}

/** Until the client has taken what was written, or has gone. @throws AdapterError `client-closed` */
function drained(res: ServerResponse, pace: Pace): Promise<void> {
  const since = performance.now()
  return new Promise((resolve, reject) => {
    const settle = (error?: AdapterError): void => {
      clearTimeout(timer)
      pace.waited(performance.now() - since)
      res.off('drain', settle).off('close', settle)
      if (error instanceof AdapterError) reject(error)
      else resolve()
    }
    const timer = setTimeout(() => {
      settle(new AdapterError('client-closed', 'The client took its answer more slowly than it may.'))
    }, pace.remainingMs)
    res.once('drain', settle).once('close', settle)
  })
}
