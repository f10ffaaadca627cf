import { type Diagnostics } from '../base/diagnostic.js'
import { type Settings } from './settings-table.js'

/** Reports settings of which one is of no use, or of no safety, without the other. */
export function checkTogether(settings: Settings, diagnostics: Diagnostics): void {
  const needs = (given: boolean, needed: boolean, message: string) => {
    if (given && !needed) diagnostics.error('setting-invalid', message)
  }
  const { oauthIssuer, oauthAudience, oauthJwksUrl, oauthIntrospectionUrl } = settings
  const { oauthIntrospectionClientId, oauthIntrospectionClientSecret, oauthAlgorithms, oauthDpopUrls } =
    settings
  const { tlsCertFile, tlsKeyFile, tlsClientCaFile, apiKeys, apiKeysFile } = settings
  needs(oauthIssuer !== '', oauthAudience.length > 0, 'OAUTH_ISSUER needs OAUTH_AUDIENCE beside it.')
  needs(oauthJwksUrl !== '', oauthIssuer !== '', 'OAUTH_JWKS_URL needs OAUTH_ISSUER beside it.')
  needs(oauthDpopUrls.length > 0, oauthIssuer !== '', 'OAUTH_DPOP_URLS needs OAUTH_ISSUER beside it.')
  needs(
    oauthIntrospectionUrl !== '',
    oauthIssuer !== '',
    'OAUTH_INTROSPECTION_URL needs OAUTH_ISSUER beside it.',
  )
  needs(
    oauthIntrospectionUrl !== '',
    oauthIntrospectionClientId !== '' && oauthIntrospectionClientSecret !== '',
    'OAUTH_INTROSPECTION_URL needs OAUTH_INTROSPECTION_CLIENT_ID and OAUTH_INTROSPECTION_CLIENT_SECRET beside it.',
  )
  needs(oauthIssuer !== '', oauthAlgorithms.length > 0, 'OAUTH_ALGORITHMS must name one at least.')
  needs(tlsCertFile !== '', tlsKeyFile !== '', 'TLS_CERT_FILE needs TLS_KEY_FILE beside it.')
  needs(tlsKeyFile !== '', tlsCertFile !== '', 'TLS_KEY_FILE needs TLS_CERT_FILE beside it.')
  needs(tlsClientCaFile !== '', tlsCertFile !== '', 'TLS_CLIENT_CA_FILE needs TLS_CERT_FILE beside it.')
  needs(apiKeys !== '', apiKeysFile === '', 'API_KEYS and API_KEYS_FILE are both set; use one of them.')
}
