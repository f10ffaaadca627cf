import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

export interface Signer {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

export async function newSigner(kid: string, alg = 'RS256'): Promise<Signer> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) }
}

export const AUDIENCE = 'https://api.bank.example'

/** An OAuth 2.0 authorization server: metadata, keys and introspection over a real socket. */
export class AuthorizationServer {
  /** Whose public keys are published. */
  published: readonly Signer[] = []
  /** What introspection says of a token. */
  readonly introspections = new Map<string, object>()
  /** Paths that were asked for. */
  readonly asked: string[] = []
  /** What introspection was sent. */
  readonly authorizations: (string | undefined)[] = []
  broken = false
  readonly #server = createServer((req, res) => {
    this.asked.push(req.url ?? '')
    const answer = this.broken ? Promise.resolve(undefined) : this.#answer(req)
    void answer.then((value) => {
      res.writeHead(value === undefined ? 503 : 200, { 'content-type': 'application/json' })
      res.end(JSON.stringify(value ?? {}))
    })
  })

  static async start(...published: Signer[]): Promise<AuthorizationServer> {
    const server = new AuthorizationServer()
    server.published = published
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** An access token as RFC 9068 has it, with whatever is to be different. */
  token(signer: Signer, claims: object = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({
      iss: this.issuer,
      aud: AUDIENCE,
      sub: 'user-1',
      client_id: 'mobile-app',
      iat: now,
      exp: now + 600,
      jti: 'j',
      scope: 'accounts:read payments:write',
      ...claims,
    })
      .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'at+jwt', ...header })
      .sign(signer.privateKey)
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(req: IncomingMessage): Promise<object | undefined> {
    switch (req.url) {
      case '/.well-known/openid-configuration':
        return { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` }
      case '/keys':
        return {
          keys: await Promise.all(
            this.published.map(async ({ kid, alg, publicKey }) => ({
              ...(await exportJWK(publicKey)),
              kid,
              alg,
              use: 'sig',
            })),
          ),
        }
      case '/introspect': {
        const chunks: Buffer[] = []
        for await (const chunk of req) chunks.push(chunk as Buffer)
        this.authorizations.push(req.headers.authorization)
        const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('token') ?? ''
        return this.introspections.get(token) ?? { active: false }
      }
      case undefined:
      default:
        return undefined
    }
  }
}
