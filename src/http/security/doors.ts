import { Diagnostics } from '../../base/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { type OpenApiDocument } from '../../openapi/document.js'
import { type OpenApiOperation } from '../../openapi/operations.js'
import { type RequiredScheme } from '../../openapi/security.js'
import { AccessTokenCheck } from './access-token-check.js'
import { type AccessTokenVerifier } from './access-token.js'
import { ApiKeyRing } from './api-key.js'
import { ApiKeyCheck } from './api-key-check.js'
import { Authenticator } from './authenticator.js'
import { CertificateCheck } from './certificate.js'
import { type CredentialCheck } from './credential-check.js'
import { type DpopProofs } from './dpop.js'
import { type FailedAttempts } from './failed-attempts.js'
import { PresentedTokens } from './presented-token.js'
import { refused } from './verdict.js'

/** What this deployment can check; what is absent it cannot. */
export interface Authentication {
  /** Asked at each request, since keys may be replaced while the service runs. */
  readonly apiKeys?: () => ApiKeyRing
  readonly accessTokens?: AccessTokenVerifier
  /** Checks proofs of tokens that are bound to a DPoP key; without it those tokens are refused. */
  readonly dpop?: DpopProofs
  /** Holds those back who try credentials; without it everybody may try as often as they like. */
  readonly failedAttempts?: FailedAttempts
  /** Whether the TLS server asks for certificates and knows whom to trust. */
  readonly clientCertificates?: boolean
}

/**
 * Compiles the door of each operation. One without a requirement has none, so that nothing is done for it.
 *
 * @param document where the operations were written
 * @param authentication `off` opens everything, whatever the contract says
 * @returns by operationId
 * @throws ContractError where the contract does not say who may call an operation, or asks for credentials that this
 *   deployment cannot check
 */
export function compileDoors(
  document: OpenApiDocument,
  operations: readonly OpenApiOperation[],
  authentication: Authentication | 'off',
): ReadonlyMap<string, Authenticator> {
  const doors = new Map<string, Authenticator>()
  if (authentication === 'off') return doors
  const { accessTokens, dpop } = authentication
  const tokens = accessTokens && new PresentedTokens(accessTokens, dpop)
  const diagnostics = new Diagnostics()
  for (const { operationId, method, path, security, pointer } of operations) {
    const name = `${method.toUpperCase()} ${path} (${operationId})`
    if (!security) {
      diagnostics.error(
        'security-undeclared',
        `${name} does not say who may call it: give it or the document a \`security\`; \`security: []\` opens it.`,
        document.locate(pointer),
      )
      continue
    }
    const alternatives = security.map((requirement) =>
      requirement.map((required) => checkOf(required, operationId, authentication, tokens)),
    )
    const usable = alternatives.flatMap((checks) =>
      checks.every((check) => check !== undefined) ? [checks] : [],
    )
    if (usable.length < Math.min(1, security.length)) {
      const kinds = new Set(security.flat().map((required) => SETTINGS_OF[required.scheme.kind]))
      diagnostics.error(
        'security-unconfigured',
        `${name} asks for credentials that nobody can have here: configure ${[...kinds].join(' or ')}.`,
        document.locate(pointer),
      )
    }
    if (usable.length > 0) doors.set(operationId, new Authenticator(usable, authentication.failedAttempts))
  }
  if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  return doors
}

/** Checks everything and lets nobody in: for judging a contract without the deployment that will serve it. */
export const NOBODY: Authentication = {
  apiKeys: () => new ApiKeyRing([]),
  accessTokens: { verify: () => Promise.resolve(refused('invalid', 'No access token is taken here.')) },
  clientCertificates: true,
}

const SETTINGS_OF: Readonly<Record<RequiredScheme['scheme']['kind'], string>> = {
  apiKey: 'API_KEYS_FILE',
  accessToken: 'OAUTH_ISSUER and OAUTH_AUDIENCE',
  unsupported: 'another scheme',
  clientCertificate: 'TLS_CERT_FILE, TLS_KEY_FILE and TLS_CLIENT_CA_FILE',
}

/** @returns undefined where this deployment cannot check it: then nobody satisfies it */
function checkOf(
  { scheme, scopes }: RequiredScheme,
  operationId: string,
  { apiKeys, clientCertificates }: Authentication,
  tokens: PresentedTokens | undefined,
): CredentialCheck | undefined {
  switch (scheme.kind) {
    case 'apiKey':
      return apiKeys && new ApiKeyCheck(scheme, apiKeys, scopes, operationId)
    case 'accessToken':
      return tokens && new AccessTokenCheck(tokens, scopes)
    case 'clientCertificate':
      return clientCertificates ? new CertificateCheck() : undefined
    case 'unsupported':
      return undefined
  }
}
