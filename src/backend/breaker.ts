import CircuitBreaker from 'opossum'
import { AdapterError, type AdapterErrorCode } from '../base/errors.js'
import { type BreakerPolicy } from './policy.js'

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

/** The call ended for a reason of ours or of the client's: it says nothing about the backend. */
const silentCodes: ReadonlySet<AdapterErrorCode> = new Set<AdapterErrorCode>([
  'client-closed',
  'backend-overloaded',
  'shutting-down',
  'internal',
])

/** Leave for one call; it must be settled exactly once. */
export interface Permit {
  /** The one call that decides whether a half-open breaker closes. */
  readonly isProbe: boolean
  /** Tells the breaker how the call ended; without an error, well. */
  settle(error?: unknown): Promise<void>
}

/**
 * Opens when too many calls fail, lets one probe through after a while, and closes when that succeeds.
 *
 * opossum keeps the window and the states. A call is told to it when it ends, not run inside it: opossum counts
 * a call when it starts, so that calls in flight, calls that clients gave up and calls refused while it is open would
 * dilute the failure rate, a slow failure would be weighed against the calls of a later window, and a
 * probe that ends without a verdict would leave it half-open for ever.
 */
export class Breaker {
  readonly #circuit: CircuitBreaker<[AdapterError | undefined], void>
  readonly #openMs: number
  readonly #onChange: (state: BreakerState, previous: BreakerState) => void
  #state: BreakerState = 'closed'
  /** Grows with every change of state: a call that began before the change has no say after it. */
  #era = 0
  #probing = false
  #openedAt = 0

  /** @param onChange called after each change, outside of any call */
  constructor(policy: BreakerPolicy, onChange: (state: BreakerState, previous: BreakerState) => void) {
    this.#openMs = policy.openMs
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

  /** @throws AdapterError `backend-unavailable` while open, or half-open with a probe under way */
  admit(): Permit {
    if (this.#state === 'open') throw this.#unavailable(this.#openMs - (performance.now() - this.#openedAt))
    const isProbe = this.#state === 'half-open'
    if (isProbe) {
      if (this.#probing) throw this.#unavailable(0)
      this.#probing = true
    }
    const era = this.#era
    return { isProbe, settle: (error) => this.#settle(era, error) }
  }

  shutdown(): void {
    this.#circuit.shutdown()
  }

  async #settle(era: number, error: unknown): Promise<void> {
    if (era !== this.#era) return
    const verdict = judge(error)
    // A rejection is opossum handing our own error back.
    if (verdict !== 'silent') await this.#circuit.fire(verdict).catch(() => undefined)
    if (era === this.#era) this.#probing = false
  }

  #enter(state: BreakerState): void {
    const previous = this.#state
    this.#state = state
    this.#era++
    this.#probing = false
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

  #unavailable(waitMs: number): AdapterError {
    return new AdapterError(
      'backend-unavailable',
      'The backend has failed repeatedly and is not called for now.',
      {
        retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
      },
    )
  }
}

function tell(failure: AdapterError | undefined): Promise<void> {
  return failure ? Promise.reject(failure) : Promise.resolve()
}

/** @returns the failure, undefined for an answer (a business error is one: the backend is alive), or `silent` */
function judge(error: unknown): AdapterError | undefined | 'silent' {
  if (error === undefined) return undefined
  if (!(error instanceof AdapterError) || silentCodes.has(error.code)) return 'silent'
  return failingCodes.has(error.code) ? error : undefined
}
