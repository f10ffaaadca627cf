import { type IncomingHttpHeaders } from 'node:http'
import { type Dispatcher } from 'undici'
import { AdapterError } from '../base/errors.js'
import { undoContentCoding } from './content-coding.js'
import { tooLarge, transportFailure } from './failure.js'
import { type CallInFlight, type SoapAnswer } from './soap-call.js'

const EMPTY = Buffer.alloc(0)

type Phase = 'connecting' | 'waiting' | 'reading'

const late: Record<Phase, string> = {
  connecting: 'no connection was free or could be made, and nothing was sent',
  waiting: 'its answer did not begin',
  reading: 'its answer did not end',
}

/**
 * One request on a connection and its answer. Settles once: by the answer, a failure, the deadline or an abort;
 * whatever is left of the exchange then goes with its connection.
 */
export class Exchange implements CallInFlight, Dispatcher.DispatchHandler {
  readonly answer: Promise<SoapAnswer>
  readonly #maxBytes: number
  readonly #deadline: NodeJS.Timeout
  #resolve: (answer: SoapAnswer) => void = () => undefined
  #reject: (error: AdapterError) => void = () => undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled: AdapterError | true | undefined
  #phase: Phase = 'connecting'
  #status = 0
  #headers: Record<string, string> = {}
  #chunks: Buffer[] = []
  #bytes = 0

  /**
   * @param timeoutMs to the end of the answer
   * @param maxBytes of the body, coded and decoded
   * @param elapsedMs how much of the time has gone by before
   */
  constructor(timeoutMs: number, maxBytes: number, elapsedMs = 0) {
    this.#maxBytes = maxBytes
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#deadline = setTimeout(() => {
      const message = `The backend took longer than ${timeoutMs} ms: ${late[this.#phase]}.`
      this.abort(new AdapterError('backend-timeout', message))
    }, timeoutMs - elapsedMs)
  }

  /** Ends the exchange and its connection. */
  abort(error: AdapterError): void {
    if (this.#settled) return
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
    if (Number(headers['content-length']) > this.#maxBytes) this.abort(tooLarge(this.#maxBytes))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBytes) this.abort(tooLarge(this.#maxBytes))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#settled) return
    const [first = EMPTY] = this.#chunks
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : first
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
    this.#fail(transportFailure(cause))
  }

  #succeed(body: Buffer): void {
    if (this.#settled) return
    this.#settle(true)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  #fail(error: AdapterError): void {
    if (this.#settled) return
    this.#settle(error)
    this.#reject(error)
  }

  #settle(how: AdapterError | true): void {
    this.#settled = how
    this.#chunks = []
    clearTimeout(this.#deadline)
  }
}

function withoutCoding(headers: Record<string, string>): Record<string, string> {
  const dropped = new Set(['content-encoding', 'content-length'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}
