import { type IncomingMessage } from 'node:http'
import { type Refused, type Verdict } from './verdict.js'

/** Checks one kind of credential for one operation; made once, when the service starts. */
export interface CredentialCheck {
  check(req: IncomingMessage): Verdict | Promise<Verdict>
  /** What WWW-Authenticate says of this check (RFC 9110, section 11.6.1). */
  challenge(refusal: Refused): string
}
