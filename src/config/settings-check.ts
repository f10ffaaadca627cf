import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import type { Settings } from './settings-table.js'

/** Reports settings of which one is of no use, or of no safety, without the other. */
export function checkTogether(settings: Settings, diagnostics: Diagnostics): void {
  const needs = ({
    given,
    needed,
    message,
  }: {
    readonly given: boolean
    readonly needed: boolean
    readonly message: string
  }) => {
    if (given && !needed) diagnostics.error('setting-invalid', message)
  }
  const { oauthIssuer, oauthAudience, oauthJwksUrl, oauthIntrospectionUrl } = settings
  const { oauthIntrospectionClientId, oauthIntrospectionClientSecret, oauthAlgorithms, oauthDpopUrls } =
    settings
  const { tlsCertFile, tlsKeyFile, tlsClientCaFile, apiKeys, apiKeysFile } = settings
  needs({
    given: oauthIssuer !== '',
    needed: oauthAudience.length > 0,
    message: 'OAUTH_ISSUER needs OAUTH_AUDIENCE beside it.',
  })
  needs({
    given: oauthJwksUrl !== '',
    needed: oauthIssuer !== '',
    message: 'OAUTH_JWKS_URL needs OAUTH_ISSUER beside it.',
  })
  needs({
    given: oauthDpopUrls.length > 0,
    needed: oauthIssuer !== '',
    message: 'OAUTH_DPOP_URLS needs OAUTH_ISSUER beside it.',
  })
  needs({
    given: oauthIntrospectionUrl !== '',
    needed: oauthIssuer !== '',
    message: 'OAUTH_INTROSPECTION_URL needs OAUTH_ISSUER beside it.',
  })
  needs({
    given: oauthIntrospectionUrl !== '',
    needed: oauthIntrospectionClientId !== '' && oauthIntrospectionClientSecret !== '',
    message:
      'OAUTH_INTROSPECTION_URL needs OAUTH_INTROSPECTION_CLIENT_ID and OAUTH_INTROSPECTION_CLIENT_SECRET beside it.',
  })
  needs({
    given: oauthIssuer !== '',
    needed: oauthAlgorithms.length > 0,
    message: 'OAUTH_ALGORITHMS must name one at least.',
  })
  needs({
    given: tlsCertFile !== '',
    needed: tlsKeyFile !== '',
    message: 'TLS_CERT_FILE needs TLS_KEY_FILE beside it.',
  })
  needs({
    given: tlsKeyFile !== '',
    needed: tlsCertFile !== '',
    message: 'TLS_KEY_FILE needs TLS_CERT_FILE beside it.',
  })
  needs({
    given: tlsClientCaFile !== '',
    needed: tlsCertFile !== '',
    message: 'TLS_CLIENT_CA_FILE needs TLS_CERT_FILE beside it.',
  })
  needs({
    given: apiKeys !== '',
    needed: apiKeysFile === '',
    message: 'API_KEYS and API_KEYS_FILE are both set; use one of them.',
  })
}
