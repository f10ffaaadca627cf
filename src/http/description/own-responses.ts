import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { problemSchemas } from '../../openapi/published/problem-schemas.js'

const PROBLEM: OpenApiObject = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
}

/** Responses that the service gives whatever the contract says, by the names of their components. */
const RESPONSES = {
  Unauthenticated: {
    description: 'The request has no valid credentials.',
    headers: {
      'WWW-Authenticate': {
        description: 'Which credentials are taken (RFC 9110, section 11.6.1).',
        schema: { type: 'string' },
      },
    },
    content: PROBLEM,
  },
  Forbidden: { description: 'The credentials are valid, but not for this operation.', content: PROBLEM },
  TooManyRequests: {
    description: 'The client has sent more requests than it may.',
    headers: {
      'Retry-After': {
        description: 'Seconds after which another attempt makes sense.',
        schema: { type: 'integer', minimum: 0 },
      },
    },
    content: PROBLEM,
  },
  OtherError: { description: 'Any other error.', content: PROBLEM },
} as const satisfies Readonly<Record<string, OpenApiObject>>

export type OwnResponse = keyof typeof RESPONSES

/** What a document needs so that the service's own responses can be referred to; a component of a name goes before ours. */
export function withOwnResponses(root: OpenApiObject): OpenApiObject {
  const { schemas, responses, ...components } = isObject(root.components) ? root.components : {}
  return {
    ...root,
    components: {
      ...components,
      schemas: { ...problemSchemas, ...(isObject(schemas) && schemas) },
      responses: { ...RESPONSES, ...(isObject(responses) && responses) },
    },
  }
}

export function refTo(name: OwnResponse): OpenApiObject {
  return { $ref: `#/components/responses/${name}` }
}

/** Without those of ours that nothing refers to: responses first, since they refer to schemas, and schemas to others. */
export function withoutUnused(root: OpenApiObject, original: OpenApiObject): OpenApiObject {
  const before = isObject(original.components) ? original.components : {}
  const components: Record<string, unknown> = isObject(root.components) ? { ...root.components } : {}
  for (const kind of ['responses', 'schemas', 'schemas'] as const) {
    const text = JSON.stringify({ ...root, components })
    const had = isObject(before[kind]) ? before[kind] : {}
    const all = isObject(components[kind]) ? components[kind] : {}
    const kept = Object.entries(all).filter(
      ([name]) => Object.hasOwn(had, name) || text.includes(`"#/components/${kind}/${name}"`),
    )
    if (kept.length > 0) components[kind] = Object.fromEntries(kept)
    else Reflect.deleteProperty(components, kind)
  }
  return { ...root, ...(Object.keys(components).length > 0 && { components }) }
}
