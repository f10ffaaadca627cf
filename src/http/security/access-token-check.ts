import { type IncomingMessage } from 'node:http'
import { judge } from './access-token.js'
import { certificateOf } from './certificate.js'
import { type CredentialCheck } from './credential-check.js'
import { type PresentedToken, type PresentedTokens } from './presented-token.js'
import { type Refused, type Verdict } from './verdict.js'

/** Judges the access token of a request for one operation. */
export class AccessTokenCheck implements CredentialCheck {
  /** @param tokens shared by all checks, so that they find out about a request once */
  constructor(
    readonly tokens: PresentedTokens,
    readonly scopes: readonly string[],
  ) {}

  check(req: IncomingMessage): Verdict | Promise<Verdict> {
    const found = this.tokens.find(req)
    return found instanceof Promise ? found.then((one) => this.#judge(one, req)) : found
  }

  isCostly(req: IncomingMessage): boolean {
    return this.tokens.isCostly(req)
  }

  #judge(found: PresentedToken | Refused, req: IncomingMessage): Verdict {
    return 'granted' in found ? found : judge(found, certificateOf(req), this.scopes, found.provenKey)
  }

  /** RFC 6750, section 3: no error code where there was no token; RFC 9449, section 7.1. */
  challenge({ reason, detail, error }: Refused): string {
    const { dpop } = this.tokens
    const algorithms = dpop && `algs="${dpop.algorithms.join(' ')}"`
    const offer = algorithms === undefined ? '' : `, DPoP ${algorithms}`
    if (reason === 'absent') return `Bearer${offer}`
    const told = `error_description="${detail}"`
    if (error !== undefined) return `DPoP error="${error}", ${told}, ${algorithms ?? ''}`
    if (reason === 'invalid') return `Bearer error="invalid_token", ${told}${offer}`
    return `Bearer error="insufficient_scope", ${told}, scope="${this.scopes.join(' ')}"${offer}`
  }
}
