import { type RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * For answers that are data: nothing in them may be loaded, framed, run or kept. The pages of /docs allow more.
 *
 * @param tls whether clients come over TLS to this process; over plain HTTP browsers must ignore
 *   Strict-Transport-Security (RFC 6797, section 8.1)
 */
export function securityHeaders(tls: boolean): RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: tls && { maxAge: 31_536_000, includeSubDomains: false },
  })
  return (req, res, next) => {
    res.setHeader('cache-control', 'no-store')
    protect(req, res, next)
  }
}
