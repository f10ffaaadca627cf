import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../adapter/rest.js'
import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'
import type { ResponseHead } from '../answer/head.js'
import { setRateLimitFields } from '../answer/rate-limit-fields.js'
import type { CredentialCheck } from './credential-check.js'
import type { FailedAttempts } from './failed-attempts.js'
import { type ClientLimits, type Granted, REASONS, type Refused, type Verdict } from './verdict.js'

/** Who calls, and how much of it they may. */
export interface Caller {
  readonly identity: Identity
  readonly limits?: ClientLimits
}

const CODES: Readonly<Record<Refused['reason'], AdapterErrorCode>> = {
  absent: 'unauthenticated',
  invalid: 'unauthenticated',
  insufficient: 'forbidden',
  unavailable: 'authentication-unavailable',
  limited: 'rate-limited',
}

/** A check that has been asked for its verdict. */
interface Begun {
  readonly check: CredentialCheck | undefined
  readonly verdict: Verdict | Promise<Verdict> | undefined
}

/** The door of one operation: alternatives, each of which asks for all of its credentials. */
export class Authenticator {
  readonly #alternatives: readonly (readonly CredentialCheck[])[]
  readonly #checks: ReadonlySet<CredentialCheck>
  readonly #optional: boolean

  /** @param alternatives an empty one lets in whoever sends no credentials */
  constructor(
    alternatives: readonly (readonly CredentialCheck[])[],
    readonly failedAttempts?: FailedAttempts,
  ) {
    this.#alternatives = alternatives.filter((checks) => checks.length > 0)
    this.#optional = this.#alternatives.length < alternatives.length
    this.#checks = new Set(this.#alternatives.flat())
  }

  /**
   * Finds out who calls. Where credentials are optional, wrong ones are refused all the same: their sender believes
   * to be known.
   *
   * @returns undefined where nobody need be known
   * @throws AdapterError `unauthenticated`, `forbidden` or `authentication-unavailable`, with WWW-Authenticate on the
   *   answer; `rate-limited` for whoever fails too often
   */
  authenticate(req: IncomingMessage, head: ResponseHead): Caller | undefined | Promise<Caller | undefined> {
    const [first = []] = this.#alternatives
    const [check] = first
    const verdict = check && this.#verdict(check, req)
    // Most callers are known at once, by one credential.
    const isKnown = verdict && !(verdict instanceof Promise) && verdict.granted && first.length === 1
    return isKnown ? callerOf([verdict]) : this.#tryAll(req, head, { check, verdict })
  }

  /** @param begun what is known of the first check already */
  async #tryAll(req: IncomingMessage, head: ResponseHead, begun: Begun): Promise<Caller | undefined> {
    const refusals = new Map<CredentialCheck, Refused>()
    for (const checks of this.#alternatives) {
      const granted: Granted[] = []
      for (const check of checks) {
        const known = check === begun.check ? begun.verdict : refusals.get(check)
        const verdict = await (known ?? this.#verdict(check, req))
        if (!verdict.granted) {
          refusals.set(check, verdict)
          break
        }
        granted.push(verdict)
      }
      if (granted.length === checks.length) return callerOf(granted)
    }
    const worst = [...refusals.values()].reduce<Refused | undefined>(
      (one, other) => (one && rank(one) >= rank(other) ? one : other),
      undefined,
    )
    if (!worst || (this.#optional && worst.reason === 'absent')) return undefined
    const isAttempt = [...refusals.values()].some(({ reason, genuine }) => reason === 'invalid' && !genuine)
    const limited = isAttempt ? await this.failedAttempts?.count(req.socket.remoteAddress) : undefined
    throw this.#refuse(limited ?? worst, refusals, head)
  }

  #verdict(check: CredentialCheck, req: IncomingMessage): Verdict | Promise<Verdict> {
    const { failedAttempts } = this
    if (!failedAttempts || !check.isCostly?.(req)) return check.check(req)
    return failedAttempts.enter(req.socket.remoteAddress).then(async (turn) => {
      if (typeof turn !== 'function') return turn
      try {
        return await check.check(req)
      } finally {
        turn()
      }
    })
  }

  #refuse(
    { reason, detail, retryAfter, rateLimit, cause }: Refused,
    refusals: ReadonlyMap<CredentialCheck, Refused>,
    head: ResponseHead,
  ): AdapterError {
    if (reason !== 'unavailable' && reason !== 'limited') {
      const challenges = new Set<string>()
      for (const check of this.#checks) {
        const refusal = refusals.get(check)
        // Of a refusal for lack of rights only who was refused is told more (RFC 6750, section 3.1).
        if (refusal && (reason !== 'insufficient' || refusal.reason === reason)) {
          challenges.add(check.challenge(refusal))
        }
      }
      head.setHeader('www-authenticate', [...challenges])
    }
    if (rateLimit) setRateLimitFields(head, rateLimit)
    return new AdapterError(CODES[reason], detail, { ...(retryAfter !== undefined && { retryAfter }), cause })
  }
}

function rank({ reason }: Refused): number {
  return REASONS.indexOf(reason)
}

/** Several credentials make one caller: what the first of them says counts. */
function callerOf(granted: readonly Granted[]): Caller {
  const identity: Writable<Identity> = { claims: granted.find((one) => one.claims)?.claims ?? NO_CLAIMS }
  const named = granted.find((one) => one.client !== undefined)
  if (named?.client !== undefined) {
    identity.client = named.client
    identity.namedBy = named.namedBy
  }
  const subject = granted.find((one) => one.subject !== undefined)?.subject
  if (subject !== undefined) identity.subject = subject
  // All of them were proven.
  const scopes = new Set(granted.flatMap((one) => one.scopes ?? NO_SCOPES))
  if (scopes.size > 0) identity.scopes = [...scopes]
  const limits = granted.find((one) => one.limits)?.limits
  return limits ? { identity, limits } : { identity }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

const NO_CLAIMS = {}
const NO_SCOPES: readonly string[] = []
