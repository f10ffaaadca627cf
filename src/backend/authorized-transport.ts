import { AdapterError } from '../base/errors.js'
import { type BackendPolicy, type ClientCredentials } from './policy.js'
import { type CallInFlight, type Carrier, type SoapAnswer, type SoapCall } from './soap-call.js'
import { requestToken } from './token-endpoint.js'
import { TokenSource } from './token-source.js'
import { Transport } from './transport.js'

/** Tokens are a few kilobytes; a token endpoint that sends more is none. */
const MAX_TOKEN_ANSWER_BYTES = 65_536

/** One for the token, one for the case that a connection of it hangs. */
const TOKEN_CONNECTIONS = 2

/** Sends each call with a token of an authorization server. */
export class AuthorizedTransport implements Carrier {
  readonly #transport: Transport
  readonly #tokenTransport: Transport
  readonly #tokens: TokenSource

  constructor(policy: BackendPolicy, credentials: ClientCredentials) {
    const { timeoutMs } = policy
    const { tls, proxy } = credentials
    this.#transport = new Transport(policy)
    this.#tokenTransport = new Transport({
      timeoutMs,
      maxResponseBytes: MAX_TOKEN_ANSWER_BYTES,
      maxConcurrent: TOKEN_CONNECTIONS,
      ...(tls && { tls }),
      ...(proxy && { proxy }),
    })
    this.#tokens = new TokenSource(() => requestToken(this.#tokenTransport, credentials, timeoutMs))
  }

  start(call: SoapCall, timeoutMs: number, elapsedMs = 0, streamFrom?: number): CallInFlight {
    return new AuthorizedCall(this.#transport, this.#tokens, call, timeoutMs, elapsedMs, streamFrom)
  }

  async close(): Promise<void> {
    await Promise.all([this.#transport.close(), this.#tokenTransport.close()])
  }
}

/**
 * A call with a token, within one deadline. A token kept from before that the backend refuses with 401 is replaced and
 * the call sent again, once: what is refused was not carried out (RFC 9110, section 15.5.2).
 */
class AuthorizedCall implements CallInFlight {
  readonly answer: Promise<SoapAnswer>
  readonly #transport: Transport
  readonly #tokens: TokenSource
  readonly #call: SoapCall
  readonly #timeoutMs: number
  readonly #streamFrom: number | undefined
  readonly #startedAt: number
  /** Undefined before the first, and after one that the backend refused. */
  #exchange: CallInFlight | undefined
  #ended: AdapterError | undefined
  #onAbort: (error: AdapterError) => void = () => undefined

  constructor(
    transport: Transport,
    tokens: TokenSource,
    call: SoapCall,
    timeoutMs: number,
    elapsedMs: number,
    streamFrom: number | undefined,
  ) {
    this.#startedAt = performance.now() - elapsedMs
    this.#transport = transport
    this.#tokens = tokens
    this.#call = call
    this.#timeoutMs = timeoutMs
    this.#streamFrom = streamFrom
    this.answer = this.#run()
  }

  get isSent(): boolean {
    return this.#exchange?.isSent ?? false
  }

  abort(error: AdapterError): void {
    this.#ended ??= error
    this.#onAbort(error)
  }

  async #run(): Promise<SoapAnswer> {
    const kept = this.#tokens.current
    const answer = await this.#send(kept ?? (await this.#newToken()))
    if (answer.status !== 401 || kept === undefined) return answer
    this.#tokens.refuse(kept)
    this.#exchange = undefined
    return this.#send(this.#tokens.current ?? (await this.#newToken()))
  }

  #send(token: string): Promise<SoapAnswer> {
    if (this.#ended) throw this.#ended
    const headers = { ...this.#call.headers, authorization: `Bearer ${token}` }
    const elapsedMs = performance.now() - this.#startedAt
    const call = { ...this.#call, headers }
    const exchange = this.#transport.start(call, this.#timeoutMs, elapsedMs, this.#streamFrom)
    this.#exchange = exchange
    this.#onAbort = (error) => {
      exchange.abort(error)
    }
    return exchange.answer
  }

  /** Waits no longer than this call may; the token is fetched on for the others. */
  #newToken(): Promise<string> {
    return new Promise((resolve, reject) => {
      const message = `The backend took longer than ${this.#timeoutMs} ms: no token was issued, and nothing was done.`
      const timer = setTimeout(
        () => {
          reject(new AdapterError('backend-timeout', message))
        },
        this.#timeoutMs - (performance.now() - this.#startedAt),
      )
      this.#onAbort = reject
      this.#tokens
        .obtain()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer)
        })
    })
  }
}
