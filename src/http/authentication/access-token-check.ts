import type { IncomingMessage } from 'node:http'
import { judge } from './access-token.js'
import { certificateOf } from './certificate.js'
import type { CredentialCheck } from './credential-check.js'
import type { PresentedToken, PresentedTokens } from './presented-token.js'
import type { Refused, Verdict } from './verdict.js'

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
    if ('granted' in found) return found
    const verdict = judge(found, certificateOf(req), this.scopes, found.provenKey)
    return verdict.granted || found.provenKey === undefined ? verdict : { ...verdict, scheme: 'DPoP' }
  }

  /** RFC 6750, section 3: no error code where there was no token; RFC 9449, section 7.1: by the scheme of the token. */
  challenge({ reason, detail, scheme, error }: Refused): string {
    const algorithms = `algs="${this.tokens.dpop?.algorithms.join(' ') ?? ''}"`
    const offer = this.tokens.dpop ? `, DPoP ${algorithms}` : ''
    if (reason === 'absent') return `Bearer${offer}`
    const isInsufficient = reason === 'insufficient'
    const code = error ?? (isInsufficient ? 'insufficient_scope' : 'invalid_token')
    const scope = isInsufficient ? `, scope="${this.scopes.join(' ')}"` : ''
    const told = `error="${code}", error_description="${detail}"${scope}`
    return scheme === 'DPoP' ? `DPoP ${told}, ${algorithms}` : `Bearer ${told}${offer}`
  }
}
