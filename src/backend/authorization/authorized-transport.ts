import { AdapterError } from '../../base/errors.js'
import { Transport } from '../connection/transport.js'
import type { BackendPolicy } from '../policy.js'
import type { CallInFlight, Carrier, SoapAnswer, SoapCall } from '../soap-call.js'
import type { Authorizer, Grant } from './authorizer.js'

/** Sends each call with what an authorizer gives for it. */
export class AuthorizedTransport implements Carrier {
  readonly #transport: Transport
  readonly #authorizer: Authorizer

  constructor(policy: BackendPolicy, authorizer: Authorizer) {
    this.#transport = new Transport(policy)
    this.#authorizer = authorizer
  }

  start(call: SoapCall, timeoutMs: number, elapsedMs = 0, streamFrom?: number): CallInFlight {
    const means = { transport: this.#transport, authorizer: this.#authorizer }
    return new AuthorizedCall(means, { call, timeoutMs, elapsedMs, streamFrom })
  }

  async close(): Promise<void> {
    await Promise.all([this.#transport.close(), this.#authorizer.close()])
  }
}

interface Means {
  readonly transport: Transport
  readonly authorizer: Authorizer
}

/**
 * A call within one deadline. Where the backend answers 401 and other credentials may do, the call is sent again, once:
 * what is refused was not carried out (RFC 9110, section 15.5.2).
 */
class AuthorizedCall implements CallInFlight {
  readonly answer: Promise<SoapAnswer>
  readonly #transport: Transport
  readonly #authorizer: Authorizer
  readonly #call: SoapCall
  readonly #timeoutMs: number
  readonly #streamFrom: number | undefined
  readonly #startedAt: number
  /** Undefined before the first, and after one that the backend refused. */
  #exchange: CallInFlight | undefined
  #ended: AdapterError | undefined
  #onAbort: (error: AdapterError) => void = () => undefined

  constructor(
    { transport, authorizer }: Means,
    {
      call,
      timeoutMs,
      elapsedMs,
      streamFrom,
    }: {
      readonly call: SoapCall
      readonly timeoutMs: number
      readonly elapsedMs: number
      readonly streamFrom: number | undefined
    },
  ) {
    this.#startedAt = performance.now() - elapsedMs
    this.#transport = transport
    this.#authorizer = authorizer
    this.#call = call
    this.#timeoutMs = timeoutMs
    this.#streamFrom = streamFrom
    this.answer = this.#run()
  }

  get isSent(): boolean {
    return this.#exchange?.isSent ?? false
  }

  abort(error: AdapterError): void {
    this.#ended ??= error
    this.#onAbort(error)
  }

  async #run(): Promise<SoapAnswer> {
    const first = await this.#authorize()
    const answer = await this.#send(first)
    if (!this.#authorizer.isWorthAnother(first, answer)) return answer
    this.#exchange = undefined
    const second = await this.#authorize()
    const last = await this.#send(second)
    this.#authorizer.isWorthAnother(second, last)
    return last
  }

  #send({ field }: Grant): Promise<SoapAnswer> {
    if (this.#ended) throw this.#ended
    const headers = { ...this.#call.headers, ...(field !== undefined && { authorization: field }) }
    const elapsedMs = performance.now() - this.#startedAt
    const call = { ...this.#call, headers }
    const exchange = this.#transport.start(call, this.#timeoutMs, elapsedMs, this.#streamFrom)
    this.#exchange = exchange
    this.#onAbort = (error) => {
      exchange.abort(error)
    }
    return exchange.answer
  }

  #authorize(): Grant | Promise<Grant> {
    const grant = this.#authorizer.authorize(this.#call)
    return grant instanceof Promise ? this.#inTime(grant) : grant
  }

  /** Waits no longer than this call may; what it waits for is fetched on for the others. */
  #inTime(grant: Promise<Grant>): Promise<Grant> {
    return new Promise((resolve, reject) => {
      const message = `The backend took longer than ${this.#timeoutMs} ms: no token was issued, and nothing was done.`
      const timer = setTimeout(
        () => {
          reject(new AdapterError('backend-timeout', message))
        },
        this.#timeoutMs - (performance.now() - this.#startedAt),
      )
      this.#onAbort = reject
      grant.then(resolve, reject).finally(() => {
        clearTimeout(timer)
      })
    })
  }
}
