import type { Identity } from '../../adapter/rest.js'
import type { JsonObject } from '../../json/value.js'
import type { RateLimitState } from '../answer/rate-limit-fields.js'

/** How much one client may ask for; what is absent is as the settings say. */
export interface ClientLimits {
  /** Requests in each window. */
  readonly requests?: number
  /** Seconds. */
  readonly window?: number
  /** Requests at the same time. */
  readonly concurrent?: number
}

/** What a credential proves. */
export interface Granted {
  readonly granted: true
  readonly client?: string
  readonly subject?: string
  /** Which kind of credential it is. */
  readonly namedBy: NonNullable<Identity['namedBy']>
  readonly claims?: JsonObject
  /** Of a token, or roles of a key; absent where there are none. */
  readonly scopes?: readonly string[]
  readonly limits?: ClientLimits
}

/** From the least to the most that there is to tell of a request that is not let in. */
export const REASONS = ['absent', 'invalid', 'insufficient', 'unavailable', 'limited'] as const

export interface Refused {
  readonly granted: false
  readonly reason: (typeof REASONS)[number]
  /** Goes to the client: never a part of the credential. */
  readonly detail: string
  /** What was refused is of our issuer all the same, such as a token that has expired: nobody is trying. */
  readonly genuine?: true
  /** What the credential came with, where that is not the first scheme that would do: it is challenged by the same. */
  readonly scheme?: 'DPoP'
  /** For WWW-Authenticate, where it is not what the reason says. */
  readonly error?: 'invalid_dpop_proof'
  /** Seconds, where the reason is `unavailable` or `limited`. */
  readonly retryAfter?: number
  /** Where the reason is `limited`. */
  readonly rateLimit?: RateLimitState
  /** Logged, never sent. */
  readonly cause?: unknown
}

/** A refusal for more than a client may have. */
export interface Limited extends Refused {
  readonly retryAfter: number
  readonly rateLimit: RateLimitState
}

export type Verdict = Granted | Refused

export function refused(reason: Refused['reason'], detail: string, more: Partial<Refused> = {}): Refused {
  return { ...more, granted: false, reason, detail }
}

export function limited(detail: string, rateLimit: RateLimitState): Limited {
  return { granted: false, reason: 'limited', detail, retryAfter: rateLimit.seconds, rateLimit }
}
