import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { ByteCollector } from '../../base/bytes/collector.js'
import { PieceCollector } from '../../base/bytes/piece-collector.js'
import { ByteStream } from '../../base/bytes/stream.js'
import { AdapterError } from '../../base/errors.js'
import type { CallInFlight, SoapAnswer } from '../soap-call.js'
import { type Phase, stalled, tooLate } from '../timeout.js'
import { ContentDecoder, isIdentity, withoutCoding } from './content-coding.js'
import { tooLarge, transportFailure } from './failure.js'
import { isUnsent } from './unsent.js'

const XML_MEDIA_TYPE = /^[ \t]*(?:text\/xml|application\/(?:soap\+)?xml)[ \t]*(?:;|$)/i
const RELATED_MEDIA_TYPE = /^[ \t]*multipart\/related[ \t]*(?:;|$)/i

/**
 * One request on a connection and its response. Settles once: by the response, a failure, the deadline or an abort;
 * whatever is left of the exchange then goes with its connection. A response that is given while it arrives settles the
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
  /** Bytes that have arrived. */
  #bytes = 0
  #hasArrived = false
  #decoder: ContentDecoder | undefined
  #body: ByteCollector | PieceCollector = new ByteCollector()
  #rest: ByteStream | undefined

  /**
   * @param timeoutMs to the end of the response
   * @param maxBytes of the body, coded and decoded
   * @param elapsedMs how much of the time has gone by before
   * @param streamFrom a response of more bytes, decoded, is given while it arrives, if it is XML
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
      this.abort(tooLate(timeoutMs, this.#phase))
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
    for (const name in headers) {
      const value = headers[name]
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ')
    }
    const announced = Number(headers['content-length'] ?? 0)
    const isCoded = headers['content-encoding'] !== undefined
    if (announced > this.#maxBytes) {
      this.abort(tooLarge(this.#maxBytes))
      return
    }
    // Documents beside an envelope are passed on.
    if (RELATED_MEDIA_TYPE.test(this.#contentType)) this.#body = new PieceCollector()
    else if (!isCoded && (announced <= this.#streamFrom || !this.#isXml())) {
      this.#body = new ByteCollector(announced)
    }
    if (isCoded) this.#decode(this.#headers['content-encoding'])
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled && !this.#rest) return
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBytes) {
      this.abort(tooLarge(this.#maxBytes))
      return
    }
    if (this.#rest) this.#deadline.refresh()
    if (this.#decoder) this.#decoder.write(chunk)
    else this.#add(chunk)
  }

  onResponseEnd(): void {
    this.#hasArrived = true
    if (this.#rest) clearTimeout(this.#deadline)
    this.#rest?.arrive()
    if (this.#decoder) this.#decoder.end()
    else this.#end()
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    const isRefused = !this.#settled && this.#phase === 'waiting' && isUnsent(cause, this.#request)
    if (isRefused) this.#phase = 'connecting'
    if (isRefused && !this.#isSentAgain) this.#sendAgain()
    else this.#fail(transportFailure(cause, this.#phase))
  }

  /** Once: the connection was gone already, and the next is a new one. */
  #sendAgain(): void {
    this.#isSentAgain = true
    try {
      if (this.#request) this.#dispatcher?.dispatch(this.#request, this)
    } catch (cause) {
      this.#fail(transportFailure(cause, this.#phase))
    }
  }

  /** @param coding value of `Content-Encoding` */
  #decode(coding = 'identity'): void {
    this.#headers = withoutCoding(this.#headers)
    if (isIdentity(coding)) return
    this.#decoder = new ContentDecoder(coding, this.#maxBytes, {
      push: (content) => {
        this.#add(content)
      },
      end: (error) => {
        if (error) this.abort(error)
        else this.#end()
      },
      pause: () => this.#controller?.pause(),
      resume: () => {
        if (this.#rest) this.#deadline.refresh()
        this.#controller?.resume()
      },
    })
  }

  /** @param content decoded */
  #add(content: Uint8Array): void {
    if (this.#rest) this.#rest.push(content)
    else {
      this.#body.add(content)
      if (this.#body.byteLength > this.#streamFrom && this.#isXml()) this.#stream()
    }
  }

  /** Gives the response while it arrives. */
  #stream(): void {
    const body = this.#body.take()
    const rest = new ByteStream({
      pause: () => (this.#decoder ?? this.#controller)?.pause(),
      resume: () => {
        this.#deadline.refresh()
        ;(this.#decoder ?? this.#controller)?.resume()
      },
      cancel: () => {
        clearTimeout(this.#deadline)
        this.#decoder?.destroy()
        this.#controller?.abort(new AdapterError('client-closed', 'Nobody wants the rest of the response.'))
      },
    })
    this.#settle(true)
    this.#rest = rest
    if (this.#hasArrived) rest.arrive()
    else this.#awaitMore()
    this.#resolve({ status: this.#status, headers: this.#headers, body, rest })
  }

  /** A backend that has been told to wait may be silent. */
  #awaitMore(): void {
    this.#deadline = setTimeout(() => {
      if (this.#rest?.isPaused || this.#decoder?.isBehind) this.#deadline.refresh()
      else this.abort(stalled(this.#timeoutMs))
    }, this.#timeoutMs)
  }

  /** All of the response is there, decoded. */
  #end(): void {
    if (this.#rest) this.#rest.end()
    if (this.#settled) return
    const body = this.#body.take()
    this.#settle(true)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  #fail(error: AdapterError): void {
    this.#decoder?.destroy()
    if (this.#rest) {
      clearTimeout(this.#deadline)
      this.#rest.end(error)
    }
    if (this.#settled) return
    this.#settle(error)
    this.#reject(error)
  }

  /** Can the response be read from the front, as it comes? */
  #isXml(): boolean {
    return this.#status >= 200 && this.#status < 300 && XML_MEDIA_TYPE.test(this.#contentType)
  }

  get #contentType(): string {
    return this.#headers['content-type'] ?? ''
  }

  #settle(how: AdapterError | true): void {
    this.#settled = how
    this.#body = new ByteCollector()
    clearTimeout(this.#deadline)
  }
}
