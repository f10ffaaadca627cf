import type { IncomingMessage } from 'node:http'
import type { Refused, Verdict } from './verdict.js'

/** Checks one kind of credential for one operation; made once, when the service starts. */
export interface CredentialCheck {
  check(req: IncomingMessage): Verdict | Promise<Verdict>
  /** Whether checking the request costs a signature or a question to others; a hash costs nothing. */
  isCostly?(req: IncomingMessage): boolean
  /** What WWW-Authenticate says of this check (RFC 9110, section 11.6.1). */
  challenge(refusal: Refused): string
}
