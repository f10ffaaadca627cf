import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import type { Settings } from '../../config/settings-table.js'
import { WatchedFile } from '../../config/watched-file.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'
import type { AccessTokenVerifier } from './access-token.js'
import { ApiKeyRing, parseApiKeys } from './api-key.js'
import { FailedAttempts } from './failed-attempts.js'
import { Introspection } from './introspection.js'
import type { Authentication } from './policies.js'

export type AuthenticationSettings = Pick<
  Settings,
  | 'apiKeys'
  | 'apiKeysFile'
  | 'reloadIntervalMs'
  | 'oauthIssuer'
  | 'oauthAudience'
  | 'oauthJwksUrl'
  | 'oauthAlgorithms'
  | 'oauthClockSkewS'
  | 'oauthDpopUrls'
  | 'oauthTokenType'
  | 'oauthIntrospectionUrl'
  | 'oauthIntrospectionClientId'
  | 'oauthIntrospectionClientSecret'
  | 'oauthIntrospectionCacheS'
  | 'oauthIntrospectionAudience'
  | 'tlsClientCaFile'
  | 'authFailuresPerMinute'
>

/** Tells that keys were replaced, or could not be: then the ones before serve on. */
export type KeysListener = (change: { readonly keys: number } | { readonly reason: string }) => void

/**
 * What the settings of a deployment make checkable.
 *
 * @param onLimit told of an address with too many wrong credentials, once a minute
 * @param pool where replicas count together
 * @throws ContractError where the API keys cannot be read
 */
export async function authenticationOf(
  settings: AuthenticationSettings,
  onKeys: KeysListener = () => undefined,
  onLimit: () => void = () => undefined,
  pool?: RateLimitPool,
): Promise<Authentication & { close(): void }> {
  const keys = apiKeysOf(settings, onKeys)
  const accessTokens = await accessTokensOf(settings)
  const { authFailuresPerMinute: failures, oauthDpopUrls: urls } = settings
  const { DpopProofs } = urls.length > 0 ? await import('./dpop.js') : {}
  return {
    ...(keys && { apiKeys: () => keys.ring }),
    ...(accessTokens && { accessTokens }),
    ...(DpopProofs && {
      dpop: new DpopProofs({
        urls,
        algorithms: settings.oauthAlgorithms,
        clockSkew: settings.oauthClockSkewS,
        ...(pool && { pool }),
      }),
    }),
    ...(failures > 0 && { failedAttempts: new FailedAttempts(failures, onLimit, { ...(pool && { pool }) }) }),
    clientCertificates: settings.tlsClientCaFile !== '',
    close: () => keys?.file?.close(),
  }
}

interface Keys {
  ring: ApiKeyRing
  readonly file?: WatchedFile
}

function apiKeysOf(
  { apiKeys, apiKeysFile, reloadIntervalMs }: AuthenticationSettings,
  onKeys: KeysListener,
): Keys | undefined {
  if (apiKeys !== '') return { ring: readApiKeys(apiKeys, 'API_KEYS') }
  if (apiKeysFile === '') return undefined
  const file = openKeysFile(apiKeysFile, reloadIntervalMs, (text) => {
    try {
      if (text instanceof Error) throw text
      keys.ring = readApiKeys(text, 'API_KEYS_FILE')
      onKeys({ keys: keys.ring.size })
    } catch (error) {
      onKeys({ reason: error instanceof ContractError ? error.message : 'API_KEYS_FILE cannot be read.' })
    }
  })
  const keys: Keys = { file, ring: readApiKeys(file.text, 'API_KEYS_FILE') }
  return keys
}

function openKeysFile(
  path: string,
  intervalMs: number,
  onChange: (text: string | Error) => void,
): WatchedFile {
  try {
    return new WatchedFile(path, intervalMs, onChange)
  } catch {
    const diagnostics = new Diagnostics()
    diagnostics.error('setting-invalid', 'API_KEYS_FILE must name a file that can be read.')
    throw new ContractError(diagnostics.list)
  }
}

/**
 * Keys from lines as `soapstone key` writes them.
 *
 * @param source what messages call the text
 * @throws ContractError with one diagnostic for each line that cannot be used, or where there is no key
 *
 * @example
 * ```ts
 * const keys = readApiKeys('partner sha256:9yqPz2JmTjvLxk6cUQ0O5Vb1wYd8hRk3nGfXoEaB7sI')
 * app.use(adapter.router({ authentication: { apiKeys: () => keys } }))
 * ```
 */
export function readApiKeys(text: string, source = 'The API keys'): ApiKeyRing {
  const diagnostics = new Diagnostics()
  const keys = parseApiKeys(text, source, diagnostics)
  // Emptied by accident far more often than on purpose; a key that has expired shuts everybody out.
  if (keys.length === 0 && !diagnostics.hasErrors)
    diagnostics.error('setting-invalid', `${source} has no key.`)
  if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  return new ApiKeyRing(keys)
}

/** Tokens that are verified here are so with jose, which others do without. */
async function accessTokensOf(settings: AuthenticationSettings): Promise<AccessTokenVerifier | undefined> {
  const { oauthIssuer: issuer, oauthAudience: audience, oauthJwksUrl, oauthIntrospectionUrl } = settings
  if (issuer === '') return undefined
  if (oauthIntrospectionUrl !== '') {
    return new Introspection({
      url: oauthIntrospectionUrl,
      clientId: settings.oauthIntrospectionClientId,
      clientSecret: settings.oauthIntrospectionClientSecret,
      cacheSeconds: settings.oauthIntrospectionCacheS,
      audienceIsOptional: settings.oauthIntrospectionAudience === 'optional',
      clockSkew: settings.oauthClockSkewS,
      tokenType: settings.oauthTokenType,
      issuer,
      audience,
    })
  }
  const [{ IssuerKeys }, { SignedTokens }] = await Promise.all([
    import('./issuer-keys.js'),
    import('./signed-token.js'),
  ])
  return new SignedTokens(new IssuerKeys({ issuer, ...(oauthJwksUrl !== '' && { jwksUrl: oauthJwksUrl }) }), {
    issuer,
    audience,
    algorithms: settings.oauthAlgorithms,
    clockSkew: settings.oauthClockSkewS,
    tokenType: settings.oauthTokenType,
  })
}
