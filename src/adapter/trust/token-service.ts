import { createHash } from 'node:crypto'
import { type IssuedToken, TokenSource } from '../../backend/authorization/token-source.js'
import { Transport } from '../../backend/connection/transport.js'
import { withOutcome } from '../../backend/resilience/outcome.js'
import { bytesOf } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import type { BackendMapping } from '../../mapping/operation/mapping.js'
import { charsetOf } from '../../soap/content-type.js'
import { dialect, type SoapDialect } from '../../soap/envelope.js'
import type { IssuedTokenPolicy } from '../../ws-security/policy.js'
import type { BelievedMessage } from '../../ws-security/signature/believed-message.js'
import { compileWsSecurity, type WsSecurity } from '../../ws-security/ws-security.js'
import { trustAction, trustEnvelope, type TrustRequest } from '../../ws-security/ws-trust/request.js'
import { type IssuedAssertion, issuedAssertion } from '../../ws-security/ws-trust/response.js'
import { decodeXml } from '../../xml/encoding.js'
import { MessageGuard } from './message-guard.js'

type TokenServicePolicy = Pick<NonNullable<BackendMapping['issuedToken']>, 'policy' | 'connection'>

/** Tokens are some kilobytes; a service that sends more is none. */
const MAX_ANSWER_BYTES = 262_144
const CONNECTIONS = 4
/** Callers for whom tokens are kept; who has not called for longest is forgotten. */
const MAX_CALLERS = 1000

/**
 * Gets tokens from a security token service (WS-Trust 1.3 and 1.4): one for all calls, or one for each caller for whom
 * they are made, kept until shortly before it expires, and asked for once for all calls that wait for it.
 */
export class TokenService {
  readonly #policy: IssuedTokenPolicy
  readonly #dialect: SoapDialect
  readonly #security: WsSecurity
  /** Judges responses of the service that are believed; where their signatures are verified. */
  readonly guard: MessageGuard | undefined
  readonly #transport: Transport
  readonly #timeoutMs: number
  /** By a digest of the token of the caller; in the order of their last calls. */
  readonly #sources = new Map<string, TokenSource>()
  /** Tokens by source, to be renewed and cancelled. */
  readonly #issued = new Map<string, string>()

  constructor({ policy, connection }: TokenServicePolicy, timeoutMs: number) {
    this.#policy = policy
    this.#dialect = dialect(policy.soapVersion)
    this.#timeoutMs = timeoutMs
    this.#security = compileWsSecurity(policy.security, policy.soapVersion)
    this.guard = policy.security.verify && new MessageGuard(policy.security.verify)
    this.#transport = new Transport({
      timeoutMs,
      maxResponseBytes: MAX_ANSWER_BYTES,
      maxConcurrent: CONNECTIONS,
      ...connection,
    })
  }

  /**
   * The token for a call.
   *
   * @param callerToken what the caller brought
   * @param remainingMs of the call; fetching goes on for others that wait
   * @throws AdapterError `backend-login`, `backend-timeout`, `request-invalid`
   */
  async token(callerToken: string | undefined, remainingMs: number): Promise<string> {
    const source = this.#source(callerToken)
    const { current } = source
    if (current !== undefined) return current
    try {
      return await within(source.obtain(), remainingMs)
    } catch (error) {
      throw withOutcome(error, { outcome: 'not-sent' })
    }
  }

  /** The backend did not take a token: the next call asks for another. */
  refuse(callerToken: string | undefined, token: string): void {
    const key = keyOf(callerToken)
    this.#sources.get(key)?.refuse(token)
    // What is not taken is not worth a renewal.
    if (this.#issued.get(key) === token) this.#issued.delete(key)
  }

  /** Cancels the tokens that are kept, where the policy says so. */
  async close(): Promise<void> {
    const targets = this.#policy.cancel ? [...this.#issued.values()] : []
    await Promise.allSettled(targets.map((target) => this.#exchange({ action: 'Cancel', target })))
    await this.#transport.close()
  }

  #source(callerToken: string | undefined): TokenSource {
    const key = keyOf(callerToken)
    const source = this.#sources.get(key) ?? new TokenSource(() => this.#fetch(key, callerToken))
    this.#sources.delete(key)
    this.#sources.set(key, source)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > MAX_CALLERS && oldest !== undefined) {
      this.#sources.delete(oldest)
      this.#issued.delete(oldest)
    }
    return source
  }

  async #fetch(key: string, callerToken: string | undefined): Promise<IssuedToken> {
    const { markup, lifetimeMs } = await this.#renewed(key, callerToken)
    if (this.#policy.renew || this.#policy.cancel) this.#issued.set(key, markup)
    return { value: markup, lifetimeMs }
  }

  /** Where a token cannot be renewed, a new one is issued. */
  async #renewed(key: string, callerToken: string | undefined): Promise<IssuedAssertion> {
    const target = this.#issued.get(key)
    if (this.#policy.renew && target !== undefined) {
      this.#issued.delete(key)
      try {
        return await this.#asked({ action: 'Renew', target })
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error
      }
    }
    return this.#asked({ action: 'Issue', ...(callerToken !== undefined && { callerToken }) })
  }

  /** @throws AdapterError `backend-login`, whose causes are for the log */
  async #asked(request: TrustRequest): Promise<IssuedAssertion> {
    try {
      return issuedAssertion(await this.#exchange(request), Date.now(), this.#policy)
    } catch (cause) {
      if (cause instanceof AdapterError && cause.code === 'request-invalid') throw cause
      throw new AdapterError('backend-login', 'No token for the backend could be obtained.', { cause })
    }
  }

  async #exchange(request: TrustRequest): Promise<string> {
    const { endpoint } = this.#policy
    const envelope = trustEnvelope(this.#policy, request, this.#dialect, new Date())
    const { envelope: body, sent } = this.#security.secureMessage({ envelope, attachments: [] }, {})
    const headers = this.#dialect.headers(trustAction(request.action))
    const answer = await this.#transport.start({ url: endpoint, headers, body }, this.#timeoutMs).answer
    const text = decodeXml(bytesOf(answer.body), charsetOf(answer.headers['content-type']))
    const messages: BelievedMessage[] = []
    const verified = this.#security.verify(text, (message) => messages.push(message), sent)
    await this.guard?.admit(messages, 'response')
    return verified
  }
}

/** What is kept of a caller's token is a digest. */
function keyOf(callerToken: string | undefined): string {
  return callerToken === undefined ? '' : createHash('sha256').update(callerToken).digest('base64')
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const message = 'The token service took too long; nothing was sent.'
        reject(new AdapterError('backend-timeout', message))
      },
      Math.max(0, ms),
    )
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
