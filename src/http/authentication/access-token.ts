import type { JsonObject } from '../../json/value.js'
import type { ClientCertificate } from './certificate.js'
import { type Refused, refused, type Verdict } from './verdict.js'

/** What is known of an access token once it has been found good. */
export interface AccessToken {
  readonly claims: JsonObject
}

/** Finds out whether a token is good: by its signature, or by asking who issued it. */
export interface AccessTokenVerifier {
  verify(token: string): Promise<AccessToken | Refused>
  /** Whether what was found out about the token is known still, so that nothing need be verified. */
  remembers?(token: string): boolean
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
 * @param provenKey thumbprint of the key that a DPoP proof was made with, where the token came with one
 */
export function judge(
  { claims }: AccessToken,
  certificate: ClientCertificate | 'none' | 'untrusted',
  scopes: readonly string[],
  provenKey?: string,
): Verdict {
  const { cnf, sub, client_id: clientId, azp } = claims
  if (cnf !== undefined && !isBoundTo(cnf, certificate, provenKey)) {
    return refused('invalid', 'The access token is bound to a key that the request does not prove.')
  }
  const has = scopesOf(claims)
  if (!scopes.every((scope) => has.has(scope))) {
    return refused('insufficient', 'The access token lacks a scope that the operation needs.')
  }
  const client = clientId ?? azp
  return {
    granted: true,
    namedBy: 'accessToken',
    claims,
    ...(has.size > 0 && { scopes: [...has] }),
    ...(typeof sub === 'string' && { subject: sub }),
    ...(typeof client === 'string' && { client }),
  }
}

/** The key that a token is bound to by DPoP (RFC 9449, section 6.1), and by nothing else. */
export function keyOf({ claims: { cnf } }: AccessToken): string | undefined {
  const [name, value] = onlyMethod(cnf)
  return name === 'jkt' && typeof value === 'string' ? value : undefined
}

/** A confirmation of another kind cannot be checked: the token is not for us. */
function isBoundTo(
  cnf: unknown,
  certificate: ClientCertificate | 'none' | 'untrusted',
  provenKey: string | undefined,
): boolean {
  const [name, value] = onlyMethod(cnf)
  if (name === 'jkt') return provenKey !== undefined && value === provenKey
  return name === 'x5t#S256' && typeof certificate === 'object' && value === certificate.thumbprint
}

function onlyMethod(cnf: unknown): readonly [string, unknown] | readonly [] {
  const [method, ...others] = Object.entries(typeof cnf === 'object' && cnf !== null ? cnf : {})
  return method && others.length === 0 ? method : []
}
