import { list, oneOf, onOff, text, wholeNumber } from './setting.js'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Tokens and keys go over TLS, or do not leave the machine. */
export function isTrustworthyUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, hash } = new URL(value)
  if (username !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}

/** An origin as browsers send it (RFC 6454, section 6.2). */
function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}

const URL_EXPECTED = 'an `https` URL; `http` on this machine alone'
const PATH_EXPECTED = 'the path of a file'
const anything = () => true

const SIGNATURES = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')

/** Who may call, how much, and from where; docs/security.md says how they go together. */
export const SECURITY_SETTINGS = {
  authentication: oneOf({
    variable: 'AUTHENTICATION',
    default: 'contract',
    values: ['contract', 'off'],
    description: 'Whether callers must satisfy `security` of the contract; `off` lets everybody in',
  }),
  apiKeys: text({
    variable: 'API_KEYS',
    expected: 'lines written by `soapstone key`, separated by line breaks or `;`',
    description: 'Hashes of API keys; `API_KEYS_FILE` can be replaced while the service runs',
    accept: anything,
  }),
  apiKeysFile: text({
    variable: 'API_KEYS_FILE',
    expected: PATH_EXPECTED,
    description: 'Hashes of API keys, read again when the file changes',
    accept: anything,
  }),
  reloadIntervalMs: wholeNumber({
    variable: 'RELOAD_INTERVAL_MS',
    default: 2_000,
    unit: 'ms',
    from: 10,
    to: 600_000,
    description: 'How often files of keys and certificates are checked for changes',
  }),
  oauthIssuer: text({
    variable: 'OAUTH_ISSUER',
    expected: URL_EXPECTED,
    description: 'Issuer of access tokens, as in `iss`; its keys are found through its metadata',
    accept: isTrustworthyUrl,
  }),
  oauthAudience: list({
    variable: 'OAUTH_AUDIENCE',
    default: [],
    expected: 'a comma-separated list',
    description: 'Accepted audiences; a token must be for one of them',
    accept: (item) => item !== '',
  }),
  oauthJwksUrl: text({
    variable: 'OAUTH_JWKS_URL',
    expected: URL_EXPECTED,
    description: 'URL of the keys of the issuer, where its metadata does not name it',
    accept: isTrustworthyUrl,
  }),
  oauthAlgorithms: list({
    variable: 'OAUTH_ALGORITHMS',
    default: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    expected: `some of ${SIGNATURES.join(', ')}`,
    description: 'Accepted signature algorithms',
    accept: (item) => SIGNATURES.includes(item),
  }),
  oauthClockSkewS: wholeNumber({
    variable: 'OAUTH_CLOCK_SKEW_S',
    default: 30,
    unit: 's',
    from: 0,
    to: 300,
    description: 'Tolerated clock difference to the issuer',
  }),
  oauthDpopUrls: list({
    variable: 'OAUTH_DPOP_URLS',
    default: [],
    expected: 'a comma-separated list of `https` URLs without a query; `http` on this machine alone',
    description:
      'Public URLs of this service, `https://api.bank.example`; DPoP proofs must be for one of them',
    accept: (item) => isTrustworthyUrl(item) && !item.includes('?'),
  }),
  oauthTokenType: oneOf({
    variable: 'OAUTH_TOKEN_TYPE',
    default: 'at+jwt',
    values: ['at+jwt', 'any'],
    description: '`typ` of tokens; `any` for issuers that do not mark access tokens',
  }),
  oauthIntrospectionUrl: text({
    variable: 'OAUTH_INTROSPECTION_URL',
    expected: URL_EXPECTED,
    description: 'Every token is asked about here (RFC 7662) instead of being verified by its signature',
    accept: isTrustworthyUrl,
  }),
  oauthIntrospectionClientId: text({
    variable: 'OAUTH_INTROSPECTION_CLIENT_ID',
    expected: 'a text',
    description: 'Client id of this service at the introspection endpoint',
    accept: anything,
  }),
  oauthIntrospectionClientSecret: text({
    variable: 'OAUTH_INTROSPECTION_CLIENT_SECRET',
    expected: 'a text',
    description: 'Client secret of this service at the introspection endpoint',
    secret: true,
    accept: anything,
  }),
  oauthIntrospectionCacheS: wholeNumber({
    variable: 'OAUTH_INTROSPECTION_CACHE_S',
    default: 30,
    unit: 's',
    from: 0,
    to: 3_600,
    description: 'How long an introspection response is cached; a revoked token is accepted that long',
  }),
  oauthIntrospectionAudience: oneOf({
    variable: 'OAUTH_INTROSPECTION_AUDIENCE',
    default: 'required',
    values: ['required', 'optional'],
    description:
      'Whether introspection must say whom a token is for, `aud`; `optional` believes servers that do not',
  }),
  authFailuresPerMinute: wholeNumber({
    variable: 'AUTH_FAILURES_PER_MINUTE',
    default: 60,
    unit: '',
    from: 0,
    to: 1_000_000,
    description:
      'Wrong credentials allowed from one address in a minute; more get 429; operators are counted separately; 0: no limit',
  }),
  tlsCertFile: text({
    variable: 'TLS_CERT_FILE',
    expected: PATH_EXPECTED,
    description: 'Certificate chain of this service, PEM; read again when it changes',
    accept: anything,
  }),
  tlsKeyFile: text({
    variable: 'TLS_KEY_FILE',
    expected: PATH_EXPECTED,
    description: 'Its private key, PEM',
    accept: anything,
  }),
  tlsClientCaFile: text({
    variable: 'TLS_CLIENT_CA_FILE',
    expected: PATH_EXPECTED,
    description:
      'Authorities whose client certificates are trusted, PEM; clients are asked for a certificate',
    accept: anything,
  }),
  adminHost: text({
    variable: 'ADMIN_HOST',
    expected: 'a host name or an IP address',
    description:
      'Address of the admin port; by default that of `HOST` with an `ADMIN_TOKEN`, else this machine alone',
    accept: (value) => /^[A-Za-z0-9.:_-]{1,253}$/.test(value),
  }),
  adminPort: wholeNumber({
    variable: 'ADMIN_PORT',
    default: 9_090,
    unit: '',
    from: 0,
    to: 65_535,
    description: 'TCP port of `/metrics` and `/readyz?verbose`; 0 takes a free one',
  }),
  adminToken: text({
    variable: 'ADMIN_TOKEN',
    expected: '16 letters, digits and `._~+/-` or more, perhaps with `=` at the end',
    description: 'Token that operators send as `Authorization: Bearer …` to `/metrics` and `/readyz?verbose`',
    secret: true,
    accept: (value) => /^[A-Za-z0-9._~+/-]{16,}=*$/.test(value),
  }),
  corsOrigins: list({
    variable: 'CORS_ORIGINS',
    default: [],
    expected: 'a comma-separated list of origins, such as `https://app.bank.example`',
    description: 'Origins that may call from a browser; none by default',
    accept: isOrigin,
  }),
  rateLimitRequests: wholeNumber({
    variable: 'RATE_LIMIT_REQUESTS',
    default: 0,
    unit: '',
    from: 0,
    to: 1_000_000_000,
    description: 'Requests of one client to one operation allowed in each window; 0: no limit',
  }),
  rateLimitWindowS: wholeNumber({
    variable: 'RATE_LIMIT_WINDOW_S',
    default: 60,
    unit: 's',
    from: 1,
    to: 86_400,
    description: 'The window',
  }),
  rateLimitConcurrent: wholeNumber({
    variable: 'RATE_LIMIT_CONCURRENT',
    default: 0,
    unit: '',
    from: 0,
    to: 1_000_000,
    description: 'Concurrent requests of one client to one operation, in each process; 0: no limit',
  }),
  databaseUrl: text({
    variable: 'DATABASE_URL',
    expected: 'a `postgres` URL',
    description: 'PostgreSQL, where replicas share idempotency keys and count requests together',
    secret: true,
    accept: (value) => /^postgres(?:ql)?:\/\/\S+$/.test(value),
  }),
  auditLog: text({
    variable: 'AUDIT_LOG',
    expected: '`stdout` or the path of a file',
    description: 'Where the audit log goes; none by default',
    accept: anything,
  }),
  auditChain: onOff({
    variable: 'AUDIT_CHAIN',
    default: false,
    description: 'Whether each line of the audit log holds the hash of the line before it',
  }),
}
