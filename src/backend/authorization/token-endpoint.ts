import { bytesOf, type Octets } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import { basic } from '../fixed-credentials.js'
import type { ClientCredentials } from '../policy.js'
import type { Carrier, SoapAnswer } from '../soap-call.js'
import type { IssuedToken } from './token-source.js'

/** For a token whose lifetime the authorization server does not tell (RFC 6749, section 5.1 recommends that it does). */
const UNKNOWN_LIFETIME_MS = 300_000

/** Error codes of RFC 6749, section 5.2: words of a standard, so that they may be logged. */
const errorCodes: readonly string[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]

/**
 * Asks an authorization server for a token (RFC 6749, section 4.4).
 *
 * @throws AdapterError `backend-login`; its causes, which are for the log, say why
 */
export async function requestToken(
  carrier: Carrier,
  credentials: ClientCredentials,
  timeoutMs: number,
): Promise<IssuedToken> {
  try {
    return issuedToken(await carrier.start(tokenRequest(credentials), timeoutMs).answer)
  } catch (cause) {
    throw new AdapterError('backend-login', 'No token for the backend could be obtained.', { cause })
  }
}

function tokenRequest(credentials: ClientCredentials): Parameters<Carrier['start']>[0] {
  const { tokenUrl, clientId, clientSecret, scope, audience, authentication } = credentials
  const isBasic = authentication === 'basic'
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(!isBasic && { client_id: clientId, client_secret: clientSecret }),
  })
  return {
    url: tokenUrl,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      // Both halves are encoded before they are joined: RFC 6749, section 2.3.1.
      ...(isBasic && { authorization: basic(formEncoded(clientId), formEncoded(clientSecret)) }),
    },
    body: form.toString(),
  }
}

/** `application/x-www-form-urlencoded` of one value. */
function formEncoded(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1)
}

function issuedToken({ status, body }: SoapAnswer): IssuedToken {
  const answer = jsonObject(body)
  if (status !== 200) {
    const code = errorCodes.find((each) => each === answer?.error) ?? 'no error code'
    throw refused(`The token endpoint answered ${status} (${code}).`)
  }
  const { access_token: value, token_type: type = 'Bearer', expires_in: seconds } = answer ?? {}
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw refused('The token endpoint answered 200 without an access_token.')
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw refused('The token endpoint issued a token that is not a bearer token.')
  }
  const lifetimeMs = Number(seconds) * 1000
  return { value, lifetimeMs: lifetimeMs > 0 ? lifetimeMs : UNKNOWN_LIFETIME_MS }
}

function refused(message: string): AdapterError {
  return new AdapterError('backend-login', message)
}

function jsonObject(body: Octets): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytesOf(body).toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // What the parser says would quote the response.
    return undefined
  }
}
