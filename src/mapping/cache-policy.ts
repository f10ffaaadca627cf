import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { type OperationAnnotation } from './operation-annotation.js'

/** How long answers of an operation may be used again. */
export interface CachePolicy {
  readonly maxAgeSeconds: number
  /** After that, where the backend fails; 0 for never. */
  readonly staleIfErrorSeconds: number
  /** Answers do not depend on who asks. */
  readonly shared: boolean
  /** Header parameters that answers depend on, in lower case. */
  readonly headers: readonly string[]
  /** Claims that are sent to the backend, as steps into them. */
  readonly claims: readonly (readonly string[])[]
}

/** What a backend is told of who asks. */
export interface ToldOfCaller {
  readonly claims: CachePolicy['claims']
  readonly anything: boolean
}

export const nothingTold: ToldOfCaller = { claims: [], anything: false }

/**
 * @returns undefined where the operation is not marked, or, with a diagnostic, where it is no GET, or where answers that
 *   depend on who asks are marked as shared
 */
export function cachePolicy(
  document: OpenApiDocument,
  { operationId, method, parameters }: OpenApiOperation,
  { cache, pointer }: OperationAnnotation,
  told: ToldOfCaller,
  diagnostics: Diagnostics,
): CachePolicy | undefined {
  if (!cache) return undefined
  if (method !== 'get') {
    const message = `${operationId} is a ${method.toUpperCase()}; only answers to GET can be cached.`
    diagnostics.error('annotation-invalid', message, document.locate(join(pointer, 'cache')))
    return undefined
  }
  const { maxAgeSeconds, staleIfErrorSeconds = 0, shared = false } = cache
  if (shared && told.anything) {
    const message = `${operationId} tells the backend who asks, so its answers cannot be shared: leave out shared.`
    diagnostics.error('cache-shared', message, document.locate(join(pointer, 'cache')))
    return undefined
  }
  const headers = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) => name.toLowerCase())
  return { maxAgeSeconds, staleIfErrorSeconds, shared, headers, claims: told.claims }
}
