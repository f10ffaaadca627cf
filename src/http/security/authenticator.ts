import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Identity } from '../../adapter/rest.js'
import { AdapterError, type AdapterErrorCode } from '../../base/errors.js'
import { type CredentialCheck } from './credential-check.js'
import { type ClientLimits, type Granted, REASONS, type Refused } from './verdict.js'

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
}

/** The door of one operation: alternatives, each of which asks for all of its credentials. */
export class Authenticator {
  readonly #alternatives: readonly (readonly CredentialCheck[])[]
  readonly #checks: ReadonlySet<CredentialCheck>
  readonly #optional: boolean

  /** @param alternatives an empty one lets in whoever sends no credentials */
  constructor(alternatives: readonly (readonly CredentialCheck[])[]) {
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
   *   answer
   */
  async authenticate(req: IncomingMessage, res: ServerResponse): Promise<Caller | undefined> {
    const refusals = new Map<CredentialCheck, Refused>()
    for (const checks of this.#alternatives) {
      const granted: Granted[] = []
      for (const check of checks) {
        const pending = refusals.get(check) ?? check.check(req)
        const verdict = pending instanceof Promise ? await pending : pending
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
    throw this.#refuse(worst, refusals, res)
  }

  #refuse(
    { reason, detail, retryAfter, cause }: Refused,
    refusals: ReadonlyMap<CredentialCheck, Refused>,
    res: ServerResponse,
  ): AdapterError {
    if (reason !== 'unavailable') {
      const challenges = new Set<string>()
      for (const check of this.#checks) {
        const refusal = refusals.get(check)
        // Of a refusal for lack of rights only who was refused is told more (RFC 6750, section 3.1).
        if (refusal && (reason !== 'insufficient' || refusal.reason === reason)) {
          challenges.add(check.challenge(refusal))
        }
      }
      res.setHeader('www-authenticate', [...challenges])
    }
    return new AdapterError(CODES[reason], detail, { ...(retryAfter !== undefined && { retryAfter }), cause })
  }
}

function rank({ reason }: Refused): number {
  return REASONS.indexOf(reason)
}

/** Several credentials make one caller: what the first of them says counts. */
function callerOf(granted: readonly Granted[]): Caller {
  const client = granted.find((one) => one.client !== undefined)?.client
  const subject = granted.find((one) => one.subject !== undefined)?.subject
  const claims = granted.find((one) => one.claims)?.claims ?? {}
  const limits = granted.find((one) => one.limits)?.limits
  return {
    identity: { claims, ...(client !== undefined && { client }), ...(subject !== undefined && { subject }) },
    ...(limits && { limits }),
  }
}
