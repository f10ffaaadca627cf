import { withOutcome } from '../../backend/resilience/outcome.js'
import { AdapterError } from '../../base/errors.js'
import { SessionEnded } from '../reply/session-ended.js'

/** After a login that was refused, none is tried for so long: repeated ones get accounts locked. */
const REFUSED_MS = 10_000

interface Opened<T> {
  readonly token: T
  /** Of performance.now(). */
  readonly endsAt: number
}

/**
 * The session of one backend: one login for all calls, renewed before it ends, and once when the backend ends it
 * earlier.
 */
export class Session<Token> {
  #opened: Opened<Token> | undefined
  #opening: Promise<Opened<Token>> | undefined
  #refused: { readonly error: AdapterError; readonly until: number } | undefined

  /**
   * @param login gets a token from the backend @param lifetimeMs after which a token is not used any more
   */
  constructor(
    readonly login: () => Promise<Token>,
    readonly lifetimeMs = Infinity,
  ) {}

  /**
   * Makes a call in the session.
   *
   * @param remainingMs what is left of the call's time; logging in is part of it
   * @param call rejects with {@link SessionEnded} where the backend wants a new login; is then made once more
   * @throws AdapterError `backend-login` where the login is refused, `backend-timeout` where it takes too long, or
   *   what `call` threw
   */
  async use<T>(remainingMs: () => number, call: (token: Token) => Promise<T>): Promise<T> {
    const opened = await this.#unsent(remainingMs())
    try {
      return await call(opened.token)
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error
      if (this.#opened === opened) this.#opened = undefined
    }
    const renewed = await this.#unsent(remainingMs())
    try {
      return await call(renewed.token)
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error
      throw new AdapterError('backend-login', 'The backend ended a session that had just begun.', {
        cause: error,
      })
    }
  }

  /** Whatever becomes of the login: the call itself has not been sent, or not been done. */
  async #unsent(timeoutMs: number): Promise<Opened<Token>> {
    try {
      return await this.#open(timeoutMs)
    } catch (error) {
      throw withOutcome(error, { outcome: 'not-sent' })
    }
  }

  async #open(timeoutMs: number): Promise<Opened<Token>> {
    const now = performance.now()
    if (this.#opened && now < this.#opened.endsAt) return this.#opened
    if (this.#refused && now < this.#refused.until) throw this.#refused.error
    this.#opening ??= this.#begin()
    return before(this.#opening, timeoutMs)
  }

  async #begin(): Promise<Opened<Token>> {
    try {
      const startedAt = performance.now()
      const token = await this.login()
      this.#refused = undefined
      return (this.#opened = { token, endsAt: startedAt + this.lifetimeMs })
    } catch (error) {
      if (error instanceof AdapterError && error.code === 'backend-login') {
        this.#refused = { error, until: performance.now() + REFUSED_MS }
      }
      throw error
    } finally {
      this.#opening = undefined
    }
  }
}

/** One call does not wait for a login longer than it has time; the login goes on for the others. */
async function before<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(
          new AdapterError('backend-timeout', 'The login at the backend took too long; nothing was sent.'),
        )
      },
      Math.max(0, timeoutMs),
    )
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
