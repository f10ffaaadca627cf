import type { JsonObject } from '../../json/value.js'
import type { AccessToken, AccessTokenVerifier } from './access-token.js'
import { fetchJson } from './fetch-json.js'
import { type IntrospectionPolicy, introspectionProblem } from './introspection-claims.js'
import { TokenMemory } from './token-memory.js'
import { type Refused, refused } from './verdict.js'

export interface IntrospectionOptions extends IntrospectionPolicy {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seconds for which a response is believed; a token that is revoked meanwhile is still taken. 0: never. */
  readonly cacheSeconds: number
}

const RETRY_AFTER = 5
/** What is believed is remembered, of thousands of tokens. */
const MOST_BYTES = 65_536

/**
 * Asks the authorization server whether a token is good (RFC 7662). Tokens need not be JWTs for that.
 *
 * @example
 * ```ts
 * const accessTokens = new Introspection({
 *   url: 'https://login.bank.example/introspect',
 *   clientId: 'soapstone',
 *   clientSecret: process.env.CLIENT_SECRET ?? '',
 *   issuer: 'https://login.bank.example',
 *   audience: ['https://api.bank.example'],
 *   audienceIsOptional: false,
 *   clockSkew: 30,
 *   tokenType: 'at+jwt',
 *   cacheSeconds: 30,
 * })
 * app.use(adapter.router({ authentication: { accessTokens } }))
 * ```
 */
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
        maxBytes: MOST_BYTES,
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
    const problem = introspectionProblem(claims, this.#options, Date.now() / 1000)
    return problem === undefined ? { claims } : refused('invalid', `The access token ${problem}.`)
  }

  #remember(token: string, verdict: AccessToken | Refused, { exp }: JsonObject): void {
    const { cacheSeconds } = this.#options
    if (cacheSeconds === 0) return
    const livesMs = typeof exp === 'number' ? exp * 1000 - Date.now() : Infinity
    this.#remembered.set(token, verdict, Math.min(cacheSeconds * 1000, livesMs))
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
