import request from 'supertest'
import { type GraphqlOptions, openGraphql } from '../../src/graphql/server.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { type SampleApp, sampleApp, type SampleOptions } from '../http/sample-app.js'

export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

export interface GraphqlApp extends SampleApp {
  readonly ask: (
    query: string,
    variables?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GraphqlAnswer>
}

export const openly = { maxDepth: 12, maxAliases: 20, maxCost: 100 }

/** GraphQL over the operations of a document, which answer as they are told. */
export function graphqlApp(
  document: OpenApiObject,
  { graphql, ...more }: SampleOptions & { readonly graphql?: Partial<GraphqlOptions> } = {},
): GraphqlApp {
  const limits = { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000 }
  const face = openGraphql({ limits, query: openly, introspection: true, ...graphql })
  const own = sampleApp({}, { document, authentication: 'off', faces: [face], ...more })
  return {
    ...own,
    ask: async (query, variables, headers = {}) => {
      const call = request(own.app).post('/graphql').set(headers)
      const answer = await call.send({ query, ...(variables && { variables }) })
      return answer.body as GraphqlAnswer
    },
  }
}

/** A contract of operations under these paths, with these component schemas. */
export function contractOf(paths: object, schemas: object = {}): OpenApiObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Sample', version: '1.0.0' },
    servers: [{ url: '/v1' }],
    security: [],
    paths: paths,
    components: { schemas: schemas as OpenApiObject },
  }
}

export const returns = (schema: object, more: object = {}) => ({
  200: { description: 'ok', content: { 'application/json': { schema } }, ...more },
})

export const takes = (schema: object) => ({ required: true, content: { 'application/json': { schema } } })
