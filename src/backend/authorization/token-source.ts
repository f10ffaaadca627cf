/** An access token as an authorization server issued it. */
export interface IssuedToken {
  readonly value: string
  readonly lifetimeMs: number
}

interface KeptToken {
  readonly value: string
  /** From then on a new one is fetched while this one still serves. */
  readonly renewAt: number
  /** From then on it serves no more: it could expire on its way. */
  readonly endsAt: number
}

/** A token is renewed so long before it expires, or after four fifths of a shorter life. */
const RENEWAL_MS = 60_000
const RENEWAL_SHARE = 0.2

const TRAVEL_MS = 5000
const TRAVEL_SHARE = 0.1

/** After a renewal in the background failed, while the old token still serves. */
const REST_MS = 1000

/** Keeps one token for all calls, and has it fetched once for all that wait for it. */
export class TokenSource {
  readonly #fetch: () => Promise<IssuedToken>
  readonly #now: () => number
  #token: KeptToken | undefined
  #fetching: Promise<string> | undefined
  #restsUntil = -Infinity

  /** @param now milliseconds of a clock that never goes back */
  constructor(fetch: () => Promise<IssuedToken>, now: () => number = () => performance.now()) {
    this.#fetch = fetch
    this.#now = now
  }

  /** @returns undefined when there is no token that serves; obtain one then */
  get current(): string | undefined {
    const now = this.#now()
    if (!this.#token || now >= this.#token.endsAt) return undefined
    if (now >= this.#token.renewAt && now >= this.#restsUntil) {
      this.obtain().catch(() => {
        this.#restsUntil = this.#now() + REST_MS
      })
    }
    return this.#token.value
  }

  /** A new token, the same for all who ask while it is fetched. @throws what fetching it throws */
  obtain(): Promise<string> {
    this.#fetching ??= this.#renew().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  /** The backend refused the token: whoever comes next obtains another, unless that has happened already. */
  refuse(value: string): void {
    if (this.#token?.value === value) this.#token = undefined
  }

  async #renew(): Promise<string> {
    // Its life began when it was issued, which was after this.
    const asked = this.#now()
    const { value, lifetimeMs } = await this.#fetch()
    const endsBefore = (limit: number, share: number) =>
      asked + lifetimeMs - Math.min(limit, lifetimeMs * share)
    this.#token = {
      value,
      renewAt: endsBefore(RENEWAL_MS, RENEWAL_SHARE),
      endsAt: endsBefore(TRAVEL_MS, TRAVEL_SHARE),
    }
    return value
  }
}
