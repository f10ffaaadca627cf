import { counted } from '../../base/count.js'
import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import type { RequiredScheme } from '../../openapi/security.js'
import type { AccessTokenVerifier } from './access-token.js'
import { AccessTokenCheck } from './access-token-check.js'
import { ApiKeyRing } from './api-key.js'
import { ApiKeyCheck } from './api-key-check.js'
import { Authenticator } from './authenticator.js'
import { CertificateCheck } from './certificate.js'
import type { CredentialCheck } from './credential-check.js'
import type { DpopProofs } from './dpop.js'
import type { FailedAttempts } from './failed-attempts.js'
import { PresentedTokens } from './presented-token.js'
import { refused } from './verdict.js'

/**
 * What this deployment can check; what is absent it cannot.
 *
 * @example
 * ```ts
 * const keys = readApiKeys('partner sha256:9yqPz2JmTjvLxk6cUQ0O5Vb1wYd8hRk3nGfXoEaB7sI')
 * const authentication: Authentication = { apiKeys: () => keys, failedAttempts: new FailedAttempts(20) }
 * app.use(adapter.router({ authentication }))
 * ```
 */
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
export function compilePolicies(
  document: OpenApiDocument,
  operations: readonly OpenApiOperation[],
  authentication: Authentication | 'off',
): ReadonlyMap<string, Authenticator> {
  const policies = new Map<string, Authenticator>()
  if (authentication === 'off') return policies
  const { accessTokens, dpop } = authentication
  const tokens = accessTokens && new PresentedTokens(accessTokens, dpop)
  const undeclared: OpenApiOperation[] = []
  const unusable = new Map<string, OpenApiOperation[]>()
  for (const operation of operations) {
    const { operationId, security } = operation
    if (!security) {
      undeclared.push(operation)
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
      const settings = [...kinds].join(' or ')
      unusable.set(settings, [...(unusable.get(settings) ?? []), operation])
    }
    if (usable.length > 0) policies.set(operationId, new Authenticator(usable, authentication.failedAttempts))
  }
  const diagnostics = causes(document, undeclared, unusable)
  if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  return policies
}

/** One finding for each cause, however many operations it stops: mending one place mends them all. */
function causes(
  document: OpenApiDocument,
  undeclared: readonly OpenApiOperation[],
  unusable: ReadonlyMap<string, readonly OpenApiOperation[]>,
): Diagnostics {
  const diagnostics = new Diagnostics()
  const named = ({ method, path, operationId }: OpenApiOperation): string =>
    `${method.toUpperCase()} ${path} (${operationId})`
  const report = (
    code: DiagnosticCode,
    [first, ...others]: readonly OpenApiOperation[],
    words: { readonly one: string; readonly many: string; readonly remedy: string },
  ): void => {
    if (!first) return
    const also =
      others.length === 0 ? ` ${words.one}` : ` and ${counted(others.length, 'other')} ${words.many}`
    diagnostics.error(
      code,
      `${named(first)}${also}: ${words.remedy}`,
      document.locate(first.pointer),
      others.map((operation) => ({ message: named(operation), at: document.locate(operation.pointer) })),
    )
  }
  report('security-undeclared', undeclared, {
    one: 'does not say who may call it',
    many: 'do not say who may call them',
    remedy: 'give the document or the operation a `security`; `security: []` opens it.',
  })
  for (const [settings, operations] of unusable) {
    report('security-unconfigured', operations, {
      one: 'asks for credentials that nobody can have here',
      many: 'ask for credentials that nobody can have here',
      remedy: `configure ${settings}.`,
    })
  }
  return diagnostics
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
