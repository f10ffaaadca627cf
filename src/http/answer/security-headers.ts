import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'

/**
 * For responses that are data: nothing in them may be loaded, framed, run or kept. The pages of /docs allow more.
 *
 * helmet is asked once which fields these are, since it gives every answer the same.
 *
 * @param tls whether clients come over TLS to this process; over plain HTTP browsers must ignore
 *   Strict-Transport-Security (RFC 6797, section 8.1)
 * @returns sets the fields of a response
 */
export function securityHeaders({ tls }: { readonly tls: boolean }): (res: ServerResponse) => void {
  const fields: readonly (readonly [string, string])[] = [
    ['cache-control', 'no-store'],
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
  return (res) => {
    for (const [name, value] of fields) res.setHeader(name, value)
  }
}

type Protect = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** The fields that a handler sets, whatever the request. */
function fieldsOf(protect: Protect): [string, string][] {
  const req = new IncomingMessage(new Socket())
  const res = new ServerResponse(req)
  protect(req, res, (error) => {
    if (error instanceof Error) throw error
  })
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)])
}
