import { type JsonObject } from '../../json/value.js'

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
  readonly claims?: JsonObject
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
  /** For WWW-Authenticate, where it is not what the reason says. */
  readonly error?: 'invalid_dpop_proof'
  /** Seconds, where the reason is `unavailable` or `limited`. */
  readonly retryAfter?: number
  /** Logged, never sent. */
  readonly cause?: unknown
}

export type Verdict = Granted | Refused

export function refused(reason: Refused['reason'], detail: string, more: Partial<Refused> = {}): Refused {
  return { ...more, granted: false, reason, detail }
}
