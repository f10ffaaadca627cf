import { type Router } from 'express'
import { type Adapter, type AdapterOptions, compileContract } from './adapter/adapter.js'
import { createRouter, type RouterOptions } from './http/router.js'

export { ContractError, AdapterError, type AdapterErrorCode, type Violation } from './base/errors.js'
export { type Diagnostic, formatDiagnostic, type SourceLocation } from './base/diagnostic.js'
export { ExactNumber, type JsonObject, type JsonValue } from './json/value.js'
export type {
  BackendState,
  Identity,
  InvokeOptions,
  RestOperation,
  RestRequest,
  RestResponse,
  SampleOptions,
  SoapRequest,
  SoapResponse,
} from './adapter/rest.js'
export type { AdapterOptions }
export { type Authentication } from './http/security/doors.js'
export { DpopProofs } from './http/security/dpop.js'
export { FailedAttempts } from './http/security/failed-attempts.js'
export { readApiKeys } from './http/security/deployment.js'
export { IssuerKeys } from './http/security/issuer-keys.js'
export { SignedTokens } from './http/security/signed-token.js'
export { Introspection } from './http/security/introspection.js'
export { RateLimits } from './http/rate-limits.js'
export { importWsdl, type Imported } from './tools/import/import.js'
export { type ImportOptions } from './tools/import/options.js'

/** An adapter that can be mounted in an Express app. */
export type MountableAdapter = Adapter & {
  /** The facade as an Express router; it serves the contract's base path, `/v1/…`. */
  router(options?: RouterOptions): Router
}

/**
 * Loads an OpenAPI document and the WSDLs that it names, checks them against each other and compiles them.
 *
 * @throws ContractError with every diagnostic
 */
export function loadAdapter(options: AdapterOptions): Promise<MountableAdapter> {
  return Promise.resolve().then(() => {
    const adapter = compileContract(options)
    return Object.assign(adapter, {
      router: (routerOptions?: RouterOptions) => createRouter(adapter, routerOptions),
    })
  })
}
