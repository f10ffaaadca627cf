import { Transport } from '../connection/transport.js'
import type { BackendPolicy, ClientCredentials } from '../policy.js'
import type { SoapAnswer } from '../soap-call.js'
import type { Authorizer, Grant } from './authorizer.js'
import { requestToken } from './token-endpoint.js'
import { TokenSource } from './token-source.js'

/** Tokens are a few kilobytes; a token endpoint that sends more is none. */
const MAX_TOKEN_ANSWER_BYTES = 65_536

/** One for the token, one for the case that a connection of it hangs. */
const TOKEN_CONNECTIONS = 2

interface TokenGrant extends Grant {
  readonly token: string
  /** It was there before the call. */
  readonly isKept: boolean
}

/** Tokens of an authorization server. One kept from before that the backend refuses is replaced. */
export class TokenAuthorizer implements Authorizer {
  readonly #transport: Transport
  readonly #tokens: TokenSource

  constructor({ timeoutMs }: Pick<BackendPolicy, 'timeoutMs'>, credentials: ClientCredentials) {
    const { tls, proxy } = credentials
    this.#transport = new Transport({
      timeoutMs,
      maxResponseBytes: MAX_TOKEN_ANSWER_BYTES,
      maxConcurrent: TOKEN_CONNECTIONS,
      ...(tls && { tls }),
      ...(proxy && { proxy }),
    })
    this.#tokens = new TokenSource(() => requestToken(this.#transport, credentials, timeoutMs))
  }

  authorize(): TokenGrant | Promise<TokenGrant> {
    const kept = this.#tokens.current
    return kept === undefined
      ? this.#tokens.obtain().then((token) => granted(token, false))
      : granted(kept, true)
  }

  isWorthAnother({ token, isKept }: TokenGrant, { status }: SoapAnswer): boolean {
    const isRefused = status === 401 && isKept
    if (isRefused) this.#tokens.refuse(token)
    return isRefused
  }

  close(): Promise<void> {
    return this.#transport.close()
  }
}

function granted(token: string, isKept: boolean): TokenGrant {
  return { field: `Bearer ${token}`, token, isKept }
}
