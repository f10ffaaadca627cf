import CircuitBreaker from 'opossum'
import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'
import type { BreakerPolicy } from '../policy.js'

export type BreakerState = 'closed' | 'open' | 'half-open'

/**
 * The backend failed: it is down, hangs, or what answers is not the service. Credentials that are refused count too:
 * trying them on and on gets accounts locked.
 */
export const failingCodes: ReadonlySet<AdapterErrorCode> = new Set<AdapterErrorCode>([
  'backend-timeout',
  'backend-unreachable',
  'backend-tls',
  'backend-login',
  'backend-not-soap',
  'backend-malformed',
  'backend-too-large',
])

/** The backend answered, but not as it does when all is well. */
const faultCodes: ReadonlySet<AdapterErrorCode> = new Set<AdapterErrorCode>([
  'backend-fault',
  'backend-mismatch',
  'backend-untrusted',
])

/** The call ended for a reason of ours or of the client's: it says nothing about the backend. */
const silentCodes: ReadonlySet<AdapterErrorCode> = new Set<AdapterErrorCode>([
  'client-closed',
  'backend-overloaded',
  'shutting-down',
  'internal',
])

/**
 * What is known of the end of a call beside its error. `fault`: the response is a SOAP fault. `hasty`: the call was given
 * less time than it usually has.
 */
export type Ending = 'fault' | 'hasty' | undefined

/** Leave for one call; it must be settled exactly once. */
export interface Permit {
  /** One of the few calls that decide whether a half-open breaker closes. */
  readonly isProbe: boolean
  /**
   * Tells the breaker how the call ended; without an error, well.
   *
   * @param tookMs by default the time since it was admitted
   * @returns a promise where the breaker may change its state by it
   */
  settle(error?: unknown, ending?: Ending, tookMs?: number): Promise<void> | undefined
}

type Verdict = 'good' | 'fault' | 'silent' | AdapterError

/**
 * Opens when too many calls fail or are slow, lets a few probes through after a while, and closes when they succeed.
 *
 * A fault neither opens nor closes it: while it is closed, a fault is a response like any other; to a probe, it tells
 * nothing, since a service that has lost its database answers with faults, too.
 *
 * opossum keeps the window and the states. A call is told to it when it ends, not run inside it: opossum counts
 * a call when it starts, so that calls in flight, calls that clients gave up and calls refused while it is open would
 * dilute the failure rate, a slow failure would be weighed against the calls of a later window, and a
 * probe that ends without a verdict would leave it half-open for ever.
 */
export class Breaker {
  readonly #circuit: CircuitBreaker<[AdapterError | undefined], void>
  readonly #policy: BreakerPolicy
  readonly #onChange: (state: BreakerState, previous: BreakerState) => void
  #state: BreakerState = 'closed'
  /** Grows with every change of state: a call that began before the change has no say after it. */
  #era = 0
  #probing = 0
  #proven = 0
  #openedAt = 0

  /** @param onChange called after each change, outside of any call */
  constructor(policy: BreakerPolicy, onChange: (state: BreakerState, previous: BreakerState) => void) {
    this.#policy = policy
    this.#onChange = onChange
    this.#circuit = new CircuitBreaker<[AdapterError | undefined], void>(tell, {
      timeout: false,
      // opossum opens above its threshold, and so never at 100; ours opens at it.
      errorThresholdPercentage: policy.failurePercent - 1e-6,
      volumeThreshold: policy.minimumCalls,
      rollingCountTimeout: policy.windowMs,
      resetTimeout: policy.openMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    })
    this.#circuit.on('open', () => {
      this.#openedAt = performance.now()
      this.#enter('open')
    })
    this.#circuit.on('halfOpen', () => {
      this.#enter('half-open')
    })
    this.#circuit.on('close', () => {
      this.#forget()
      this.#enter('closed')
    })
  }

  get state(): BreakerState {
    return this.#state
  }

  /** @returns undefined where a call would be admitted, else how long it should wait, in milliseconds */
  get waitMs(): number | undefined {
    if (this.#state === 'open') return Math.max(0, this.#policy.openMs - (performance.now() - this.#openedAt))
    return this.#state === 'half-open' && this.#probing >= this.#policy.probes ? 0 : undefined
  }

  /** @throws AdapterError `backend-unavailable` while open, or half-open with enough probes under way */
  admit(): Permit {
    const { waitMs } = this
    if (waitMs !== undefined) throw unavailable(waitMs)
    const isProbe = this.#state === 'half-open'
    if (isProbe) this.#probing++
    const era = this.#era
    const startedAt = performance.now()
    return {
      isProbe,
      settle: (error, ending, tookMs = performance.now() - startedAt) => {
        const verdict = this.#judge(error, ending, tookMs)
        return era === this.#era ? this.#settle(verdict) : undefined
      },
    }
  }

  shutdown(): void {
    this.#circuit.shutdown()
  }

  #judge(error: unknown, ending: Ending, tookMs: number): Verdict {
    const verdict = judge(error, ending)
    const { slowMs = Infinity } = this.#policy
    // A client that does not wait any longer for what is slow is right.
    const isOurs = verdict === 'silent' && !isClientsEnd(error)
    return tookMs >= slowMs && !isOurs && !(verdict instanceof AdapterError) ? slow : verdict
  }

  #settle(verdict: Verdict): Promise<void> | undefined {
    if (this.#state === 'half-open') return this.#settleProbe(verdict)
    if (verdict === 'silent') return undefined
    if (verdict instanceof AdapterError) return this.#tell(verdict)
    // What opossum's own `fire` comes to where nothing fails, without the promises around it.
    this.#circuit.emit('fire', [])
    this.#circuit.emit('success', undefined, 0)
    return undefined
  }

  async #settleProbe(verdict: Verdict): Promise<void> {
    const era = this.#era
    if (verdict === 'good') this.#proven++
    const isProven = this.#proven >= this.#policy.probes
    if (verdict instanceof AdapterError || isProven) await this.#tell(verdict)
    if (era === this.#era) this.#probing--
  }

  /** A rejection is opossum handing our own error back. */
  #tell(verdict: Verdict): Promise<void> {
    return this.#circuit.fire(verdict instanceof AdapterError ? verdict : undefined).catch(() => undefined)
  }

  #enter(state: BreakerState): void {
    const previous = this.#state
    this.#state = state
    this.#era++
    this.#probing = 0
    this.#proven = 0
    // opossum would take what a listener throws for a failed call.
    queueMicrotask(() => {
      this.#onChange(state, previous)
    })
  }

  /** Failures from before the outage ended must not open the breaker again at the first hiccup. */
  #forget(): void {
    for (const bucket of this.#circuit.status.window)
      Object.assign(bucket, { fires: 0, failures: 0, successes: 0 })
  }
}

/** @param waitMs until it may be tried again */
export function unavailable(waitMs: number): AdapterError {
  return new AdapterError(
    'backend-unavailable',
    'The backend has failed repeatedly and is not called for now.',
    { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)), outcome: 'not-sent' },
  )
}

/** What a slow call is to opossum, which keeps none of it. */
const slow = new AdapterError('backend-timeout', 'The backend is slow.')

function tell(failure: AdapterError | undefined): Promise<void> {
  return failure ? Promise.reject(failure) : Promise.resolve()
}

function isClientsEnd(error: unknown): boolean {
  return error instanceof AdapterError && (error.code === 'client-closed' || error.code === 'backend-timeout')
}

function judge(error: unknown, ending: Ending): Verdict {
  if (error === undefined) return ending === 'fault' ? 'fault' : 'good'
  if (!(error instanceof AdapterError) || silentCodes.has(error.code)) return 'silent'
  if (error.code === 'backend-timeout' && ending === 'hasty') return 'silent'
  if (faultCodes.has(error.code)) return 'fault'
  return failingCodes.has(error.code) ? error : 'good'
}
