import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'
import type { HeaderFields } from './head.js'

/**
 * The header fields of responses that are data: nothing in them may be loaded, framed, run or kept. The pages of /docs allow
 * more.
 *
 * helmet is asked once which fields these are, since it gives every answer the same.
 *
 * @param tls whether clients come over TLS to this process; over plain HTTP browsers must ignore
 *   Strict-Transport-Security (RFC 6797, section 8.1)
 */
export function securityHeaders({ tls }: { readonly tls: boolean }): HeaderFields {
  return [
    ...['cache-control', 'no-store'],
    ...fieldsOf(
      helmet({
        contentSecurityPolicy: {
          useDefaults: false,
          directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
        },
        strictTransportSecurity: tls && { maxAge: 31_536_000, includeSubDomains: false },
      }),
    ),
  ]
}

type Protect = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** The fields that a handler sets, whatever the request. */
function fieldsOf(protect: Protect): HeaderFields {
  const req = new IncomingMessage(new Socket())
  const res = new ServerResponse(req)
  protect(req, res, (error) => {
    if (error instanceof Error) throw error
  })
  return Object.entries(res.getHeaders()).flatMap(([name, value]) => [name, String(value)])
}
