import type { IncomingMessage } from 'node:http'
import { AdapterError } from '../../base/errors.js'

const SLASH = 0x2f

/** An authority with a host and without user information (RFC 9110, sections 4.2.1 and 4.2.4), and what comes below. */
const ABSOLUTE_FORM =
  /^https?:\/\/(?:(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+|\[[\w.~!$&'()*+,;=:-]+\])(?::[0-9]*)?(?=[/?]|$)/i

/** Whether a request-target is a path with or without a query (RFC 9112, section 3.2.1), as clients of servers send it. */
export function isOriginForm(target: string): boolean {
  return target.charCodeAt(0) === SLASH
}

/**
 * The path and query that a request-target names (RFC 9112, section 3.2). The host in an absolute-form is like the one in
 * `Host`: nothing is made of it.
 *
 * @returns undefined for all other forms, other schemes, and authorities that are none or name a user
 */
export function originForm(target: string): string | undefined {
  if (isOriginForm(target)) return target
  const [before] = ABSOLUTE_FORM.exec(target) ?? []
  if (before === undefined) return undefined
  const rest = target.slice(before.length)
  return isOriginForm(rest) ? rest : `/${rest}`
}

/**
 * Brings a request whose target is not in origin-form into it, as section 3.2.2 wants of every server.
 *
 * @returns whether it is the server that is asked about, `OPTIONS *` (section 3.2.4), and no path
 * @throws AdapterError `request-malformed`
 */
export function toOriginForm(req: IncomingMessage): boolean {
  const { method, url = '' } = req
  if (method === 'OPTIONS' && url === '*') return true
  const target = originForm(url)
  if (target === undefined) {
    throw new AdapterError(
      'request-malformed',
      'The request target is neither a path nor an http or https URL without a user.',
    )
  }
  req.url = target
  return false
}
