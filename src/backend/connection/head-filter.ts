import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { AdapterError } from '../../base/errors.js'
import { beginsWithPlainHead, readResponseHead } from './response-head.js'

const PROTOCOL = Buffer.from('HTTP/')
const CRLF_LINE = Buffer.from('\n\r\n')
const LF_LINE = Buffer.from('\n\n')

/** A head that is longer is left to undici, which refuses it as too large. */
const MAX_HEAD_BYTES = 65_536

/** Of interim responses to one request. */
const MAX_INTERIM_BYTES = 1_048_576

/**
 * Stands between a connection and undici's parser, which destroys the connection at a `100 Continue` that it has not
 * asked for, and cannot be told otherwise (undici 7.30: `Parser.onHeadersComplete` in `lib/dispatcher/client-h1.js`).
 * Old servers, and proxies before them, send one before each response; RFC 9110, section 15.2 wants clients to expect
 * any number of interim responses.
 *
 * Only heads are looked at: undici tells on its diagnostics channel when a request begins, and with one request at a
 * time on a connection the next byte to arrive begins the head of its response. All else passes as it is, so that
 * pooling, TLS, backpressure and errors stay those of the socket.
 */
class HeadFilter {
  #isExpected = false
  #held: Buffer | undefined
  #interimBytes = 0

  /** A request begins. */
  expect(): void {
    this.#isExpected = true
    this.#held = undefined
    this.#interimBytes = 0
  }

  /**
   * @param chunk as it arrived
   * @returns what the parser is given; undefined where nothing of it is for the parser yet
   * @throws AdapterError `backend-malformed` or `backend-too-large`
   */
  pass(chunk: Buffer): Buffer | undefined {
    if (!this.#isExpected) return chunk
    let data = this.#held ? Buffer.concat([this.#held, chunk]) : chunk
    this.#held = undefined
    if (beginsHead(data) && beginsWithPlainHead(data)) return this.#done(data)
    for (data = withoutBlankLines(data); data.length > 0; data = withoutBlankLines(data)) {
      if (!beginsHead(data)) return this.#done(data)
      const end = endOfHead(data)
      if (end === undefined) {
        if (data.length > MAX_HEAD_BYTES) return this.#done(data)
        this.#held = data
        return undefined
      }
      const head = readResponseHead(data.toString('latin1', 0, end))
      const rest = data.subarray(end)
      if (head.kind === 'final') {
        return this.#done(
          head.text === undefined ? data : Buffer.concat([Buffer.from(head.text, 'latin1'), rest]),
        )
      }
      this.#interimBytes += end
      if (this.#interimBytes > MAX_INTERIM_BYTES) {
        throw new AdapterError(
          'backend-too-large',
          `The backend sent more than ${MAX_INTERIM_BYTES} bytes of interim responses (1xx).`,
        )
      }
      data = rest
    }
    return undefined
  }

  #done(data: Buffer): Buffer {
    this.#isExpected = false
    return data
  }
}

/** Some servers end a body with a line end that they do not count (RFC 9112, section 2.2 knows them of clients). */
function withoutBlankLines(data: Buffer): Buffer {
  let start = 0
  while (data[start] === 0x0d || data[start] === 0x0a) start++
  return start === 0 ? data : data.subarray(start)
}

function beginsHead(data: Buffer): boolean {
  const length = Math.min(data.length, PROTOCOL.length)
  return data.compare(PROTOCOL, 0, length, 0, length) === 0
}

/** The offset after the first empty line. */
function endOfHead(data: Buffer): number | undefined {
  const crlf = data.indexOf(CRLF_LINE)
  const end = crlf === -1 ? data.length : crlf
  const lf = data.subarray(0, end + 1).indexOf(LF_LINE)
  if (lf !== -1) return lf + LF_LINE.length
  return crlf === -1 ? undefined : crlf + CRLF_LINE.length
}

const filters = new WeakMap<Socket, HeadFilter>()

subscribe('undici:client:sendHeaders', (message) => {
  filters.get((message as { readonly socket: Socket }).socket)?.expect()
})

/** Connects as `connect` does; what arrives goes through a {@link HeadFilter}. */
export function filteringHeads(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...made) => {
      const [, socket] = made
      if (socket) filterHeads(socket)
      callback(...made)
    })
  }
}

/** undici reads a connection by nothing but `read`. */
function filterHeads(socket: Socket): void {
  const filter = new HeadFilter()
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null
  filters.set(socket, filter)
  socket.read = (size?: number): Buffer | null => {
    for (let chunk = read(size); chunk !== null; chunk = read(size)) {
      try {
        const passed = filter.pass(chunk)
        if (passed) return passed
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined)
        return null
      }
    }
    return null
  }
}
