import { type JsonObject } from '../../json/value.js'
import { type ClientCertificate } from './certificate.js'
import { refused, type Refused, type Verdict } from './verdict.js'

/** What is known of an access token once it has been found good. */
export interface AccessToken {
  readonly claims: JsonObject
}

/** Finds out whether a token is good: by its signature, or by asking who issued it. */
export interface AccessTokenVerifier {
  verify(token: string): Promise<AccessToken | Refused>
}

/** The scopes of a token: `scope` (RFC 9068, section 2.2.3), or `scp`, as some servers call it. */
function scopesOf({ scope, scp }: JsonObject): ReadonlySet<string> {
  const granted = scope ?? scp
  if (typeof granted === 'string') return new Set(granted.split(' '))
  return new Set(Array.isArray(granted) ? granted.filter((one) => typeof one === 'string') : [])
}

/**
 * Judges a good token for an operation.
 *
 * @param certificate of the connection; a token that is bound to one is good with that one alone (RFC 8705, section 3)
 * @param scopes all of which the token must have
 */
export function judge(
  { claims }: AccessToken,
  certificate: ClientCertificate | 'none' | 'untrusted',
  scopes: readonly string[],
): Verdict {
  const { cnf, sub, client_id: clientId, azp } = claims
  if (cnf !== undefined && !isBoundTo(cnf, certificate)) {
    return refused('invalid', 'The access token is bound to a key that the request does not prove.')
  }
  const has = scopesOf(claims)
  if (!scopes.every((scope) => has.has(scope))) {
    return refused('insufficient', 'The access token lacks a scope that the operation needs.')
  }
  const client = clientId ?? azp
  return {
    granted: true,
    claims,
    ...(typeof sub === 'string' && { subject: sub }),
    ...(typeof client === 'string' && { client }),
  }
}

/** A confirmation of another kind, DPoP's `jkt` among them, cannot be checked: the token is not for us. */
function isBoundTo(cnf: unknown, certificate: ClientCertificate | 'none' | 'untrusted'): boolean {
  if (typeof certificate !== 'object' || typeof cnf !== 'object' || cnf === null) return false
  const methods = Object.entries(cnf)
  return methods.length === 1 && methods[0]?.[0] === 'x5t#S256' && methods[0][1] === certificate.thumbprint
}
