import type { Router } from 'express'
import { type Adapter, type AdapterOptions, compileContract } from './adapter/adapter.js'
import { judgeContract } from './http/contract/judge-contract.js'
import { judgeDocument } from './http/contract/judge-document.js'
import { createRouter, type RouterOptions } from './http/router.js'
import { type Imported, importWsdl as importBy } from './tools/import/import.js'
import type { ImportOptions } from './tools/import/options.js'

export {
  ContractError,
  AdapterError,
  type AdapterErrorCode,
  type CallOutcome,
  type Violation,
} from './base/errors.js'
export { type Diagnostic, formatDiagnostic, type SourceLocation } from './base/diagnostic/diagnostic.js'
export { ExactNumber, type JsonObject, type JsonValue } from './json/value.js'
export type {
  BackendState,
  Identity,
  InvokeOptions,
  OperationExample,
  RestOperation,
  RestRequest,
  RestResponse,
  SampleOptions,
  SoapRequest,
  SoapResponse,
} from './adapter/rest.js'
export type { ObservedCall } from './adapter/observed-call.js'
export type { TraceContext } from './base/trace-context.js'
export type { AdapterOptions, RouterOptions }
export { type Authentication } from './http/authentication/policies.js'
export { DpopProofs } from './http/authentication/dpop.js'
export { FailedAttempts } from './http/authentication/failed-attempts.js'
export { readApiKeys } from './http/authentication/deployment.js'
export { IssuerKeys } from './http/authentication/issuer-keys.js'
export { SignedTokens } from './http/authentication/signed-token.js'
export { Introspection } from './http/authentication/introspection.js'
export { type RateLimitOptions, RateLimits } from './http/limits/rate-limits.js'
export type { Imported, ImportOptions }

/**
 * An adapter that can be mounted in an Express app.
 *
 * @example
 * ```ts
 * const adapter: MountableAdapter = await loadAdapter({ contract: 'openapi.yaml' })
 * express().use(adapter.router({ authentication: 'off' })).listen(3000)
 * ```
 */
export type MountableAdapter = Adapter & {
  /** The facade as an Express router; it serves the contract's base path, `/v1/…`. */
  router(options?: RouterOptions): Router
}

/**
 * Loads an OpenAPI document and the WSDLs that it names, checks them against each other, judges the document as
 * `soapstone check` does; who may call is judged by `router()`. Operations are compiled when they are first called.
 *
 * @throws ContractError with every diagnostic
 *
 * @example
 * ```ts
 * const adapter = await loadAdapter({
 *   contract: 'openapi.yaml',
 *   env: { CORE_BANKING_URL: 'https://core.bank.example/v3' },
 * })
 * app.use(adapter.router({ authentication: 'off' }))
 * ```
 */
export async function loadAdapter(options: AdapterOptions): Promise<MountableAdapter> {
  const adapter = await Promise.resolve().then(() => compileContract(options))
  const mountable = Object.assign(adapter, {
    router: (routerOptions?: RouterOptions) => createRouter(mountable, routerOptions),
  })
  try {
    await judgeContract(mountable, { compile: 'doubtful', authentication: 'off' })
  } catch (error) {
    await adapter.close()
    throw error
  }
  return mountable
}

/**
 * Designs a REST API for WSDLs. What the document would be refused for by `check` is left out of it, and said in the
 * summary.
 *
 * @param wsdl path of a WSDL, or several that make one document
 * @returns with errors among the diagnostics, a document of what could be understood
 *
 * @example
 * ```ts
 * const { document, summary } = await importWsdl('wsdl/banking/lending.wsdl', { basePath: '/v1' })
 * console.log(summary.operations.length, summary.review)
 * const adapter = await loadAdapter({ contract: document })
 * ```
 */
export function importWsdl(wsdl: string | readonly string[], options: ImportOptions = {}): Promise<Imported> {
  return importBy(wsdl, { judge: judgeDocument, ...options })
}
