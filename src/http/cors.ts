import { type RequestHandler } from 'express'
import { type OpenApiOperation } from '../openapi/operations.js'

/** What pages may read beside the fields that every page may (Fetch, section 3.2.3). */
const EXPOSED = 'ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'
const PREFLIGHT_SECONDS = 600

/**
 * Lets pages of the given origins call from a browser (Fetch, section 3.2). There is no wildcard and no credentials
 * mode: tokens and keys go in header fields, which pages set themselves.
 *
 * @param origins as browsers send them; of none, nothing is done
 * @param operations name the header fields that pages may send
 */
export function cors(origins: readonly string[], operations: readonly OpenApiOperation[]): RequestHandler {
  const allowed = new Set(origins)
  const headers = requestHeaders(operations)
  return (req, res, next) => {
    if (allowed.size === 0) {
      next()
      return
    }
    res.vary('Origin')
    const { origin } = req.headers
    if (origin === undefined || !allowed.has(origin)) {
      next()
      return
    }
    res.setHeader('access-control-allow-origin', origin)
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
      res.setHeader('access-control-expose-headers', EXPOSED)
      // Answers of the API are for these pages too, wherever they come from.
      res.setHeader('cross-origin-resource-policy', 'cross-origin')
      next()
      return
    }
    res.writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': headers,
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    })
    res.end()
  }
}

function requestHeaders(operations: readonly OpenApiOperation[]): string {
  const names = new Map<string, string>()
  const add = (name: string) => names.set(name.toLowerCase(), name)
  for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id']) add(name)
  for (const { parameters, security = [] } of operations) {
    for (const parameter of parameters) if (parameter.in === 'header') add(parameter.name)
    for (const { scheme } of security.flat()) {
      if (scheme.kind === 'apiKey' && scheme.in === 'header') add(scheme.name)
    }
  }
  return [...names.values()].sort().join(', ')
}
