import type { RestOperation } from '../../src/adapter/rest.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import type { Parameter } from '../oracle/contracts.js'

export interface Declared {
  readonly parameters: readonly Parameter[]
  /** The schema of the JSON body. */
  readonly body: unknown
  readonly bodyRequired: boolean
}

/** What the published document says of an operation. */
export function declaredOf(document: OpenApiObject, operation: RestOperation): Declared {
  const follow = (value: unknown): Record<string, unknown> => {
    const { $ref } = value as { $ref?: string }
    if ($ref === undefined) return value as Record<string, unknown>
    const steps = $ref.slice(2).split('/')
    return follow(steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document))
  }
  const item = (document.paths as Record<string, Record<string, unknown>>)[operation.path] ?? {}
  const described = item[operation.method] as Record<string, unknown>
  const parameters = [item.parameters ?? [], described.parameters ?? []]
    .flat()
    .map(follow) as unknown as Parameter[]
  const requestBody = described.requestBody === undefined ? {} : follow(described.requestBody)
  const content = (requestBody.content ?? {}) as Record<string, { schema: unknown }>
  return {
    parameters,
    body: content['application/json']?.schema,
    bodyRequired: requestBody.required === true,
  }
}
