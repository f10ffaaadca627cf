import { errors, jwtVerify } from 'jose'
import type { JsonObject } from '../../json/value.js'
import type { AccessToken, AccessTokenVerifier } from './access-token.js'
import { type IssuerKeys, KeysUnavailable } from './issuer-keys.js'
import { TokenMemory } from './token-memory.js'
import { type Refused, refused } from './verdict.js'

export interface SignedTokenOptions {
  readonly issuer: string
  /** One of which the token must be for. */
  readonly audience: readonly string[]
  /** None of `none` and the HMAC ones: whoever can verify those can also make them. */
  readonly algorithms: readonly string[]
  /** Seconds by which clocks may differ. */
  readonly clockSkew: number
  /** `at+jwt` keeps ID tokens and others out (RFC 9068, section 4); `any` is for issuers that do not mark theirs. */
  readonly tokenType: 'at+jwt' | 'any'
}

const REMEMBERED_MS = 60_000
const SHARED_OR_NO_SECRET = /^(?:none$|HS)/i

/**
 * Verifies access tokens that are JWTs (RFC 9068, section 4), following RFC 8725.
 *
 * @example
 * ```ts
 * const issuer = 'https://login.bank.example'
 * const accessTokens = new SignedTokens(new IssuerKeys({ issuer }), {
 *   issuer,
 *   audience: ['https://api.bank.example'],
 *   algorithms: ['RS256', 'ES256'],
 *   clockSkew: 30,
 *   tokenType: 'at+jwt',
 * })
 * app.use(adapter.router({ authentication: { accessTokens } }))
 * ```
 */
export class SignedTokens implements AccessTokenVerifier {
  readonly #options: Parameters<typeof jwtVerify>[2]
  /** Verifying a signature takes far longer than finding its token here. */
  readonly #remembered = new TokenMemory<AccessToken>()
  #generation = 0

  constructor(
    readonly keys: IssuerKeys,
    { issuer, audience, algorithms, clockSkew, tokenType }: SignedTokenOptions,
  ) {
    this.#options = {
      issuer,
      audience: [...audience],
      algorithms: algorithms.filter((algorithm) => !SHARED_OR_NO_SECRET.test(algorithm)),
      clockTolerance: clockSkew,
      requiredClaims: ['exp'],
      ...(tokenType === 'at+jwt' && { typ: tokenType }),
    }
  }

  remembers(token: string): boolean {
    return this.#recall(token) !== undefined
  }

  async verify(token: string): Promise<AccessToken | Refused> {
    const known = this.#recall(token)
    if (known) return known
    try {
      const { payload } = await jwtVerify(token, this.keys.find, this.#options)
      const found = { claims: payload as JsonObject }
      this.#remembered.set(token, found, Math.min(REMEMBERED_MS, (payload.exp ?? 0) * 1000 - Date.now()))
      return found
    } catch (error) {
      if (error instanceof KeysUnavailable) {
        const detail = 'The access token cannot be checked: the keys of its issuer cannot be fetched.'
        return refused('unavailable', detail, { retryAfter: this.keys.retryAfter, cause: error })
      }
      // Claims are looked at after the signature: it was right.
      const isGenuine = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed
      return refused('invalid', `The access token ${reason(error)}.`, isGenuine ? { genuine: true } : {})
    }
  }

  #recall(token: string): AccessToken | undefined {
    if (this.#generation !== this.keys.generation) {
      this.#remembered.clear()
      this.#generation = this.keys.generation
    }
    return this.#remembered.get(token)
  }
}

/** Completes "The access token …"; jose's own messages may hold values. */
function reason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'has expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return CLAIMS[error.claim] ?? 'has a claim that is wrong'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is signed with an algorithm that is not allowed'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'has a signature that is wrong'
  if (error instanceof errors.JWKSNoMatchingKey) return 'is signed with a key that the issuer does not have'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'does not say which key it is signed with'
  return 'is no signed JWT'
}

const CLAIMS: Readonly<Record<string, string>> = {
  aud: 'is for another audience',
  iss: 'is from another issuer',
  nbf: 'is not valid yet',
  exp: 'does not say when it expires',
  typ: 'is not of the type at+jwt',
}
