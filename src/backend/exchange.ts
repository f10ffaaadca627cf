import { type IncomingHttpHeaders } from 'node:http'
import { type Dispatcher } from 'undici'
import { ByteCollector } from '../base/byte-collector.js'
import { ByteStream } from '../base/byte-stream.js'
import { AdapterError } from '../base/errors.js'
import { undoContentCoding } from './content-coding.js'
import { tooLarge, transportFailure } from './failure.js'
import { type CallInFlight, type SoapAnswer } from './soap-call.js'

/** The kernel takes so much in one piece or not at all: its send buffer begins with 16 KiB (Linux, `tcp_wmem`). */
const MAX_ATOMIC_BYTES = 8192

type Phase = 'connecting' | 'waiting' | 'reading'

const late: Record<Phase, string> = {
  connecting: 'no connection was free or could be made, and nothing was sent',
  waiting: 'its answer did not begin',
  reading: 'its answer did not end',
}

/**
 * One request on a connection and its answer. Settles once: by the answer, a failure, the deadline or an abort;
 * whatever is left of the exchange then goes with its connection. An answer that is given while it arrives settles the
 * exchange when it turns out to be long; from then on the deadline holds for each of its pieces.
 */
export class Exchange implements CallInFlight, Dispatcher.DispatchHandler {
  readonly answer: Promise<SoapAnswer>
  readonly #timeoutMs: number
  readonly #maxBytes: number
  readonly #streamFrom: number
  #deadline: NodeJS.Timeout
  #resolve: (answer: SoapAnswer) => void = () => undefined
  #reject: (error: AdapterError) => void = () => undefined
  #dispatcher: Dispatcher | undefined
  #request: Dispatcher.DispatchOptions | undefined
  #isSentAgain = false
  #controller: Dispatcher.DispatchController | undefined
  #settled: AdapterError | true | undefined
  #phase: Phase = 'connecting'
  #status = 0
  #headers: Record<string, string> = {}
  #body = new ByteCollector()
  #bytes = 0
  #rest: ByteStream | undefined

  /**
   * @param timeoutMs to the end of the answer
   * @param maxBytes of the body, coded and decoded
   * @param elapsedMs how much of the time has gone by before
   * @param streamFrom an answer of more octets is given while it arrives, if it is plain XML
   */
  constructor(timeoutMs: number, maxBytes: number, elapsedMs = 0, streamFrom = Infinity) {
    this.#timeoutMs = timeoutMs
    this.#maxBytes = maxBytes
    this.#streamFrom = streamFrom
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#deadline = setTimeout(() => {
      const message = `The backend took longer than ${timeoutMs} ms: ${late[this.#phase]}.`
      this.abort(new AdapterError('backend-timeout', message))
    }, timeoutMs - elapsedMs)
  }

  get isSent(): boolean {
    return this.#phase !== 'connecting'
  }

  /** Sends the request. @throws Error for a request that cannot be written */
  send(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): void {
    this.#dispatcher = dispatcher
    this.#request = request
    dispatcher.dispatch(request, this)
  }

  /** Ends the exchange and its connection. */
  abort(error: AdapterError): void {
    if (this.#settled && !this.#rest) return
    this.#fail(error)
    this.#controller?.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // It waited for a connection until nobody waited for it: nothing must be sent.
    if (this.#settled instanceof AdapterError) controller.abort(this.#settled)
    else this.#phase = 'waiting'
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return
    this.#phase = 'reading'
    this.#status = status
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ')
    }
    const announced = Number(headers['content-length'] ?? 0)
    if (announced > this.#maxBytes) this.abort(tooLarge(this.#maxBytes))
    else if (announced <= this.#streamFrom || !isPlainXml(status, this.#headers)) {
      this.#body = new ByteCollector(announced)
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled && !this.#rest) return
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBytes) this.abort(tooLarge(this.#maxBytes))
    else if (this.#rest) {
      this.#deadline.refresh()
      this.#rest.push(chunk)
    } else {
      this.#body.add(chunk)
      if (this.#bytes > this.#streamFrom && isPlainXml(this.#status, this.#headers)) this.#stream()
    }
  }

  onResponseEnd(): void {
    if (this.#rest) {
      clearTimeout(this.#deadline)
      this.#rest.end()
    }
    if (this.#settled) return
    const body = this.#body.take()
    const coding = this.#headers['content-encoding']
    if (coding === undefined) {
      this.#succeed(body)
      return
    }
    undoContentCoding(coding, body, this.#maxBytes).then(
      (content) => {
        this.#headers = withoutCoding(this.#headers)
        this.#succeed(content)
      },
      (error: unknown) => {
        this.#fail(transportFailure(error))
      },
    )
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    const isRefused = !this.#settled && this.#phase === 'waiting' && isUnsent(cause, this.#request)
    if (isRefused) this.#phase = 'connecting'
    if (isRefused && !this.#isSentAgain) this.#sendAgain()
    else this.#fail(transportFailure(cause))
  }

  /** Once: the connection was gone already, and the next is a new one. */
  #sendAgain(): void {
    this.#isSentAgain = true
    try {
      if (this.#request) this.#dispatcher?.dispatch(this.#request, this)
    } catch (cause) {
      this.#fail(transportFailure(cause))
    }
  }

  /** Gives the answer while it arrives. */
  #stream(): void {
    const body = this.#body.take()
    const rest = new ByteStream({
      pause: () => this.#controller?.pause(),
      resume: () => {
        this.#deadline.refresh()
        this.#controller?.resume()
      },
      cancel: () => {
        clearTimeout(this.#deadline)
        this.#controller?.abort(new AdapterError('client-closed', 'Nobody wants the rest of the answer.'))
      },
    })
    this.#settle(true)
    this.#rest = rest
    this.#deadline = setTimeout(() => {
      if (rest.isPaused) this.#deadline.refresh()
      else this.abort(stalled(this.#timeoutMs))
    }, this.#timeoutMs)
    this.#resolve({ status: this.#status, headers: this.#headers, body, rest })
  }

  #succeed(body: Buffer): void {
    if (this.#settled) return
    this.#settle(true)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  #fail(error: AdapterError): void {
    if (this.#rest) {
      clearTimeout(this.#deadline)
      this.#rest.end(error)
    }
    if (this.#settled) return
    this.#settle(error)
    this.#reject(error)
  }

  #settle(how: AdapterError | true): void {
    this.#settled = how
    this.#body = new ByteCollector()
    clearTimeout(this.#deadline)
  }
}

/** Can the answer be read from the front, as it comes? */
function isPlainXml(status: number, headers: Readonly<Record<string, string>>): boolean {
  const { 'content-type': contentType = '', 'content-encoding': coding = 'identity' } = headers
  return status >= 200 && status < 300 && coding === 'identity' && XML_MEDIA_TYPE.test(contentType)
}

const XML_MEDIA_TYPE = /^[ \t]*(?:text\/xml|application\/(?:soap\+)?xml)[ \t]*(?:;|$)/i

function stalled(timeoutMs: number): AdapterError {
  return new AdapterError('backend-timeout', `Nothing more of the backend's answer came for ${timeoutMs} ms.`)
}

function withoutCoding(headers: Record<string, string>): Record<string, string> {
  const dropped = new Set(['content-encoding', 'content-length'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}

/** Did the kernel refuse the request whole, because the connection had been reset before? */
function isUnsent(cause: Error, request: Dispatcher.DispatchOptions | undefined): boolean {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (syscall !== 'write' || (code !== 'ECONNRESET' && code !== 'EPIPE')) return false
  const { body } = request ?? {}
  return (
    (typeof body === 'string' || body instanceof Uint8Array) && Buffer.byteLength(body) <= MAX_ATOMIC_BYTES
  )
}
