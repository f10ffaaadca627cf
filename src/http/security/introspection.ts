import { type JsonObject } from '../../json/value.js'
import { type AccessToken, type AccessTokenVerifier } from './access-token.js'
import { fetchJson } from './fetch-json.js'
import { TokenMemory } from './token-memory.js'
import { refused, type Refused } from './verdict.js'

export interface IntrospectionOptions {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly issuer: string
  readonly audience: readonly string[]
  /** Seconds for which an answer is believed; a token that is revoked meanwhile is still taken. 0: never. */
  readonly cacheSeconds: number
}

const RETRY_AFTER = 5

/** Asks the authorization server whether a token is good (RFC 7662). Tokens need not be JWTs for that. */
export class Introspection implements AccessTokenVerifier {
  readonly #options: IntrospectionOptions
  readonly #authorization: string
  readonly #remembered = new TokenMemory<AccessToken | Refused>()

  constructor(options: IntrospectionOptions) {
    this.#options = options
    // RFC 6749, section 2.3.1: both are form-encoded first.
    const form = [options.clientId, options.clientSecret].map(formEncoded).join(':')
    this.#authorization = `Basic ${Buffer.from(form).toString('base64')}`
  }

  /** A refusal is remembered, too: neither is asked for again. */
  remembers(token: string): boolean {
    return this.#remembered.get(token) !== undefined
  }

  async verify(token: string): Promise<AccessToken | Refused> {
    const known = this.#remembered.get(token)
    if (known) return known
    let answer: JsonObject
    try {
      answer = (await fetchJson(this.#options.url, {
        method: 'POST',
        headers: {
          authorization: this.#authorization,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      })) as JsonObject
    } catch (cause) {
      const detail = 'The access token cannot be checked: the authorization server does not answer.'
      return refused('unavailable', detail, { retryAfter: RETRY_AFTER, cause })
    }
    const verdict = this.#judge(answer)
    this.#remember(token, verdict, answer)
    return verdict
  }

  #judge(claims: JsonObject): AccessToken | Refused {
    const { active, iss, aud, exp, nbf } = claims
    const now = Date.now() / 1000
    const isActive =
      active === true &&
      (typeof exp !== 'number' || now < exp) &&
      (typeof nbf !== 'number' || now >= nbf) &&
      (iss === undefined || iss === this.#options.issuer)
    if (!isActive) return refused('invalid', 'The access token is not active.')
    const audiences = aud === undefined ? undefined : [aud].flat()
    if (audiences && !this.#options.audience.some((one) => audiences.includes(one))) {
      return refused('invalid', 'The access token is for another audience.')
    }
    return { claims }
  }

  #remember(token: string, verdict: AccessToken | Refused, { exp }: JsonObject): void {
    const { cacheSeconds } = this.#options
    if (cacheSeconds === 0) return
    const until = Date.now() + cacheSeconds * 1000
    this.#remembered.set(token, verdict, typeof exp === 'number' ? Math.min(until, exp * 1000) : until)
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
