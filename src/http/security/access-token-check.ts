import { type IncomingMessage } from 'node:http'
import { type AccessTokenVerifier, judge } from './access-token.js'
import { certificateOf } from './certificate.js'
import { type CredentialCheck } from './credential-check.js'
import { refused, type Refused, type Verdict } from './verdict.js'

const BEARER = /^bearer(?: +|$)/i
/** The b64token of RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

/** An access token in the Authorization header (RFC 6750, section 2.1); in a URL or a body it is not taken. */
export class AccessTokenCheck implements CredentialCheck {
  constructor(
    readonly verifier: AccessTokenVerifier,
    readonly scopes: readonly string[],
  ) {}

  check(req: IncomingMessage): Verdict | Promise<Verdict> {
    const { authorization } = req.headers
    if (authorization === undefined || !BEARER.test(authorization)) {
      return refused('absent', 'The request has no access token.')
    }
    const token = authorization.replace(BEARER, '')
    if (!TOKEN.test(token) || isRepeated(req))
      return refused('invalid', 'The Authorization header is malformed.')
    return this.#verify(token, req)
  }

  async #verify(token: string, req: IncomingMessage): Promise<Verdict> {
    const found = await this.verifier.verify(token)
    return 'granted' in found ? found : judge(found, certificateOf(req), this.scopes)
  }

  /** RFC 6750, section 3: no error code where there was no token. */
  challenge({ reason, detail }: Refused): string {
    if (reason === 'absent') return 'Bearer'
    if (reason === 'invalid') return `Bearer error="invalid_token", error_description="${detail}"`
    return `Bearer error="insufficient_scope", error_description="${detail}", scope="${this.scopes.join(' ')}"`
  }
}

/** Node keeps the first of several; a proxy before us may have looked at the last. */
function isRepeated({ rawHeaders }: IncomingMessage): boolean {
  let times = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 13 && name.toLowerCase() === 'authorization') times += 1
  }
  return times > 1
}
