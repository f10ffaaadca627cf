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
}

/** @returns undefined where the operation is not marked, or, with a diagnostic, where it is no GET */
export function cachePolicy(
  document: OpenApiDocument,
  { operationId, method, parameters }: OpenApiOperation,
  { cache, pointer }: OperationAnnotation,
  diagnostics: Diagnostics,
): CachePolicy | undefined {
  if (!cache) return undefined
  if (method !== 'get') {
    const message = `${operationId} is a ${method.toUpperCase()}; only answers to GET can be cached.`
    diagnostics.error('annotation-invalid', message, document.locate(join(pointer, 'cache')))
    return undefined
  }
  const { maxAgeSeconds, staleIfErrorSeconds = 0, shared = false } = cache
  const headers = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) => name.toLowerCase())
  return { maxAgeSeconds, staleIfErrorSeconds, shared, headers }
}
