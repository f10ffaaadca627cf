import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { isTrustworthyUrl } from '../../config/security-settings.js'
import { isObject } from '../../openapi/document.js'
import { fetchJson } from './fetch-json.js'

export interface IssuerKeysOptions {
  readonly issuer: string
  /** Where the keys are; by default the metadata of the issuer say it (RFC 8414, OpenID Connect Discovery 1.0). */
  readonly jwksUrl?: string
  /** Milliseconds after which keys are fetched again, while the old ones serve on. */
  readonly maxAgeMs?: number
  /** Milliseconds between two fetches at the least, however many unknown keys tokens name. */
  readonly cooldownMs?: number
}

/** No keys have ever been had from the issuer. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

const MAX_AGE_MS = 600_000
const COOLDOWN_MS = 30_000

/**
 * The public keys of an issuer (RFC 7517). They are kept: when the issuer cannot be reached, tokens signed with keys
 * that are known are still good, and no token is waved through. A token that names an unknown key makes them be
 * fetched again, at most once in a cooldown.
 *
 * @example
 * ```ts
 * const keys = new IssuerKeys({ issuer: 'https://login.bank.example' })
 * ```
 */
export class IssuerKeys {
  readonly #options: Required<Omit<IssuerKeysOptions, 'jwksUrl'>>
  #jwksUrl: string | undefined
  #keys: ReturnType<typeof createLocalJWKSet> | undefined
  #generation = 0
  #fetchedAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
  #fetching: Promise<void> | undefined

  constructor({ issuer, jwksUrl, maxAgeMs = MAX_AGE_MS, cooldownMs = COOLDOWN_MS }: IssuerKeysOptions) {
    this.#options = { issuer, maxAgeMs, cooldownMs }
    this.#jwksUrl = jwksUrl
  }

  /** For jose. @throws KeysUnavailable, or what jose throws where no key matches */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.#keys) await this.#refresh()
    else if (performance.now() - this.#fetchedAt > this.#options.maxAgeMs) {
      // The keys at hand serve on; a failure shows when they no longer do.
      this.#refresh().catch(() => undefined)
    }
    const keys = this.#keys
    if (!keys) throw new KeysUnavailable('the issuer has given no keys yet')
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayFetch()) throw error
      await this.#refresh().catch(() => undefined)
      return (this.#keys ?? keys)(header, token)
    }
  }

  /** Another number each time that the keys were fetched. */
  get generation(): number {
    return this.#generation
  }

  /** Seconds after which an issuer that could not be reached is asked again. */
  get retryAfter(): number {
    return Math.ceil(Math.max(0, this.#triedAt + this.#options.cooldownMs - performance.now()) / 1000)
  }

  #mayFetch(): boolean {
    return performance.now() - this.#triedAt >= this.#options.cooldownMs
  }

  #refresh(): Promise<void> {
    if (this.#fetching) return this.#fetching
    if (!this.#mayFetch()) {
      return this.#keys
        ? Promise.resolve()
        : Promise.reject(new KeysUnavailable('the issuer was asked just now'))
    }
    this.#triedAt = performance.now()
    this.#fetching = this.#fetch().finally(() => (this.#fetching = undefined))
    return this.#fetching
  }

  async #fetch(): Promise<void> {
    try {
      this.#jwksUrl ??= await discover(this.#options.issuer)
      const jwks: unknown = await fetchJson(this.#jwksUrl)
      // createLocalJWKSet judges the rest. An issuer without a key would have every token refused.
      if (isObject(jwks) && Array.isArray(jwks.keys) && jwks.keys.length === 0)
        throw new Error('there is no key')
      this.#keys = createLocalJWKSet(jwks as JSONWebKeySet)
      this.#generation += 1
      this.#fetchedAt = performance.now()
    } catch (cause) {
      throw new KeysUnavailable('the keys of the issuer cannot be fetched', { cause })
    }
  }
}

/** Finds the keys of an issuer by its metadata: OpenID Connect Discovery 1.0, section 4, then RFC 8414, section 3. */
async function discover(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const candidates = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
  let failure: unknown
  for (const candidate of candidates) {
    try {
      const { issuer: named, jwks_uri: jwksUrl } = await fetchJson(candidate)
      if (named !== issuer) throw new Error('the metadata are those of another issuer')
      if (typeof jwksUrl !== 'string' || !isTrustworthyUrl(jwksUrl)) {
        throw new Error('the metadata have no jwks_uri with https')
      }
      return jwksUrl
    } catch (error) {
      failure = error
    }
  }
  throw failure
}
