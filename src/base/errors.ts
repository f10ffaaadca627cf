import { type Diagnostic, formatDiagnostic } from './diagnostic/diagnostic.js'

/**
 * The contracts cannot be honoured; carries every diagnostic, not the first.
 *
 * @example
 * ```ts
 * try {
 *   await loadAdapter({ contract: 'openapi.yaml' })
 * } catch (error) {
 *   if (!(error instanceof ContractError)) throw error
 *   for (const diagnostic of error.diagnostics) console.error(formatDiagnostic(diagnostic))
 * }
 * ```
 */
export class ContractError extends Error {
  override readonly name = 'ContractError'

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'))
  }
}

/**
 * What can go wrong with one request; `http/answer/problem.ts` alone gives each its status.
 *
 * @example
 * ```ts
 * const retryable: readonly AdapterErrorCode[] = ['backend-overloaded', 'backend-unavailable', 'overloaded']
 * ```
 */
export type AdapterErrorCode =
  | 'request-invalid'
  | 'request-malformed'
  | 'request-too-large'
  | 'header-too-large'
  | 'request-timeout'
  | 'media-type-unsupported'
  | 'request-unencodable'
  | 'unauthenticated'
  | 'forbidden'
  | 'authentication-unavailable'
  | 'rate-limited'
  | 'overloaded'
  | 'not-found'
  | 'method-not-allowed'
  | 'resource-not-found'
  | 'backend-overloaded'
  | 'backend-unavailable'
  | 'backend-timeout'
  | 'backend-unreachable'
  | 'backend-tls'
  | 'backend-login'
  | 'backend-untrusted'
  | 'backend-not-soap'
  | 'backend-malformed'
  | 'backend-mismatch'
  | 'backend-too-large'
  | 'backend-fault'
  | 'idempotency-in-flight'
  | 'idempotency-key-reused'
  | 'idempotency-outcome-unknown'
  | 'store-unavailable'
  | 'shutting-down'
  | 'client-closed'
  | 'internal'

export interface AdapterErrorOptions {
  /** Where in the message: a JSON pointer (request) or an XPath (answer); never a value. */
  readonly path?: string
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number
  /** Logged, never sent. */
  readonly cause?: unknown
  /** One entry for each violation, for codes that can have several. */
  readonly violations?: readonly Violation[]
  /** Whether the backend can have received the call, where the code alone does not tell. */
  readonly outcome?: CallOutcome
  /** HTTP status of the backend, where it has responded. Logged, never sent. */
  readonly backendStatus?: number
}

/**
 * `not-sent`: not a byte of the call has left, or none that could be carried out.
 *
 * @example
 * ```ts
 * const mayRepeat = (outcome: CallOutcome | undefined): boolean => outcome === 'not-sent'
 * ```
 */
export type CallOutcome = 'not-sent' | 'unknown'

/**
 * @example
 * ```ts
 * const violation: Violation = { pointer: '/amount/value', detail: 'must match the pattern ^[0-9]+$' }
 * ```
 */
export interface Violation {
  /** JSON pointer into the body, or `path/name`, `query/name`, `header/name`. */
  readonly pointer: string
  readonly detail: string
}

/**
 * A request could not be served. The message goes to the client: it holds no value from either side.
 *
 * @example
 * ```ts
 * try {
 *   await operation.invoke(request)
 * } catch (error) {
 *   if (!(error instanceof AdapterError)) throw error
 *   if (error.outcome === 'not-sent') console.error(`${error.code}: safe to repeat`)
 * }
 * ```
 */
export class AdapterError extends Error {
  override readonly name = 'AdapterError'
  readonly path: string | undefined
  readonly retryAfter: number | undefined
  readonly violations: readonly Violation[]
  readonly outcome: CallOutcome | undefined
  readonly backendStatus: number | undefined

  constructor(
    readonly code: AdapterErrorCode,
    message: string,
    options: AdapterErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.path = options.path
    this.retryAfter = options.retryAfter
    this.violations = options.violations ?? []
    this.outcome = options.outcome
    this.backendStatus = options.backendStatus
  }
}
