import type { ByteStream } from '../../base/bytes/stream.js'
import { AdapterError } from '../../base/errors.js'
import { beginSpan, fail, type OpenSpan, type SpanDetails } from '../../telemetry/tracing.js'
import type { BackendPolicy } from '../policy.js'
import { refusal } from '../refusal.js'
import type { CallInFlight, Carrier, SoapAnswer, SoapCall } from '../soap-call.js'
import { tooLate } from '../timeout.js'
import type { Ending, Permit } from './breaker.js'
import type { Bulkhead } from './bulkhead.js'
import type { Cancellation } from './cancellation.js'
import { clientClosed } from './client-closed.js'
import type { Endpoint, Endpoints } from './endpoints.js'
import { type Outcome, withOutcome } from './outcome.js'
import { type Retries, retryAfterMs } from './retries.js'
import type { Running } from './running.js'

/**
 * What a call does to the backend. A `write` may be carried out once and no more, an `idempotent-write` as often as
 * you like, a `read` changes nothing.
 */
export type Effect = 'read' | 'write' | 'idempotent-write'

export interface CallOptions<T = unknown> {
  /** The client's: once it is aborted nobody waits for the response. */
  readonly signal?: Cancellation | undefined
  /** Instead of the policy's. */
  readonly timeoutMs?: number
  /** When the time began to run, by performance.now(); by default now. */
  readonly startedAt?: number
  /** The client gave the call less time than it usually has: that it is not enough says nothing about the backend. */
  readonly isShortened?: boolean
  /** By default `write`. */
  readonly effect?: Effect
  /** A response of more bytes may be given to the interpreter while it arrives. */
  readonly streamFrom?: number | undefined
  /** Is what the interpreter made of the answer a SOAP fault? */
  readonly isFault?: (result: T) => boolean
}

/** Makes of a response what the caller wants. One that is given while it arrives is read on, and closed in the end. */
export type Interpret<T> = (answer: SoapAnswer) => T | Promise<T>

/** What the calls of a backend share. */
export interface Shared {
  readonly policy: BackendPolicy
  readonly carrier: Carrier
  readonly bulkhead: Bulkhead
  readonly endpoints: Endpoints
  readonly retries: Retries
  /** Calls, each until all of its response has come. */
  readonly running: Running
}

/** A backend that says more is not believed. */
const MAX_RETRY_AFTER_S = 86_400

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** A timer may go off that much early: where no more is left, the deadline has passed. */
const TIMER_SLACK_MS = 2

/** One call from its beginning to its end, with all attempts at it, within one deadline. */
export class Attempts<T> {
  readonly #shared: Shared
  readonly #call: SoapCall
  readonly #interpret: Interpret<T>
  readonly #options: CallOptions<T>
  readonly #timeoutMs: number
  readonly #startedAt: number
  readonly #isIdempotent: boolean
  readonly #tried: Endpoint[] = []
  #number = 0
  #answer: SoapAnswer | undefined
  /** Of an earlier attempt. */
  #failure: unknown
  /** Whether the backend may have carried the call out, in whatever attempt. */
  #wasSent = false

  constructor(shared: Shared, call: SoapCall, interpret: Interpret<T>, options: CallOptions<T>) {
    const { timeoutMs = shared.policy.timeoutMs, startedAt = performance.now(), effect = 'write' } = options
    this.#shared = shared
    this.#call = call
    this.#interpret = interpret
    this.#options = options
    this.#timeoutMs = timeoutMs
    this.#startedAt = startedAt
    this.#isIdempotent = effect !== 'write'
  }

  /** @throws what the last attempt threw; its `outcome` holds for all of them */
  async run(): Promise<T> {
    const { retries, running } = this.#shared
    retries.earn()
    running.begin()
    try {
      for (;;) {
        try {
          return await this.#attempt()
        } catch (error) {
          const pauseMs = this.#pauseAfter(error)
          if (pauseMs === undefined) throw this.#conclusion(error)
          this.#failure = error
          if (pauseMs > 0)
            await pause(pauseMs, this.#options.signal).catch((left: unknown) => this.#rethrow(left))
        }
      }
    } finally {
      if (this.rest) {
        void this.rest.over.then(() => {
          running.end()
        })
      } else running.end()
    }
  }

  /** What is still to come of the response when the call is over; undefined where nothing is. */
  get rest(): ByteStream | undefined {
    return this.#answer?.rest
  }

  get #remainingMs(): number {
    return this.#timeoutMs - (performance.now() - this.#startedAt)
  }

  async #attempt(): Promise<T> {
    const { bulkhead, endpoints } = this.#shared
    const { signal } = this.#options
    if (this.#remainingMs <= 0) throw nothingSent(this.#timeoutMs)
    const turn = bulkhead.enter(this.#remainingMs, signal)
    if (turn) await turn
    const startedAt = performance.now()
    let tookMs: number | undefined
    try {
      const { endpoint, permit } = endpoints.admit(this.#tried)
      this.#number++
      this.#tried.push(endpoint)
      try {
        return await this.#send(endpoint, permit)
      } finally {
        tookMs = performance.now() - startedAt
      }
    } finally {
      // Its connection is taken until all of the response has come.
      if (this.rest) {
        void this.rest.sent.then(() => {
          bulkhead.leave(tookMs)
        })
      } else bulkhead.leave(tookMs)
    }
  }

  async #send({ url }: Endpoint, permit: Permit): Promise<T> {
    const { signal, isFault } = this.#options
    const startedAt = performance.now()
    this.#answer = undefined
    const traced = beginSpan(this.#call.method ?? 'POST', () => this.#details(url ?? this.#call.url))
    const inFlight = this.#start(url, startedAt, traced)
    const onAbort = () => {
      const isNeeded = permit.isProbe || this.#options.effect !== 'read'
      if (signal && !(isNeeded && inFlight.isSent)) inFlight.abort(clientClosed(signal))
    }
    signal?.addEventListener('abort', onAbort)
    try {
      const answer = await inFlight.answer
      this.#answer = answer
      traced?.span.setAttribute('http.response.status_code', answer.status)
      const made = traced ? traced.run(() => this.#interpreted(answer)) : this.#interpreted(answer)
      const result = made instanceof Promise ? await this.#inTime(made, inFlight) : made
      const ending = isFault?.(result) ? 'fault' : undefined
      if (this.rest && !permit.isProbe) settleAfter(this.rest, permit, performance.now() - startedAt)
      else {
        const settling = permit.settle(undefined, ending)
        if (settling) await settling
      }
      return result
    } catch (thrown) {
      const { rest } = this
      rest?.close()
      // As little has come of it as of one that breaks off while it is read whole.
      if (rest?.broke) this.#answer = undefined
      this.#wasSent ||= inFlight.isSent
      const error = this.#answer
        ? withOutcome(thrown, this.#saidBy(this.#answer))
        : withOutcome(thrown, { outcome: inFlight.isSent ? 'unknown' : 'not-sent' })
      await permit.settle(error, this.#ending(startedAt))
      if (traced) fail(traced.span, error)
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (traced) this.#end(traced)
    }
  }

  /**
   * What the HTTP of a response says of the error that it was read as. A backend that is busy tells when to try again;
   * that reaches the client unless the call may have been carried out, and must not be twice.
   */
  #saidBy(answer: SoapAnswer): Outcome {
    const { status: backendStatus } = answer
    const seconds = Math.min(MAX_RETRY_AFTER_S, Math.ceil(retryAfterMs(answer) / 1000))
    const isBusy = backendStatus === 429 || backendStatus === 503
    return { backendStatus, ...(isBusy && seconds > 0 && this.#isIdempotent && { retryAfter: seconds }) }
  }

  /** Until something of it can be given, a response has the time of one that is read whole. */
  async #inTime(made: Promise<T>, inFlight: CallInFlight): Promise<T> {
    const timer = setTimeout(() => {
      inFlight.abort(tooLate(this.#timeoutMs, 'reading'))
    }, this.#remainingMs)
    try {
      return await made
    } finally {
      clearTimeout(timer)
    }
  }

  #details(target: string): SpanDetails {
    const { hostname, port, protocol, origin, pathname } = new URL(target)
    return {
      kind: 'CLIENT',
      attributes: {
        'http.request.method': this.#call.method ?? 'POST',
        'server.address': hostname,
        'server.port': port === '' ? DEFAULT_PORTS[protocol] : Number(port),
        // A query may hold what the operator keeps secret.
        'url.full': origin + pathname,
        ...(this.#number > 1 && { 'http.request.resend_count': this.#number - 1 }),
      },
    }
  }

  /** A response that is given while it arrives ends when all of it has come. */
  #end({ span }: OpenSpan): void {
    if (!this.rest) span.end()
    else {
      void this.rest.over.then((error) => {
        if (error !== undefined) fail(span, error)
        span.end()
      })
    }
  }

  #start(url: string | undefined, startedAt: number, traced: OpenSpan | undefined): CallInFlight {
    const elapsedMs = startedAt - this.#startedAt
    const attemptMs =
      this.#shared.retries.attemptMs(this.#number, { isIdempotent: this.#isIdempotent }) ?? Infinity
    const timeoutMs = Math.min(this.#timeoutMs, elapsedMs + attemptMs)
    const own = url === undefined ? this.#call : { ...this.#call, url }
    const call = traced ? { ...own, headers: { ...own.headers, ...traced.fields } } : own
    return this.#shared.carrier.start(call, timeoutMs, elapsedMs, this.#options.streamFrom)
  }

  #interpreted(answer: SoapAnswer): T | Promise<T> {
    const { policy } = this.#shared
    try {
      const made = this.#interpret(answer)
      if (!(made instanceof Promise)) return made
      return made.catch((error: unknown) => {
        throw refusal(error, answer.status, policy)
      })
    } catch (error) {
      throw refusal(error, answer.status, policy)
    }
  }

  /** An attempt that began late, or in a hurry, may run out of time while the backend is well. */
  #ending(startedAt: number): Ending {
    if (this.#remainingMs > TIMER_SLACK_MS) return undefined
    const isLate = performance.now() - startedAt < this.#timeoutMs / 2
    return isLate || this.#options.isShortened ? 'hasty' : undefined
  }

  #pauseAfter(error: unknown): number | undefined {
    const { signal } = this.#options
    if (signal?.aborted || this.#number === 0 || isRefusal(error)) return undefined
    return this.#shared.retries.pauseAfter({
      error,
      answer: this.#answer,
      number: this.#number,
      isIdempotent: this.#isIdempotent,
      hasOther: this.#shared.endpoints.hasOther(this.#tried),
      remainingMs: this.#remainingMs - TIMER_SLACK_MS,
    })
  }

  /** Where no further attempt could be made, the one before tells why. */
  #conclusion(error: unknown): unknown {
    const last = this.#failure !== undefined && isRefusal(error) ? this.#failure : error
    const isUnsent = last instanceof AdapterError && last.outcome === 'not-sent'
    if (!isUnsent || !this.#wasSent) return last
    // An earlier attempt may have been carried out: nobody is told when to try again.
    return withOutcome(last, { outcome: 'unknown', ...(!this.#isIdempotent && { retryAfter: undefined }) })
  }

  #rethrow(error: unknown): never {
    throw this.#conclusion(error)
  }
}

/** A call whose answer breaks off has failed. How long a slow client takes says nothing of the backend. */
function settleAfter(rest: ByteStream, permit: Permit, tookMs: number): void {
  void rest.over.then((error) => permit.settle(error, undefined, tookMs))
}

/** We did not even try. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AdapterError &&
    (error.code === 'backend-unavailable' || error.code === 'backend-overloaded')
  )
}

function nothingSent(timeoutMs: number): AdapterError {
  return new AdapterError(
    'backend-timeout',
    `The time of ${timeoutMs} ms was over before anything was sent.`,
    {
      outcome: 'not-sent',
    },
  )
}

/** @throws AdapterError `client-closed` */
function pause(ms: number, signal: Cancellation | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      if (signal) reject(clientClosed(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort)
  })
}
