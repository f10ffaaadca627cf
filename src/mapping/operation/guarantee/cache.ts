import type { OperationAnnotation } from '../../../annotation/operation/operation.js'
import { join } from '../../../openapi/pointer.js'
import type { PolicyJoin } from '../both-sides.js'
import type { CallerExposure } from '../caller-exposure.js'
import type { CachePolicy } from '../guarantees.js'

interface CachedOperation extends Pick<PolicyJoin, 'document' | 'rest' | 'diagnostics'> {
  readonly annotation: Pick<OperationAnnotation, 'cache' | 'pointer'>
}

/**
 * @returns undefined where the operation is not marked, or, with a diagnostic, where it is not a GET, or where answers that
 *   depend on who asks are marked as shared
 */
export function cachePolicy(
  { document, rest, annotation, diagnostics }: CachedOperation,
  exposure: CallerExposure,
): CachePolicy | undefined {
  const { operationId, method, parameters } = rest
  const { cache, pointer } = annotation
  if (!cache) return undefined
  if (method !== 'get') {
    const message = `${operationId} is a ${method.toUpperCase()}; only answers to GET can be cached.`
    diagnostics.error('annotation-invalid', message, document.locate(join(pointer, 'cache')))
    return undefined
  }
  const { maxAgeSeconds, staleIfErrorSeconds = 0, shared = false } = cache
  if (shared && exposure.anything) {
    const message = `${operationId} tells the backend who asks, so its responses cannot be shared: leave out shared.`
    diagnostics.error('cache-shared', message, document.locate(join(pointer, 'cache')))
    return undefined
  }
  const headers = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) => name.toLowerCase())
  const asked = [...new Set([...headers, ...exposure.headers])]
  const vary = shared ? asked : [...new Set([...credentialHeaders(rest), ...asked])]
  return { maxAgeSeconds, staleIfErrorSeconds, shared, headers: asked, vary, claims: exposure.claims }
}

/** Where clients may put what shows who they are, in lower case. */
function credentialHeaders({ security = [] }: PolicyJoin['rest']): readonly string[] {
  const keys = security.flat().flatMap(({ scheme }) => {
    if (scheme.kind !== 'apiKey' || scheme.in === 'query') return []
    return scheme.in === 'cookie' ? ['cookie'] : [scheme.name.toLowerCase()]
  })
  return ['authorization', ...keys]
}
