import { AdapterError } from '../base/errors.js'
import { carrierFor } from './carrier.js'
import type { BackendPolicy } from './policy.js'
import { Attempts, type CallOptions, type Interpret, type Shared } from './resilience/attempts.js'
import type { BreakerState } from './resilience/breaker.js'
import { Bulkhead } from './resilience/bulkhead.js'
import { clientClosed } from './resilience/client-closed.js'
import { Endpoints, type EndpointState } from './resilience/endpoints.js'
import { Retries } from './resilience/retries.js'
import { Running } from './resilience/running.js'
import type { SoapCall } from './soap-call.js'

export type { CallOptions, Effect } from './resilience/attempts.js'

export interface BackendState {
  readonly name: string
  /** Of the best of its endpoints. */
  readonly breaker: BreakerState
  readonly inFlight: number
  /** Calls that wait for their turn. */
  readonly queued: number
  /** Calls that it may have at once. */
  readonly limit: number
  /** Attempts since the start beside the first of each call. */
  readonly retries: number
  /** Where the contract names endpoints. */
  readonly endpoints?: readonly EndpointState[]
}

export interface BackendStateChange extends BackendState {
  /** Of the endpoint that has changed, as `breaker` is here. */
  readonly previous: BreakerState
  /** Its host and port, where the contract names endpoints. */
  readonly endpoint?: string
}

/**
 * A SOAP service as we call it: behind breakers, a bulkhead and a deadline. What may have been carried out is carried
 * out again only where the contract says that this does no harm.
 */
export class Backend {
  readonly #shared: Shared
  readonly #listeners = new Set<(change: BackendStateChange) => void>()
  #closing: Promise<void> | undefined

  /** @param random for the pauses between attempts, from 0 to below 1 */
  constructor(
    readonly name: string,
    policy: BackendPolicy,
    random?: () => number,
  ) {
    this.#shared = {
      policy,
      carrier: carrierFor(policy),
      bulkhead: new Bulkhead(policy.maxConcurrent, policy.maxQueue),
      endpoints: new Endpoints(policy, (endpoint, breaker, previous) => {
        const change = { ...this.state(), breaker, previous, ...(endpoint !== '' && { endpoint }) }
        for (const listener of this.#listeners) listener(change)
      }),
      retries: new Retries(policy.retry, random),
      running: new Running(),
    }
  }

  /**
   * Sends a call and has its response interpreted.
   *
   * Whatever `interpret` returns is a response, a declared fault too. When it throws an AdapterError whose code is in
   * `failingCodes`, the call counts against the breaker; any other AdapterError (`backend-fault`,
   * `backend-mismatch`) shows a backend that is alive.
   *
   * A client that goes away ends its call at once, unless the backend has got it and something depends on how it
   * ends: a write runs on to its end or its deadline, and so does the probe of a half-open breaker.
   *
   * Errors of the connection tell by their `outcome` whether the backend can have carried the call out.
   *
   * @throws AdapterError `backend-unavailable`, `backend-overloaded`, `backend-timeout`, `backend-unreachable`,
   *   `backend-tls`, `backend-login`, `backend-too-large`, `backend-malformed`, `client-closed`, `shutting-down`, or what `interpret` threw
   */
  call<T>(request: SoapCall, interpret: Interpret<T>, options: CallOptions<T> = {}): Promise<T> {
    if (this.#closing) {
      return Promise.reject(new AdapterError('shutting-down', 'The service is shutting down.'))
    }
    if (options.signal?.aborted) return Promise.reject(clientClosed(options.signal))
    return new Attempts(this.#shared, request, interpret, options).run()
  }

  /** @throws AdapterError `backend-overloaded` where a call with so much time would be refused at once */
  checkRoom(timeoutMs: number): void {
    this.#shared.bulkhead.check(timeoutMs)
  }

  state(): BackendState {
    const { policy, bulkhead, endpoints, retries } = this.#shared
    return {
      name: this.name,
      breaker: endpoints.state,
      inFlight: bulkhead.inFlight,
      queued: bulkhead.queued,
      limit: bulkhead.limit,
      retries: retries.count,
      ...(policy.endpoints && { endpoints: endpoints.states }),
    }
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

  async #close(): Promise<void> {
    await this.#shared.running.settled()
    this.#shared.endpoints.shutdown()
    await this.#shared.carrier.close()
  }
}
