import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OpenApiOperation } from '../openapi/operations.js'
import type { FaceServer } from './face-server.js'

/** What pages may read beside the fields that every page may (Fetch, section 3.2.3). */
const EXPOSED = [
  'Accept',
  'Age',
  'Allow',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Sunset',
  'WWW-Authenticate',
  'X-Request-Id',
]
/** What pages may send beside the fields that every page may, and those that the contract has. */
const TAKEN = [
  'Authorization',
  'Cache-Control',
  'Content-Type',
  'DPoP',
  'Idempotency-Key',
  'If-None-Match',
  'Request-Timeout',
  'X-Request-Id',
]
/** Browsers keep these from pages whatever we say (Fetch, section 2.2.2, forbidden response-header names). */
const FORBIDDEN = new Set(['set-cookie', 'set-cookie2'])
const PREFLIGHT_SECONDS = 600

/**
 * Lets pages of the given origins call from a browser (Fetch, section 3.2). There is no wildcard and no credentials
 * mode: tokens and keys go in header fields, which pages set themselves.
 *
 * @param origins as browsers send them; of none, nothing is done
 * @param operations name the header fields that pages may send and read
 * @param faces name those of their own
 * @returns sets the fields of a response, and says whether that was all that the browser asked for
 */
export function cors(
  origins: readonly string[],
  operations: readonly OpenApiOperation[],
  faces: readonly Pick<FaceServer, 'headerFields'>[] = [],
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const allowed = new Set(origins)
  const taken = requestHeaders(
    operations,
    faces.flatMap(({ headerFields }) => headerFields?.request ?? []),
  )
  const exposed = responseHeaders(
    operations,
    faces.flatMap(({ headerFields }) => headerFields?.response ?? []),
  )
  return (req, res) => {
    if (allowed.size === 0) return false
    res.setHeader('vary', 'Origin')
    const { origin } = req.headers
    if (origin === undefined || !allowed.has(origin)) return false
    res.setHeader('access-control-allow-origin', origin)
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
      res.setHeader('access-control-expose-headers', exposed)
      // Answers of the API are for these pages too, wherever they come from.
      res.setHeader('cross-origin-resource-policy', 'cross-origin')
      return false
    }
    res.writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': taken,
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    })
    res.end()
    return true
  }
}

function requestHeaders(operations: readonly OpenApiOperation[], more: readonly string[]): string {
  const names = operations.flatMap(({ parameters, security = [] }) => [
    ...parameters.flatMap((parameter) => (parameter.in === 'header' ? [parameter.name] : [])),
    ...security
      .flat()
      .flatMap(({ scheme }) => (scheme.kind === 'apiKey' && scheme.in === 'header' ? [scheme.name] : [])),
  ])
  return listed([...TAKEN, ...more, ...names])
}

function responseHeaders(operations: readonly OpenApiOperation[], more: readonly string[]): string {
  const names = operations.flatMap(({ responses }) =>
    responses.flatMap(({ headers }) => headers.map(({ name }) => name)),
  )
  return listed([...EXPOSED, ...more, ...names.filter((name) => !FORBIDDEN.has(name.toLowerCase()))])
}

/** Names of header fields, each once in whatever case (RFC 9110, section 5.1). */
function listed(names: readonly string[]): string {
  return [...new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values()].sort().join(', ')
}
