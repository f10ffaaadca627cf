import { AdapterError } from '../base/errors.js'
import { Breaker, type BreakerState, type Permit } from './breaker.js'
import { Bulkhead } from './bulkhead.js'
import { type Cancellation } from './cancellation.js'
import { carrierFor } from './carrier.js'
import { type BackendPolicy } from './policy.js'
import { refusal } from './refusal.js'
import { type CallInFlight, type Carrier, type SoapAnswer, type SoapCall } from './soap-call.js'

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
  readonly signal?: Cancellation
  /** Instead of the policy's. */
  readonly timeoutMs?: number
}

/** A SOAP service as we call it: behind a breaker, a bulkhead and a deadline. Nothing is ever sent twice. */
export class Backend {
  readonly #policy: BackendPolicy
  readonly #carrier: Carrier
  readonly #bulkhead: Bulkhead
  readonly #breaker: Breaker
  readonly #listeners = new Set<(change: BackendStateChange) => void>()
  #closing: Promise<void> | undefined

  constructor(
    readonly name: string,
    policy: BackendPolicy,
  ) {
    this.#policy = policy
    this.#carrier = carrierFor(policy)
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
   *   `backend-tls`, `backend-login`, `backend-too-large`, `backend-malformed`, `client-closed`, `shutting-down`, or what `interpret` threw
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
    const inFlight = this.#carrier.start(request, timeoutMs)
    const attempt = this.#attempt(inFlight, interpret, permit)
    if (!signal) return attempt
    return permit.isProbe ? leftBySignal(signal, attempt) : endedBySignal(signal, attempt, inFlight)
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

  async #attempt<T>(
    inFlight: CallInFlight,
    interpret: (answer: SoapAnswer) => T,
    permit: Permit,
  ): Promise<T> {
    try {
      const result = this.#interpreted(await inFlight.answer, interpret)
      await permit.settle()
      return result
    } catch (error) {
      await permit.settle(error)
      throw error
    } finally {
      this.#bulkhead.leave()
    }
  }

  #interpreted<T>(answer: SoapAnswer, interpret: (answer: SoapAnswer) => T): T {
    try {
      return interpret(answer)
    } catch (error) {
      throw refusal(error, answer.status, this.#policy)
    }
  }

  async #close(): Promise<void> {
    await this.#bulkhead.drained()
    this.#breaker.shutdown()
    await this.#carrier.close()
  }
}

async function endedBySignal<T>(
  signal: Cancellation,
  attempt: Promise<T>,
  inFlight: CallInFlight,
): Promise<T> {
  const onAbort = () => {
    inFlight.abort(clientClosed(signal))
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await attempt
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The attempt runs on after its client has gone. */
function leftBySignal<T>(signal: Cancellation, attempt: Promise<T>): Promise<T> {
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

function clientClosed(signal: Cancellation): AdapterError {
  return new AdapterError(
    'client-closed',
    'The client closed the connection before the answer was complete.',
    {
      cause: signal.reason,
    },
  )
}
