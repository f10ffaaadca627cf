import { AdapterError } from '../base/errors.js'
import { Breaker, type BreakerState, type Permit } from './breaker.js'
import { Bulkhead } from './bulkhead.js'
import { type Exchange } from './exchange.js'
import { type BackendPolicy } from './policy.js'
import { type SoapAnswer, type SoapCall } from './soap-call.js'
import { Transport } from './transport.js'

export interface BackendState {
  readonly name: string
  readonly breaker: BreakerState
  readonly inFlight: number
}

export interface BackendStateChange extends BackendState {
  readonly previous: BreakerState
}

export interface CallOptions {
  /** The client's: once it is aborted nobody waits for the answer. */
  readonly signal?: AbortSignal
  /** Instead of the policy's. */
  readonly timeoutMs?: number
}

/** A SOAP service as we call it: behind a breaker, a bulkhead and a deadline. Nothing is ever sent twice. */
export class Backend {
  readonly #policy: BackendPolicy
  readonly #transport: Transport
  readonly #bulkhead: Bulkhead
  readonly #breaker: Breaker
  readonly #listeners = new Set<(change: BackendStateChange) => void>()
  #closing: Promise<void> | undefined

  constructor(
    readonly name: string,
    policy: BackendPolicy,
  ) {
    this.#policy = policy
    this.#transport = new Transport(policy)
    this.#bulkhead = new Bulkhead(policy.maxConcurrent)
    this.#breaker = new Breaker(policy.breaker, (breaker, previous) => {
      for (const listener of this.#listeners) listener({ ...this.state(), breaker, previous })
    })
  }

  /**
   * Sends a call and has its answer interpreted.
   *
   * Whatever `interpret` returns is an answer, a declared fault too. When it throws an AdapterError whose code is in
   * `failingCodes`, the call counts against the breaker; any other AdapterError (`backend-fault`,
   * `backend-mismatch`) shows a backend that is alive.
   *
   * A client that goes away ends its call at once. Only the probe of a half-open breaker then runs on, up to its
   * deadline, because the breaker waits for its verdict.
   *
   * @throws AdapterError `backend-unavailable`, `backend-overloaded`, `backend-timeout`, `backend-unreachable`,
   *   `backend-tls`, `backend-too-large`, `backend-malformed`, `client-closed`, `shutting-down`, or what `interpret` threw
   */
  async call<T>(
    request: SoapCall,
    interpret: (answer: SoapAnswer) => T,
    options: CallOptions = {},
  ): Promise<T> {
    if (this.#closing) throw new AdapterError('shutting-down', 'The service is shutting down.')
    const { signal, timeoutMs = this.#policy.timeoutMs } = options
    if (signal?.aborted) throw clientClosed(signal)
    const permit = this.#breaker.admit()
    try {
      this.#bulkhead.enter()
    } catch (error) {
      await permit.settle(error)
      throw error
    }
    const exchange = this.#transport.start(request, timeoutMs)
    const attempt = this.#attempt(exchange, interpret, permit)
    if (!signal) return attempt
    return permit.isProbe ? leftBySignal(signal, attempt) : endedBySignal(signal, attempt, exchange)
  }

  state(): BackendState {
    return { name: this.name, breaker: this.#breaker.state, inFlight: this.#bulkhead.inFlight }
  }

  /** @returns a function that ends the subscription */
  onStateChange(listener: (change: BackendStateChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes no more calls, waits for those in flight (their deadlines bound it) and closes the connections. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #attempt<T>(exchange: Exchange, interpret: (answer: SoapAnswer) => T, permit: Permit): Promise<T> {
    try {
      const result = interpret(await exchange.answer)
      await permit.settle()
      return result
    } catch (error) {
      await permit.settle(error)
      throw error
    } finally {
      this.#bulkhead.leave()
    }
  }

  async #close(): Promise<void> {
    await this.#bulkhead.drained()
    this.#breaker.shutdown()
    await this.#transport.close()
  }
}

async function endedBySignal<T>(signal: AbortSignal, attempt: Promise<T>, exchange: Exchange): Promise<T> {
  const onAbort = () => {
    exchange.abort(clientClosed(signal))
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await attempt
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The attempt runs on after its client has gone. */
function leftBySignal<T>(signal: AbortSignal, attempt: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(clientClosed(signal))
    }
    signal.addEventListener('abort', onAbort)
    attempt.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}

function clientClosed(signal: AbortSignal): AdapterError {
  return new AdapterError(
    'client-closed',
    'The client closed the connection before the answer was complete.',
    {
      cause: signal.reason,
    },
  )
}
