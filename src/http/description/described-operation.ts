import type { RestOperation } from '../../adapter/rest.js'
import { isObject, type OpenApiObject } from '../../openapi/document.js'

/** An operation of the published document, and what the service knows of it. */
export interface DescribedOperation {
  readonly root: OpenApiObject
  /** The Operation Object. */
  readonly object: OpenApiObject
  /** Absent where the contract alone is known. */
  readonly operation: RestOperation | undefined
}

/** A reference is followed once: what it leads to is a component (OpenAPI 3.1, 4.8.23). */
export function followed(root: OpenApiObject, value: unknown): OpenApiObject | undefined {
  if (!isObject(value)) return undefined
  if (typeof value.$ref !== 'string') return value
  let found: unknown = root
  for (const step of value.$ref.replace(/^#\//, '').split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
  }
  return isObject(found) ? found : undefined
}

/** The Security Scheme Objects that a caller may need, in the order of the document; none where everybody may call. */
export function securitySchemes({ root, object }: DescribedOperation): OpenApiObject[] {
  const requirements = object.security ?? root.security
  if (!Array.isArray(requirements)) return []
  const components = isObject(root.components) ? root.components : {}
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {}
  const names = requirements.flatMap((one: unknown) => (isObject(one) ? Object.keys(one) : []))
  return names.flatMap((name): OpenApiObject[] => {
    const scheme = followed(root, schemes[name])
    return scheme ? [scheme] : []
  })
}
