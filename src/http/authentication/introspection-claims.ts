import type { JsonObject } from '../../json/value.js'

/** What an active token must be beside being active. */
export interface IntrospectionPolicy {
  readonly issuer: string
  /** One of which the token must be for. */
  readonly audience: readonly string[]
  /** Whether a response that names no audience is believed: the server then knows for whom it answers. */
  readonly audienceIsOptional: boolean
  /** Seconds by which clocks may differ. */
  readonly clockSkew: number
  /** `any` for servers whose `typ` says something else than access token. */
  readonly tokenType: 'at+jwt' | 'any'
}

const isText = (value: unknown) => typeof value === 'string'
const isInstant = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isTextOrTexts = (value: unknown) =>
  isText(value) || (Array.isArray(value) && value.every((item) => isText(item)))

/** JSON types of what RFC 7662, section 2.2, and RFC 8705 name, wherever it is there. */
const TYPES: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ...['scope', 'client_id', 'username', 'token_type', 'sub', 'iss', 'jti'].map(
    (name) => [name, isText] as const,
  ),
  ...['exp', 'iat', 'nbf'].map((name) => [name, isInstant] as const),
  ['aud', isTextOrTexts],
  ['cnf', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
]

/** Types of access tokens (RFC 6749, section 7.1; RFC 9449, section 5). Refresh tokens are active, too. */
const TOKEN_TYPES = new Set(['bearer', 'dpop'])
/** `typ` of access tokens: RFC 9068, and what Keycloak writes there. */
const TYPS = new Set(['at+jwt', 'application/at+jwt', 'bearer', 'dpop'])
/** `token_use`, which no RFC has: what Amazon Cognito and what Ory Hydra write there. */
const TOKEN_USES = new Set(['access', 'access_token'])

/**
 * Judges what an authorization server says of a token (RFC 7662, section 2.2).
 *
 * @param now seconds since 1970
 * @returns completes "The access token …" where it is not good
 */
export function introspectionProblem(
  claims: JsonObject,
  policy: IntrospectionPolicy,
  now: number,
): string | undefined {
  const { active, iss, aud, exp, nbf, iat } = claims
  if (active !== true) return 'is not active'
  const odd = TYPES.find(([name, isRight]) => claims[name] !== undefined && !isRight(claims[name]))
  if (odd) return `has a claim of another type than RFC 7662 says: ${odd[0]}`
  const { issuer, audience, audienceIsOptional, clockSkew } = policy
  if (typeof exp === 'number' && now >= exp + clockSkew) return 'has expired'
  if (typeof nbf === 'number' && now < nbf - clockSkew) return 'is not valid yet'
  if (typeof iat === 'number' && now < iat - clockSkew) return 'was issued in the future'
  if (iss !== undefined && iss !== issuer) return 'is from another issuer'
  if (aud === undefined) {
    if (!audienceIsOptional) return 'does not say which audience it is for'
  } else if (!audience.some((one) => [aud].flat().includes(one))) return 'is for another audience'
  return isAccessToken(claims, policy) ? undefined : 'is not an access token'
}

function isAccessToken(
  { token_type: type, typ, token_use: use }: JsonObject,
  { tokenType }: IntrospectionPolicy,
): boolean {
  const isOneOf = (value: unknown, types: ReadonlySet<string>) =>
    value === undefined || (typeof value === 'string' && types.has(value.toLowerCase()))
  return isOneOf(type, TOKEN_TYPES) && isOneOf(use, TOKEN_USES) && (tokenType === 'any' || isOneOf(typ, TYPS))
}
