import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import type { UseBounds } from '../../store/single-use/memory.js'
import { SingleUses } from '../../store/single-use/uses.js'
import { PROOF_TABLE } from '../counters/counter-tables.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'
import { originForm } from '../request/target.js'
import { limited, type Refused, refused } from './verdict.js'

export interface DpopOptions extends UseBounds {
  /** URLs under which clients see this service, without a slash at the end. */
  readonly urls: readonly string[]
  readonly algorithms: readonly string[]
  /** Seconds by which clocks may differ. */
  readonly clockSkew: number
  /** Where replicas remember proofs together; without it each does by itself. */
  readonly pool?: RateLimitPool
}

/** Seconds for which a proof is good: a client makes one for each request. */
const MAX_AGE = 60
/** Characters of base64url: a modulus of 4096 bits and an exponent of 32. Both can make a signature dear to verify. */
const MODULUS_LENGTH = 683
const EXPONENT_LENGTH = 6
const INVALID = 'is not a valid one: type, algorithm, key, signature or time'

/**
 * Checks that who sends a token holds the key that it is bound to (RFC 9449, Demonstrating Proof of Possession).
 *
 * @example
 * ```ts
 * const dpop = new DpopProofs({ urls: ['https://api.bank.example'], algorithms: ['ES256'], clockSkew: 5 })
 * ```
 */
export class DpopProofs {
  /** For `algs` of WWW-Authenticate (section 7.1). */
  readonly algorithms: readonly string[]
  readonly #urls: readonly string[]
  readonly #clockSkew: number
  readonly #used: SingleUses

  constructor({ urls, algorithms, clockSkew, pool, ...bounds }: DpopOptions) {
    this.algorithms = algorithms
    this.#urls = urls.map((url) => new URL(url).href.replace(/\/$/, ''))
    this.#clockSkew = clockSkew
    this.#used = new SingleUses(
      (MAX_AGE + 2 * clockSkew) * 1000,
      bounds,
      pool && { pool, table: PROOF_TABLE },
    )
  }

  /**
   * Checks the proof of a request as section 4.3 says, but for a nonce, which is not asked for.
   *
   * @param token that the proof comes with, and has been found good
   * @param key the thumbprint that the token is bound to, `jkt` (section 6.1)
   * @returns nothing where the proof is good; it is not good again
   */
  async check(req: IncomingMessage, token: string, key: string): Promise<Refused | undefined> {
    // Of several, Node makes one with commas, which is not a JWT.
    const proof = req.headers.dpop
    if (typeof proof !== 'string') return wrong('is missing')
    let claims: JWTPayload
    try {
      // Before the signature: verifying one costs what the key makes it cost, and anybody can bring a key.
      const { jwk } = decodeProtectedHeader(proof)
      if (!jwk) return wrong(INVALID)
      if ((await calculateJwkThumbprint(jwk)) !== key) return wrong('is of another key than the token')
      if (isTooLarge(jwk)) return wrong('is of an RSA key that is too large')
      const { payload } = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: [...this.algorithms],
        clockTolerance: this.#clockSkew,
        maxTokenAge: MAX_AGE,
      })
      claims = payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) return wrong('is too old')
      return wrong(INVALID)
    }
    const { htm, htu, ath, jti, iat } = claims
    if (htm !== req.method || !this.#isUrl(htu, req)) return wrong('is for another request')
    if (ath !== hash('sha256', token, 'base64url')) return wrong('is for another token')
    if (typeof jti !== 'string' || jti === '') return wrong('has no jti')
    if (iat === undefined) return wrong(INVALID)
    return this.#use(key, jti, iat)
  }

  async #use(key: string, jti: string, issuedAt: number): Promise<Refused | undefined> {
    const found = await this.#used.use(key, jti, issuedAt)
    if (found === 'new') return undefined
    if (found === 'used') return wrong('was used before')
    const seconds = this.#used.memory.secondsToRoom
    if (found === 'full')
      return refused('unavailable', 'Too many DPoP proofs are remembered.', { retryAfter: seconds })
    const rateLimit = { policy: 'dpop-proofs', ...this.#used.memory.share, left: 0, seconds }
    return limited('Too many DPoP proofs of this key are remembered.', rateLimit)
  }

  /**
   * Without query and fragment. The host is ours to know: of the request's word for it a thief would make use. What
   * the proof says is brought into the normal form of URLs (RFC 9449, section 4.3); a request that is in another has
   * no proof: the router would not find in it what URLs make of it.
   */
  #isUrl(htu: unknown, req: IncomingMessage): boolean {
    if (typeof htu !== 'string' || !URL.canParse(htu)) return false
    const { origin, username, password, pathname } = new URL(htu)
    const sent = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : req.url
    const path = originForm(sent ?? '')?.split('?')[0]
    return (
      username === '' &&
      password === '' &&
      path !== undefined &&
      this.#urls.some((url) => `${origin}${pathname}` === `${url}${path}`)
    )
  }
}

/** Who chose the key of the token chose these too. */
function isTooLarge({ kty, n, e }: JWK): boolean {
  return kty === 'RSA' && ((n?.length ?? 0) > MODULUS_LENGTH || (e?.length ?? 0) > EXPONENT_LENGTH)
}

function wrong(what: string): Refused {
  return refused('invalid', `The DPoP proof ${what}.`, {
    scheme: 'DPoP',
    error: 'invalid_dpop_proof',
  })
}
