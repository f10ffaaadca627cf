import type { OpenApiObject } from '../../../src/openapi/document.js'

export type Security = readonly Readonly<Record<string, readonly string[]>>[] | undefined

export const SCHEMES: OpenApiObject = {
  Key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  QueryKey: { type: 'apiKey', in: 'query', name: 'api_key' },
  CookieKey: { type: 'apiKey', in: 'cookie', name: 'session' },
  Token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  OAuth: {
    type: 'oauth2',
    flows: {
      clientCredentials: { tokenUrl: 'https://as.example/token', scopes: { 'accounts:read': 'read' } },
    },
  },
  Login: { type: 'openIdConnect', openIdConnectUrl: 'https://as.example/.well-known/openid-configuration' },
  Certificate: { type: 'mutualTLS' },
  Password: { type: 'http', scheme: 'basic' },
}

/** A contract with one operation for each entry, at `GET /NAME`. */
export function securedDocument(
  operations: Readonly<Record<string, Security>>,
  topLevel?: Security,
): OpenApiObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Secured', version: '1.0.0' },
    servers: [{ url: '/v1' }],
    ...(topLevel && { security: topLevel }),
    paths: Object.fromEntries(
      Object.entries(operations).map(([name, security]) => [
        `/${name}`,
        {
          get: {
            operationId: name,
            ...(security && { security }),
            parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
            responses: { 200: { description: 'ok' } },
          },
        },
      ]),
    ),
    components: { securitySchemes: SCHEMES },
  }
}
