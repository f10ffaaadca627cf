import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'
import type { RetryPolicy } from '../policy.js'
import type { SoapAnswer } from '../soap-call.js'

/** Retries that may come before there were calls to earn them, and so many that can be saved up. */
const RESERVE = 10

/** The connection failed: another may not. A login that was refused is none of them, it would get accounts locked. */
const connectionCodes: ReadonlySet<AdapterErrorCode> = new Set<AdapterErrorCode>([
  'backend-unreachable',
  'backend-timeout',
  'backend-tls',
])

/** Who answers so may answer otherwise a moment later (RFC 6585, section 4; RFC 9110, sections 15.6.3 to 15.6.5). */
const passingStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** An attempt that failed. */
export interface FailedAttempt {
  readonly error: unknown
  /** What the backend answered, where it did. */
  readonly answer: SoapAnswer | undefined
  /** From 1. */
  readonly number: number
  /** Whether the operation may be carried out twice. */
  readonly isIdempotent: boolean
  /** Whether the next attempt goes to an endpoint that was not tried yet. */
  readonly hasOther: boolean
  readonly remainingMs: number
}

/**
 * Decides whether a call that failed is made again, and when.
 *
 * What was not sent goes to another endpoint at once. Everything else needs a policy, time, and the budget: retries are
 * a share of the calls, so that a backend that suffers does not get twice as many of them.
 */
export class Retries {
  readonly #policy: RetryPolicy | undefined
  readonly #random: () => number
  #budget = RESERVE
  #count = 0

  /** @param random from 0 to below 1 */
  constructor(policy: RetryPolicy | undefined, random: () => number = Math.random) {
    this.#policy = policy
    this.#random = random
  }

  /** Attempts so far beside the first of each call. */
  get count(): number {
    return this.#count
  }

  /** Counts a call, which earns its share of a retry. */
  earn(): void {
    if (this.#policy) this.#budget = Math.min(RESERVE, this.#budget + this.#policy.budgetPercent / 100)
  }

  /** The longest that an attempt may take; undefined where only the deadline counts. @param number from 1 */
  attemptMs(number: number, { isIdempotent }: { readonly isIdempotent: boolean }): number | undefined {
    const { attempts = 1, attemptTimeoutMs } = this.#policy ?? {}
    return isIdempotent && number < attempts ? attemptTimeoutMs : undefined
  }

  /** @returns milliseconds to wait before the next attempt; undefined for none */
  pauseAfter(failed: FailedAttempt): number | undefined {
    const pauseMs = this.#pauseAfter(failed)
    if (pauseMs !== undefined) this.#count++
    return pauseMs
  }

  #pauseAfter({
    error,
    answer,
    number,
    isIdempotent,
    hasOther,
    remainingMs,
  }: FailedAttempt): number | undefined {
    if (!(error instanceof AdapterError)) return undefined
    const isConnection = answer === undefined && connectionCodes.has(error.code)
    const isUnsent = isConnection && error.outcome === 'not-sent'
    if (isUnsent && hasOther && remainingMs > 0) return 0
    if (!this.#policy || number >= this.#policy.attempts) return undefined
    if (!isUnsent && !(isIdempotent && (isConnection || isPassing(error, answer)))) return undefined
    if (error.code === 'backend-tls' && !hasOther) return undefined
    const { baseMs, maxMs } = this.#policy
    const backoffMs = this.#random() * Math.min(maxMs, baseMs * 2 ** (number - 1))
    const pauseMs = hasOther ? backoffMs : Math.max(backoffMs, retryAfterMs(answer))
    if (pauseMs >= remainingMs || this.#budget < 1) return undefined
    this.#budget--
    return pauseMs
  }
}

/** No response of the service: a fault that the contract does not know, or something else than SOAP. */
function isPassing({ code }: AdapterError, answer: SoapAnswer | undefined): boolean {
  const isNone = code === 'backend-not-soap' || code === 'backend-fault'
  return isNone && answer !== undefined && passingStatuses.has(answer.status)
}

/** Retry-After in seconds or as a date (RFC 9110, section 10.2.3); 0 for none, or none that can be read. */
export function retryAfterMs(answer: SoapAnswer | undefined, now = Date.now()): number {
  const field = answer?.headers['retry-after']?.trim() ?? ''
  if (/^\d+$/.test(field)) return Number(field) * 1000
  const date = field === '' ? NaN : Date.parse(field)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
