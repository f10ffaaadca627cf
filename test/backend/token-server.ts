import { once } from 'node:events'
import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface TokenRequest {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly form: Readonly<Record<string, string>>
}

/** What the nth request (from 1) is answered: status and body, or nothing yet. */
export type TokenScript = (number: number) => [status: number, body: string] | undefined

/** An authorization server on a real socket; by default it issues `token-1`, `token-2`, … for an hour each. */
export class TokenServer {
  readonly requests: TokenRequest[] = []
  script: TokenScript = (number) => [200, issued(`token-${number}`)]
  readonly #server: Server
  readonly #scheme: string
  #waiting: (() => void)[] = []
  #held: (() => void)[] = []

  private constructor(tls?: ServerOptions) {
    const listener: RequestListener = (req, res) => {
      let body = ''
      req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      req.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(body))
        const number = this.requests.push({ method: req.method ?? '', headers: req.headers, form })
        const respond = () => {
          const [status, text] = this.script(number) ?? [0, '']
          if (status !== 0) res.writeHead(status, { 'content-type': 'application/json' }).end(text)
        }
        if (this.script(number)) respond()
        else this.#held.push(respond)
        for (const resolve of this.#waiting.splice(0)) resolve()
      })
    }
    this.#scheme = tls ? 'https' : 'http'
    this.#server = tls ? createHttps(tls, listener) : createHttp(listener)
    this.#server.on('tlsClientError', () => undefined)
  }

  static async listen(tls?: ServerOptions): Promise<TokenServer> {
    const server = new TokenServer(tls)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`
  }

  /** Resolves when so many requests have arrived. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Answers the requests that were held, by the script as it is now. */
  release(): void {
    for (const respond of this.#held.splice(0)) respond()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

export function issued(token: string, more: object = { expires_in: 3600 }): string {
  return JSON.stringify({ access_token: token, token_type: 'Bearer', ...more })
}
